"""Rendered articles of earlier builds."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from kbgen.site.cache import PageCache
from kbgen.site.markdown import Renderer, Source
from tests.site.samples import renderer

SOURCES = [
    Source("ko/a.md", "## 환불 안내\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
    Source("ko/b.md", "[a](a.md) & <b>bold</b> \U0001f600"),
    Source("en/c.md", "```python\nprint(1)\n```"),
]


@dataclass
class Counting:
    """A renderer that remembers what it was asked for."""

    real: Renderer = field(default_factory=renderer)
    asked: list[str] = field(default_factory=list)

    def __getattr__(self, name):
        return getattr(self.real, name)

    def render_all(self, sources):
        self.asked += [source.path for source in sources]
        return self.real.render_all(sources)


@pytest.fixture
def rendering(tmp_path):
    """Renders with a cache in a folder; returns the pages and what was rendered anew."""

    def run(sources=SOURCES, folder=tmp_path / "cache", targets=(("ko/a.md", "ko/a/"),), **engine):
        counting = Counting(Renderer(**{**vars_of(renderer()), **engine}))
        return PageCache(folder, counting, targets).render_all(sources), counting.asked

    return run


def vars_of(real):
    return {"extensions": real.extensions, "configs": real.configs, "resolve": real.resolve}


def test_cached_pages_equal_rendered_ones(rendering):
    """HTML and headings survive the way to the disk and back."""
    first, rendered = rendering()
    again, rendered_again = rendering()

    assert rendered == [source.path for source in SOURCES]
    assert rendered_again == []
    assert first == again
    assert {path: page.html for path, page in first.items()} == {
        source.path: renderer().render(source).html for source in SOURCES
    }


def test_only_what_changed_is_rendered(rendering):
    """Editing one article costs one article."""
    rendering()
    edited = [Source(SOURCES[0].path, "new"), *SOURCES[1:]]
    pages, rendered = rendering(edited)

    assert rendered == ["ko/a.md"]
    assert pages["ko/a.md"].html == "<p>new</p>"


def test_new_addresses_render_everything(rendering):
    """A page that moved changes the links of others."""
    rendering()
    _, rendered = rendering(targets=(("ko/a.md", "ko/moved/"),))

    assert len(rendered) == len(SOURCES)


def test_other_extensions_render_everything(rendering):
    """A changed setting of Markdown reaches every page."""
    rendering()
    _, rendered = rendering(extensions=["tables"], configs={"tables": {}})

    assert len(rendered) == len(SOURCES)


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"html": 1}', b'{"html": "x"}',
     b'{"html": "x", "headings": [{"anchor": 1}]}', b'{"html": "x", "headings": 5}',
     b'{"html": 5, "headings": []}'],
)  # fmt: skip
def test_damaged_entry_is_rendered_again(rendering, tmp_path, damage):
    """A half-written file costs one article its speed, nothing else."""
    first, _ = rendering()
    for file in (tmp_path / "cache").rglob("*.json"):
        file.write_bytes(damage)
    again, rendered = rendering()

    assert first == again
    assert len(rendered) == len(SOURCES)


def test_folder_that_cannot_be_written_is_done_without(rendering, tmp_path):
    """A read-only checkout builds, only slower."""
    (tmp_path / "file").write_text("in the way")
    first, _ = rendering(folder=tmp_path / "file" / "cache")
    again, rendered = rendering(folder=tmp_path / "file" / "cache")

    assert first == again
    assert len(rendered) == len(SOURCES)


def test_functions_in_settings_do_not_spoil_the_cache(rendering):
    """Their address in memory is another in each process, and no part of the key."""

    def configs():
        def slugify(text, separator):
            return text

        return {"toc": {"slugify": slugify}, "tables": {}}

    rendering(extensions=["toc", "tables"], configs=configs())
    _, rendered = rendering(extensions=["toc", "tables"], configs=configs())

    assert rendered == []


def test_failed_article_is_tried_again(rendering, monkeypatch):
    """A page that could not be rendered is not remembered as such."""
    with monkeypatch.context() as patch:
        patch.setattr("kbgen.site.markdown._prepare", _refuse_links)
        pages, _ = rendering()
    again, rendered = rendering()

    assert pages["ko/b.md"].failed == "cannot be rendered: ValueError: no links"
    assert rendered == ["ko/b.md"]
    assert again["ko/b.md"].failed == ""


def _refuse_links(body):
    if "](" in body:
        raise ValueError("no links")
    return body
