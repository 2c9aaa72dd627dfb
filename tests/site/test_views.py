"""What pages show: the values that templates print."""

from __future__ import annotations

import json
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.settings import Channel, Contact
from kbgen.site.contact import contact_view, filled
from kbgen.site.markdown import Heading, Rendered
from kbgen.site.pages import initial
from kbgen.site.views import (
    contents,
    reading_minutes,
)
from tests.site.samples import article, category, planned, views

CATEGORIES = [
    category("returns", "ko", "반품과 환불", order=2, icon="rotate"),
    category("returns/exchange", "ko", "교환"),
    category("delivery", "ko", "배송", order=1),
    category("returns", "en", "Returns", order=2),
]
ARTICLES = [
    article("ko/returns/refund.md", id="KB-1", title="환불", updated=date(2026, 11, 3),
            related=("KB-4", "KB-9"), tags=("카드", "환불"), questions=("환불 언제 돼요?",)),
    article("ko/returns/cost.md", id="KB-2", title="반품 비용", tags=("환불",)),
    article("ko/returns/exchange/size.md", id="KB-3", title="사이즈 교환",
            reviewed=date(2026, 10, 1)),
    article("ko/delivery/late.md", id="KB-4", title="늦은 배송", updated=date(2026, 11, 5),
            search_exclude=True),
    article("ko/returns/card.md", id="KB-5", title="카드 취소", tags=("카드", "환불")),
    article("en/returns/refund.md", id="KB-1", title="Refunds", updated=date(2026, 11, 4)),
]  # fmt: skip


@pytest.fixture
def view():
    """The values of the page at an address."""

    def run(url, *articles, **settings):
        made = planned(*(articles or ARTICLES), categories=CATEGORIES)
        page = made.by_url[url]
        return views(made, **settings).page(page, Rendered("<p>x</p>"))

    return run


def texts(entries):
    return [entry.title for entry in entries]


def test_breadcrumb_names_every_category_above(view):
    """From home down to the folder of the article, not the article itself."""
    trail = view("ko/returns/exchange/size/")["breadcrumb"]

    assert [(step.title, step.url) for step in trail] == [
        ("홈", "ko/"),
        ("반품과 환불", "ko/returns/"),
        ("교환", "ko/returns/exchange/"),
    ]


def test_breadcrumb_of_category_search_and_home(view):
    """A category names those above it; home needs none."""
    assert texts(view("ko/returns/exchange/")["breadcrumb"]) == ["홈", "반품과 환불"]
    assert texts(view("ko/search/")["breadcrumb"]) == ["홈"]
    assert view("ko/")["breadcrumb"] == ()


def test_breadcrumb_of_a_fallback_page_stays_in_the_language_of_the_reader(view):
    """An English reader of a Korean article goes up to English pages."""
    trail = view("en/returns/cost/")["breadcrumb"]

    assert [(step.title, step.url) for step in trail] == [
        ("Home", "en/"),
        ("Returns", "en/returns/"),
    ]


def test_related_are_the_named_ones_then_those_that_share_tags(view):
    """Ids that no article has are left out, and so is the article itself."""
    assert texts(view("ko/returns/refund/")["related"]) == ["늦은 배송", "카드 취소", "반품 비용"]


def test_related_of_a_fallback_are_pages_of_the_same_language(view):
    """A reader is not thrown into the other language by a related link."""
    assert {entry.url.partition("/")[0] for entry in view("en/returns/cost/")["related"]} == {"en"}


def test_fallback_entries_say_their_language(view):
    """A screen reader pronounces a Korean title on an English page as Korean."""
    groups = view("en/returns/")["groups"]

    assert [(entry.title, entry.lang) for entry in groups[0].entries] == [
        ("Refunds", ""),
        ("반품 비용", "ko"),
        ("카드 취소", "ko"),
    ]


def test_home_shows_cards_in_order_with_counts(view):
    """The number on a card counts the sub-categories too."""
    cards = view("ko/")["cards"]

    assert [(card.title, card.url, card.count, card.icon) for card in cards] == [
        ("배송", "ko/delivery/", 1, ""),
        ("반품과 환불", "ko/returns/", 4, "rotate"),
    ]


def test_single_top_category_gives_way_to_its_parts(view):
    """One card would be no choice."""
    only = [article("ko/help/a/x.md", id="KB-1"), article("ko/help/b/y.md", id="KB-2")]

    assert [card.url for card in view("ko/", *only)["cards"]] == ["ko/help/a/", "ko/help/b/"]


def test_home_lists_what_changed_last(view):
    """Newest first, by the last commit or else the review; excluded articles are left out."""
    recent = view("ko/")["recent"]

    assert [(entry.title, entry.note) for entry in recent] == [
        ("환불", "2026년 11월 3일"),
        ("사이즈 교환", "2026년 10월 1일"),
    ]


