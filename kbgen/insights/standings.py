"""Where each article stands: its share, its flag, its dates, and what an edit could win."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from kbgen.articles.model import Article
from kbgen.insights.beside import Beside
from kbgen.insights.epochs import Epoch, Kept, current
from kbgen.insights.flags import Flag, Flags, State
from kbgen.insights.helpfulness import Prior, estimate, fit_prior, priors
from kbgen.insights.options import Options
from kbgen.insights.queue import Standing, by_gravity
from kbgen.insights.reasons import Reason, ReasonCode
from kbgen.insights.stale import calendar_reasons
from kbgen.insights.stream import Key
from kbgen.insights.traffic import Traffic
from kbgen.insights.votes import Tally
from kbgen.insights.wear import wear_reasons

Tallies = Mapping[tuple[Key, str], Tally]


class Usual:
    """What is usual: for each article, and in the whole library."""

    def __init__(self, articles: Sequence[Article], counts: Tallies) -> None:
        tallies = [_tally(article, counts) for article in articles]
        yes = np.array([tally.yes for tally in tallies], dtype=float)
        votes = np.array([tally.votes for tally in tallies], dtype=float)
        self._groups = {(a.id, a.lang): (a.lang, _section(a)) for a in articles}
        found = priors([self.groups((a.id, a.lang)) for a in articles], yes, votes)
        self._by_key = {(a.id, a.lang): prior for a, prior in zip(articles, found, strict=True)}
        self.whole = fit_prior(yes, votes)

    def groups(self, key: Key) -> tuple[Hashable, ...]:
        """The groups that an article belongs to, from the widest to the narrowest."""
        return self._groups.get(key, ())

    def of(self, key: Key) -> Prior:
        """What is usual for an article of its section, language or library."""
        return self._by_key.get(key, self.whole)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of all articles, by article and language."""

    counts: Tallies
    fresh: Tallies  # of the votes since the last review of each text
    usual: Usual
    flags: Flags
    readers: Traffic
    kept: Kept
    beside: Beside


def standings(
    articles: Sequence[Article], known: Known, today: date, options: Options
) -> tuple[Standing, ...]:
    """One standing per article, in their order."""
    tallies = [_tally(article, known.counts) for article in articles]
    prior = [known.usual.of((article.id, article.lang)) for article in articles]
    found = estimate(
        np.array([tally.yes for tally in tallies], dtype=float),
        np.array([tally.votes for tally in tallies], dtype=float),
        prior,
    )
    rows = []
    for row, article in enumerate(articles):
        key = (article.id, article.lang)
        epoch = current(key, article.rev, known.kept)
        standing = Standing(
            article=article,
            tally=tallies[row],
            fresh=_tally(article, known.fresh),
            helpful=float(found.mean[row]),
            low=float(found.low[row]),
            high=float(found.high[row]),
            prior=prior[row],
            enough=_enough(tallies[row].votes, float(found.high[row] - found.low[row]), options),
            state=known.flags.states.get(epoch),
            readers=known.readers.of(key),
            could_help=0.0,
            reasons=(),
            review=known.beside.reviews.get((key, article.rev)),
            answered=_answered(epoch, known.flags),
        )
        wear = wear_reasons(article, known.beside)
        rows.append(_judged(standing, float(found.shortfall[row]), wear, today, options))
    return tuple(rows)


def _answered(epoch: Epoch, found: Flags) -> Flag | None:
    """The flag of the same text before its last review."""
    before = found.states.get(replace(epoch, kept=epoch.kept - 1)) if epoch.kept else None
    return before.flag if before else None


def _section(article: Article) -> tuple[str, str]:
    return article.lang, article.category.split("/")[0]


def _tally(article: Article, counts: Tallies) -> Tally:
    return counts.get(((article.id, article.lang), article.rev), Tally())


def _enough(voters: int, width: float, options: Options) -> bool:
    return voters >= options.thresholds.min_votes and width <= options.widest


def _judged(
    standing: Standing, shortfall: float, wear: Sequence[Reason], today: date, options: Options
) -> Standing:
    """The standing with its reasons and with what an edit could win."""
    calendar = calendar_reasons(standing.article, today, soon=timedelta(days=options.soon_days))
    if any(reason.code == "expired" for reason in calendar):
        shortfall = standing.usual
    elif standing.flag and standing.flag.declined and standing.state:
        shortfall = max(shortfall, _lost(standing.state))
    return replace(
        standing,
        could_help=standing.readers * shortfall,
        reasons=by_gravity([*_reader_reasons(standing, options), *calendar, *wear]),
    )


def _lost(state: State) -> float:
    """What a text has lost against its own baseline, as far as is known."""
    return max(state.before - state.now, 0.0)


def _reader_reasons(standing: Standing, options: Options) -> list[Reason]:
    tally, flag, found = standing.fresh, standing.flag, []
    if flag:
        code: ReasonCode = "readers-say-worse" if flag.declined else "readers-say-no"
        found.append(Reason(code, since=flag.since, votes=flag.after.whole))
    outdated = tally.reasons.get("outdated", 0)
    if outdated >= options.outdated_votes:
        found.append(Reason("readers-say-outdated", since=tally.first, votes=outdated))
    return found
