"""Replies: how long it took until somebody edited a flagged text, or looked and kept it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from kbgen.articles.model import Article
from kbgen.insights.epochs import Epoch, Epochs, Kept, current
from kbgen.insights.flags import State


@dataclass(frozen=True, slots=True)
class Replies:
    """Days from each flag's `since` to its reply, of the replies of the last days; and the age of
    the flags that wait for one. Both are sorted."""

    days: tuple[int, ...] = ()
    open: tuple[int, ...] = ()

    @property
    def median(self) -> float | None:
        """The median of `days`; None without a reply."""
        return median(self.days) if self.days else None

    @property
    def open_median(self) -> float | None:
        """The median age of the open flags; None if there are none."""
        return median(self.open) if self.open else None


def replies(
    found: Epochs,
    states: Mapping[Epoch, State],
    articles: Iterable[Article],
    kept: Kept,
    today: date,
    *,
    window: int,
) -> Replies:
    """The replies of the last `window` days to the flags of these articles."""
    first_vote = {epoch: votes[0].day for epoch, votes in zip(found.rows, found.votes, strict=True)}
    after = {found.rows[row]: found.rows[then] for row, then in found.following().items()}
    known = {(article.id, article.lang): article for article in articles}
    days, waiting = [], []
    for epoch, state in states.items():
        article, flag = known.get(epoch.key), state.flag
        if not (article and flag):
            continue
        if epoch == current(epoch.key, article.rev, kept):
            waiting.append((today - flag.since).days)
            continue
        end = _end(epoch, after.get(epoch), first_vote, article, kept)
        if end and flag.since <= end and today - timedelta(days=window) < end <= today:
            days.append((end - flag.since).days)
    return Replies(tuple(sorted(days)), tuple(sorted(waiting)))


def _end(
    epoch: Epoch,
    after: Epoch | None,
    first_vote: Mapping[Epoch, date],
    article: Article,
    kept: Kept,
) -> date | None:
    """The day of the review that kept the text, else of the edit: its commit if that made today's
    text, else the first vote on the next one."""
    reviews = kept.get((epoch.key, epoch.rev), ())
    if epoch.kept < len(reviews):
        return reviews[epoch.kept]
    voted = first_vote[after] if after else None
    committed = article.updated if after is None or after.rev == article.rev else None
    return min((day for day in (voted, committed) if day), default=None)
