"""Every kind of page in Chromium: accessible, safe, quiet, and as wide as the screen."""

from __future__ import annotations

import re

import pytest

from tests.site.browsing import DESKTOP, PHONE, violations

pytestmark = pytest.mark.browser

# Address, and what has to be on the page before it is looked at.
PAGES = {
    "home": ("ko/", ".kb-hero"),
    "category": ("ko/returns/", ".kb-entries"),
    "article": ("ko/returns/refund-when/", ".kb-vote__form"),
    "article with a picture": ("en/orders/order-status/", ".kb-vote__form"),
    "fallback": ("en/delivery/jeju-and-islands/", ".kb-vote__form"),
    "search": ("ko/search/?q=환불", ".kb-results a[href*=refund-when]"),
    "search without a question": ("en/search/", ".kb-search--page"),
    "search without a result": ("ko/search/?q=qqqqzzzz", ".kb-results .kb-search__empty"),
    "index": ("ko/a-z/", ".kb-letters"),
    "missing": ("ko/nowhere/", ".kb-hero"),
}
SCREENS = [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")]
SCHEMES = ("light", "dark")


@pytest.fixture
def look(visit):
    """Opens a page of the demo on a screen, once a mark of it is there."""

    def run(screen, address, mark):
        options = {"viewport": screen, "has_touch": screen is PHONE, "locale": "ko-KR"}
        page = visit(**options).open(address)
        page.locator(mark).first.wait_for()
        return page

    return run


def faults(page):
    """What is wrong with a page in the light and in the dark, and what sticks out of it."""
    found = wider_than_screen(page)
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme}: {violation}" for violation in violations(page)]
    return found


def wider_than_screen(page):
    """Elements that stick out to the right while the page itself can be scrolled sideways."""
    return page.evaluate(
        """() => {
          const root = document.documentElement;
          if (root.scrollWidth <= root.clientWidth) return [];
          return [...document.querySelectorAll("body *")]
            .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
            .map((element) => element.className || element.tagName);
        }"""
    )


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("kind", PAGES)
def test_page_has_no_fault(look, kind, screen):
    """axe finds nothing, nothing is refused or missing, nothing asks another host."""
    page = look(screen, *PAGES[kind])

    assert faults(page) == []


def test_page_fits_when_it_is_magnified(visit):
    """At 200 % of a desktop and at 320 px nobody has to scroll sideways."""
    visitor = visit()
    page = visitor.open()
    for address, mark in PAGES.values():
        page.goto(f"{visitor.home}{address}")
        page.locator(mark).first.wait_for()
        for width in (720, 320):
            page.set_viewport_size({"width": width, "height": 500})
            assert wider_than_screen(page) == [], (address, width)


@pytest.mark.parametrize("screen", SCREENS)
def test_search_that_is_open_has_no_fault(look, screen):
    """Results below the field, with one of them chosen by keyboard."""
    page = look(screen, "ko/returns/return-cost/", ".kb-vote__form")
    page.keyboard.press("/")
    page.keyboard.type("환불")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")

    assert faults(page) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_vote_has_no_fault_in_any_state(look, screen):
    """Yes, no, reasons, thanks."""
    page = look(screen, "ko/returns/return-cost/", ".kb-vote__form")
    for answer in ("네", "아니요"):
        page.get_by_role("button", name=answer, exact=True).click()
        assert faults(page) == []
    page.locator(".kb-vote__radio").nth(6).check()
    page.locator(".kb-vote__comment").fill("표가 어려워요")
    page.locator(".kb-vote__send").click()
    assert faults(page) == []


def test_permanent_address_leads_on(visit):
    """The address that never changes arrives at the article; before that it has no fault."""
    visitor = visit(viewport=PHONE)
    page = visitor.open("a/KB-0022/")
    page.wait_for_url("**/ko/returns/refund-when/")
    assert page.locator("article").get_attribute("data-kb-article") == "KB-0022"

    visitor.context.route("**/a/KB-0022/", without_refresh)
    assert faults(visitor.open("a/KB-0022/")) == []


def without_refresh(route):
    answer = route.fetch()
    route.fulfill(
        response=answer, body=re.sub(r'<meta http-equiv="refresh"[^>]*>', "", answer.text())
    )
