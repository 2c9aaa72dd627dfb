"""One simulated visit after another: what a reader searches, opens, votes and asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np

from kbgen.articles.model import Article
from kbgen.events.model import Event, EventType
from kbgen.events.times import uuid7
from kbgen.insights.helpfulness import Floats
from kbgen.insights.sessions import query_key
from kbgen.insights.simulated_noise import noisy
from kbgen.insights.simulated_words import COMMENTS, HIDDEN_GAPS, in_language
from kbgen.insights.stream import SIMULATED

# Visits by hour of the day in UTC: a shop whose customers live nine hours to the east.
_HOURS = np.array([9, 10, 10, 8, 9, 9, 8, 8, 7, 6, 6, 7, 8, 8, 6, 4, 2, 1, 1, 1, 1, 2, 4, 7], float)

# Chances of a search: (nothing found, something opened). Typing errors find less.
_ANSWERED, _MISTYPED, _GAP = (0.01, 0.75), (0.25, 0.62), (0.45, 0.12)
_REFINE = 0.45  # asks again in other words after opening nothing
_GIVES_UP = 0.12  # writes to a person after a failed search
_WRITES = 0.07  # writes to a person after an article that did not help
_READS_ON = 0.2  # opens one more article
_REGRETS = 0.02  # changes the vote
_REASON, _COMMENT = 0.55, 0.35  # of those who vote no: says why; of those: writes a comment
_PRAISE = 0.06  # of those who vote yes: says why


@dataclass(slots=True)
class _Visit:
    """One tab of a browser: the clock, and who is at it."""

    at: datetime
    session: str
    lang: str
    contacted: bool = False


@dataclass(slots=True)
class Visits:
    """Lives visits and keeps what happened in `events`; `gaps` counts the hidden gaps asked for."""

    articles: Sequence[Article]
    popularity: Floats
    vote_rate: Floats
    faults: Sequence[str]
    rng: np.random.Generator
    events: list[Event] = field(default_factory=list)
    gaps: Counter[str] = field(default_factory=Counter)
    _results: dict[str, int] = field(default_factory=dict)  # one index: same query, same count
    _reach: Floats = field(init=False)
    _hours: Floats = field(init=False)

    def __post_init__(self) -> None:
        self._reach = np.cumsum(self.popularity) / self.popularity.sum()
        self._hours = np.cumsum(_HOURS) / _HOURS.sum()

    def live(self, day: date, helps: Floats, *, searching: float, gaps: float) -> None:
        """One visit on a day on which article i helps a share `helps[i]` of its readers."""
        row = self._pick(self._reach)
        visit = _Visit(self._clock(day), self._token(16), self.articles[row].lang)
        if not self._chance(searching):
            self._read(visit, row, helps, "")
        elif self._chance(gaps):
            self._search_gap(visit, helps)
        else:
            self._search(visit, row, helps)

    def _search(self, visit: _Visit, row: int, helps: Floats) -> None:
        """Searches for an article that exists, in up to three wordings."""
        article = self.articles[row]
        phrases = article.questions or (article.title,)
        for _ in range(3):
            query, mistyped = self._phrase(phrases)
            nothing, opened = _MISTYPED if mistyped else _ANSWERED
            results = self._found(query, nothing, 20)
            self._record(visit, "search", query=query, results=results)
            if results and self._chance(opened):
                self._open(visit, row, helps, query, results)
                return
            if not self._chance(_REFINE):
                self._contact(visit, _GIVES_UP, query=query)
                return

    def _search_gap(self, visit: _Visit, helps: Floats) -> None:
        """Searches for what nobody has written about."""
        name = list(HIDDEN_GAPS)[self._below(len(HIDDEN_GAPS))]
        phrases = in_language(HIDDEN_GAPS[name], visit.lang)
        for _ in range(2):
            query, _ = self._phrase(phrases)
            results = self._found(query, _GAP[0], 6)
            self._record(visit, "search", query=query, results=results)
            self.gaps[name] += 1
            if results and self._chance(_GAP[1]):
                row = self._near(visit.lang)
                self._open(visit, row, helps * 0.2, query, results)  # it cannot answer this
                return
            if not self._chance(_REFINE):
                self._contact(visit, 2 * _GIVES_UP, query=query)
                return

    def _open(self, visit: _Visit, row: int, helps: Floats, query: str, results: int) -> None:
        rank = min(results, 1 + int(self.rng.geometric(0.7)) - 1)
        visit.at += timedelta(seconds=2 + self._below(12))
        self._record(visit, "click", row, query=query, results=results, rank=rank)
        self._read(visit, row, helps, f"?{query}")

    def _read(
        self, visit: _Visit, row: int, helps: Floats, prev: str, *, onward: bool = True
    ) -> None:
        visit.at += timedelta(seconds=1)
        self._record(visit, "view", row, prev=prev)
        visit.at += timedelta(seconds=15 + self._below(120))
        helped = self._chance(float(helps[row]))
        if self._chance(float(self.vote_rate[row])):
            self._vote(visit, row, helped=helped, prev=prev)
        if not helped:
            self._contact(visit, _WRITES, row=row)
        if onward and self._chance(_READS_ON):
            following = self._near(visit.lang)
            self._read(visit, following, helps, self.articles[row].id, onward=False)

    def _vote(self, visit: _Visit, row: int, *, helped: bool, prev: str) -> None:
        voter = self._token(22)
        if self._chance(_REGRETS):
            self._record(visit, "vote", row, vote=int(not helped), voter=voter, prev=prev)
        vote = self._record(visit, "vote", row, vote=int(helped), voter=voter, prev=prev)
        if self._chance(_PRAISE if helped else _REASON):
            self._explain(visit, row, vote, helped=helped)

    def _explain(self, visit: _Visit, row: int, vote: Event, *, helped: bool) -> None:
        reason = "easy"
        if not helped:
            # What is wrong with the article, else what people miss anywhere.
            fault = self.faults[row] if self._chance(0.7) else ""
            others = ("incomplete", "confusing", "other", "inaccurate")
            reason = fault or others[self._below(len(others))]
        comment = ""
        if self._chance(_COMMENT):
            said = in_language(COMMENTS[reason], visit.lang)
            comment = said[self._below(len(said))]
        self._record(
            visit,
            "detail",
            row,
            event_id=f"{vote.event_id}.1",
            vote=vote.vote,
            voter=vote.voter,
            reason=reason,
            comment=comment,
        )

    def _contact(self, visit: _Visit, chance: float, *, query: str = "", row: int = -1) -> None:
        if not visit.contacted and self._chance(chance):
            channels = ("chat", "chat", "phone", "email")
            channel = channels[self._below(len(channels))]
            self._record(visit, "contact", row, query=query, reason=channel)
            visit.contacted = True

    def _record(self, visit: _Visit, kind: EventType, row: int = -1, **values: Any) -> Event:
        """Adds one event some seconds after the one before."""
        visit.at += timedelta(seconds=3 + self._below(15))
        article = self.articles[row] if row >= 0 else None
        event = Event(
            event_id=values.pop("event_id", "") or uuid7(visit.at, self._bits),
            ts=visit.at,
            type=kind,
            article=article.id if article else "",
            rev=article.rev if article else "",
            lang=article.lang if article else visit.lang,
            session=visit.session,
            source=SIMULATED,
            **values,
        )
        self.events.append(event)
        return event

    def _phrase(self, phrases: Sequence[str]) -> tuple[str, bool]:
        """One wording, the first twice as often as the second; with its noise."""
        row = min(int(self.rng.geometric(0.5)) - 1, len(phrases) - 1)
        return noisy(phrases[row], self.rng)

    def _found(self, query: str, nothing: float, most: int) -> int:
        drawn = 0 if self._chance(nothing) else 1 + self._below(most)
        return self._results.setdefault(query_key(query), drawn)

    def _near(self, lang: str) -> int:
        for _ in range(20):
            row = self._pick(self._reach)
            if self.articles[row].lang == lang:
                break
        return row

    def _clock(self, day: date) -> datetime:
        hour, second = self._pick(self._hours), self._below(3600)
        return datetime.combine(day, time(hour), UTC) + timedelta(seconds=second)

    def _pick(self, reach: Floats) -> int:
        return int(np.searchsorted(reach, self.rng.random(), side="right"))

    def _chance(self, chance: float) -> bool:
        return bool(self.rng.random() < chance)

    def _below(self, limit: int) -> int:
        return int(self.rng.integers(limit))

    def _bits(self, count: int) -> int:
        return int.from_bytes(self.rng.bytes((count + 7) // 8)) >> (-count % 8)

    def _token(self, digits: int) -> str:
        return self.rng.bytes(digits // 2).hex()
