"""The search, the system's back button and what is carried along, with instant navigation."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.site.browsing import DESKTOP, PHONE

pytestmark = pytest.mark.browser

ARTICLE = "ko/returns/refund-when/"
FIELD, OPEN, HIT = "[data-kb-search] input", ".kb-search--open", ".kb-hit"


@pytest.fixture
def phone(visit):
    """A page that a reader has come to by a link, on a phone; `window.stays` until it is left."""
    visitor = visit(viewport=PHONE, has_touch=True, reduced_motion="reduce")
    page = visitor.open("ko/returns/")
    page.locator(f"a[href*='{ARTICLE.split('/')[-2]}']").first.click()
    page.wait_for_url(f"**/{ARTICLE}")
    expect(page.locator("h1")).to_have_text("환불은 언제 되나요")
    page.evaluate("window.stays = true; document.querySelector('h1').mine = true")
    return page


def is_untouched(page):
    """Whether neither the browser nor instant navigation has loaded the page anew."""
    return page.evaluate("window.stays && document.querySelector('h1').mine")


def open_search(page, text=""):
    page.locator(FIELD).tap()
    expect(page.locator(OPEN)).to_be_visible()
    if text:
        page.locator(FIELD).press_sequentially(text)
        expect(page.locator(HIT).first).to_be_visible()


def test_back_closes_the_search(phone):
    """It stays on the page, which is not loaded again; back once more leaves it."""
    open_search(phone, "환불")
    phone.go_back()
    expect(phone.locator(OPEN)).to_have_count(0)
    assert phone.url.endswith(ARTICLE)
    phone.wait_for_timeout(300)
    assert is_untouched(phone)

    phone.go_back()
    phone.wait_for_url("**/ko/returns/")
    expect(phone.locator("h1")).not_to_have_text("")


def test_the_button_of_the_search_leaves_no_trace(phone):
    """Close, open, close: back leads to the page before."""
    for _ in range(2):
        open_search(phone)
        phone.get_by_role("button", name="검색 닫기").tap()
        expect(phone.locator(OPEN)).to_have_count(0)
        phone.wait_for_timeout(100)
    assert is_untouched(phone)
    assert phone.evaluate("document.activeElement.role") == "search"

    phone.go_back()
    phone.wait_for_url("**/ko/returns/")


def test_a_result_takes_the_place_of_the_search(phone):
    """Back from an article that was found leads to the page that was searched from, at once."""
    open_search(phone, "배송")
    hit = phone.locator(HIT).first
    address = hit.evaluate("(link) => link.href")
    hit.tap()
    phone.wait_for_url(address)
    expect(phone.locator(OPEN)).to_have_count(0)
    assert phone.evaluate("window.stays")  # instant navigation, still

    phone.go_back()
    phone.wait_for_url(f"**/{ARTICLE}")
    expect(phone.locator(OPEN)).to_have_count(0)
    phone.go_back()
    phone.wait_for_url("**/ko/returns/")


def test_enter_takes_the_place_of_the_search(phone):
    """The results page comes after the page that was searched from."""
    open_search(phone, "배송")
    phone.locator(FIELD).press("Enter")
    phone.wait_for_url("**/ko/search/?q=*")
    expect(phone.locator(HIT).first).to_be_visible()

    phone.go_back()
    phone.wait_for_url(f"**/{ARTICLE}")
    phone.go_back()
    phone.wait_for_url("**/ko/returns/")


def test_a_page_that_comes_late_closes_the_search(visit):
    """A reader follows a link and searches before the page is there: nothing stays covered."""
    page, held = visit(viewport=PHONE, has_touch=True).open("ko/returns/"), []
    page.route(f"**/{ARTICLE}", lambda route: held.append(route))  # noqa: PLW0108
    page.locator(f"main a[href*='{ARTICLE.split('/')[-2]}']").first.click()
    open_search(page, "배송")

    held.pop().continue_()

    expect(page.locator("h1")).to_have_text("환불은 언제 되나요")
    expect(page.locator(".kb-search-open")).to_have_count(0)
    open_search(page, "배송")
    page.get_by_role("button", name="검색 닫기").tap()
    page.wait_for_timeout(500)
    page.go_back()
    page.wait_for_url("**/ko/returns/")


def test_people_hear_what_was_searched_for(visit):
    """From a search to a result, a no, and a channel that knows both, on one page load."""
    page = visit(viewport=DESKTOP, reduced_motion="reduce").open("ko/")
    page.evaluate("window.stays = true")
    page.locator(FIELD).press_sequentially("환불 언제 010-1234-5678")
    page.locator(HIT, has_text="환불은 언제 되나요").first.click()
    page.wait_for_url(f"**/{ARTICLE}")
    page.locator(".kb-vote__button[value='0']").click()

    query = quote("환불 언제 [phone]", safe="")
    expect(page.locator("[data-kb-channel=chat]")).to_have_attribute(
        "href", f"https://www.ondam.example/chat?article=KB-0022&q={query}"
    )
    assert page.evaluate("window.stays")
