"""Replies to flags: edits, and reviews that keep the text."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbgen.insights import analyse
from tests.insights.samples import TODAY, article, ballots, corpus

SHOP = [article(n) for n in range(1, 12)]
USUAL = [e for page in SHOP for e in ballots(page, 18, 7, day=90)]


def ago(days):
    return TODAY - timedelta(days=days)


def bad(page, first=60, last=50):
    """Votes that raise a flag between these days."""
    return [e for day in range(last, first) for e in ballots(page, 0, 4, day=day)]


def replies(page, events, *, today=TODAY, kept=None):
    found = analyse(corpus(page, *SHOP), [*USUAL, *events], today, kept=kept)
    return found.replies


def raised(page):
    """The day on which the flag of these votes stands first with its tier."""
    found = analyse(corpus(page, *SHOP), [*USUAL, *bad(page)], TODAY)
    return next(s.flag.since for s in found.standings if s.key == (page.id, page.lang))


def test_a_flag_that_nobody_answers_is_open():
    page = article(20)
    found = replies(page, bad(page))

    assert found.days == ()
    assert found.open == ((TODAY - raised(page)).days,)
    assert found.median is None
    assert found.open_median == found.open[0]


def test_an_edit_answers_on_the_day_of_its_commit():
    old = article(20, rev="200001")
    today = replace(old, rev="200002", updated=ago(40))
    found = replies(today, bad(old))
    voted = replies(today, [*bad(old), *ballots(today, 3, 0, day=30)])

    assert found.days == voted.days == ((ago(40) - raised(old)).days,)
    assert found.open == ()


def test_an_earlier_edit_answers_on_the_day_of_the_first_vote_on_it():
    old = article(20, rev="200001")
    then = replace(old, rev="200002")
    today = replace(old, rev="200003", updated=ago(5))
    found = replies(today, [*bad(old), *ballots(then, 3, 0, day=30)])

    assert found.days == ((ago(30) - raised(old)).days,)


def test_a_review_that_keeps_the_text_answers_too():
    page = article(20)
    kept = {((page.id, page.lang), page.rev): (ago(45),)}

    found = replies(page, bad(page), kept=kept)

    assert found.days == ((ago(45) - raised(page)).days,)
    assert found.open == ()


@pytest.mark.parametrize(("later", "count"), [(40, 1), (49, 1), (50, 0)])
def test_replies_of_the_last_ninety_days_count(later, count):
    old = article(20, rev="200001")
    today = replace(old, rev="200002", updated=ago(40))

    found = replies(today, bad(old), today=TODAY + timedelta(days=later))

    assert len(found.days) == count


def test_a_text_that_was_never_flagged_has_no_reply():
    old = article(20, rev="200001")
    found = replies(replace(old, rev="200002", updated=ago(40)), ballots(old, 9, 3, day=60))

    assert (found.days, found.open, found.open_median) == ((), (), None)


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_events_changes_nothing(random):
    old = article(20, rev="200001")
    today = replace(old, rev="200002", updated=ago(40))
    events = [*bad(old, 56, 50), *ballots(today, 3, 0, day=30)]
    expected = replies(today, events)
    random.shuffle(events)

    assert replies(today, [*events, *events]) == expected
