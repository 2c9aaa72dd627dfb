"""The ranking formula: what docs/search.md says of it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.search import build_index, rank
from kbgen.search.documents import FIELDS
from tests.search.samples import article, corpus, reasons

TITLE, BODY = FIELDS.index("title"), FIELDS.index("body")


def test_rare_terms_count_more():
    """ln(1 + (N - n + 0.5) / (n + 0.5)), in 64ths."""
    assert rank.idf(1, 100) == round(64 * math.log(1 + 99.5 / 1.5))
    assert rank.idf(1, 100) > rank.idf(10, 100) > rank.idf(100, 100) > 0


def test_every_field_has_a_weight():
    """A field without one would raise on the first search."""
    assert set(rank.WEIGHTS) == set(FIELDS)


def test_a_term_counts_less_each_time_it_is_repeated():
    """k1 bounds what one field can give."""
    once, twice, often = (rank.saturated(BODY, tf, 100, 100.0, 1.2) for tf in (1, 2, 1000))

    assert once == pytest.approx(1.0)
    assert twice - once < once
    assert often < rank.WEIGHTS["body"].weight * 2.2


def test_each_field_is_normalised_by_its_own_length():
    """A long body does not make a short title weak."""
    short = rank.saturated(TITLE, 1, 3, 6.0, 1.2)

    assert short > rank.saturated(TITLE, 1, 12, 6.0, 1.2)
    assert short > 3 * rank.saturated(BODY, 1, 100, 100.0, 1.2)


@given(st.floats(0.05, 100), st.floats(0.05, 100))
def test_levels_keep_the_order(one, other):
    """Rounding may make two impacts equal but never swaps them."""
    low, high = sorted([one, other])

    assert rank.level(low) <= rank.level(high)
    assert rank.TABLE[rank.level(low)] <= rank.TABLE[rank.level(high)]


@given(st.floats(0.1, 34))
def test_levels_are_close(impact):
    """A level is within half a step of 7 % of its impact, and then rounded to a 64th."""
    nearest = rank.TABLE[rank.level(impact)] / rank.IMPACT_STEPS

    assert abs(nearest - impact) <= 0.035 * impact + 1 / 128


def test_equal_scores_are_in_the_order_of_paths():
    """The same query gives the same list, whatever order the files were read in."""
    same = [article(f"X{n}", "환불", path=f"ko/{n}.md") for n in (3, 1, 2)]

    hits = build_index(corpus(*same), None).search("환불")

    assert [hit.path for hit in hits] == ["ko/1.md", "ko/2.md", "ko/3.md"]
    assert len({hit.score for hit in hits}) == 1


def test_boost_orders_what_is_otherwise_alike():
    """`search: {boost: 2}` in front matter."""
    found = [article("X1", "환불"), article("X2", "환불", search_boost=2.0)]

    best, other = build_index(corpus(*found), None).search("환불")

    assert (best.article, other.article) == ("X2", "X1")
    assert best.score == 2 * other.score


def test_what_scores_far_below_the_best_is_left_out():
    """It shares a common word with the query and no more."""
    assert rank.worthwhile({1: 1000, 2: 50, 3: 49}, 5) == {1: 1000, 2: 50}
    assert rank.worthwhile({}, 5) == {}


def test_reasons_add_up_to_the_score():
    """What `kbgen search --explain` prints is the whole score."""
    index = build_index(
        corpus(article("X1", "환불은 언제", "환불해요"), article("X2", "반품")), None
    )
    (hit,) = index.search("환불 언제 돼요")

    found = reasons(index, "환불 언제 돼요", hit)

    terms = [r for r in found if r.kind == "term"]
    assert sum(reason.points for reason in found) == hit.score
    assert [r.points for r in terms] == sorted((r.points for r in terms), reverse=True)
    assert all(r.points == r.weight * r.idf * r.impact for r in terms)
    assert [(r.kind, r.term) for r in found[len(terms) :]] == [("whole", "")]


def test_reasons_name_what_is_no_word():
    """Earlier questions, the front matter and votes have their own lines, which may take away."""
    both = [article("X1", "환불", search_boost=0.5), article("X2", "환불")]
    learned, prior = {"X1": {"돈 돌려받기": 3}}, {"X2": 1.0}
    index = build_index(corpus(*both), None, learned=learned, prior=prior)

    found = {hit.article: reasons(index, "돈 환불", hit) for hit in index.search("돈 환불")}
    scores = {hit.article: hit.score for hit in index.search("돈 환불")}

    assert {key: sum(r.points for r in why) for key, why in found.items()} == scores
    assert [r.kind for r in found["X1"]][-2:] == ["learned", "own"]
    assert found["X1"][-1].points < 0 < found["X2"][-1].points


def test_more_of_the_query_is_better():
    """In Korean, pairs of syllables meet by chance; an article with more of the words wins."""
    articles = [
        article("X1", "가", "환불 환불 환불 환불"),
        article("X2", "나", "환불 계좌 환불"),
        *(article(f"Y{n}", "다", "계좌") for n in range(5)),
    ]
    assert build_index(corpus(*articles), None).search("환불 계좌")[0].article == "X2"
    one = rank.add_up([(2, 10, [(0, 50)]), (2, 10, [(1, 50)]), (2, 10, [])], whole=1)
    all_ = rank.add_up([(2, 10, [(0, 50), (1, 50)])], whole=1)
    assert {2 * score for score in one.values()} == {20 * 3 * rank.TABLE[50]}
    assert set(all_.values()) == {20 * 2 * rank.TABLE[50]}


def test_what_readers_did_orders_near_ties_and_no_more():
    """Of two equal articles the one that readers speak for is first, of unequal ones not."""
    alike = [article("X1", "환불", "환불"), article("X2", "환불", "환불")]
    better = [article("X1", "환불", "환불 안내"), article("X2", "안내", "환불")]

    def first(articles, prior):
        return build_index(corpus(*articles), None, prior=prior).search("환불")[0].article

    assert first(alike, {}) == "X1"
    assert first(alike, {"X1": 0.4, "X2": 0.8}) == "X2"
    assert first(better, {"X2": 1.0}) == "X1"
    assert rank.boost(100, 7.0) == rank.boost(100, 1.0) == 1030


def test_a_question_asked_often_does_not_dominate():
    """Learned questions saturate: ten thousand askers count as much as a hundred."""
    both = [
        article("X1", "환불은 언제 되나요", "환불"),
        article("X2", "반품은 어떻게 하나요", "반품"),
    ]
    learned = {"X2": {"환불": 10_000}}

    hits = build_index(corpus(*both), None, learned=learned).search("환불은 언제")

    assert hits[0].article == "X1"
