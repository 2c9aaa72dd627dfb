"""How helpful an article is, as far as its votes can tell.

Each article's share of yes is one draw from the library it belongs to: a beta distribution,
fitted to all articles, that pulls the few votes of a young article towards the usual and leaves
the many votes of a read one alone. The interval says what is still open. Voters choose to vote,
so every figure is about those who voted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betainc, betaincinv, betaln, digamma, expit, logit

Floats = NDArray[np.float64]

_FALLBACK_STRENGTH = 8.0  # votes that the usual is worth when it cannot be fitted
_STRENGTH_BOUNDS = (2.0, 64.0)  # equal articles would otherwise fit an endless strength
_MIN_ARTICLES, _MIN_VOTES = 10, 100  # below either a fit is noise
_POOL = 30  # articles with votes that a section needs to have a usual of its own


@dataclass(frozen=True, slots=True)
class Prior:
    """What is usual in a library: Beta(a, b). `fitted` is False for the fallback."""

    a: float
    b: float
    fitted: bool

    @property
    def mean(self) -> float:
        """The usual share of yes, 0-1."""
        return self.a / (self.a + self.b)

    @property
    def strength(self) -> float:
        """How many votes the usual weighs."""
        return self.a + self.b


@dataclass(frozen=True, slots=True)
class Estimates:
    """One entry per article. `mean`, `low` and `high` are shares of yes (0-1).

    `low` and `high` are the 5 % and 95 % points of the posterior, and `shortfall` the expected
    distance below the usual: E[max(0, usual - share)].
    """

    mean: Floats
    low: Floats
    high: Floats
    shortfall: Floats


def fit_prior(yes: Floats, votes: Floats) -> Prior:
    """The beta distribution that makes these counts most likely, or the fallback.

    The fallback for small or young libraries is worth eight votes at the share of yes of the
    whole (Jeffreys' half a vote on either side keeps it off 0 and 1).
    """
    voted = votes > 0
    yes, votes = yes[voted], votes[voted]
    mean = (yes.sum() + 0.5) / (votes.sum() + 1.0)
    if not can_fit(votes):
        return Prior(_FALLBACK_STRENGTH * mean, _FALLBACK_STRENGTH * (1 - mean), fitted=False)

    # With its slope, so that every machine finds the same digits.
    def loss(point: Floats) -> tuple[float, Floats]:
        a, b = _shape(point)
        fits = betaln(a + yes, b + votes - yes) - betaln(a, b)
        common = digamma(a + b) - digamma(a + b + votes)
        by_a = a * float(np.sum(digamma(a + yes) - digamma(a) + common))
        by_b = b * float(np.sum(digamma(b + votes - yes) - digamma(b) + common))
        share = a / (a + b)
        slope = np.array([(1 - share) * by_a - share * by_b, by_a + by_b])
        return -float(np.sum(fits)), -slope

    start = np.array([logit(mean), np.log(_FALLBACK_STRENGTH)])
    bounds = [(-6.0, 6.0), tuple(np.log(_STRENGTH_BOUNDS))]
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"ftol": 1e-15, "gtol": 1e-9},
    )
    a, b = _shape(found.x)
    return Prior(a, b, fitted=True)


def can_fit(votes: Floats) -> bool:
    """Whether counts of so many votes tell what is usual: from ten articles and 100 votes on."""
    return bool(np.count_nonzero(votes) >= _MIN_ARTICLES and votes.sum() >= _MIN_VOTES)


def _shape(point: Floats) -> tuple[float, float]:
    mean, strength = float(expit(point[0])), float(np.exp(point[1]))
    return strength * mean, strength * (1 - mean)


def priors(groups: Sequence[tuple[Hashable, ...]], yes: Floats, votes: Floats) -> list[Prior]:
    """The prior of each article: that of its group, or of the group around it, or of all.

    `groups` names each article's groups from the widest to the narrowest, such as
    `("ko", "ko/returns")`. A group counts once 30 of its articles have votes.
    """
    members: dict[Hashable, list[int]] = defaultdict(list)
    for row, names in enumerate(groups):
        for name in names:
            members[name].append(row)
    fitted = {
        name: fit_prior(yes[rows], votes[rows])
        for name, rows in members.items()
        if np.count_nonzero(votes[rows]) >= _POOL
    }
    everything = fit_prior(yes, votes)
    return [
        next((fitted[name] for name in reversed(names) if name in fitted), everything)
        for names in groups
    ]


def estimate(yes: Floats, votes: Floats, prior: Sequence[Prior]) -> Estimates:
    """What the votes say about each article, given what is usual."""
    usual = np.array([p.mean for p in prior], dtype=float)
    a = np.array([p.a for p in prior], dtype=float) + yes
    b = np.array([p.b for p in prior], dtype=float) + votes - yes
    mean = a / (a + b)
    # E[(u - p)+] = u P(p < u) - E[p; p < u], and the latter is again a beta integral.
    shortfall = usual * betainc(a, b, usual) - mean * betainc(a + 1, b, usual)
    return Estimates(
        mean=mean,
        low=np.asarray(betaincinv(a, b, 0.05), dtype=float),
        high=np.asarray(betaincinv(a, b, 0.95), dtype=float),
        shortfall=np.maximum(shortfall, 0.0),
    )
