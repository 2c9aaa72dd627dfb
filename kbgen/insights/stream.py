"""Events put in order: each once, by time, up to today, with the article each is about.

Everything else in this package reads a `Stream`, so late, repeated and reordered imports change
nothing: the same set of events gives the same stream.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kbgen.articles.model import Corpus
from kbgen.events.model import Event

Key = tuple[str, str]  # (article id, language)

SIMULATED = "import:simulated"
AGENTS = ("agent", "mcp")  # sources of those who look something up for somebody else


@dataclass(frozen=True, slots=True)
class Seen:
    """One event, and which article of the corpus it is about."""

    event: Event
    key: Key | None

    @property
    def at(self) -> datetime:
        """When it happened (UTC)."""
        return self.event.ts

    @property
    def day(self) -> date:
        """The day (UTC) on which it happened."""
        return self.event.ts.date()

    @property
    def visitor(self) -> str:
        """Who did it, as far as one can tell without knowing anybody."""
        return self.event.voter or self.event.session or self.event.root


@dataclass(frozen=True, slots=True)
class Stream:
    """All events up to and including `today`, oldest first."""

    seen: tuple[Seen, ...]
    today: date
    unknown: int = 0  # votes, details and views of articles that the corpus does not have
    simulated: int = 0  # events that `kbgen simulate` made

    @property
    def first(self) -> date | None:
        """The day of the first event."""
        return self.seen[0].day if self.seen else None

    def window(self, days: int, *, ending: date | None = None) -> Iterator[Seen]:
        """What happened in the `days` days up to and including `ending` (default: today)."""
        last = ending or self.today
        after = last - timedelta(days=days)
        return (seen for seen in self.seen if after < seen.day <= last)

    def covered(self, days: int) -> int:
        """How many of the last `days` days lie in the time that the events cover, at least 1."""
        return min(days, (self.today - self.first).days + 1) if self.first else 1


def stream(events: Iterable[Event], corpus: Corpus, today: date) -> Stream:
    """The events in order. Days are UTC days; what happened after `today` is left out."""
    found: dict[str, Seen] = {}
    for event in events:
        seen = Seen(event, _key(event, corpus))
        if seen.day <= today:
            known = found.get(event.event_id)
            # An id is used once; should a damaged file use it twice, the earliest text counts,
            # whatever order the files come in.
            found[event.event_id] = _earlier(seen, known) if known else seen
    ordered = tuple(sorted(found.values(), key=_order))
    return Stream(
        seen=ordered,
        today=today,
        unknown=sum(s.key is None and s.event.type in _ABOUT_ARTICLES for s in ordered),
        simulated=sum(s.event.source.startswith(SIMULATED) for s in ordered),
    )


_ABOUT_ARTICLES = ("vote", "detail", "view")


def _order(seen: Seen) -> tuple[datetime, str]:
    return seen.at, seen.event.event_id


def _earlier(one: Seen, other: Seen) -> Seen:
    return min(one, other, key=lambda seen: (seen.at, repr(seen.event)))


def _key(event: Event, corpus: Corpus) -> Key | None:
    """The article in the language that was read; None if the event does not tell."""
    translations = corpus.by_id.get(event.article, ())
    for article in translations:
        if event.lang == article.lang or (event.rev and event.rev == article.rev):
            return article.id, article.lang
    # A page in a language without a translation shows the source language, the first one.
    if translations and (event.lang or len(translations) == 1):
        return translations[0].id, translations[0].lang
    return None
