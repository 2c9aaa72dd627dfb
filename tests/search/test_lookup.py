"""The index of the command line: opened without reading it, never trusted when it has changed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from kbgen.articles import load_corpus
from kbgen.search.lookup import open_index
from kbgen.settings import load
from tests.articles.samples import article, project


@pytest.fixture
def settings(tmp_path):
    project(tmp_path, {f"ko/a/{n}.md": article(n, f"환불 {n}") for n in range(1, 4)})
    return load(tmp_path / "mkdocs.yml")


def refuse(_settings):
    raise AssertionError("articles are read though none has changed")


def found(index):
    return [hit.article for hit in index.search("환불")]


def test_the_second_look_up_reads_no_article(settings):
    """Nor does a search by a word that is nowhere need the documents."""
    first = found(open_index(settings, load_corpus))
    again = open_index(settings, refuse)

    assert found(again) == first == ["KB-0001", "KB-0002", "KB-0003"]
    assert again.search("환뷸")[0].article == "KB-0001"


def test_an_edit_and_a_removal_are_seen(settings):
    """And cost one article each."""
    open_index(settings, load_corpus)
    (settings.content / "ko/a/2.md").unlink()
    file = settings.content / "ko/a/3.md"
    file.write_text(file.read_text("utf-8").replace("환불", "반품"), "utf-8")

    assert found(open_index(settings, load_corpus)) == ["KB-0001"]
    assert found(open_index(settings, refuse)) == ["KB-0001"]


@pytest.mark.parametrize("part", ["overview.json", "words-0.json", ".trm", ".pst", ".toc"])
@pytest.mark.parametrize("damage", ["cut", "remove"])
def test_a_damaged_index_is_made_anew(settings, part, damage):
    """Whatever part of it is gone: no exception, no wrong answer."""
    expected = found(open_index(settings, load_corpus))
    folder = settings.cache / "search" / "all" / "index"
    (victim,) = (file for file in folder.iterdir() if file.name.endswith(part))
    if damage == "cut":
        victim.write_bytes(victim.read_bytes()[:-5])
    else:
        victim.unlink()

    assert found(open_index(settings, load_corpus)) == expected
    assert found(open_index(settings, refuse)) == expected


def test_a_damaged_note_is_no_note(settings):
    """The index is opened and checked as a whole."""
    expected = found(open_index(settings, load_corpus))
    for text in ("", "[]", '{"content": 1}', "\x00"):
        (settings.cache / "search" / "all" / "stamp").write_text(text)

        assert found(open_index(settings, load_corpus)) == expected


def test_stand_ins_are_gone_afterwards():
    """Whoever imports these modules later gets all of them."""
    code = (
        "import kbgen.search.syntax, urllib.request, snowballstemmer, whoosh.lang.morph_en as m\n"
        "print(callable(urllib.request.urlopen), callable(m.variations),\n"
        "      len(snowballstemmer.algorithms()) > 20)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        capture_output=True, text=True, check=True, env=dict(os.environ),
    )  # fmt: skip

    assert done.stdout == "True True True\n"
