"""Everything that events say about a corpus on one day. Pure: same input, same findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from kbgen.articles.model import Article, Corpus
from kbgen.events.model import Event
from kbgen.insights.gaps import Gap, Gaps, find_gaps
from kbgen.insights.helpfulness import Prior, estimate, fit_prior, priors
from kbgen.insights.metrics import Metric, metrics
from kbgen.insights.queue import Standing, by_gravity, queue
from kbgen.insights.reasons import Reason
from kbgen.insights.sessions import Search, searches
from kbgen.insights.stale import calendar_reasons
from kbgen.insights.stream import Key, Stream, stream
from kbgen.insights.traffic import Traffic, traffic
from kbgen.insights.votes import Tally, Vote, tallies, votes

Suggest = Callable[[str, str], Sequence[Key]]  # query, language -> articles near it, best first


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The thresholds of the method; each report names the ones it used."""

    target: float = 0.60  # an article below this share of yes needs work
    sure: float = 0.90  # probability of that from which readers are said to say no
    widest: float = 0.40  # a wider 90 % interval means: not enough votes
    min_votes: int = 5  # fewer voters: not enough votes, however sure the library makes it look
    outdated_votes: int = 3  # voters who call a text out of date before that is a reason
    soon_days: int = 14  # a review or an end date this near is a reason
    window_days: int = 28  # of readers and of the shares of the whole site
    gap_days: int = 90  # of searches
    min_visitors: int = 3  # a query of fewer people is never printed
    vote_rate: float = 0.02  # voters per reader, only used where nothing counts views


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What one run found out."""

    today: date
    options: Options
    stream: Stream
    votes: tuple[Vote, ...]  # each voter's last choice, all revisions
    tallies: dict[tuple[Key, str], Tally]  # by (article, language) and revision
    searches: tuple[Search, ...]
    prior: Prior  # what is usual in the whole library
    traffic: Traffic
    standings: tuple[Standing, ...]  # every article that is not a draft, by path
    queue: tuple[Standing, ...]
    gaps: Gaps
    metrics: tuple[Metric, ...]


def analyse(
    corpus: Corpus,
    events: Iterable[Event],
    today: date,
    *,
    options: Options | None = None,
    suggest: Suggest | None = None,
) -> Findings:
    """What the events up to and including `today` say about the articles of the corpus.

    `suggest` names articles that might answer a failed query; without it none are named.
    """
    options = options or Options()
    seen = stream(events, corpus, today)
    cast = votes(seen.seen, corpus)
    counts = tallies(cast)
    asked = searches(seen.seen)
    readers = traffic(seen, cast, window=options.window_days, vote_rate=options.vote_rate)
    articles = [article for article in corpus.articles if not article.draft]
    standings = _standings(articles, counts, readers, today, options)
    since = today - timedelta(days=options.gap_days)
    recent = [search for search in asked if search.at.date() > since]
    gaps = find_gaps(recent, min_visitors=options.min_visitors)
    return Findings(
        today=today,
        options=options,
        stream=seen,
        votes=tuple(cast),
        tallies=counts,
        searches=tuple(asked),
        prior=_whole([counts.get(((a.id, a.lang), a.rev), Tally()) for a in articles]),
        traffic=readers,
        standings=standings,
        queue=queue(standings),
        gaps=_suggested(gaps, suggest) if suggest else gaps,
        metrics=metrics(seen, cast, asked, window=options.window_days),
    )


def _whole(counts: Sequence[Tally]) -> Prior:
    return fit_prior(
        np.array([tally.yes for tally in counts], dtype=float),
        np.array([tally.votes for tally in counts], dtype=float),
    )


def _standings(
    articles: Sequence[Article],
    counts: dict[tuple[Key, str], Tally],
    readers: Traffic,
    today: date,
    options: Options,
) -> tuple[Standing, ...]:
    tally = [counts.get(((a.id, a.lang), a.rev), Tally()) for a in articles]
    yes = np.array([t.yes for t in tally], dtype=float)
    total = np.array([t.votes for t in tally], dtype=float)
    usual = priors([(a.lang, (a.lang, a.category.split("/")[0])) for a in articles], yes, total)
    found = estimate(yes, total, usual, target=options.target)
    standings = []
    for row, article in enumerate(articles):
        standing = Standing(
            article=article,
            tally=tally[row],
            helpful=float(found.mean[row]),
            low=float(found.low[row]),
            high=float(found.high[row]),
            p_needs_work=float(found.p_low[row]),
            prior=usual[row],
            enough=_enough(tally[row].votes, float(found.high[row] - found.low[row]), options),
            readers=readers.of((article.id, article.lang)),
            could_help=0.0,
            reasons=(),
        )
        standings.append(_judged(standing, float(found.shortfall[row]), today, options))
    return tuple(standings)


def _enough(voters: int, width: float, options: Options) -> bool:
    return voters >= options.min_votes and width <= options.widest


def _judged(standing: Standing, shortfall: float, today: date, options: Options) -> Standing:
    """The standing with its reasons and with what an edit could win."""
    calendar = calendar_reasons(standing.article, today, soon=timedelta(days=options.soon_days))
    if any(reason.code == "expired" for reason in calendar):
        shortfall = standing.usual
    return replace(
        standing,
        could_help=standing.readers * shortfall,
        reasons=by_gravity([*_reader_reasons(standing, options), *calendar]),
    )


def _reader_reasons(standing: Standing, options: Options) -> list[Reason]:
    tally, found = standing.tally, []
    if standing.enough and standing.p_needs_work >= options.sure:
        found.append(Reason("readers-say-no", since=tally.first, votes=tally.votes))
    outdated = tally.reasons.get("outdated", 0)
    if outdated >= options.outdated_votes:
        found.append(Reason("readers-say-outdated", since=tally.first, votes=outdated))
    return found


def _suggested(gaps: Gaps, suggest: Suggest) -> Gaps:
    def near(gap: Gap) -> Gap:
        return replace(gap, nearest=tuple(suggest(gap.query, gap.lang)))

    return replace(gaps, rows=tuple(near(gap) for gap in gaps.rows))
