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
from kbgen.articles.reviews import Review
from kbgen.insights.effort import effort_minutes
from kbgen.insights.flags import Flag, State
from kbgen.insights.helpfulness import Prior
from kbgen.insights.reasons import GRAVITY, Reason
from kbgen.insights.stream import Key
from kbgen.insights.votes import Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one article in one language stands. Shares are 0-1, readers are people a month."""

    article: Article
    tally: Tally  # the votes on today's text
    fresh: Tally  # those of them since somebody last reviewed and kept it
    helpful: float  # share of yes, pulled towards the usual
    low: float
    high: float
    prior: Prior  # what is usual for an article of its section, language or library
    enough: bool  # whether the votes say anything about the share
    state: State | None  # what is known of today's text since its last review; None without votes
    readers: float
    could_help: float  # readers whom the usual share would help and this text does not
    reasons: tuple[Reason, ...]  # gravest first
    review: Review | None = None  # the last one that kept today's text
    answered: Flag | None = None  # the flag that this review took down

    @property
    def key(self) -> Key:
        """Article id and language."""
        return self.article.id, self.article.lang

    @property
    def flag(self) -> Flag | None:
        """The flag that its readers have raised."""
        return self.state.flag if self.state else None

    @property
    def usual(self) -> float:
        """Share of yes of a typical article of its kind."""
        return self.prior.mean

    @property
    def unhelped(self) -> float:
        """Readers a month who leave without help, if voters speak for all."""
        return self.readers * (1 - self.helpful)

    @property
    def touched(self) -> date | None:
        """The day since which nobody has touched or reviewed it, as far as is known."""
        known = [day for day in (self.article.updated, self.article.reviewed) if day]
        return max(known, default=None)

    def age(self, today: date) -> int | None:
        """Days since then; 0 if that is still to come on the day of an older report."""
        return max(0, (today - self.touched).days) if self.touched else None

    @property
    def effort(self) -> int:
        """Minutes that a writer needs for what the reasons ask, about."""
        return effort_minutes(self.article, self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Only:
    """Which articles the queue is to hold; "" stands for any. A category includes those below."""

    owner: str = ""
    category: str = ""
    lang: str = ""

    def holds(self, article: Article) -> bool:
        """Whether an article is one of them."""
        return (
            self.owner.casefold() in ("", article.owner.casefold())
            and self.lang in ("", article.lang)
            and f"{article.category}/".startswith(f"{self.category}/" if self.category else "")
        )


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
