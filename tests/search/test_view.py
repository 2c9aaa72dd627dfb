"""The search field and the results page in Chromium, under a strict policy."""

from __future__ import annotations

import re
import shutil

import pytest
from playwright.sync_api import expect

from tests.events.serving import serving
from tests.search.browsing import FIELD, OPTION, titles
from tests.search.harness import EVIL, site
from tests.site.browsing import DESKTOP, PHONE, violations

pytestmark = pytest.mark.browser

LOOKS = pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)


def test_nothing_is_fetched_before_the_field_has_focus(visit):
    """Most readers of an article never search."""
    tab = visit("ko/returns/r1/")
    tab.page.wait_for_load_state("networkidle")
    assert tab.index_files == []

    with tab.page.expect_response("**/manifest.json"):
        tab.page.locator(FIELD).focus()
    tab.page.wait_for_load_state("networkidle")
    assert not [name for name in tab.index_files if re.search(r"/[twc]\d+\.json", name)]


def test_results_while_typing(visit):
    """Title, the sentence that answers, topic; the words that match are marked."""
    tab = visit()
    tab.type("환불은 언제")
    first = tab.page.locator(OPTION).first

    expect(first.locator(".kb-hit__title")).to_have_text("환불은 언제 되나요")
    expect(first.locator(".kb-hit__text")).to_have_text("반품을 확인한 뒤 3영업일 안에 환불해요.")
    expect(first.locator(".kb-hit__category")).to_have_text("Returns")
    assert first.locator("mark").all_text_contents() == ["환불", "언제", "환불"]
    expect(first).to_have_attribute("href", f"{tab.address}/ko/returns/r1/")


@pytest.mark.parametrize("path", ["ko/", "ko/search/"])
def test_the_question_that_matches(visit, path):
    """Below a title that says it in other words; not where the title says as much."""
    tab = visit(path)
    tab.type("카드 취소 아직")
    hit = tab.page.locator(".kb-hit", has_text="환불은 언제 되나요").first
    expect(hit.locator(".kb-hit__question")).to_have_text("카드 취소 아직 안됐어요")
    assert hit.locator(".kb-hit__question mark").all_text_contents() == ["카드", "취소", "아직"]
    assert violations(tab.page) == []

    tab.page.locator(FIELD).fill("환불은 언제")
    expect(hit.locator("mark").first).to_have_text("환불")
    expect(hit.locator(".kb-hit__question")).to_have_count(0)


@pytest.mark.parametrize(
    ("path", "part"), [("ko/", "field.js"), ("ko/search/", "results.js")], ids=["field", "results"]
)
def test_what_is_typed_before_the_script_comes_is_searched(visit, path, part):
    """On a slow line the field is there long before it can do anything."""
    tab, held = visit(path), []
    tab.page.route(f"**/search/{part}", lambda route: held.append(route))  # noqa: PLW0108  (Playwright writes on what it calls)
    with tab.page.expect_request(f"**/search/{part}"):
        tab.page.goto(f"{tab.address}/{path}", wait_until="commit")
    tab.type("환불")
    expect(tab.page.locator(FIELD)).to_have_value("환불")
    assert tab.page.locator(".kb-hit").count() == 0

    held.pop().continue_()

    expect(tab.page.locator(".kb-hit").first).to_contain_text("환불")
    assert [(e["type"], e["query"]) for e in tab.wait_told()] == [("search", "환불")]


def test_a_late_answer_is_told_all_the_same(visit):
    """A search counts once its results are there, however long they took."""
    tab, held = visit(), []
    tab.page.route("**/engine.js", lambda route: held.append(route))  # noqa: PLW0108
    tab.type("환불")
    tab.page.wait_for_timeout(1_000)  # settled, and nothing to tell of
    assert tab.told == []

    held.pop().continue_()

    ((told, results),) = [(event["query"], event["results"]) for event in tab.wait_told()]
    assert told == "환불"
    assert results > 0


