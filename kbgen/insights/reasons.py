"""Why an article is in the queue: stable codes, with what each rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

ReasonCode = Literal[
    # what readers said
    "readers-say-no",
    "readers-say-outdated",
    # what the calendar says
    "expired",
    "expires-soon",
    "review-overdue",
    "review-soon",
    "never-reviewed",
]

FROM_READERS = ("readers-say-no", "readers-say-outdated")
GRAVITY: tuple[ReasonCode, ...] = (
    "expired",
    "readers-say-no",
    "readers-say-outdated",
    "review-overdue",
    "never-reviewed",
    "expires-soon",
    "review-soon",
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. `since` is the day it turns on (the day that front matter names, which lies
    ahead for the two `-soon` codes; the last commit for `never-reviewed`), `votes` the number of
    voters it rests on (0 for the calendar)."""

    code: ReasonCode
    since: date | None = None
    votes: int = 0

    @property
    def kind(self) -> Literal["readers", "calendar"]:
        """Who says so."""
        return "readers" if self.code in FROM_READERS else "calendar"
