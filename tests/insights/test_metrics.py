"""The help center as a whole: six shares and what became of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from kbgen.insights import analyse
from kbgen.insights.intervals import Change, Share
from tests.insights.samples import TODAY, article, asked, ballots, corpus, event, views

ONE = article(1)


def metric(code, events):
    return next(m for m in analyse(corpus(ONE), events, TODAY).metrics if m.code == code)


@pytest.mark.parametrize(("part", "whole"), [(0, 1), (3, 3), (38, 53), (1, 900)])
def test_wilson_is_that_of_scipy(part, whole):
    expected = binomtest(part, whole).proportion_ci(0.95, "wilson")

    low, high = Share(part, whole).interval

    assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_newcombe_is_that_of_the_paper():
    """56 of 70 against 48 of 80, Newcombe 1998, method 10: .20 (.0524, .3339)."""
    change = Change(before=Share(48, 80), now=Share(56, 70))

    assert change.difference == pytest.approx(0.2)
    assert change.interval == pytest.approx((0.0524, 0.3339), abs=5e-5)


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_intervals_hold_what_they_are_about(yes, no, later_yes, later_no):
    before, now = Share(yes, yes + no), Share(later_yes, later_yes + later_no)
    change = Change(before=before, now=now)

    for share in (before, now):
        low, high = share.interval
        assert 0 <= low <= (share.share if share.whole else 0.5) <= high <= 1
    if change.difference is not None:
        low, high = change.interval
        assert low <= change.difference <= high
    else:
        assert not change.clear


def test_findable_counts_voters_who_said_so_and_their_last_word():
    """Not those who said nothing, and not the votes that were changed afterwards."""
    yes, no, silent, changed, again = (
        event("vote", ONE, vote=vote, voter=voter)
        for vote, voter in [(1, "a"), (0, "b"), (1, "c"), (0, "d"), (1, "d")]
    )
    said = [(yes, 1, 0), (yes, 2, 1), (no, 1, 0), (changed, 1, 0), (again, 1, 1)]
    details = [
        event(
            "detail",
            ONE,
            vote=v.vote,
            event_id=f"{v.event_id}.{n}",
            findable=findable,
            voter=v.voter,
        )
        for v, n, findable in said
    ]

    found = metric("findable", [yes, no, silent, changed, again, *details])

    assert (found.now.part, found.now.whole) == (2, 3)
    assert metric("findable", ballots(ONE, 3, 2)).now.whole == 0


def test_a_fall_is_seen_though_both_weeks_are_bad():
    """90 % to 40 %: the change is the fall, whatever list the article is on."""
    found = metric("helpful", [*ballots(ONE, 90, 10, day=35), *ballots(ONE, 40, 60, day=3)])

    assert found.change.difference == pytest.approx(-0.5)
    assert found.verdict == "worse"


def test_chance_is_not_called_a_change():
    found = metric("helpful", [*ballots(ONE, 8, 2, day=35), *ballots(ONE, 6, 4, day=3)])

    assert (found.verdict, found.change.difference) == ("same", pytest.approx(-0.2))


def test_nothing_to_compare_with():
    assert metric("helpful", ballots(ONE, 8, 2)).verdict == "unknown"
    assert metric("zero_results", []).now.share is None


def test_what_is_counted():
    """Ten readers of whom four vote; six searches, two empty, one opened; one contact."""
    events = [*views(ONE, 10), *ballots(ONE, 3, 1, day=0)]
    events += [*asked("a", 2), *asked("b", 3, results=4)]
    events.append(event("search", query="c", results=2, session="x"))
    events.append(event("click", ONE, query="c", results=2, rank=1, session="x"))
    events.append(event("contact", session="x"))
    events += asked("by an agent", 5, source="agent")

    found = {m.code: m.now for m in analyse(corpus(ONE), events, TODAY).metrics}

    assert found == {
        "helpful": Share(3, 4),
        "findable": Share(0, 0),
        "vote_rate": Share(4, 10),
        "zero_results": Share(2, 6),
        "no_click": Share(3, 4),
        "contact": Share(1, 16),
    }


def test_weeks_end_today_and_begin_with_the_first_event():
    found = metric("helpful", [*ballots(ONE, 1, 0, day=15), *ballots(ONE, 2, 1, day=0)])

    assert [(str(day), share.whole) for day, share in found.weeks] == [
        ("2026-10-31", 1),
        ("2026-11-07", 0),
        ("2026-11-14", 3),
    ]
