"""The help center as a whole: six shares, each with its interval and its change.

Look-ups by agents and assistants are left out: they read answers in the list and click nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeVar

from kbgen.insights.intervals import Change, Share
from kbgen.insights.sessions import Search
from kbgen.insights.stream import AGENTS, Stream
from kbgen.insights.votes import Vote

MetricCode = Literal["helpful", "findable", "vote_rate", "zero_results", "no_click", "contact"]
CODES: tuple[MetricCode, ...] = (
    "helpful",
    "findable",
    "vote_rate",
    "zero_results",
    "no_click",
    "contact",
)
# Which direction is good news; more votes are neither.
BETTER: Mapping[MetricCode, int] = {
    "helpful": 1,
    "findable": 1,
    "vote_rate": 0,
    "zero_results": -1,
    "no_click": -1,
    "contact": -1,
}
WEEKS = 12


@dataclass(frozen=True, slots=True)
class Metric:
    """One share over the last window, against the window before, and week by week.

    helpful       voters who said yes / voters
    findable      voters who found the article easily / voters who answered that
    vote_rate     readers who voted / readers (one visitor, one article, one day)
    zero_results  searches that found nothing / searches
    no_click      searches that found something, of which nothing was opened / those searches
    contact       visits that wrote to a person / visits
    """

    code: MetricCode
    change: Change
    weeks: tuple[tuple[date, Share], ...]  # first day of each week, oldest first

    @property
    def now(self) -> Share:
        """The share over the last window."""
        return self.change.now

    @property
    def verdict(self) -> Literal["better", "worse", "different", "same", "unknown"]:
        """What became of it, as far as that can be told from chance."""
        difference = self.change.difference
        if difference is None:
            return "unknown"
        if not self.change.clear:
            return "same"
        news = difference * BETTER[self.code]
        return "different" if not news else "better" if news > 0 else "worse"


_T = TypeVar("_T")
Days = dict[date, tuple[int, int]]


def metrics(
    stream: Stream, cast: Iterable[Vote], searches: Iterable[Search], *, window: int = 28
) -> tuple[Metric, ...]:
    """The six shares up to `stream.today`; both windows are `window` days."""
    by_day = _by_day(stream, list(cast), list(searches))
    return tuple(_metric(code, by_day[code], stream, window) for code in CODES)


def _metric(code: MetricCode, days: Days, stream: Stream, window: int) -> Metric:
    def share(last: date, length: int) -> Share:
        counts = [days.get(last - timedelta(days=n), (0, 0)) for n in range(length)]
        return Share(sum(part for part, _ in counts), sum(whole for _, whole in counts))

    today = stream.today
    ends = [today - timedelta(weeks=n) for n in reversed(range(WEEKS))]
    return Metric(
        code=code,
        change=Change(
            before=share(today - timedelta(days=window), window), now=share(today, window)
        ),
        weeks=tuple(
            (end - timedelta(days=6), share(end, 7))
            for end in ends
            if stream.first and end >= stream.first
        ),
    )


def _by_day(stream: Stream, cast: list[Vote], found: list[Search]) -> dict[MetricCode, Days]:
    readers = {
        (entry.day, entry.visitor, entry.key)
        for entry in stream.seen
        if entry.event.type == "view" and entry.key
    }
    asked = [search for search in found if search.source not in AGENTS]
    answered = [search for search in asked if search.outcome != "nothing"]
    helpful = _count(cast, lambda vote: vote.day, lambda vote: vote.yes)
    told = [vote for vote in cast if vote.findable is not None]
    viewed = _count(readers, lambda reader: reader[0], lambda _: False)
    voters = {day: whole for day, (_, whole) in helpful.items()}
    return {
        "helpful": helpful,
        "findable": _count(told, lambda vote: vote.day, lambda vote: bool(vote.findable)),
        # A voter without a view (an import, a lost event) is still a reader.
        "vote_rate": {
            day: (min(voters.get(day, 0), whole), whole) for day, (_, whole) in viewed.items()
        },
        "zero_results": _count(asked, lambda s: s.at.date(), lambda s: s.outcome == "nothing"),
        "no_click": _count(answered, lambda s: s.at.date(), lambda s: not s.clicked),
        "contact": _contacts(stream),
    }


def _contacts(stream: Stream) -> Days:
    """Visits by the day on which they began; those of agents and assistants left out."""
    began: dict[str, date] = {}
    wrote: set[str] = set()
    for entry in stream.seen:
        event = entry.event
        if not event.session or event.source in AGENTS:
            continue
        began.setdefault(event.session, entry.day)
        if event.type == "contact":
            wrote.add(event.session)
    return _count(began.items(), lambda visit: visit[1], lambda visit: visit[0] in wrote)


def _count(things: Iterable[_T], day: Callable[[_T], date], counts: Callable[[_T], bool]) -> Days:
    totals: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for thing in things:
        entry = totals[day(thing)]
        entry[0] += counts(thing)
        entry[1] += 1
    return {when: (part, whole) for when, (part, whole) in totals.items()}
