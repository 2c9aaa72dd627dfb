"""Which queries count as searches: the rule by itself, and readers who type."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect

from kbgen.insights.sessions import _letters, query_key
from tests.conftest import ROOT
from tests.search.browsing import FIELD, OPTION

pytestmark = pytest.mark.browser
PAIRS = json.loads((ROOT / "tests/search/cases/chains.json").read_text("utf-8"))

# --- the rule ------------------------------------------------------------------------------------

RUN = """
async ([steps, time]) => {
  const { Chain } = await import("/theme/components/search/chains.js");
  const told = [];
  const chain = new Chain((search) => told.push(search), time);
  for (const [name, value] of steps) {
    if (name === "wait") await new Promise((resolve) => setTimeout(resolve, 2 * time));
    else chain[name](name === "handOver" ? value : { query: value, results: value.length });
  }
  return told;
}
"""


def told(page: Any, *steps: tuple[str, str], time: int = 60_000) -> list[str]:
    """The queries that a chain tells. A step is the name of a method and a query."""
    found = page.evaluate(RUN, [steps, time])
    assert [len(each["query"]) for each in found] == [each["results"] for each in found]
    return [each["query"] for each in found]


def test_browser_and_insights_agree_on_what_continues_a_query(engine_page):
    found = engine_page.evaluate(
        """async (pairs) => {
          const { continues } = await import("/theme/components/search/chains.js");
          return pairs.map(([one, other]) => continues(one, other));
        }""",
        PAIRS,
    )

    assert [expected for _, _, expected in PAIRS] == found
    assert found == [
        _letters(query_key(other)).startswith(_letters(query_key(one))) for one, other, _ in PAIRS
    ]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ("take 환|take 환불|take 환불 기간|end", ["환불 기간"]),
        ("take 환불 기간|take 환불|end", ["환불 기간"]),
        ("take 환불 기간|take 환불|take 환불 방법|end", ["환불 기간", "환불 방법"]),
        ("take 환불|take 배송|end", ["환불", "배송"]),
        ("take 환불|take 카드 환불|end", ["환불", "카드 환불"]),
        ("take 환불|take 환불|end|take 환불|end", ["환불"]),
        ("take 환불|end|take 환불 기간|end", ["환불", "환불 기간"]),
        ("take 환불|decide 환불", ["환불"]),
        ("take 환|decide 환불", ["환불"]),
        ("take 환불 기간|decide 환불", ["환불 기간", "환불"]),
        ("take 환|handOver 환불", []),
        ("take 배송|handOver 환불|take 환불|end", ["배송"]),
        ("take ?|take ?!|end", ["?"]),
        ("end", []),
    ],
)
def test_what_counts(engine_page, steps, expected):
    """The last query of a chain, and each that the reader has decided on."""
    parsed = [tuple(step.split(" ", 1)) if " " in step else (step, "") for step in steps.split("|")]

    assert told(engine_page, *parsed) == expected


def test_a_long_look_means_the_query(engine_page):
    assert told(engine_page, ("take", "환불"), ("wait", ""), ("take", "환불 기간"), time=20) == [
        "환불"
    ]


TYPED = st.sampled_from(
    ["환", "환불", "환불 기간", "환불 기간은", "배송", "배송비", "배", "카드 환불"]
)
STEPS = st.lists(st.tuples(st.sampled_from(["take", "take", "take", "decide", "end"]), TYPED))


@settings(max_examples=150)
@given(steps=STEPS)
def test_no_search_is_lost_and_none_is_a_beginning(engine_page, steps):
    """Whatever readers do: each query that they stopped at is told or begins one that is, and in
    one go no search that is told goes on in the next."""
    found = told(engine_page, *steps, ("end", ""))

    for _, query in (step for step in steps if step[0] != "end"):
        assert any(each.startswith(query) for each in found)
    assert all(one != other for one, other in pairwise(found))
    if {name for name, _ in steps} <= {"take"}:
        for one, other in pairwise(found):
            assert not other.startswith(one)
            assert not one.startswith(other)


# --- readers who type ----------------------------------------------------------------------------


@pytest.fixture
def typing(visit):
    """A tab whose clock the test turns."""

    def start(path="ko/"):
        tab = visit()
        tab.page.clock.install()
        tab.open(path)
        tab.page.locator(FIELD).focus()
        return tab

    return start


def answered(tab, query):
    """Waits until the results of a query stand."""
    tab.page.wait_for_function(
        "(query) => document.querySelector('[data-kb-search]').kbSearch.answer?.query === query",
        arg=query,
    )


def stop_at(tab, query):
    """Looks at the results of a query for longer than it takes to settle."""
    answered(tab, query)
    tab.page.clock.run_for(900)


def searches(tab):
    return [(event["type"], event["query"]) for event in tab.told]


def test_typed_with_pauses_it_is_one_search(typing):
    """Also when some of it is taken back; the results are those of the query that counts."""
    tab = typing()
    for text, query in [("배송", "배송"), (" 지", "배송 지"), (" 변경", "배송 지 변경")]:
        tab.type(text)
        stop_at(tab, query)
    for _ in range(3):
        tab.page.keyboard.press("Backspace")
    stop_at(tab, "배송 지")
    assert tab.told == []

    tab.page.keyboard.press("Escape")
    (event,) = tab.told
    assert event["query"] == "배송 지 변경"
    assert event["results"] > 0


def test_a_korean_keyboard_with_pauses_is_one_search(typing):
    """Each syllable that is being composed settles; only the last one is a search.

    It is told when the page is hidden: a phone may end it then without another word.
    """
    tab = typing()
    client = tab.page.context.new_cdp_session(tab.page)
    for text in ("호", "화", "환", "환ㅂ", "환부", "환불"):
        client.send(
            "Input.imeSetComposition",
            {"text": text, "selectionStart": len(text), "selectionEnd": len(text)},
        )
        stop_at(tab, text)
    client.send("Input.insertText", {"text": "환불"})
    assert tab.told == []

    tab.page.evaluate(
        """() => {
          Object.defineProperty(document, "hidden", { value: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    assert searches(tab) == [("search", "환불")]


def test_another_query_is_another_search(typing):
    """One that continues nothing, one after the field was cleared, one after a long look."""
    tab = typing()
    for query in ("환불", "배송비"):
        tab.page.locator(FIELD).fill(query)
        stop_at(tab, query)
    assert searches(tab) == [("search", "환불")]

    tab.page.locator(FIELD).fill("")
    assert searches(tab) == [("search", "환불"), ("search", "배송비")]
    tab.page.locator(FIELD).fill("배송")
    stop_at(tab, "배송")
    tab.page.clock.run_for(61_000)  # longer than anybody types
    assert searches(tab)[2:] == [("search", "배송")]


def test_what_has_not_settled_is_no_search(typing):
    """Left within 800 ms, by any way but a click on an answer."""
    tab = typing()
    tab.page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    tab.type("환불")
    tab.page.clock.run_for(100)
    answered(tab, "환불")
    tab.page.clock.run_for(600)
    tab.leave()
    assert tab.told == []

    tab.page.locator(FIELD).blur()
    stop_at(tab, "환불")  # still in the field, and looked at
    assert searches(tab) == [("search", "환불")]


def test_a_click_on_a_result_is_a_search_at_once(typing):
    """A beginning that the reader went back to counts if its results are what they open."""
    tab = typing()
    tab.type("배송비 얼마")
    stop_at(tab, "배송비 얼마")
    tab.page.locator(FIELD).fill("배송비")
    answered(tab, "배송비")
    tab.page.locator(OPTION).first.click(button="middle")

    assert searches(tab) == [("search", "배송비 얼마"), ("search", "배송비"), ("click", "배송비")]
    assert {"rank": 1, "results": 3} == {key: tab.told[-1][key] for key in ("rank", "results")}


def test_a_click_on_people_is_a_search_at_once(typing):
    """Nothing was found, and the reader does not wait to ask."""
    tab = typing()
    tab.type("쀍쀍")
    tab.page.get_by_role("link", name="문의하기").click()

    (event,) = tab.told
    assert ("쀍쀍", 0) == (event["query"], event["results"])


def test_enter_is_one_search_and_coming_back_is_none(visit):
    """The results page tells it, at once; not again when it is loaded anew or gone back to."""
    tab = visit()
    tab.page.add_init_script(
        """document.addEventListener("kbgen:event", ({ detail }) => {
          const told = JSON.parse(sessionStorage.told ?? "[]");
          sessionStorage.told = JSON.stringify([...told, detail]);
        });"""
    )
    tab.open("ko/")
    tab.type("택배 상자")
    tab.page.locator(FIELD).press("Enter")
    tab.page.wait_for_url("**/ko/search/?q=*")
    tab.page.wait_for_function("() => window.told.length")
    assert searches(tab) == [("search", "택배 상자")]
    tab.page.reload()
    expect(tab.page.locator(".kb-hit").first).to_be_visible()
    tab.page.locator(".kb-hit:not(.kb-hit--section)").first.click()
    tab.page.wait_for_url("**/t*/")
    tab.page.go_back()
    expect(tab.page.locator(".kb-hit").first).to_be_visible()
    tab.page.locator(FIELD).press("Enter")
    tab.page.goto("about:blank")
    tab.page.goto(f"{tab.address}/ko/")

    told = tab.page.evaluate("JSON.parse(sessionStorage.told)")
    assert [("search", "택배 상자"), ("click", "택배 상자")] == [
        (event["type"], event["query"]) for event in told
    ]
    assert told[0]["results"] > 10
