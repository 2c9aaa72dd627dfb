"""Staleness by the calendar: what front matter promised and the day has overtaken.

A reason to look, never evidence that a text is wrong; so it stands beside the votes and is
never mixed into a probability.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from kbgen.articles.expiry import passages
from kbgen.articles.model import Article
from kbgen.insights.reasons import Reason, ReasonCode

SOON = timedelta(days=14)


def calendar_reasons(article: Article, today: date, *, soon: timedelta = SOON) -> list[Reason]:
    """Why the calendar asks for a look at this article, gravest first."""
    found = [_expiry(article, today, soon), _review(article, today, soon)]
    return [*(reason for reason in found if reason), *_passages(article, today, soon)]


def _expiry(article: Article, today: date, soon: timedelta) -> Reason | None:
    if article.expires is None or article.expires > today + soon:
        return None
    # A text holds through the day that `expires` names.
    past = article.expires < today
    return Reason("expired" if past else "expires-soon", since=article.expires)


def _passages(article: Article, today: date, soon: timedelta) -> Iterator[Reason]:
    for passage in passages(article.body):
        if passage.until and passage.until <= today + soon:
            code: ReasonCode = (
                "passage-expired" if passage.until < today else "passage-expires-soon"
            )
            line = article.body_line + passage.line - 1
            yield Reason(code, since=passage.until, line=line, names=(passage.section,))


def _review(article: Article, today: date, soon: timedelta) -> Reason | None:
    due = article.review_due
    if due is None:
        return Reason("never-reviewed", since=article.updated)
    if due > today + soon:
        return None
    return Reason("review-overdue" if due < today else "review-soon", since=due)
