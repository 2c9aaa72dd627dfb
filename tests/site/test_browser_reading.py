"""A reader at work: without scripts, by keyboard, from page to page, among hostile articles."""

from __future__ import annotations

import pytest

from tests.site.browsing import DESKTOP, PHONE, site_served
from tests.site.samples import markdown, project
from tests.site.test_clean_html import PAYLOADS

pytestmark = pytest.mark.browser
ARTICLE = "ko/returns/refund-when/"


# --- without scripts -----------------------------------------------------------------------------


def test_reading_without_scripts(visit):
    """From the list of all articles to one of them, to its English twin, to people."""
    page = visit(java_script_enabled=False, viewport=PHONE).open("ko/a-z/")
    page.get_by_role("link", name="환불은 언제 되나요").click()
    assert page.locator("h1").inner_text() == "환불은 언제 되나요"
    assert page.locator(".kb-body table").first.is_visible()
    page.wait_for_load_state("load")  # of pictures too
    assert page.locator(".kb-body img").first.evaluate("image => image.naturalWidth") > 0
    assert page.locator(".kb-contents__link").first.is_visible()

    page.get_by_role("link", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.url.endswith("/en/returns/refund-when/")

    channels = page.locator("#contact a")
    assert [channels.nth(n).get_attribute("href").partition(":")[0] for n in range(3)] == [
        "https",
        "tel",
        "mailto",
    ]
    assert page.locator("#contact dl").is_visible()  # opening hours


def test_what_needs_a_script_is_not_shown_without(visit):
    """No dead buttons: instead of the vote, a way to people; instead of results, all articles."""
    visitor = visit(java_script_enabled=False, viewport=DESKTOP)
    page = visitor.open(ARTICLE)

    assert page.locator(".kb-vote__form").is_hidden()
    assert page.locator("main .kb-vote a, .kb-vote a").first.is_visible()
    buttons = page.locator("button")
    shown = [buttons.nth(n).inner_text() for n in range(buttons.count())
             if buttons.nth(n).is_visible()]  # fmt: skip
    assert shown == ["검색"]  # leads to the page of results, which says why it cannot help
    page.goto(f"{visitor.home}ko/search/?q=x")
    told = page.locator(".kb-results__plain")  # in <noscript>, where text locators do not look
    assert told.is_visible()
    assert told.locator("a").inner_text() == "전체 글 보기"


def test_home_and_category_lead_everywhere_without_scripts(visit):
    """Cards, lists, breadcrumb."""
    page = visit(java_script_enabled=False).open("ko/")
    page.locator(".kb-cards a", has_text="반품").click()
    page.locator(".kb-entries a", has_text="환불은 언제 되나요").click()
    page.locator(".kb-breadcrumb a", has_text="반품").click()
    page.locator(".kb-breadcrumb a").first.click()

    assert page.url.endswith("/ko/")


# --- from page to page ---------------------------------------------------------------------------


def test_following_links_without_loading_anew(visit):
    """Instant navigation exchanges the page; every widget works on the new one."""
    visitor = visit(viewport=DESKTOP)
    page = visitor.open(ARTICLE)
    page.locator(".kb-vote__form").wait_for()
    page.evaluate("window.stays = true")
    page.locator(".kb-article__related a").first.click()
    page.wait_for_url(lambda url: ARTICLE not in url)
    page.locator("article:not([data-kb-article='KB-0022']) .kb-vote__form").wait_for()
    assert page.evaluate("window.stays")
    first = page.locator("article").get_attribute("data-kb-article")
    assert first != "KB-0022"
    assert page.title().startswith(page.locator("h1").inner_text())

    page.get_by_role("link", name="English").click()
    page.wait_for_url("**/en/**")
    page.locator("html[lang=en] .kb-vote__form").wait_for()
    assert page.evaluate("window.stays && document.documentElement.lang") == "en"
    page.get_by_role("button", name="Yes", exact=True).click()
    assert (
        page.get_by_role("button", name="Yes", exact=True).get_attribute("aria-pressed") == "true"
    )

    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.type("refund")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/returns/refund-when/**")
    assert page.evaluate("window.stays")

    page.go_back()
    page.wait_for_url(lambda url: "refund-when" not in url)
    page.locator(f"article[data-kb-article='{first}'] .kb-vote__form").wait_for()


def test_scheme_is_remembered_on_the_device(visit):
    """Dark stays dark on the next page, drawn dark from the start."""
    visitor = visit(viewport=DESKTOP, color_scheme="light")
    page = visitor.open(ARTICLE)
    light = background(page)
    page.get_by_role("button", name="화면 밝기 바꾸기").click()
    dark = background(page)
    assert dark != light

    assert background(visitor.open("ko/")) == dark


def background(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_copied_link_is_the_permanent_address(visit):
    """What a reader passes on works for ever."""
    visitor = visit(viewport=DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    page = visitor.open(ARTICLE)
    page.locator("[data-kb-copy][data-kb-ready]").click()
    page.get_by_text("복사했어요").first.wait_for()

    assert page.evaluate("navigator.clipboard.readText()") == f"{visitor.home}a/KB-0022/"


# --- by keyboard ---------------------------------------------------------------------------------

FOCUS = """() => {
  const element = document.activeElement;
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const around = getComputedStyle(element.closest(".kb-search__box") ?? element);
  return {
    name: element.className || element.tagName,
    ring: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
      || around.boxShadow !== "none",
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
  };
}"""


@pytest.mark.parametrize("address", ["ko/", ARTICLE, "ko/returns/", "ko/search/"])
def test_keyboard_sees_where_it_is(visit, address):
    """The skip link comes first; whatever has the focus is in sight and has a ring."""
    page = visit(viewport=DESKTOP, reduced_motion="reduce").open(address)
    page.locator("body").evaluate("body => { document.activeElement.blur(); }")
    stops = []
    for _ in range(25):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))
        if stops[-1]["name"] == "BODY":
            stops.pop()
            break

    assert "kb-skip" in stops[0]["name"] or address == "ko/search/"
    assert [stop for stop in stops if not (stop["ring"] and stop["seen"])] == []
    assert len(stops) > 5


def test_skip_link_leads_past_the_header(visit):
    """The next stop after it is in the article."""
    page = visit(viewport=DESKTOP).open(ARTICLE)
    page.locator(".kb-skip[data-kb-ready]").wait_for(state="attached")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('#kb-content') !== null")
    assert page.evaluate("document.activeElement.closest('header') === null")


# --- hostile articles ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A site whose articles, titles, questions and categories are attacks."""
    root = tmp_path_factory.mktemp("hostile")
    files = {}
    for n in range(0, len(PAYLOADS), 3):  # three to a page, in case one disarms another
        few = PAYLOADS[n : n + 3]
        one = " ".join(few[0].split())
        files[f"ko/t{n % 5}/a{n}.md"] = markdown(
            f"{one} 환불 {n}",
            "\n\n".join(f"환불 {p}\n\n{p}\n\n## {p}\n\n- {p}" for p in few),
            id=f"KB-{n:04}",
            description=few[0],
            questions=[f"{p} 환불 {n}" for p in few],
            tags=few,
        )
    for n in range(5):
        payload = PAYLOADS[n]
        files[f"ko/t{n}/index.md"] = markdown(payload, payload, description=payload, icon=payload)
    with site_served(project(root, files), root) as home:
        yield home


def test_nothing_of_a_hostile_article_runs(visit, hostile):
    """Every payload, as title, text, heading and question, on each kind of page."""
    visitor = visit(hostile, viewport=DESKTOP)
    page = visitor.open("ko/")
    shown = ["ko/", "ko/a-z/", "ko/nowhere/", *(f"ko/t{n}/" for n in range(5))]
    shown += [f"ko/t{n % 5}/a{n}/" for n in range(0, len(PAYLOADS), 3)]
    for address in shown:
        page.goto(visitor.home + address, wait_until="domcontentloaded")

    for query in ("환불", "<img src=x onerror=alert(1)>", "alert", '"><script>alert(1)</script>'):
        page.goto(visitor.home + "ko/")
        page.get_by_role("combobox").fill(query)
        page.wait_for_timeout(400)
        page.goto(f"{visitor.home}ko/search/?q={query.replace('#', '%23')}")
        page.wait_for_timeout(400)
    assert page.locator("img[src=x], script:not([src]):not([type])").count() == 0