def test_home_lists_what_helped_most(view):
    """Only articles that votes speak for; without votes the list is empty, not made up."""
    assert view("ko/")["helpful"] == []
    assert texts(view("ko/", popular={"KB-2": 9.0, "KB-1": 4.0, "KB-77": 99.0})["helpful"]) == [
        "반품 비용",
        "환불",
    ]


def test_home_shows_how_customers_ask(view):
    """The chips are real questions that lead to their article."""
    assert [(chip.title, chip.url) for chip in view("ko/")["chips"]] == [
        ("환불 언제 돼요?", "ko/returns/refund/")
    ]


def test_category_groups_its_own_articles_then_its_parts(view):
    """Own articles have no heading; each part has its own."""
    groups = view("ko/returns/")["groups"]

    assert [(group.title, group.url, texts(group.entries)) for group in groups] == [
        ("", "", ["반품 비용", "카드 취소", "환불"]),
        ("교환", "ko/returns/exchange/", ["사이즈 교환"]),
    ]


def test_category_without_own_articles_shows_those_below(view):
    """Two levels of empty folders are no dead end."""
    deep = article("ko/a/b/c/x.md", id="KB-1", title="x")

    groups = view("ko/a/", deep)["groups"]
    assert [(group.url, texts(group.entries)) for group in groups] == [("ko/a/b/", ["x"])]


def test_language_switch_marks_the_current_language(view):
    """Names are in their own language."""
    assert view("ko/returns/refund/")["languages"] == [
        {"lang": "ko", "name": "한국어", "url": "ko/returns/refund/", "current": True},
        {"lang": "en", "name": "English", "url": "en/returns/refund/", "current": False},
    ]


def test_search_engines_see_originals_only(view):
    """Search pages and stand-ins are not indexed; the root points to the home page."""
    assert [view(url)["noindex"] for url in ("ko/search/", "en/returns/cost/", "ko/")] == [
        True,
        True,
        False,
    ]
    assert view("en/returns/cost/")["canonical"] == "ko/returns/cost/"
    assert view("")["canonical"] == "ko/"
    assert view("ko/returns/cost/")["canonical"] == "ko/returns/cost/"


def test_permanent_address_is_in_the_language_of_the_page(view):
    """A copied link opens the article in the language in which it was copied."""
    assert view("ko/returns/refund/")["permalink"] == "a/KB-1/"
    assert view("en/returns/refund/")["permalink"] == "en/a/KB-1/"


def test_structured_data_cannot_end_its_script(view):
    """A title may hold anything."""
    hostile = article("ko/x/y.md", id="KB-1", title="</script><script>alert(1)</script>")
    text = view("ko/x/y/", hostile, site_url="https://help.example/")["structured"]

    assert "</script" not in text
    trail, page = json.loads(text)["@graph"]
    assert page["headline"] == hostile.title
    assert page["url"] == "https://help.example/ko/x/y/"
    assert [step["item"] for step in trail["itemListElement"]] == [
        "https://help.example/ko/",
        "https://help.example/ko/x/",
        "https://help.example/ko/x/y/",
    ]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("환불", "ㅎ"),
        ("까다로운 주문", "ㄱ"),
        ("쌍둥이", "ㅅ"),
        ("얘기", "ㅇ"),
        ("Refund", "R"),
        ("refund", "R"),
        ("Élan", "E"),
        ("Ωmega", "Ω"),
        ("3일 안에", "#"),
        ("“인용” 글", "ㅇ"),
        ("(환불)", "ㅎ"),
        ("?!", "#"),
        ("", "#"),
        ("日本", "日"),
        ("\u1112\u116a\u11ab불", "ㅎ"),  # decomposed, as macOS writes file names
    ],
)
def test_initial(title, expected):
    """Hangul by initial consonant, doubled ones with the single, Latin by letter."""
    assert initial(title) == expected


def test_index_is_ordered_hangul_latin_signs(view):
    """Each letter once, articles below it by title."""
    titles = ["환불", "Refund", "3일", "배송", "반품", "address"]
    made = [article(f"ko/a/{n}.md", id=f"KB-{n}", title=title) for n, title in enumerate(titles)]
    groups = view("ko/a-z/", *made)["groups"]

    assert [(group.title, texts(group.entries)) for group in groups] == [
        ("ㅂ", ["반품", "배송"]),
        ("ㅎ", ["환불"]),
        ("A", ["address"]),
        ("R", ["Refund"]),
        ("#", ["3일"]),
    ]
    assert len({group.anchor for group in groups}) == len(groups)


