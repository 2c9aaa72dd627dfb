"""Simulated readers of a real corpus, with the truth beside what they do.

A world is drawn first (how popular each article is, how many of its readers it helps on each
day, what nobody has written about) and then lived through visit by visit. The events look like
those of a real site and carry `source: import:simulated`; the truth is what a method for finding
bad articles and missing ones is measured against.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.special import expit, logit

from kbgen.articles.model import Article, Corpus
from kbgen.errors import ConfigError
from kbgen.events.model import Event, to_json
from kbgen.insights.helpfulness import Floats
from kbgen.insights.simulated_visits import Visits
from kbgen.insights.stream import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What kind of world to draw. Shares are 0-1, shifts are on the logit scale."""

    until: date  # the last day
    days: int = 60
    visits_a_day: float = 60.0
    vote_rate: float = 0.03  # of readers, on average
    vote_rate_spread: float = 0.5  # sd of its logarithm between articles
    popularity: float = 0.9  # Zipf exponent
    helpful: tuple[float, float] = (8.6, 3.4)  # beta distribution of good articles
    broken: float = 0.06  # share of articles that are bad from the first day
    declining: float = 0.08  # share that stop being true on some day
    drop: tuple[float, float] = (0.8, 2.0)  # by how much, uniform
    searching: float = 0.5  # share of visits that begin with a search
    gaps: float = 0.14  # share of searches for what no article answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """One article as it really is."""

    key: Key
    popularity: float  # share of all reading
    vote_rate: float
    before: float  # share of readers whom it helps on the first day
    after: float  # and on the last
    changed: date | None  # the day on which it stopped being true
    fault: str  # what voters for no complain about

    @property
    def kind(self) -> str:
        """`good`, `broken` or `declined`."""
        return "declined" if self.changed else "broken" if self.fault else "good"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What happened and why."""

    events: tuple[Event, ...]  # by time
    articles: tuple[Truth, ...]
    gaps: Mapping[str, int]  # hidden gap -> searches made for it


def simulate(corpus: Corpus, plan: Plan, rng: np.random.Generator) -> World:
    """A world for the public articles of a corpus. The same generator state gives the same bytes.

    Raises ConfigError if there is no public article to read.
    """
    articles = [a for a in corpus.public.articles if not a.search_exclude]
    if not articles:
        raise ConfigError("nothing to simulate: there is no public article")
    truth = draw_truth(articles, corpus.languages, plan, rng)
    visits = Visits(
        articles=articles,
        popularity=np.array([t.popularity for t in truth]),
        vote_rate=np.array([t.vote_rate for t in truth]),
        faults=[t.fault for t in truth],
        rng=rng,
    )
    first = plan.until - timedelta(days=plan.days - 1)
    chances = helpfulness_by_day(truth, first, plan.days)
    for number in range(plan.days):
        day = first + timedelta(days=number)
        # Fewer people ask on Saturdays and Sundays.
        weight = 0.7 if day.weekday() >= 5 else 1.12
        for _ in range(int(rng.poisson(plan.visits_a_day * weight))):
            visits.live(day, chances[number], searching=plan.searching, gaps=plan.gaps)
    lived = [event for event in visits.events if event.ts.date() <= plan.until]
    events = sorted(lived, key=lambda event: (event.ts, event.event_id))
    return World(events=tuple(events), articles=tuple(truth), gaps=dict(visits.gaps))


def draw_truth(
    articles: Sequence[Article], languages: Sequence[str], plan: Plan, rng: np.random.Generator
) -> list[Truth]:
    """How each article really is: popularity, help, and what goes wrong with it."""
    ids = sorted({article.id for article in articles})
    place = dict(zip(ids, rng.permutation(len(ids)).tolist(), strict=True))
    # Each further language has a third of the readers of the one before it.
    known = [*languages, *sorted({a.lang for a in articles} - set(languages))]
    share = {lang: 3.0**-n for n, lang in enumerate(known)}
    weight = np.array([(place[a.id] + 1) ** -plan.popularity * share[a.lang] for a in articles])
    fate = _fates(articles, place, plan, rng)
    return [
        _truth(article, fate[article.id], float(part), plan, rng)
        for article, part in zip(articles, weight / weight.sum(), strict=True)
    ]


def _fates(
    articles: Sequence[Article], place: Mapping[str, int], plan: Plan, rng: np.random.Generator
) -> dict[str, str]:
    """Which ids are broken or decline. One of each lies among the most read tenth, so that even a
    small world has something to find."""
    ids = sorted(place, key=lambda name: place[name])
    top = max(2, len(ids) // 10)
    fate = dict.fromkeys(ids, "good")
    for kind, part in (("broken", plan.broken), ("declined", plan.declining)):
        wanted = round(part * len(ids))
        free = [name for name in ids if fate[name] == "good"]
        chosen = [free[int(rng.integers(min(top, len(free))))]] if wanted and free else []
        rest = [name for name in free if name not in chosen]
        chosen += [str(name) for name in rng.permutation(rest)[: max(0, wanted - 1)]]
        fate.update(dict.fromkeys(chosen, kind))
    return {article.id: fate[article.id] for article in articles}


def _truth(
    article: Article, fate: str, popularity: float, plan: Plan, rng: np.random.Generator
) -> Truth:
    before = float(np.clip(rng.beta(*plan.helpful), 0.05, 0.97))
    after, changed, fault = before, None, ""
    if fate == "broken":
        before = after = float(rng.uniform(0.15, 0.42))
        fault = str(rng.choice(["incomplete", "confusing", "inaccurate"]))
    elif fate == "declined":
        after = float(expit(logit(before) - rng.uniform(*plan.drop)))
        gone = int(plan.days * rng.uniform(0.35, 0.75))  # days before the end
        changed, fault = plan.until - timedelta(days=gone), "outdated"
    spread = plan.vote_rate_spread
    # The mean of a lognormal is exp(mu + sd²/2): this keeps the average at `vote_rate`.
    rate = plan.vote_rate * float(np.exp(rng.normal(-(spread**2) / 2, spread)))
    return Truth(
        key=(article.id, article.lang),
        popularity=popularity,
        vote_rate=min(rate, 1.0),
        before=before,
        after=after,
        changed=changed,
        fault=fault,
    )


def helpfulness_by_day(truth: Sequence[Truth], first: date, days: int) -> Floats:
    """The share of readers whom each article (column) helps on each day (row)."""
    day = np.arange(days)[:, None]
    change = np.array([(t.changed - first).days if t.changed else days for t in truth])[None, :]
    before = np.array([t.before for t in truth])[None, :]
    after = np.array([t.after for t in truth])[None, :]
    return np.where(day < change, before, after)


def to_lines(events: Iterable[Event]) -> list[str]:
    """One line of JSON per event, without line ends."""
    return [to_json(event) for event in events]


def thin(events: Sequence[Event], most_bytes: int, rng: np.random.Generator) -> tuple[Event, ...]:
    """Whole visits left out at random until the lines fit, so that every rate stays as it was."""
    size: dict[str, int] = {}
    for event in events:
        size[event.session] = size.get(event.session, 0) + len(to_json(event).encode()) + 1
    sessions, kept, total = list(size), set(), 0
    for place in rng.permutation(len(sessions)).tolist():
        total += size[sessions[place]]
        if total > most_bytes:
            break
        kept.add(sessions[place])
    return tuple(event for event in events if event.session in kept)
