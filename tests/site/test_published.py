"""Which pictures and other files reach the site."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest

from kbgen.settings import Settings
from kbgen.site.published import published_files
from tests.site.samples import article, category, corpus, write


@pytest.fixture
def published(tmp_path):
    """Writes files, then says which of them a site of these articles publishes."""

    def run(files, *articles, categories=(), **settings):
        write(tmp_path, dict.fromkeys(files, "x"))
        everything = corpus(*articles, categories=categories)
        chosen = Settings(root=tmp_path, content=tmp_path, **settings)
        return published_files(chosen, everything, everything.public)

    return run


PUBLIC = article("ko/returns/refund.md", body="![steps](steps.png)")
AGENTS = article("ko/playbooks/calm.md", audience="agents", body="![map](map.png)")


def test_only_files_that_a_shown_article_uses(published):
    """A file beside an article is not published because it lies there."""
    files = ["ko/returns/steps.png", "ko/returns/draft.psd", "ko/returns/notes.txt"]

    assert published(files, PUBLIC) == {"ko/returns/steps.png"}


def test_files_of_hidden_articles_stay_inside(published):
    """A picture that only an agents-only article shows is as secret as its text."""
    files = ["ko/returns/steps.png", "ko/playbooks/map.png"]

    assert published(files, PUBLIC, AGENTS) == {"ko/returns/steps.png"}


def test_files_of_drafts_stay_inside(published):
    """What a draft shows is not out yet."""
    draft = replace(AGENTS, audience="public", draft=True)

    assert published(["ko/playbooks/map.png"], PUBLIC, draft) == frozenset()


def test_assets_folder_is_published(published):
    """`assets:` names files that no article has to show."""
    assert published(["assets/logo.png", "CNAME", "robots.txt"], PUBLIC) == {
        "assets/logo.png",
        "CNAME",
        "robots.txt",
    }


def test_asset_that_only_hidden_articles_show_stays_inside(published):
    """The assets folder is no way around the audience of an article."""
    hidden = replace(AGENTS, body="![map](../../assets/map.png)")

    assert published(["assets/map.png", "assets/logo.png"], PUBLIC, hidden) == {"assets/logo.png"}


def test_asset_that_both_show_is_published(published):
    """A picture that customers see anyway is no secret."""
    both = [replace(a, body="![map](../../assets/map.png)") for a in (PUBLIC, AGENTS)]

    assert published(["assets/map.png"], *both) == {"assets/map.png"}


def test_no_assets_setting_publishes_only_what_is_used(published):
    """An empty list closes the folder."""
    assert published(["assets/logo.png"], PUBLIC, assets=()) == frozenset()


def test_hidden_folders_are_never_published(published):
    """`.kbgen/` holds events and the ledger; `.git` and `.env` are nobody's business."""
    body = "[a](../../.kbgen/events.jsonl) [b](../../.env) [c](.secret.png)"
    files = [".kbgen/events.jsonl", ".env", "ko/returns/.secret.png", ".well-known/security.txt"]

    everything = published(files, replace(PUBLIC, body=body), assets=("**",))
    assert everything == {".well-known/security.txt"}


@pytest.mark.parametrize(
    "body",
    [
        "![x](pic%20one.png)",
        '![x](<pic one.png> "title")',
        '<img src="pic%20one.png" alt="x">',
        "[x](/ko/returns/pic%20one.png)",
        "[x](/returns/pic%20one.png)",
        "![x][p]\n\n[p]: pic%20one.png",
        "![x](./../returns/pic%20one.png#view)",
    ],
)
def test_each_way_to_name_a_file_counts(published, body):
    """Encoded, in brackets, as HTML, from the root, by reference."""
    assert published(["ko/returns/pic one.png"], replace(PUBLIC, body=body)) == {
        "ko/returns/pic one.png"
    }


def test_files_of_category_pages_count(published):
    """The text of a category may show a picture too."""
    shown = category("returns", "ko", "반품", body="![x](x.png)", source="ko/returns/index.md")

    assert published(["ko/returns/x.png"], PUBLIC, categories=[shown]) == {"ko/returns/x.png"}


def test_files_of_agents_categories_stay_inside(published):
    """The page of a category for agents hides its pictures as it hides its text."""
    hidden = category(
        "playbooks", "ko", "대응", body="![x](x.png)", source="ko/playbooks/index.md",
        audience="agents",
    )  # fmt: skip

    assert published(["ko/playbooks/x.png"], PUBLIC, AGENTS, categories=[hidden]) == frozenset()


def test_markdown_is_never_copied_as_a_file(published):
    """Sources hold front matter: owners, replies, questions."""
    body = "[source](refund.md) [snippet](../../_snippets/x.md)"

    found = published(["ko/returns/refund.md", "_snippets/x.md"], replace(PUBLIC, body=body))
    assert found == frozenset()


def test_unreadable_address_costs_nothing(published):
    """A link that is no address at all does not end the build."""
    body = "[a](http://[::1) [b](//[) ![x](steps.png)"

    assert published(["ko/returns/steps.png"], replace(PUBLIC, body=body)) == {
        "ko/returns/steps.png"
    }


def test_file_name_on_disk_may_be_decomposed(published):
    """macOS writes `한` as three letters; the article's text is composed."""
    on_disk = unicodedata.normalize("NFD", "ko/returns/한.png")

    assert published([on_disk], replace(PUBLIC, body="![x](한.png)")) == {on_disk}
