"""Epochs: one text, from its first vote until it is edited or somebody has looked and kept it.

Votes of one epoch speak of one thing, so a flag lives and ends with it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from kbgen.insights.detector import Ballots
from kbgen.insights.stream import Key
from kbgen.insights.votes import Vote

# A text (article and revision) -> the days, sorted, on which somebody read it and kept it.
Kept = Mapping[tuple[Key, str], Sequence[date]]


@dataclass(frozen=True, slots=True)
class Epoch:
    """One text (`rev` "" if nobody can name it) after its `kept`-th review."""

    key: Key
    rev: str
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Epochs:
    """All epochs with votes, in the order of their first one. Day 0 is `first`."""

    rows: tuple[Epoch, ...]
    votes: tuple[tuple[Vote, ...], ...]  # of each, by time
    first: date
    days: int  # up to and including today

    def day(self, number: int) -> date:
        """The date of a day's number."""
        return self.first + timedelta(days=number)

    def ballots(self) -> Ballots:
        """The votes by day and epoch."""
        counts: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
        for row, votes in enumerate(self.votes):
            for vote in votes:
                counts[(vote.day - self.first).days, row][0 if vote.yes else 1] += 1
        ordered = sorted(counts.items())
        return Ballots(
            day=np.array([day for (day, _), _ in ordered], dtype=np.int64),
            epoch=np.array([row for (_, row), _ in ordered], dtype=np.int64),
            yes=np.array([yes for _, (yes, _) in ordered], dtype=float),
            no=np.array([no for _, (_, no) in ordered], dtype=float),
            days=self.days,
            ends=self._ends(),
            article=self._articles(),
        )

    def following(self) -> dict[int, int]:
        """The row of the epoch of the same article that comes after each that has one."""
        after: dict[int, int] = {}
        latest: dict[Key, int] = {}
        for row, epoch in enumerate(self.rows):
            if epoch.key in latest:
                after[latest[epoch.key]] = row
            latest[epoch.key] = row
        return after

    def _articles(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        numbers: dict[Key, int] = {}
        rows = [numbers.setdefault(epoch.key, len(numbers)) for epoch in self.rows]
        return np.array(rows, dtype=np.int64)

    def _ends(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """An epoch is over on the day on which the next one of its article has its first vote."""
        ends = np.full(len(self.rows), self.days, dtype=np.int64)
        for row, following in self.following().items():
            ends[row] = (self.votes[following][0].day - self.first).days
        return ends


def epochs(votes: Sequence[Vote], kept: Kept, today: date) -> Epochs:
    """The votes (by time) of each epoch."""
    found: dict[Epoch, list[Vote]] = defaultdict(list)
    for vote in votes:
        found[Epoch(vote.key, vote.rev, _reviews_before(vote, kept))].append(vote)
    first = votes[0].day if votes else today
    ordered = sorted(found.items(), key=lambda item: (item[1][0].at, item[0].key, item[0].rev))
    return Epochs(
        rows=tuple(epoch for epoch, _ in ordered),
        votes=tuple(tuple(group) for _, group in ordered),
        first=first,
        days=(today - first).days + 1,
    )


def current(key: Key, rev: str, kept: Kept) -> Epoch:
    """The epoch that an article is in now."""
    return Epoch(key, rev, len(kept.get((key, rev), ())))


def unreviewed(votes: Iterable[Vote], kept: Kept) -> list[Vote]:
    """The votes that came after the last review of their text."""
    return [
        vote
        for vote in votes
        if _reviews_before(vote, kept) == len(kept.get((vote.key, vote.rev), ()))
    ]


def _reviews_before(vote: Vote, kept: Kept) -> int:
    """How often the text had been kept; a vote on the day of a review is one before it."""
    return bisect_right(kept.get((vote.key, vote.rev), ()), vote.day - timedelta(days=1))
