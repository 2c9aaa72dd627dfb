"""What the calendar says, on the day before, on the day, and after."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kbgen.insights.reasons import Reason
from kbgen.insights.stale import calendar_reasons
from tests.insights.samples import article

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("due", "code"),
    [(-1, "review-overdue"), (0, "review-soon"), (14, "review-soon"), (15, None)],
)
def test_review(due, code):
    """Overdue from the day after; near from 14 days before."""
    reviewed = DAY + timedelta(days=due - 90)
    page = article(reviewed=reviewed, review_every=timedelta(days=90))

    found = calendar_reasons(page, DAY)

    assert found == ([Reason(code, since=DAY + timedelta(days=due))] if code else [])


@pytest.mark.parametrize(
    ("ends", "code"), [(-1, "expired"), (0, "expires-soon"), (14, "expires-soon"), (15, None)]
)
def test_end_date(ends, code):
    """A text holds through the day that `expires` names."""
    page = article(expires=DAY + timedelta(days=ends))

    found = calendar_reasons(page, DAY)

    assert found == ([Reason(code, since=DAY + timedelta(days=ends))] if code else [])


def test_never_reviewed():
    assert calendar_reasons(article(reviewed=None), DAY) == [
        Reason("never-reviewed", since=date(2026, 9, 1))
    ]


def test_calendar_reasons_rest_on_no_vote():
    page = article(reviewed=None, expires=DAY - timedelta(days=3))

    assert {(r.kind, r.votes) for r in calendar_reasons(page, DAY)} == {("calendar", 0)}
