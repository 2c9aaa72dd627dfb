"""Queries that nobody means well do no harm: in Python, in the engine, and on the page.

That the engines agree on them is tested with parity; how long they take is measured in benchmarks.
"""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from kbgen.search import build_index
from tests.search.browsing import FIELD, OPTION
from tests.search.hostile import HOSTILE, MARKUP
from tests.search.samples import CASES, article, corpus, read_cases, reasons

each_kind = pytest.mark.parametrize("kind", HOSTILE)

_SHOWN = """
([query]) => {
  const field = document.querySelector("input[type=search]");
  field.value = query;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
"""
_FOREIGN = """
() => [...document.querySelectorAll("main *")]
  .filter((e) => /^(IMG|SCRIPT|IFRAME|OBJECT)$/.test(e.tagName)
    || e.getAttributeNames().some((name) => name.startsWith("on")))
  .map((e) => e.outerHTML)
"""


@pytest.fixture(scope="module")
def index():
    """A Korean shop, with an article that says what attackers type."""
    _, shop, _ = read_cases(next(path for path in CASES if path.stem == "ko"))
    evil = article("X1", HOSTILE["image"], HOSTILE["script"], questions=[HOSTILE["lucene"]])
    return build_index(corpus(*shop.articles, evil), None)


@each_kind
def test_python_answers(index, kind):
    """Any query is a query; what it finds can be written as JSON and says why it was found."""
    query = HOSTILE[kind]

    for hit in index.search(query, lang="ko"):
        for excerpt in (hit.title, hit.snippet):
            assert all(0 <= a < b <= len(excerpt.text) for a, b in excerpt.marks)
        assert sum(reason.points for reason in reasons(index, query, hit)) == hit.score
        json.dumps(hit.snippet.text).encode()


def test_a_long_query_still_finds(index):
    """What is too long is cut, not refused."""
    assert index.search(HOSTILE["long"], lang="ko")


@pytest.mark.browser
@pytest.mark.parametrize("path", ["ko/", "ko/search/"])
def test_the_page_bears_every_query(visit, path):
    """One after the other in one tab: nothing runs, nothing is complained of, and it goes on."""
    tab = visit(path)
    for query in HOSTILE.values():
        tab.page.evaluate(_SHOWN, [query])
        tab.page.wait_for_timeout(70)  # longer than the pause after which the page searches
        assert tab.page.evaluate(_FOREIGN) == []
    tab.page.evaluate(_SHOWN, ["비밀번호"])

    expect(tab.page.locator(f"{OPTION}, .kb-hit").first).to_contain_text("비밀번호")
    assert tab.page.evaluate("window.hacked") is None


@pytest.mark.browser
@pytest.mark.parametrize("kind", MARKUP)
def test_a_link_with_markup_shows_it_as_text(visit, kind):
    """`?q=` comes from anybody."""
    tab = visit(f"ko/search/?q={quote(HOSTILE[kind])}")
    expect(tab.page.locator(FIELD)).to_have_value(HOSTILE[kind])
    tab.page.locator(".kb-hit, .kb-search__empty").first.wait_for()

    assert tab.page.evaluate(_FOREIGN) == []
    assert tab.page.evaluate("window.hacked") is None
