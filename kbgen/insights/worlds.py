"""Simulated help centers as counts of votes a day, with the truth beside them.

What a method for finding bad articles is measured on: how popular articles are, how many readers
vote, which articles are bad or become so, and what else goes on: weekends, a shift of the whole
site, crowds of fake votes. `kbgen simulate --forecast` draws one like the help center at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from kbgen.insights.detector import Ballots, Detection, Ints, Thresholds, detect
from kbgen.insights.helpfulness import Floats, Prior, fit_prior

Flags = NDArray[np.bool_]

Trouble = Literal["none", "weekends", "shift", "brigade", "slow-brigade", "self-selection"]

ZIPF = 0.9  # usual exponent of how often articles are read
_FAKED = 10  # articles that a crowd votes down


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What kind of world to draw. Shares and rates are 0-1, drops are in log-odds."""

    articles: int = 400
    readers_a_day: float = 10_000.0  # of all articles
    readers: tuple[float, ...] = ()  # a day, of each article; () draws them by `popularity`
    vote_rate: float = 0.02  # of readers, on average
    vote_rate_spread: float = 0.5  # sd of its logarithm between articles
    popularity: float = ZIPF  # exponent
    helpful: tuple[float, float] = (8.6, 3.4)  # beta distribution of shares on the first day
    least: float = 0.0  # no share lies below, so above the target nobody is bad
    baseline_days: int = 90  # in which nothing falls
    days: int = 180  # after them
    declining: float = 0.08  # share of articles that fall in these days
    drop: tuple[float, float] = (0.8, 2.0)  # by how much, uniform
    ramp_days: int = 1  # over which they fall
    trouble: Trouble = "none"

    @property
    def length(self) -> int:
        """All days."""
        return self.baseline_days + self.days


@dataclass(frozen=True, slots=True)
class World:
    """Days are rows, articles columns. `bad` is the truth: the share of readers helped lies below
    the target, or the article has fallen. `changed` is the day of the fall, `length` for none."""

    yes: Ints
    votes: Ints
    share: Floats  # of readers helped, without what is not the article's fault
    bad: Flags
    changed: Ints
    faked: Flags  # articles that a crowd voted down

    @property
    def declined(self) -> Flags:
        """Which articles fell."""
        return np.asarray(self.changed < len(self.votes))

    def ballots(self) -> Ballots:
        """The votes as the detector takes them."""
        day, epoch = np.nonzero(self.votes)
        votes, yes = self.votes[day, epoch], self.yes[day, epoch]
        return Ballots(
            day=day.astype(np.int64),
            epoch=epoch.astype(np.int64),
            yes=yes.astype(float),
            no=(votes - yes).astype(float),
            days=len(self.votes),
            ends=np.full(self.votes.shape[1], len(self.votes), dtype=np.int64),
            article=np.arange(self.votes.shape[1]),
        )

    def prior(self, days: int) -> Prior:
        """What its first days say is usual."""
        return fit_prior(
            self.yes[:days].sum(axis=0).astype(float), self.votes[:days].sum(axis=0).astype(float)
        )


def draw(plan: Plan, rng: np.random.Generator, *, target: float = 0.60) -> World:
    """A world of this kind. The same generator state gives the same world."""
    n, days = len(plan.readers) or plan.articles, plan.length
    readers = np.array(plan.readers or _readers(plan, rng))
    spread = plan.vote_rate_spread
    # The mean of a lognormal is exp(mu + sd²/2): this keeps the average at `vote_rate`.
    rate = np.minimum(1.0, plan.vote_rate * np.exp(rng.normal(-(spread**2) / 2, spread, n)))
    before = _shares(plan, n, rng)
    declines = rng.random(n) < plan.declining
    changed = np.where(declines, plan.baseline_days + rng.integers(0, plan.days, n), days)
    day = np.arange(days)[:, None]
    part = np.clip((day - changed + 1) / plan.ramp_days, 0.0, 1.0)
    share = expit(logit(before) - rng.uniform(*plan.drop, n) * part)
    voted, fake_votes, faked = _trouble(plan, share, before, declines, rng)
    votes = rng.poisson(readers * rate, (days, n))
    yes = rng.binomial(votes, voted)
    return World(
        yes=yes,
        votes=votes + fake_votes,
        share=share,
        bad=(share < target) | (day >= changed),
        changed=changed,
        faked=faked,
    )


