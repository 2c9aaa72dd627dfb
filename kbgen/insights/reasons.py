"""Why an article is in the queue: stable codes, with what each rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kbgen.insights.intervals import Share

ReasonCode = Literal[
    # what readers said
    "readers-say-no",
    "readers-say-worse",
    "readers-say-outdated",
    "agents-use-it",
    "translation-differs",
    # what the calendar says
    "expired",
    "expires-soon",
    "passage-expired",
    "passage-expires-soon",
    "review-overdue",
    "review-soon",
    "never-reviewed",
    # what the text says, beside what is so now
    "dead-link",
    "product-behind",
    "translation-behind",
]
Kind = Literal["readers", "calendar", "text"]

COMPLAINTS = ("readers-say-no", "readers-say-worse", "readers-say-outdated")
_KINDS: dict[Kind, tuple[ReasonCode, ...]] = {
    "readers": (
        "readers-say-no",
        "readers-say-worse",
        "readers-say-outdated",
        "agents-use-it",
        "translation-differs",
    ),
    "text": ("dead-link", "product-behind", "translation-behind"),
}
GRAVITY: tuple[ReasonCode, ...] = (
    "expired",
    "readers-say-no",
    "readers-say-worse",
    "readers-say-outdated",
    "agents-use-it",
    "passage-expired",
    "dead-link",
    "product-behind",
    "translation-behind",
    "translation-differs",
    "review-overdue",
    "never-reviewed",
    "expires-soon",
    "passage-expires-soon",
    "review-soon",
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, with what it rests on; what does not apply is 0, None or empty.

    `since` is the day it turns on (the day that front matter names, which lies ahead for the
    `-soon` codes; the last commit for `never-reviewed`), `votes` the number of voters it rests
    on. `line` is the line of the file, `names` what it is about: the address of a dead link, the
    title of a section ("" for the opening), product and current version, or the source language.
    `other` is the share of that language, `times` how often agents have used the article.
    """

    code: ReasonCode
    since: date | None = None
    votes: int = 0
    line: int = 0
    names: tuple[str, ...] = ()
    other: Share | None = None
    times: int = 0

    @property
    def kind(self) -> Kind:
        """Who says so."""
        return next((kind for kind, codes in _KINDS.items() if self.code in codes), "calendar")
