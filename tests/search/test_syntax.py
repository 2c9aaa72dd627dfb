"""Queries with fields: what is one, what it finds, where it is wrong."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.errors import SearchError
from kbgen.search import build_index
from kbgen.search.syntax import FIELDS, is_meant, parse
from tests.pages import doc, first_cells, section
from tests.search.samples import article, corpus
from tests.test_architecture import MODULES, imports, name

SHOP = corpus(
    article(
        "KB-1",
        "환불은 언제 되나요",
        "3영업일 안에 돌려드려요.\n\n## 카드로 낸 돈\n\n카드사가 더 걸려요.",
        category="returns",
        tags=["환불", "Policy"],
        aliases=["카드 취소"],
        questions=["돈이 언제 들어와요"],
        owner="반품팀",
        updated=date(2026, 1, 31),
        reviewed=date(2026, 3, 1),
    ),
    article(
        "KB-2",
        "교환 신청",
        "환불 대신 교환해요.",
        category="returns/exchange",
        tags=["교환"],
        updated=date(2026, 2, 1),
        reviewed=date(2025, 12, 31),
    ),
    article("KB-3", "환불 상담 요령", audience="agents", category="playbooks"),
    article(
        "KB-1",
        "When do I get my refund?",
        "Within 3 days, by credit card.",
        lang="en",
        category="returns",
        tags=["refund"],
        updated=date(2026, 2, 15),
    ),
)


@pytest.fixture(scope="module")
def index():
    return build_index(SHOP, None)


@pytest.fixture(scope="module")
def find(index):
    def run(text, **options):
        asked = parse(text)
        hits = index.search(asked.text, where=asked, **options)
        return " ".join(f"{hit.article}/{hit.lang}" for hit in hits)

    return run


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one field
        ("tag:환불", "KB-1/ko"),
        ("tag:policy", "KB-1/ko"),
        ("tag:pol*", "KB-1/ko"),
        ("category:returns lang:ko", "KB-2/ko KB-1/ko"),
        ("category:returns/exchange", "KB-2/ko"),
        ("category:return", ""),
        ("id:kb-3", "KB-3/ko"),
        ("audience:agents", "KB-3/ko"),
        ("owner:반품팀", "KB-1/ko"),
        ('alias:"카드 취소"', "KB-1/ko"),
        # the words of a field, as the search analyses them
        ("title:환불을", "KB-1/ko KB-3/ko"),
        ("title:refunds", "KB-1/en"),
        ("questions:들어와요", "KB-1/ko"),
        ("headings:카드", "KB-1/ko"),
        ("body:교환", "KB-2/ko"),
        ('text:"credit cards"', "KB-1/en"),
        ("title:환불신청", ""),
        # dates: a month is all of its days
        ("updated:2026-01", "KB-1/ko"),
        ("updated:>2026-01", "KB-1/en KB-2/ko"),
        ("updated:>=2026-01", "KB-1/en KB-2/ko KB-1/ko"),
        ("updated:<2026-02", "KB-1/ko"),
        ("updated:<=2026-02-01", "KB-2/ko KB-1/ko"),
        ("updated:[2026-01-31 TO 2026-02]", "KB-1/en KB-2/ko KB-1/ko"),
        ("updated:{2026-01 TO 2026-02-15}", "KB-2/ko"),
        ("reviewed:[TO 2025]", "KB-2/ko"),
        ("reviewed:[2026 TO]", "KB-1/ko"),
        # AND, OR, NOT and brackets
        ("tag:환불 AND updated:>2026-01", ""),
        ("tag:환불 OR tag:교환", "KB-2/ko KB-1/ko"),
        ("lang:ko NOT category:returns", "KB-3/ko"),
        ("tag:(환불 OR refund)", "KB-1/en KB-1/ko"),
        ("(tag:환불 OR tag:교환) AND updated:2026-02", "KB-2/ko"),
        ("NOT lang:ko", "KB-1/en"),
        # words rank; with AND, OR and NOT they narrow as well
        ("환불 언제 category:returns", "KB-1/ko"),
        ("ghksqnf category:returns", "KB-1/ko KB-2/ko"),
        ("교환 AND category:returns", "KB-2/ko"),
        ("환불 AND 언제 AND lang:ko", "KB-1/ko"),
        ("category:returns AND NOT 교환", "KB-1/en KB-1/ko"),
        ("교환 OR lang:en", "KB-2/ko KB-1/en"),
        ("쀍쀍 category:returns", ""),
    ],
)
def test_what_a_query_finds(find, text, expected):
    """In this order: by words if there are any, else the latest first."""
    assert find(text) == expected


def test_filters_of_the_command_line_hold_as_well(find):
    """Both narrow."""
    assert find("category:returns", lang="en") == "KB-1/en"
    assert find("title:환불", audience="public") == "KB-1/ko"
    assert find("category:returns", tag="교환", limit=1) == "KB-2/ko"


def test_decomposed_hangul_is_the_same(find):
    """As macOS shells hand it over."""
    for text in ("tag:환불", "title:환불을", "owner:반품팀", "환불 lang:ko"):
        assert find(unicodedata.normalize("NFD", text)) == find(text)


@pytest.mark.parametrize(
    "text",
    [
        "환불 언제 돼요?",
        "Re: title: where is my refund",
        'She said "refund AND cancel" twice',
        "tag: refund",
        "https://shop.example/?id:7",
        "userid:1234 has no access",
        "Error title:(",
        "12:30 배송",
        "the body: hello",
        "refund AND (cancel OR money)",
        "id:7\nname: Kim",
        "my refund " * 60 + "tag:refund",
    ],
)
def test_what_customers_write_stays_plain_text(text):
    """A colon, a quote or a bracket is no query with fields."""
    assert not is_meant(text)


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ("tag:a AND tagg:b", "no field is named tagg (did you mean tag?)", 10),
        ("updated:>yesterday", "'yesterday' is no date (write 2026, 2026-01 or 2026-01-31)", 9),
        ("updated:2026-02-30", "'2026-02-30' is no date (write 2026, 2026-01 or 2026-01-31)", 8),
        ("환불 title:>3", "<, > and [… TO …] are for updated and reviewed (updated:>2026-01)", 12),
        ("(tag:a OR tag:b", "( is never closed (close it, or leave it out)", 0),
        ("tag:a) tag:b", ") closes nothing (leave it out)", 5),
        ('title:"card tag:a', '" is never closed (close it, or leave it out)', 6),
        ("updated:[2026 TO tag:a", "[ is never closed (close it, or leave it out)", 8),
        ("tag:a AND", "nothing follows AND (leave it out)", 6),
        ("AND tag:a", "nothing comes before AND (put a word or a field on both sides)", 0),
        ("tag:a AND OR tag:b", "nothing comes before OR (put a word or a field on both sides)", 10),
        ("NOT NOT tag:a", "NOT stands twice (leave both out)", 4),
        ("tag:a ()", "nothing comes before ) (put a word or a field on both sides)", 7),
    ],
)
def test_errors_say_the_place_and_the_cure(text, message, at):
    """With a mark below the place; Hangul is two columns wide."""
    with pytest.raises(SearchError) as error:
        parse(text)

    assert str(error.value) == f"{message}\n  {text}\n  {' ' * at}^"


PIECES = [*'ab환 :"()[]{}<>*~^+-&|!?/\\', "tag:", "updated:", "2026-01", " AND ", " OR ", " NOT "]


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("title:환*", "* is for tag, alias, category, lang, id, audience and owner ("),
        (
            "tag:a title: b",
            "title: has no value (write the value directly behind it: title:value)",
        ),
        ("updated:>", "updated: has no value"),
    ],
)
def test_errors_name_what_is_possible(text, start):
    """The fields that take a star, the form of a value."""
    with pytest.raises(SearchError) as error:
        parse(text)

    assert str(error.value).startswith(start)


@given(st.lists(st.sampled_from(PIECES), max_size=20))
def test_whatever_is_typed_is_found_or_refused(find, pieces):
    """No other exception, whatever the signs."""
    with suppress(SearchError):
        find("tag:a " + "".join(pieces))


def test_every_field_is_documented_and_no_other():
    """docs/search.md has a table of them."""
    table = section(doc("search"), "Queries with fields")
    shown = {word for cell in first_cells(table) for word in re.findall(r"`(\w+):", cell)}

    assert shown == set(FIELDS)


def test_examples_of_the_documents_can_be_parsed():
    """Each of them."""
    text = section(doc("search"), "Queries with fields")
    queries = re.findall(r"^kbgen search '(.+)'$", text, re.MULTILINE)

    assert len(queries) > 3
    for query in queries:
        assert is_meant(query)
        parse(query)


def test_only_the_index_and_its_queries_know_whoosh():
    """When Whoosh goes, two modules change."""
    assert [name(path) for path in MODULES if "whoosh" in imports(path)] == [
        "kbgen/search/store.py",
        "kbgen/search/syntax.py",
    ]