def watch(world: World, thresholds: Thresholds) -> Detection:
    """What the detector finds in it."""
    prior = world.prior(thresholds.baseline_days)
    return detect(world.ballots(), [prior] * world.votes.shape[1], thresholds)


def _readers(plan: Plan, rng: np.random.Generator) -> Floats:
    return rng.permutation(zipf(plan.articles, plan.readers_a_day, plan.popularity))


def zipf(articles: int, readers: float, exponent: float = ZIPF) -> Floats:
    """So many readers in all, shared among articles by Zipf's law, most first."""
    share = np.arange(1, articles + 1) ** -exponent
    return np.asarray(readers * share / share.sum())


def _shares(plan: Plan, n: int, rng: np.random.Generator) -> Floats:
    share = rng.beta(*plan.helpful, n)
    while (low := share < plan.least).any():
        share[low] = rng.beta(*plan.helpful, int(low.sum()))
    return np.clip(share, 0.01, 0.99)


def _trouble(
    plan: Plan, share: Floats, before: Floats, declines: Flags, rng: np.random.Generator
) -> tuple[Floats, Ints, Flags]:
    """The share of yes among voters, fake votes for no, and on which articles those are."""
    fake, faked = np.zeros(share.shape, dtype=np.int64), np.zeros(share.shape[1], dtype=bool)
    if plan.trouble in ("brigade", "slow-brigade"):
        good = np.flatnonzero((before > 0.7) & ~declines)
        chosen = rng.choice(good, min(_FAKED, len(good)), replace=False)
        faked[chosen] = True
        crowd, span = (40, 1) if plan.trouble == "brigade" else (3, 20)
        for article in chosen:
            first = plan.baseline_days + int(rng.integers(0, max(1, plan.days - span)))
            fake[first : first + span, article] = crowd
        return share, fake, faked
    return _voted(plan, share, rng), fake, faked


def _voted(plan: Plan, share: Floats, rng: np.random.Generator) -> Floats:
    day = np.arange(len(share))[:, None]
    if plan.trouble == "shift":
        return np.asarray(expit(logit(share) - 0.5 * (day >= plan.baseline_days + 60)))
    if plan.trouble == "self-selection":  # who was not helped votes twice as often
        return share / (share + 2 * (1 - share))
    if plan.trouble == "weekends":
        # Six points less on two days of seven, and shares that differ from day to day.
        lower = np.clip(share - 0.06 * (day % 7 >= 5), 0.01, 0.99)
        strength = 1 / 0.05 - 1
        return rng.beta(lower * strength, (1 - lower) * strength)
    return share


WORLDS: dict[str, Plan] = {
    "base": Plan(),
    "5% vote": Plan(vote_rate=0.05),
    "0.2% vote": Plan(vote_rate=0.002),
    "0.04% vote": Plan(vote_rate=0.0004),
    "weekends": Plan(trouble="weekends"),
    "shift": Plan(trouble="shift"),
    "brigade": Plan(trouble="brigade"),
    "slow brigade": Plan(trouble="slow-brigade"),
    "gradual": Plan(ramp_days=90),
    "small": Plan(articles=60, readers_a_day=1_000.0),
    "nobody bad .70": Plan(least=0.70, declining=0.0),
    "nobody bad .62": Plan(least=0.62, declining=0.0),
    "all at the bar": Plan(helpful=(3000.0, 1878.0), least=0.60, declining=0.0, vote_rate=0.05),
    "self-selection": Plan(trouble="self-selection"),
    "self-selection known": Plan(trouble="self-selection"),
}
