"""The queue: which article to mend next.

Rank = readers a month x shortfall. The shortfall is how far the article's share of yes is
expected to lie below what is usual in its library, averaged over what its votes leave open; so
the product is the number of readers a month whom an edit could help who are not helped now. An
article past its own end date counts as helping nobody. Where that ties (no readers, no votes),
the graver and older reason goes first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kbgen.articles.model import Article
from kbgen.insights.helpfulness import Prior
from kbgen.insights.reasons import GRAVITY, Reason
from kbgen.insights.stream import Key
from kbgen.insights.votes import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one article in one language stands. Shares are 0-1, readers are people a month."""

    article: Article
    tally: Tally  # the votes on today's text
    helpful: float  # share of yes, pulled towards the usual
    low: float
    high: float
    p_needs_work: float  # P(share of yes < target), for one look at today's votes
    prior: Prior  # what is usual for an article of its section, language or library
    enough: bool  # whether the votes say anything
    readers: float
    could_help: float  # readers whom the usual share would help and this text does not
    reasons: tuple[Reason, ...]  # gravest first

    @property
    def key(self) -> Key:
        """Article id and language."""
        return self.article.id, self.article.lang

    @property
    def usual(self) -> float:
        """Share of yes of a typical article of its kind."""
        return self.prior.mean

    @property
    def unhelped(self) -> float:
        """Readers a month who leave without help, if voters speak for all."""
        return self.readers * (1 - self.helpful)

    @property
    def age(self) -> date | None:
        """The day since which nobody has touched or reviewed it, as far as is known."""
        known = [day for day in (self.article.updated, self.article.reviewed) if day]
        return max(known, default=None)


def queue(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """The articles that have a reason to be looked at, most readers to win first."""
    return tuple(sorted((s for s in standings if s.reasons), key=_place))


def _place(standing: Standing) -> tuple[float, int, date, Key]:
    gravest = standing.reasons[0]
    # Rounded, so that the last digits of a library's arithmetic decide no order.
    return (
        -round(standing.could_help, 3),
        GRAVITY.index(gravest.code),
        gravest.since or date.min,
        standing.key,
    )


def by_gravity(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The reasons, gravest first."""
    return tuple(sorted(reasons, key=lambda reason: GRAVITY.index(reason.code)))