def test_korean_keyboard(visit):
    """Composition: the syllable that is being typed is searched, Enter belongs to the keyboard."""
    tab = visit()
    tab.page.locator(FIELD).focus()
    client = tab.page.context.new_cdp_session(tab.page)
    for text in ("ㅎ", "화", "환", "환ㅂ", "환부"):
        client.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": 1, "selectionEnd": 1}
        )
    expect(tab.page.locator(OPTION).first).to_contain_text("환불")
    tab.page.locator(FIELD).dispatch_event(
        "keydown", {"key": "ArrowDown", "isComposing": True, "bubbles": True}
    )
    expect(tab.page.locator(FIELD)).not_to_have_attribute("aria-activedescendant", re.compile("."))

    client.send("Input.insertText", {"text": "환불"})
    expect(tab.page.locator(FIELD)).to_have_value("환불")
    expect(tab.page.locator(OPTION).first).to_contain_text("환불")


def test_combobox(visit):
    """The ARIA pattern: arrows move the active option, Enter opens it, Esc closes the list."""
    tab = visit()
    field = tab.page.locator(FIELD)
    expect(field).to_have_role("combobox")
    expect(field).to_have_attribute("aria-expanded", "false")
    tab.type("비밀번호")
    expect(tab.page.locator(OPTION).first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")

    field.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    option = tab.page.locator(f"#{active}")
    expect(option).to_have_attribute("aria-selected", "true")
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None
    field.press("ArrowUp")
    expect(tab.page.locator(OPTION).last).to_have_attribute("aria-selected", "true")

    field.press("Escape")
    expect(tab.page.locator("[data-kb-panel]")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("비밀번호")
    field.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    tab.page.wait_for_url("**/ko/account/a1/")


def test_results_are_announced(visit):
    """A live region says how many there are."""
    tab = visit()
    tab.type("환불은 언제 되나요 카드")
    expect(tab.page.locator("[data-kb-status]")).to_have_text(re.compile("검색 결과 [0-9]+개"))


def test_slash_focuses_the_field(visit):
    """But not while the reader types somewhere else."""
    tab = visit("ko/returns/r1/")
    tab.page.locator("#another").press("/")
    expect(tab.page.locator("#another")).to_have_value("/")
    tab.page.locator("h1").click()
    tab.page.keyboard.press("/")
    expect(tab.page.locator(FIELD)).to_be_focused()
    expect(tab.page.locator(FIELD)).to_have_value("")


def test_clicking_elsewhere_closes_the_list(visit):
    """As does leaving the field with Tab."""
    tab = visit("ko/returns/r1/")
    tab.type("환불")
    expect(tab.page.locator(OPTION).first).to_be_visible()
    tab.page.mouse.click(1400, 850)
    expect(tab.page.locator("[data-kb-panel]")).to_be_hidden()
    tab.page.locator(FIELD).focus()
    expect(tab.page.locator("[data-kb-panel]")).to_be_visible()
    tab.page.locator("#another").focus()
    expect(tab.page.locator("[data-kb-panel]")).to_be_hidden()


def test_old_results_stay_until_new_ones_stand(visit):
    """Nothing flickers: the list never becomes empty while a reader types on."""
    tab = visit()
    tab.type("환불")
    expect(tab.page.locator(OPTION).first).to_be_visible()
    tab.page.evaluate(
        """() => {
          window.least = Infinity;
          const list = document.querySelector("[data-kb-list]");
          new MutationObserver(() => {
            window.least = Math.min(window.least, list.children.length);
          }).observe(list, { childList: true });
        }"""
    )
    tab.type("은 언제 되나요")
    tab.page.wait_for_timeout(400)

    assert tab.page.evaluate("window.least") >= 1


def test_no_result(visit):
    """Said kindly, with a person and the whole list, and told as zero."""
    tab = visit()
    tab.type("쀍쀍")
    panel = tab.page.locator("[data-kb-panel]")
    expect(panel).to_contain_text("‘쀍쀍’에 맞는 글을 찾지 못했어요")
    expect(panel.get_by_role("link", name="전체 글 보기")).to_have_attribute("href", "../ko/a-z/")
    assert tab.wait_told() == [{"type": "search", "query": "쀍쀍", "results": 0, "lang": "ko"}]

    panel.get_by_role("link", name="문의하기").click()
    expect(panel).to_be_hidden()
    assert tab.page.url.endswith("#contact")


def test_other_language(visit):
    """A query that this language cannot answer is answered in another, labelled as such."""
    tab = visit()
    tab.type("password")
    group = tab.page.get_by_role("group", name="English 도움말")
    expect(group.locator(OPTION).first).to_contain_text("I forgot my password")
    expect(group.locator(OPTION).first).to_have_attribute("lang", "en")


@pytest.mark.parametrize(("typed", "meant"), [("ghksqnf", "환불"), ("배숭비", "배송비")])
def test_it_says_what_it_searched_instead(visit, typed, meant):
    """A reader sees why there are results at all."""
    tab = visit()
    tab.type(typed)
    expect(tab.page.locator("[data-kb-note]")).to_have_text(
        f"‘{typed}’ 대신 ‘{meant}’ 검색 결과를 보여 드려요."
    )


def test_a_query_is_told_when_it_has_settled(visit):
    """Once, 800 ms after the last key; not each beginning of it."""
    tab = visit()
    tab.type("배송지 변경")
    tab.page.wait_for_timeout(300)
    assert tab.told == []
    tab.wait_told()
    tab.page.locator(FIELD).press("Escape")
    tab.page.wait_for_timeout(900)

    (event,) = tab.told
    assert (event["type"], event["query"], event["lang"]) == ("search", "배송지 변경", "ko")
    assert event["results"] > 0


def test_a_click_is_told(visit):
    """The query first, then the article with its rank."""
    tab = visit()
    tab.page.add_init_script("addEventListener('click', (e) => e.preventDefault(), true)")
    tab.open("ko/")
    tab.type("배송비")
    tab.page.locator(OPTION, has_text="배송비는 얼마이고").click()
    search, click = tab.told

    assert (search["type"], search["query"], search["results"]) == ("search", "배송비", 3)
    assert click == {
        "type": "click",
        "query": "배송비",
        "rank": 2,
        "article": "D1",
        "results": 3,
        "lang": "ko",
    }


def test_markup_is_text(visit):
    """In titles, texts, topics, and in the query itself."""
    tab = visit()
    tab.type("환불 img onerror")
    expect(tab.page.locator(OPTION, has_text=EVIL).first).to_be_visible()
    tab.open(f"ko/search/?q={EVIL}")
    expect(tab.page.locator(".kb-hit", has_text=EVIL).first).to_be_visible()
    tab.open(f"ko/search/?q={EVIL.replace('img', 'zqzq').replace('onerror', 'qzqz')}")
    tab.page.wait_for_timeout(300)

    assert tab.page.evaluate("window.hacked") is None
    assert tab.page.locator("[data-kb-results] img").count() == 0


def test_enter_leads_to_the_results_page(visit):
    """With the query in the address; going back from an article finds it again."""
    tab = visit()
    tab.type("택배")
    tab.page.locator(FIELD).press("Enter")
    tab.page.wait_for_url("**/ko/search/?q=*")
    expect(tab.page.locator(FIELD)).to_have_value("택배")
    expect(tab.page.locator("[data-kb-status]")).to_have_text("‘택배’ 검색 결과 25개")
    assert len(titles(tab.page)) == 10

    tab.page.locator("[data-kb-more]").click()
    expect(tab.page.locator(".kb-results__item")).to_have_count(20)
    expect(tab.page.locator(".kb-results__item").nth(10).locator("a").first).to_be_focused()
    tab.page.locator(".kb-hit").first.click()
    tab.page.wait_for_url("**/t00/")
    tab.page.go_back()
    expect(tab.page.locator("[data-kb-status]")).to_have_text("‘택배’ 검색 결과 25개")


def test_results_page_while_typing(visit):
    """The address follows the query, so that it can be shared at any time."""
    tab = visit("ko/search/")
    expect(tab.page.locator(FIELD)).to_be_focused()
    tab.type("배송비")
    tab.page.wait_for_url("**/?q=%EB%B0%B0%EC%86%A1%EB%B9%84")
    tab.wait_told()
    assert titles(tab.page)[:2] == ["반품 배송비는 얼마인가요", "배송비는 얼마이고 며칠 걸리나요"]

    tab.page.get_by_role("button", name="Delivery 2").click()
    expect(tab.page.locator("[data-kb-status]")).to_have_text("‘배송비’ 검색 결과 2개")
    assert "topic=delivery" in tab.page.url
    tab.page.reload()
    expect(tab.page.get_by_role("button", name="Delivery 2")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert titles(tab.page) == ["배송비는 얼마이고 며칠 걸리나요", "배송지를 바꾸고 싶어요"]


def test_phone(visit):
    """The open field fills the screen, and gives it back."""
    tab = visit("ko/returns/r1/", size=PHONE, has_touch=True, reduced_motion="reduce")
    form = tab.page.locator("form[role=search]")
    tab.page.locator(FIELD).tap()
    expect(form).to_contain_text("궁금한 점을 말하듯이")
    assert form.bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 844}
    tab.type("환불")
    expect(tab.page.locator(OPTION).first).to_be_visible()
    for box in (b.bounding_box() for b in form.locator("button:visible, [role=option]").all()):
        assert box["height"] >= 44

    tab.page.get_by_role("button", name="검색 닫기").tap()
    expect(tab.page.locator("[data-kb-panel]")).to_be_hidden()
    assert form.bounding_box()["height"] < 100


@pytest.mark.parametrize("path", ["ko/", "ko/search/"])
@pytest.mark.parametrize("reason", ["version", "damaged", "cut", "unreachable"])
def test_a_broken_index_is_said_politely(chromium, site_folder, tmp_path, reason, path):
    """With the A-Z page as the way on, and no error on the page."""
    shutil.copytree(site_folder, tmp_path / "shards")
    manifest = tmp_path / "shards/ko/manifest.json"
    if reason == "version":
        manifest.write_text(manifest.read_text("utf-8").replace('"version":', '"version":9'))
    elif reason == "damaged":
        manifest.write_text("{")
    elif reason == "cut":
        for file in manifest.parent.glob("*/t*.json"):
            file.write_bytes(file.read_bytes()[:40])
    else:
        manifest.unlink()
    with serving(site(tmp_path / "shards")) as address:
        page = chromium.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}/{path}")
        page.locator(FIELD).press_sequentially("환불")
        panel = page.locator("[data-kb-message]")

        expect(panel).to_contain_text("지금은 검색할 수 없어요")
        expect(panel.get_by_role("link", name="전체 글 보기")).to_be_visible()
        assert errors == []
        assert page.evaluate("window.told") == []
        page.close()


def test_without_scripts(chromium, site_address):
    """The form leads to the results page, which leads to the A-Z page."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site_address}/ko/")
    page.locator(FIELD).fill("환불")
    page.locator(FIELD).press("Enter")
    page.wait_for_url("**/ko/search/?q=*")
    page.get_by_role("link", name="전체 글 보기").click()
    page.wait_for_url("**/ko/a-z/")
    context.close()


@LOOKS
@pytest.mark.parametrize("query", ["환불", "password", "쀍쀍"])
def test_field_is_accessible(visit, size, scheme, query):
    """axe-core finds nothing, with the list open: results, another language, no result."""
    tab = visit(size=size, color_scheme=scheme, reduced_motion="reduce")
    tab.type(query)
    tab.page.locator(f"{OPTION}, .kb-search__empty").first.wait_for()
    tab.page.locator(FIELD).press("ArrowDown")

    assert violations(tab.page) == []


@LOOKS
@pytest.mark.parametrize("query", ["택배", "ghksqnf", "쀍쀍"])
def test_results_page_is_accessible(visit, size, scheme, query):
    """The same for the results page."""
    tab = visit(f"ko/search/?q={query}", size=size, color_scheme=scheme, reduced_motion="reduce")
    tab.page.locator(".kb-hit, .kb-search__empty").first.wait_for()

    assert violations(tab.page) == []