@given(st.lists(st.text(max_size=8), max_size=12))
def test_index_loses_no_entry(titles):
    """Every title stands under exactly one letter."""
    made = [article(f"ko/a/{n}.md", id=f"K-{n}", title=title) for n, title in enumerate(titles)]
    pages = planned(*made)
    groups = views(pages).page(pages.by_url["ko/a-z/"], Rendered(""))["groups"]

    assert sorted(entry.title for group in groups for entry in group.entries) == sorted(titles)


@pytest.mark.parametrize(
    ("body", "minutes"),
    [("", 1), ("word " * 230, 1), ("word " * 231, 2), ("가" * 500, 1), ("가" * 501, 2),
     ("가" * 250 + " word" * 115, 1), ("漢字かな" * 126, 2)],
)  # fmt: skip
def test_reading_minutes(body, minutes):
    """230 Latin words or 500 syllables a minute, never less than one."""
    assert reading_minutes(body) == minutes


def test_contents_from_three_headings_on():
    """Two headings need no list; the fourth level is too fine for one."""
    found = [Heading(str(n), level, str(n)) for n, level in enumerate((2, 3, 4, 2))]

    assert [heading.anchor for heading in contents(found)] == ["0", "1", "3"]
    assert contents(found[:3]) == []


NINE, SIX, ONE, TWO = time(9), time(18), time(13), time(14, 30)


def test_opening_hours_join_days_that_are_alike():
    """Monday to Friday is one row; a gap in between starts another."""
    day = ((NINE, SIX),)
    hours = {0: day, 1: day, 2: ((NINE, ONE), (TWO, SIX)), 4: day, 5: day}
    made = contact_view(Contact(hours=hours, timezone="Asia/Seoul"), "ko")

    assert made["hours"] == [
        {"days": "월–화", "text": "09:00–18:00"},
        {"days": "수", "text": "09:00–13:00, 14:30–18:00"},
        {"days": "금–토", "text": "09:00–18:00"},
    ]


def test_clock_tells_the_browser_zone_hours_and_holidays():
    """What the script needs to say "open now", as JSON."""
    contact = Contact(
        hours={0: ((NINE, SIX),)}, timezone="Asia/Seoul", holidays=(date(2026, 12, 25),)
    )

    assert json.loads(contact_view(contact, "en")["clock"]) == {
        "zone": "Asia/Seoul",
        "hours": {"0": [["09:00", "18:00"]]},
        "holidays": ["2026-12-25"],
    }
    assert contact_view(Contact(), "en")["clock"] == ""


def test_channel_in_each_language():
    """A label in the language of the page, else in any, else the address itself."""
    contact = Contact(
        channels=(
            Channel("phone", "tel:+82-2", {"ko": "전화", "en": "Call"}, {"": "note"}),
            Channel("email", "mailto:a@b.example?cc=c@b.example", {}, {}),
            Channel("form", "https://b.example/form?q={query}", {}, {}),
            Channel("link", "/contact/", {}, {}),
        )
    )
    shown = [
        (each["kind"], each["href"], each["label"], each["note"])
        for each in contact_view(contact, "en")["channels"]
    ]

    assert shown == [
        ("phone", "tel:+82-2", "Call", "note"),
        ("email", "mailto:a@b.example?cc=c@b.example", "a@b.example", ""),
        ("form", "https://b.example/form", "b.example/form", ""),
        ("link", "/contact/", "/contact/", ""),
    ]


@pytest.mark.parametrize(
    ("href", "values", "expected"),
    [
        ("/c?a={article}&q={query}", {"article": "KB-1", "query": ""}, "/c?a=KB-1"),
        ("/c?a={article}&q={query}", {"article": "", "query": ""}, "/c"),
        ("/c?a={article}&q={query}", {"article": "KB-1"}, "/c?a=KB-1&q={query}"),
        ("/c?s={title} ({article})", {"title": "", "article": ""}, "/c"),
        ("/c?s={title}{query}&x=", {"title": "A", "query": ""}, "/c?s=A&x="),
        ("/c/{article}/#/q/{query}", {"article": "KB-1", "query": "a/b"}, "/c/KB-1/#/q/a%2Fb"),
        (
            "/c?q={query}",
            {"query": "{title} a&b=c#d?e+f%20\"'<환불>"},
            "/c?q=%7Btitle%7D%20a%26b%3Dc%23d%3Fe%2Bf%2520%22%27%3C%ED%99%98%EB%B6%88%3E",
        ),
    ],
)
def test_placeholders_of_an_address(href, values, expected):
    """Encoded for where they stand; a parameter without anything to say is left out."""
    assert filled(href, values) == expected


