"""How many people read each article in a month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from kbgen.insights.stream import AGENTS, Key, Stream
from kbgen.insights.votes import Vote

MONTH = 30.0  # days

Basis = Literal["views", "votes", "none"]


@dataclass(frozen=True, slots=True)
class Traffic:
    """Readers a month per article, and what that rests on.

    With `basis` "votes" nothing counts views, and every voter stands for `1 / vote_rate` readers.
    """

    readers: dict[Key, float]
    basis: Basis

    def of(self, key: Key) -> float:
        """Readers a month of one article."""
        return self.readers.get(key, 0.0)


def traffic(
    stream: Stream, cast: Iterable[Vote], *, window: int = 28, vote_rate: float = 0.02
) -> Traffic:
    """Readers a month, from the views of the last `window` days, else from the votes.

    A reader is one visitor on one article on one day; agents and assistants are none. Sites
    younger than the window are scaled up.
    """
    a_month = MONTH / stream.covered(window)
    seen = {
        (entry.key, entry.visitor, entry.day)
        for entry in stream.window(window)
        if entry.event.type == "view" and entry.key and entry.event.source not in AGENTS
    }
    if seen:
        views = Counter(key for key, _, _ in seen)
        return Traffic({key: n * a_month for key, n in views.items()}, "views")
    days = {entry.day for entry in stream.window(window)}
    voters = Counter(vote.key for vote in cast if vote.day in days)
    readers = {key: n / vote_rate * a_month for key, n in voters.items()}
    return Traffic(readers, "votes" if readers else "none")
