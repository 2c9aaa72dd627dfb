"""The filters of the results page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kbgen.search import build_index, write_shards
from tests.events.serving import serving
from tests.search.browsing import FIELD, titles, visiting
from tests.search.harness import site
from tests.search.samples import article, corpus
from tests.site.browsing import DESKTOP, PHONE, violations

pytestmark = pytest.mark.browser

STATUS = "[data-kb-results] [data-kb-status]"


def choose(tab, label, choice):
    tab.page.get_by_label(label, exact=True).select_option(label=choice)


def test_tags(visit):
    """With what each has; the address holds the choice."""
    tab = visit("ko/search/?q=택배")
    expect(tab.page.locator(STATUS)).to_have_text("‘택배’ 검색 결과 25개")
    options = tab.page.get_by_label("태그", exact=True).locator("option")
    expect(options).to_have_text(["모든 태그", "포장 (17)", "안전 (8)"])

    choose(tab, "태그", "안전 (8)")
    expect(tab.page.locator(STATUS)).to_have_text("‘택배’ 검색 결과 8개")
    assert titles(tab.page)[0] == "택배 상자 1"
    assert tab.page.url.endswith("&tag=%EC%95%88%EC%A0%84")
    tab.page.reload()
    expect(tab.page.locator(STATUS)).to_have_text("‘택배’ 검색 결과 8개")
    expect(tab.page.get_by_label("태그", exact=True)).to_have_value("안전")

    choose(tab, "태그", "모든 태그")
    expect(tab.page.locator(STATUS)).to_have_text("‘택배’ 검색 결과 25개")
    assert "tag=" not in tab.page.url


def test_language(visit):
    """A clear choice: results of that language first, those of the page's still offered."""
    tab = visit("ko/search/?q=password&topic=account")
    choose(tab, "언어", "English")
    expect(tab.page.locator(".kb-hit").first).to_have_attribute("lang", "en")
    assert tab.page.url.endswith("?q=password&lang=en")
    expect(tab.page.locator(".kb-search__language")).to_have_count(0)

    tab.page.locator(FIELD).fill("카드")
    expect(tab.page.locator(".kb-search__language")).to_have_text("한국어 도움말")
    assert tab.page.url.endswith("lang=en")
    choose(tab, "언어", "한국어")
    expect(tab.page.locator(".kb-search__language")).to_have_count(0)
    assert "lang=" not in tab.page.url


def test_another_query_forgets_topic_and_tag(visit):
    """They were those of the results that are gone."""
    tab = visit("ko/search/?q=택배&tag=안전")
    expect(tab.page.locator(STATUS)).to_have_text("‘택배’ 검색 결과 8개")
    tab.page.locator(FIELD).fill("택배 상자")

    expect(tab.page.locator(STATUS)).to_have_text("‘택배 상자’ 검색 결과 25개")
    assert "tag=" not in tab.page.url


def test_nothing_with_these_filters(visit):
    """From an old address, say: one button away from all results."""
    tab = visit("ko/search/?q=택배&tag=없음&topic=returns&lang=xx&audience=everyone")
    expect(tab.page.locator(".kb-search__empty")).to_contain_text(
        "고른 조건에서는 ‘택배’ 검색 결과가 없어요"
    )
    assert "lang=" not in tab.page.url
    tab.page.get_by_role("button", name="조건 모두 지우기").click()

    expect(tab.page.locator(STATUS)).to_have_text("‘택배’ 검색 결과 25개")
    assert tab.page.url.endswith("?q=%ED%83%9D%EB%B0%B0")


def test_by_keyboard(visit):
    """A list is a list of the browser: arrows choose, and the focus stays."""
    tab = visit("ko/search/?q=택배")
    tags = tab.page.get_by_label("태그", exact=True)
    expect(tab.page.locator(STATUS)).to_have_text("‘택배’ 검색 결과 25개")
    tags.focus()
    tab.page.keyboard.press("ArrowDown")
    expect(tab.page.locator(STATUS)).to_have_text("‘택배’ 검색 결과 17개")
    expect(tags).to_be_focused()


def test_a_single_language_offers_nothing_to_choose(visit):
    """And a list with one choice is not shown; nor is a reader where all is for customers."""
    tab = visit("ko/search/?q=쿠폰")
    tab.page.locator(".kb-hit, .kb-search__empty").first.wait_for()
    expect(tab.page.get_by_label("태그", exact=True)).to_be_hidden()
    expect(tab.page.get_by_label("읽는 사람")).to_be_hidden()


@pytest.fixture(scope="module")
def staff(tmp_path_factory):
    """The address of a site for agents."""
    folder = tmp_path_factory.mktemp("staff")
    shop = corpus(
        article("R1", "환불 기간", category="returns"),
        article("P1", "환불 상담", category="playbooks", audience="agents"),
        article("R1", "Refunds", lang="en"),
    )
    write_shards(build_index(shop, None), shop, folder)
    with serving(site(folder)) as address:
        yield address


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"]
)
def test_agents_choose_whom_it_is_written_for(chromium, staff, size, scheme):
    """Internal results are marked as such, and can be left out or looked at alone."""
    with visiting(chromium, staff) as visit:
        looks = {"size": size, "color_scheme": scheme, "reduced_motion": "reduce"}
        tab = visit("ko/search/?q=환불", **looks)
        marked = tab.page.locator(".kb-hit", has=tab.page.get_by_text("상담원용", exact=True))
        expect(marked).to_contain_text("환불 상담")
        assert violations(tab.page) == []

        choose(tab, "읽는 사람", "상담원용 (1)")
        expect(tab.page.locator(STATUS)).to_have_text("‘환불’ 검색 결과 1개")
        assert titles(tab.page) == ["환불 상담"]
        assert tab.page.url.endswith("&audience=agents")
        choose(tab, "읽는 사람", "고객용 (1)")
        expect(tab.page.locator(".kb-hit__title")).to_have_text(["환불 기간"])