def test_channels_know_the_article_that_is_shown():
    """A plain mail address gets a subject and a body; the query is for the browser to fill in."""
    contact = Contact(channels=(Channel("email", "mailto:a@b.example", {}, {}),))
    (mail,) = contact_view(contact, "ko", article="KB-1", title="환불", url="https://h.example/r/")[
        "channels"
    ]
    subject = "mailto:a@b.example?subject=%ED%99%98%EB%B6%88%20(KB-1)"
    body = "&body=%0D%0A%0D%0Ahttps%3A%2F%2Fh.example%2Fr%2F%0D%0A"

    assert mail["href"] == subject + body
    assert mail["href"][: mail["kept"]] + mail["tail"] == subject + body + "{query}"
    (mail,) = contact_view(contact, "ko")["channels"]
    assert mail["href"] == "mailto:a@b.example"
    assert mail["href"][: mail["kept"]] + mail["tail"] == (
        "mailto:a@b.example?body=%0D%0A%0D%0A%0D%0A{query}"
    )
    assert mail["tail"] == "?body=%0D%0A%0D%0A%0D%0A{query}"


def test_an_article_page_names_itself_to_people(view):
    """Every other page names none, and a site without an address gives none away."""
    href = "/chat?article={article}&title={title}&url={url}&q={query}"
    contact = Contact(channels=(Channel("chat", href, {}, {}),))

    def chat(url, **settings):
        return view(url, contact=contact, **settings)["contact"]["channels"][0]["href"]

    named = "/chat?article=KB-1&title=%ED%99%98%EB%B6%88"
    assert chat("ko/returns/refund/") == named
    assert chat("ko/returns/refund/", site_url="https://h.example/") == (
        f"{named}&url=https%3A%2F%2Fh.example%2Fko%2Freturns%2Frefund%2F"
    )
    assert chat("ko/returns/", site_url="https://h.example/") == "/chat"


@pytest.mark.parametrize(
    ("url", "text"),
    [("ko/returns/refund/", "2026년 11월 3일"), ("en/returns/refund/", "4 Nov 2026")],
)
def test_dates_are_written_as_readers_write_them(view, url, text):
    """For people in their language, for machines as ISO 8601."""
    assert view(url)["updated"]["text"] == text
    assert date.fromisoformat(view(url)["updated"]["iso"])


def test_article_without_dates_shows_none(view):
    """Nothing is made up."""
    assert view("ko/returns/cost/")["updated"] == {"text": "", "iso": ""}


def test_page_for_lost_addresses_offers_everything():
    """404 has the cards and leads to each language's home."""
    shown = views(planned(*ARTICLES, categories=CATEGORIES)).missing("ko")

    assert texts(shown["cards"]) == ["배송", "반품과 환불"]
    assert [language["url"] for language in shown["languages"]] == ["ko/", "en/"]
    assert shown["noindex"]


@pytest.mark.timeout(120)
def test_related_of_a_huge_category_are_found_quickly():
    """5,000 articles in one folder take no square of the time."""
    many = [
        article(f"ko/a/{n}.md", id=f"KB-{n}", tags=("all", f"t{n % 1000}")) for n in range(5000)
    ]
    pages = planned(*many, languages=("ko",))
    made = views(pages)
    related = [made.page(page, Rendered(""))["related"] for page in pages.articles.values()]

    assert {len(found) for found in related} == {4}
    assert [entry.title for entry in related[0]] == ["1000", "2000", "3000", "4000"]


def test_long_index_is_split_by_letter():
    """Past 400 articles each letter has its page, and the first page leads to them."""
    many = [
        article(f"ko/a/{n}.md", id=f"KB-{n}", title=f"{'환반A3'[n % 4]} {n}") for n in range(401)
    ]
    pages = planned(*many, languages=("ko",))
    made = views(pages)
    first = made.page(pages.by_url["ko/a-z/"], Rendered(""))
    letter = made.page(pages.by_url["ko/a-z/ㅎ/"], Rendered(""))

    assert first["groups"] == []
    assert [(entry.title, entry.url, entry.count) for entry in first["letters"]] == [
        ("ㅂ", "ko/a-z/ㅂ/", 100),
        ("ㅎ", "ko/a-z/ㅎ/", 101),
        ("A", "ko/a-z/a/", 100),
        ("#", "ko/a-z/0-9/", 100),
    ]
    assert [group.title for group in letter["groups"]] == ["ㅎ"]
    assert len(letter["groups"][0].entries) == 101


def test_lists_of_a_category_are_bounded():
    """A page shows a hundred of its articles and says that there are more."""
    pages = planned(*(article(f"ko/a/{n}.md", id=f"KB-{n}") for n in range(130)))
    shown = views(pages).page(pages.by_url["ko/a/"], Rendered(""))

    assert (len(shown["groups"][0].entries), shown["more"], shown["count"]) == (100, True, 130)
