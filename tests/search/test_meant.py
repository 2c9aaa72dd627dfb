"""Did you mean: the whole query with the words that were read as others."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.search.browsing import FIELD, OPTION

pytestmark = pytest.mark.browser

_MEANT = """
async (cases) => {
  const { meant } = await import("/theme/components/search/meant.js");
  return cases.map(([query, readAs]) => meant(query, new Map(readAs)));
}
"""


def read(typed, how, *words):
    return [typed, {"how": how, "words": list(words)}]


CASES = [
    ("배숭비 얼마", [read("배숭비", "repaired", "배송비")], "배송비 얼마"),
    (
        "ghksqnf djswp",
        [read("ghksqnf", "mode", "환불"), read("djswp", "mode", "언제")],
        "환불 언제",
    ),
    ("my pass word?", [read("pass", "joined", "password")], "my password?"),
    ("my pass word?", [read("word", "joined", "password")], "my password?"),
    (
        "Pass Word",
        [read("Pass", "joined", "password"), read("Word", "joined", "password")],
        "password",
    ),
    ("forgotpassword", [read("forgotpassword", "split", "forgot password")], "forgot password"),
    ("ssp로그인", [read("ssp", "repaired", "sso")], "sso로그인"),
    ("ref refnd", [read("refnd", "repaired", "refund")], "ref refund"),
    ("refndx refnd", [read("refnd", "repaired", "refund")], "refndx refund"),
    ("환ㅂ", [read("환ㅂ", "completed", "환불", "환불금")], ""),
    ("ㅎㅂ", [read("ㅎㅂ", "initials", "환불")], ""),
    ("환불", [], ""),
]


def test_the_whole_query(engine_page):
    """Words that stand for several others change nothing."""
    found = engine_page.evaluate(_MEANT, [[query, read_as] for query, read_as, _ in CASES])

    assert found == [expected for _, _, expected in CASES]


@pytest.mark.parametrize("path", ["ko/", "ko/search/"])
def test_the_correction_is_one_click_away(visit, path):
    """The button puts it into the field; then there is nothing left to correct."""
    tab = visit(path)
    tab.type("배숭비 얼마")
    note = tab.page.locator("[data-kb-note]")
    expect(note).to_have_text("‘배숭비 얼마’ 대신 ‘배송비 얼마’ 검색 결과를 보여 드려요.")
    note.get_by_role("button", name="배송비 얼마").click()

    expect(tab.page.locator(FIELD)).to_have_value("배송비 얼마")
    expect(tab.page.locator(FIELD)).to_be_focused()
    expect(note).to_be_hidden()
    expect(tab.page.locator(".kb-hit").first).to_contain_text("배송비")


@pytest.mark.parametrize(
    ("path", "query"),
    [("ko/", "환불"), ("ko/", "배송지 변경"), ("ko/", "password"), ("en/", "refund my order")],
)
def test_correct_words_stay(visit, path, query):
    """A word that an article has is never offered another."""
    tab = visit(path)
    tab.type(query)
    expect(tab.page.locator(OPTION).first).to_be_visible()

    expect(tab.page.locator("[data-kb-note]")).to_be_hidden()


def test_in_english(visit):
    """In its own words."""
    tab = visit("en/")
    tab.type("pasword")
    expect(tab.page.locator("[data-kb-note]")).to_have_text(
        re.compile("Showing results for “passwords?” instead of “pasword”.")
    )
