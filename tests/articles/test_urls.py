"""The ledger remembers what readers have bookmarked, and says what went missing."""

from __future__ import annotations

import pytest

from kbgen.articles.urls import Entry, ledger_text, read_ledger, record, vanished, write_ledger
from kbgen.errors import ContentError
from tests.articles.samples import article, corpus

BEFORE = {
    "ko/a/when.md": article(1, "가", body="## 언제\n\n## 얼마 {#cost}"),
    "ko/a/how.md": article(2, "나"),
}


def gone(tmp_path, after):
    ledger = record({}, corpus(tmp_path / "before", BEFORE))
    return [str(problem) for problem in vanished(ledger, corpus(tmp_path / "after", after))]


def test_the_ledger_is_sorted_and_readable(tmp_path):
    ledger = record({}, corpus(tmp_path, BEFORE))

    assert ledger_text(ledger) == (
        "# Addresses that readers know. Written by kbgen build; say what may go by redirect_from.\n"
        "v: 1\n"
        "pages:\n"
        "  ko/a/: {}\n"
        "  ko/a/how/: {id: KB-0002}\n"
        "  ko/a/when/:\n"
        "    id: KB-0001\n"
        "    anchors: [언제, cost]\n"
    )


def test_what_is_written_is_read_again_and_written_once(tmp_path):
    ledger = record({}, corpus(tmp_path, BEFORE))

    assert read_ledger(tmp_path) == {}
    assert write_ledger(tmp_path, ledger)
    assert not write_ledger(tmp_path, ledger)
    assert read_ledger(tmp_path) == ledger


def test_nothing_vanished_from_the_same_corpus(tmp_path):
    assert gone(tmp_path, BEFORE) == []


def test_a_moved_article_is_told_to_redirect(tmp_path):
    after = {**BEFORE, "ko/b/how.md": BEFORE["ko/a/how.md"]}
    del after["ko/a/how.md"]

    assert gone(tmp_path, after) == [
        (
            "content/ko/b/how.md:1: error: [address-gone] the address /ko/a/how/ was"
            " published and is"
            " gone (KB-0002 is here now: add redirect_from: [/ko/a/how/])"
        )
    ]


def test_a_removed_article_needs_another_that_answers(tmp_path):
    after = {"ko/a/when.md": BEFORE["ko/a/when.md"]}

    assert gone(tmp_path, after) == [
        (
            "content/.kbgen/urls.yml:1: error: [address-gone] the address /ko/a/how/"
            " was published and is"
            " gone (restore it, or add redirect_from: [/ko/a/how/] to the article"
            " that answers it such"
            " as that of /ko/a/when/)"
        )
    ]


def test_a_redirect_keeps_an_address_alive_and_remembered(tmp_path):
    after = {
        "ko/a/when.md": BEFORE["ko/a/when.md"],
        "ko/b/how.md": article(2, "나", redirect_from="/ko/a/how"),
    }
    first = record({}, corpus(tmp_path / "one", BEFORE))
    found = corpus(tmp_path / "two", after)
    second = record(first, found)

    assert vanished(first, found) == []
    assert second["ko/a/how/"] == Entry("KB-0002")
    assert [
        p.code for p in vanished(second, corpus(tmp_path / "three", {"ko/b/how.md": article(2)}))
    ]


def test_a_lost_anchor_is_told_to_come_back(tmp_path):
    after = {**BEFORE, "ko/a/when.md": article(1, "가", body="## 언제쯤\n\n## 얼마 {#cost}")}

    assert gone(tmp_path, after) == [
        (
            "content/ko/a/when.md:1: error: [anchor-gone] the anchor /ko/a/when/#언제 is"
            " gone; links to it"
            " open the top of the page (write {#언제} after the heading that took its"
            " place; did you"
            " mean 언제쯤?)"
        )
    ]


@pytest.mark.parametrize("cure", ["## 언제쯤 {#언제}", "## 언제쯤\n\n<a id='언제'></a>"])
def test_an_anchor_may_come_back_by_hand(tmp_path, cure):
    after = {**BEFORE, "ko/a/when.md": article(1, "가", body=f"{cure}\n\n## 얼마 {{#cost}}")}

    assert gone(tmp_path, after) == []


@pytest.mark.parametrize(
    "text", ["[", "v: 2\npages: {}\n", "pages: {}\n", "- a\n", "v: 1\npages: [a]\n"]
)
def test_an_unreadable_ledger_stops_the_build(tmp_path, text):
    (tmp_path / ".kbgen").mkdir()
    (tmp_path / ".kbgen/urls.yml").write_text(text)

    with pytest.raises(ContentError, match=r"urls\.yml"):
        read_ledger(tmp_path)
