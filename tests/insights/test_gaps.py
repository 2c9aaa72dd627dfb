"""Which searches failed, and what is said about them."""

from __future__ import annotations

import pytest

from kbgen.insights.gaps import find_gaps
from kbgen.insights.sessions import query_key, searches
from kbgen.insights.stream import stream
from tests.insights.samples import TODAY, article, asked, corpus, event

ONE = article(1)
SHOP = corpus(ONE)


def found(events):
    return searches(stream(events, SHOP, TODAY).seen)


def visit(*steps, session="s"):
    """Events of one session, in the order given."""
    return [event(kind, *rest, session=session, **values) for kind, rest, values in steps]


def search(query, results=5, **values):
    return "search", (), {"query": query, "results": results, **values}


def click(query, about=ONE):
    return "click", (about,), {"query": query, "results": 5, "rank": 1}


def vote(choice, about=ONE):
    return "vote", (about,), {"vote": choice, "voter": "v"}


@pytest.mark.parametrize(
    ("spellings", "key"),
    [
        (["환불 언제 돼요?", "환불언제돼요", " 환불  언제 돼요ㅠㅠ"], "환불언제돼요"),
        (["Refund-Status", "refund status", "ＲＥＦＵＮＤ status"], "refundstatus"),
        (["???"], "???"),
    ],
)
def test_spacing_case_and_width_make_no_other_query(spellings, key):
    assert {query_key(spelling) for spelling in spellings} == {query_key(key)}


def test_initial_consonants_stay_apart_from_laughter():
    """ㅎㅂ is a search for 환불, ㅎㅎ is none."""
    assert query_key("ㅎㅂ") != query_key("환불ㅎㅎ") == query_key("환불")


@pytest.mark.parametrize(
    ("trail", "kept"),
    [
        (["환", "환부", "환불"], ["환불"]),
        (["가", "간", "가나", "가나다"], ["가나다"]),  # ㄴ moves to the next syllable
        (["r", "ref", "refund", "refund status"], ["refund status"]),
        (["refund", "exchange"], ["refund", "exchange"]),
        (["refund", "refund"], ["refund"]),
        (["refund status", "refund"], ["refund status", "refund"]),  # shortened on purpose
    ],
)
def test_letters_on_the_way_are_no_queries(trail, kept):
    assert [s.query for s in found(visit(*(search(q) for q in trail)))] == kept


def test_a_query_that_was_opened_is_not_typed_over():
    steps = visit(search("refund"), click("refund"), search("refund status"))

    assert [s.query for s in found(steps)] == ["refund", "refund status"]


@pytest.mark.parametrize(
    ("steps", "outcomes"),
    [
        ([search("a", 0)], ["nothing"]),
        ([search("a")], ["no_click"]),
        ([search("a"), click("a")], ["helped"]),
        ([search("a"), click("a"), vote(0)], ["unhelped"]),
        ([search("a"), click("a"), vote(0), vote(1)], ["helped"]),  # the last choice counts
        ([search("a"), search("b"), click("b")], ["refined", "helped"]),
        ([search("a", 0), search("b"), click("b")], ["nothing", "helped"]),
        ([click("a")], ["helped"]),  # a click whose search got lost
    ],
)
def test_outcomes(steps, outcomes):
    assert [s.outcome for s in found(visit(*steps))] == outcomes


def test_look_ups_by_agents_and_assistants_need_no_click():
    """They read the answer in the list; only an empty list fails them."""
    steps = [search("a", source="agent"), search("b", 0, source="mcp")]

    assert [s.outcome for s in found(visit(*steps))] == ["helped", "nothing"]


def test_most_people_left_alone_come_first():
    events = [*asked("ship abroad", 4), *asked("store", 6, results=3), *asked("spare parts", 5)]

    gaps = find_gaps(found(events))

    assert [(gap.query, gap.failed, gap.nothing, gap.no_click) for gap in gaps.rows] == [
        ("store", 6, 0, 6),
        ("spare parts", 5, 5, 0),
        ("ship abroad", 4, 4, 0),
    ]


def test_a_person_counts_once_however_often_they_ask():
    events = [event("search", query="store", results=0, session="same") for _ in range(9)]

    assert find_gaps(found(events)).rows == ()
    assert find_gaps(found(events), min_visitors=1).rows[0].visitors == 1


def test_rare_queries_are_withheld_and_counted():
    """Somebody's own question may say who asked it."""
    events = [*asked("my order 20261103 for Kim", 2), *asked("store", 3)]

    gaps = find_gaps(found(events))

    assert [gap.query for gap in gaps.rows] == ["store"]
    assert (gaps.withheld_queries, gaps.withheld_visitors) == (1, 2)


def test_a_popular_question_is_no_gap_because_a_few_wander_off():
    events = asked("refund", 30, results=9)
    for number in range(100):
        events += visit(search("refund"), click("refund"), session=f"ok{number}")

    assert find_gaps(found(events)).rows == ()


def test_the_commonest_spelling_names_the_gap():
    events = [*asked("정기 배송", 2), *asked("정기배송", 5), *asked("정기배송?", 1)]

    (gap,) = find_gaps(found(events)).rows

    assert (gap.query, gap.visitors) == ("정기배송", 8)


def test_contacts_and_opened_articles_are_kept():
    events = []
    for number in range(4):
        steps = [search("refund"), click("refund"), vote(0), ("contact", (), {})]
        events += visit(*steps, session=f"c{number}")

    (gap,) = find_gaps(found(events)).rows

    assert (gap.unhelped, gap.contacted, gap.opened) == (4, 4, ((ONE_KEY, 4),))


ONE_KEY = (ONE.id, ONE.lang)
