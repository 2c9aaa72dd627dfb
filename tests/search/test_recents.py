"""The last searches of a reader: kept on the device after a yes, and only then."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.search.browsing import FIELD, OPTION, PANEL
from tests.site.browsing import DESKTOP, PHONE, violations

pytestmark = pytest.mark.browser

KEEP, NO, FORGET = "저장하기", "괜찮아요", "저장 끄고 모두 지우기"
FORBIDDEN = """
  Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("no", "SecurityError"); },
  });
"""
FULL = """
  Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
"""


def stored(tab):
    """What the device holds of searches."""
    return tab.page.evaluate(
        """() => {
          const held = {};
          for (let at = 0; at < localStorage.length; at++) {
            held[localStorage.key(at)] = JSON.parse(localStorage.getItem(localStorage.key(at)));
          }
          return held;
        }"""
    )


def queries(tab):
    (held,) = stored(tab).values()
    return held["queries"]


def agreed(visit, *searches, **options):
    """A tab whose reader has said yes, and has searched for these."""
    tab = visit(**options)
    first, *others = searches
    tab.search(first)
    tab.page.locator(FIELD).fill("")
    tab.page.get_by_role("button", name=KEEP).click()
    for each in others:
        tab.search(each)
    tab.page.locator(FIELD).fill("")
    return tab


def test_nobody_is_asked_before_the_first_search(visit):
    """An empty field shows nothing, and nothing is stored."""
    tab = visit()
    tab.page.locator(FIELD).focus()
    expect(tab.page.locator(PANEL)).to_be_hidden()

    tab.search("환불")
    assert stored(tab) == {}


def test_yes(visit):
    """The search that led to the question is kept too, for this site only."""
    tab = agreed(visit, "환불")

    expect(tab.page.locator(OPTION)).to_have_text(["환불"])
    assert stored(tab) == {"kbgen:searches:/": {"keep": True, "queries": ["환불"]}}
    expect(tab.page.locator(FIELD)).to_be_focused()


def test_no(visit):
    """The no is all that stays, and nobody asks again."""
    tab = visit()
    tab.search("환불")
    tab.page.locator(FIELD).fill("")
    tab.page.get_by_role("button", name=NO).click()
    expect(tab.page.locator(PANEL)).to_be_hidden()

    tab.search("배송비")
    tab.page.locator(FIELD).fill("")
    tab.page.wait_for_timeout(200)
    expect(tab.page.locator(PANEL)).to_be_hidden()
    assert stored(tab) == {"kbgen:searches:/": {"keep": False}}


def test_the_last_five(visit):
    """Newest first, on the next page as well; a query that goes on replaces its beginning."""
    searches = ["카드", "환불", "배송", "배송비", "쀍쀍", "비밀번호", "택배", "쿠폰 택배"]
    tab = agreed(visit, *searches)
    expected = ["쿠폰 택배", "택배", "비밀번호", "배송비", "환불"]  # nothing was found for one

    assert queries(tab) == expected
    tab.open("ko/returns/r1/")
    tab.page.locator(FIELD).focus()
    expect(tab.page.locator(OPTION)).to_have_text(expected)
    expect(tab.page.get_by_role("listbox", name="최근 검색")).to_be_visible()


def test_a_click_or_the_arrows_search_again(visit):
    """As with results; the list is that of results again afterwards."""
    tab = agreed(visit, "환불", "배송비")
    field = tab.page.locator(FIELD)
    tab.page.locator(OPTION, has_text="환불").click()
    expect(field).to_have_value("환불")
    expect(tab.page.locator(".kb-hit").first).to_be_visible()
    expect(tab.page.get_by_role("listbox", name="검색 결과")).to_be_visible()

    field.fill("")
    field.press("ArrowDown")  # what was chosen is the last search now
    active = tab.page.locator(f"#{field.get_attribute('aria-activedescendant')}")
    expect(active).to_have_text("환불")
    field.press("Enter")
    expect(field).to_have_value("환불")
    expect(tab.page.locator(".kb-hit").first).to_be_visible()


def test_one_or_all_can_be_forgotten(visit):
    """To forget all is to stop keeping."""
    tab = agreed(visit, "환불", "배송비")
    tab.page.get_by_role("button", name="‘환불’ 지우기").click()
    expect(tab.page.locator(OPTION)).to_have_text(["배송비"])
    assert queries(tab) == ["배송비"]

    tab.page.get_by_role("button", name=FORGET).click()
    expect(tab.page.locator(PANEL)).to_be_hidden()
    assert stored(tab) == {"kbgen:searches:/": {"keep": False}}


@pytest.mark.parametrize(
    "options",
    [{"path": "ko/?storage=none"}, {"script": FORBIDDEN}],
    ids=["site", "browser"],
)
def test_where_nothing_may_be_kept_nobody_is_asked(visit, options):
    """The site's setting, or a browser that forbids storage."""
    tab = visit(**options)
    tab.search("환불")
    tab.page.locator(FIELD).fill("")
    tab.page.wait_for_timeout(200)
    expect(tab.page.locator(PANEL)).to_be_hidden()


def test_a_full_device_is_no_error(visit):
    """The yes comes to nothing, and nobody is asked again."""
    tab = visit(script=FULL)
    tab.search("환불")
    tab.page.locator(FIELD).fill("")
    tab.page.get_by_role("button", name=KEEP).click()
    expect(tab.page.locator(PANEL)).to_be_hidden()


@pytest.mark.parametrize("held", ["{", "[]", "null", '{"keep": 1}', '{"keep": true, "queries": 3}'])
def test_foreign_values_are_no_error(visit, held):
    """Whatever else wrote there."""
    tab = visit(script=f"localStorage.setItem('kbgen:searches:/', {held!r})")
    tab.page.locator(FIELD).focus()
    expect(tab.page.locator(OPTION)).to_have_count(0)


def test_markup_is_text(visit):
    """A search is shown as it was typed."""
    tab = agreed(visit, "환불 <img src=x onerror=window.hacked=1>")

    expect(tab.page.locator(OPTION)).to_have_text(["환불 <img src=x onerror=window.hacked=1>"])
    assert tab.page.evaluate("window.hacked") is None


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_accessible(visit, size, scheme):
    """The offer and the list, in every way that they look."""
    looks = {"size": size, "color_scheme": scheme, "reduced_motion": "reduce"}
    tab = visit(**looks)
    tab.search("환불")
    tab.page.locator(FIELD).fill("")
    tab.page.get_by_role("button", name=KEEP).wait_for()
    assert violations(tab.page) == []
    tab.page.get_by_role("button", name=KEEP).click()
    tab.page.locator(FIELD).press("ArrowDown")
    assert violations(tab.page) == []
    rows = tab.page.locator(f"{OPTION}, [data-kb-removers] button").all()
    assert len({row.bounding_box()["y"] for row in rows}) == 1
