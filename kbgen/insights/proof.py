"""Proof: whether an edit helped, as far as the votes on both texts can tell.

The share of yes of the old text just before the edit, and of the new one, each have a posterior;
P(better) is the probability that the second is the higher. Three things would make edits look
better than they are, and are taken out:

- A text is edited because it looked bad, and half of what looks bad is chance. The old share is
  therefore drawn towards what is usual in the library, and the new one towards the old: without
  votes on the new text, nothing speaks for it but what edits usually do here.
- A new widget moves all articles. Votes are compared after the site's shift of their day.
- A text that fell was better once. Its share before the edit is that after the fall, wherever the
  fall may have been.

What edits usually do is learned from all of them: how much of its distance from the usual a text
keeps, how much it gains, and how far that varies. With few edits these stay at "changes nothing,
either way".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Literal

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, log_expit, logsumexp

from kbgen.insights.detector import Thresholds
from kbgen.insights.edits import Edit
from kbgen.insights.flags import Flags
from kbgen.insights.helpfulness import Floats, Prior
from kbgen.insights.votes import Vote

Verdict = Literal["better", "worse", "unknown"]

_STEP = 0.05
_GRID: Floats = np.arange(-120.0, 121.0) * _STEP  # log-odds of a share of yes
_YES, _NO = log_expit(_GRID), log_expit(-_GRID)
_SAME_SHIFT = 0.05  # shifts of days nearer than this are one
# What edits do where none are known yet, in log-odds: (gain, log of spread, part kept); and how
# far libraries may differ from that.
_USUALLY = np.array([0.0, np.log(0.8), 1.0])
_MAY_VARY = np.array([0.5, 0.4, 0.4])
_LADDER = sorted({int(votes) for votes in np.geomspace(1, 1000, 40)})  # votes to ask for
_QUANTILES = (np.arange(9) + 0.5) / 9  # of the new share, for what votes may yet say
_WORTH_WAITING = 0.3  # chance that votes bring a verdict at all
_CUTS = 60  # days tried for a fall
_HARDLY = 0.01  # a chance of having fallen below it is none


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of yes with its 90 % range, the site's shift taken out; and the votes as cast."""

    mean: float
    low: float
    high: float
    yes: int
    votes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the votes say about one edit.

    `better` is P(share after > share before). `more` is about how many more votes a verdict takes:
    0 if there is one, None if votes will hardly bring one.
    """

    edit: Edit
    before: Estimate
    after: Estimate
    better: float
    verdict: Verdict
    more: int | None


@dataclass(frozen=True, slots=True)
class Usually:
    """What edits do in a library: a text `keep`s part of its distance (log-odds) from the usual,
    gains `gain`, and varies by `spread`."""

    gain: float
    spread: float
    keep: float


def prove(
    found: Sequence[Edit], flags: Flags, thresholds: Thresholds, *, proven: float
) -> tuple[Proof, ...]:
    """The proof of each edit; a verdict needs a probability of `proven`, and `min_votes` on the
    new text."""
    if not found:
        return ()
    votes = _Votes(flags, thresholds)
    # Of a text that was kept by a review, the epoch since then.
    epochs = {(epoch.key, epoch.rev): epoch for epoch in flags.states}
    old = [epochs[edit.key, edit.old] for edit in found]
    usual = [_log_prior(flags.usual[epoch]) for epoch in old]
    before = np.array(
        [
            _before(edit, log_prior, flags.states[epoch].declined, votes)
            for edit, epoch, log_prior in zip(found, old, usual, strict=True)
        ]
    )
    after = np.array([votes.likelihood(edit.after) for edit in found])
    centre = float(np.exp(np.array(usual)).mean(axis=0) @ _GRID)
    voted = np.array([bool(edit.after) for edit in found])
    usually = learn(before[voted], after[voted], centre)
    judge = _Judge(_step(usually, centre), votes.now, thresholds, proven)
    return tuple(judge.proof(edit, before[row], after[row]) for row, edit in enumerate(found))


def learn(before: Floats, after: Floats, centre: float) -> Usually:
    """What edits usually do, from the posteriors before them and the log-likelihoods after them."""
    if not len(after):
        return _usually(_USUALLY)
    # Every third point will do for what all edits have in common.
    old, new, grid = before[:, ::3], after[:, ::3], _GRID[::3]
    seen = np.exp(new - new.max(axis=1, keepdims=True))

    def loss(point: Floats) -> float:
        fits = np.einsum("eg,eg->e", old @ _step(_usually(point), centre, grid), seen)
        far = (point - _USUALLY) / _MAY_VARY
        return float(-np.log(np.maximum(fits, 1e-300)).sum() + far @ far / 2)

    found = minimize(
        loss, _USUALLY, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-3, "maxiter": 200}
    )
    return _usually(np.asarray(found.x))


def _usually(point: Floats) -> Usually:
    return Usually(float(point[0]), float(np.exp(np.clip(point[1], -3.0, 1.5))), float(point[2]))


def _step(usually: Usually, centre: float, grid: Floats = _GRID) -> Floats:
    """P(new share | old share), one row for each old one."""
    expected = centre + usually.keep * (grid - centre) + usually.gain
    far = (grid[None, :] - expected[:, None]) / usually.spread
    # Beyond the ends of the grid the nearest point has it all.
    weight = np.exp(-0.5 * (far**2 - (far**2).min(axis=1, keepdims=True)))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


class _Votes:
    """Votes as log-likelihoods over the grid: each weighed, and with the shift of its day."""

    def __init__(self, flags: Flags, thresholds: Thresholds) -> None:
        self._flags, self._t = flags, thresholds
        self.drops = thresholds.drops
        self.now = self._shift(len(flags.shifts) - 1)

    def _shift(self, day: int) -> float:
        """The shift is told by the days before; looking back, those on both sides tell it."""
        last = len(self._flags.shifts) - 1
        found = self._flags.shifts[min(day + self._t.shift_days // 2, last)]
        return float(round(found / _SAME_SHIFT) * _SAME_SHIFT)

    def likelihood(self, votes: Sequence[Vote]) -> Floats:
        """Of a share that stays as it is, as a logarithm."""
        counts: dict[float, tuple[float, float]] = {}
        for shift, yes, no in self.days(votes):
            known = counts.get(shift, (0.0, 0.0))
            counts[shift] = known[0] + yes, known[1] + no
        found = np.zeros(len(_GRID))
        for shift, (yes, no) in sorted(counts.items()):
            found += _log_likelihood(yes, no, shift)
        return found

    def days(self, votes: Sequence[Vote]) -> list[tuple[float, float, float]]:
        """Shift, yes and no of each day with votes. A crowd of a day (what flags count as three
        usual days) counts as one: looking back, the usual is known."""
        counts: dict[date, Counter[bool]] = defaultdict(Counter)
        for vote in votes:
            counts[vote.day][vote.yes] += 1
        usual = median(count.total() for count in counts.values()) if counts else 0
        most = max(self._t.day_free, self._t.day_factor * usual)
        found = []
        for day, count in sorted(counts.items()):
            total = count.total()
            weight = self._t.temper * (1.0 if total <= most else usual / total)
            shift = self._shift((day - self._flags.first).days)
            found.append((shift, weight * count[True], weight * count[False]))
        return found


def _log_prior(prior: Prior) -> Floats:
    """What is usual, over the grid; in log-odds a beta density loses its -1s."""
    found = prior.a * _YES + prior.b * _NO
    return np.asarray(found - logsumexp(found))


def _before(edit: Edit, log_prior: Floats, fallen: float, votes: _Votes) -> Floats:
    """The posterior of the old text's share just before the edit.

    With the probability that it fell, it is the share after the fall, averaged over the days on
    which it may have happened: taking the likeliest day would choose the worst stretch of votes.
    """
    same = _normal(log_prior + votes.likelihood(edit.before))
    days = votes.days(edit.before)
    if fallen < _HARDLY or len(days) < 2:
        return same
    return (1 - fallen) * same + fallen * _after_a_fall(days, log_prior, votes.drops)


def _after_a_fall(
    days: Sequence[tuple[float, float, float]], log_prior: Floats, drops: Sequence[float]
) -> Floats:
    """The posterior of the share now, if it fell between two of the days by one of the drops."""
    each = [_log_likelihood(yes, no, shift) for shift, yes, no in days]
    early = np.cumsum(each, axis=0)
    late = early[-1] - early
    cuts = np.unique(np.linspace(0, len(days) - 2, _CUTS).astype(int))
    found = np.full((len(drops), len(cuts), len(_GRID)), -np.inf)
    for row, drop in enumerate(drops):
        down = round(drop / _STEP)
        found[row, :, :-down] = (log_prior + early[cuts])[:, down:] + late[cuts][:, :-down]
    return _normal(logsumexp(found, axis=(0, 1)))


def _log_likelihood(yes: float, no: float, shift: float) -> Floats:
    return np.asarray(yes * log_expit(_GRID + shift) + no * log_expit(-_GRID - shift))


class _Judge:
    """Compares the two shares of an edit, given what edits usually do."""

    def __init__(self, step: Floats, now: float, thresholds: Thresholds, proven: float) -> None:
        self._step, self._now, self._t, self._proven = step, now, thresholds, proven
        self._up = np.triu(step, 1) + np.diag(np.diag(step)) / 2  # the new share is the higher

    def proof(self, edit: Edit, before: Floats, after: Floats) -> Proof:
        """What is known of one edit, from the posterior before and the log-likelihood after."""
        expected, higher = before @ self._step, before @ self._up
        seen = np.exp(after - after.max())
        better = float(higher @ seen / (expected @ seen))
        share = expected * seen / (expected @ seen)
        verdict = self._verdict(better, len(edit.after))
        more = 0 if verdict != "unknown" else None
        if more is None and edit.is_last:
            more = self._more(len(edit.after), after, share, expected, higher)
        return Proof(
            edit=edit,
            before=_estimate(before, edit.before),
            after=_estimate(share, edit.after),
            better=better,
            verdict=verdict,
            more=more,
        )

    def _verdict(self, better: float, votes: int) -> Verdict:
        if votes < self._t.min_votes or 1 - self._proven < better < self._proven:
            return "unknown"
        return "better" if better > 0.5 else "worse"

    def _more(
        self, votes: int, after: Floats, share: Floats, expected: Floats, higher: Floats
    ) -> int | None:
        """The fewest votes that bring a verdict in half of the cases in which any number does."""
        yes = expit(np.interp(_QUANTILES, np.cumsum(share), _GRID) + self._now)
        added = self._t.temper * np.multiply.outer(
            _LADDER, [_log_likelihood(p, 1 - p, self._now) for p in yes]
        )
        then = after + added  # by number of votes, share that the new text may have, and grid
        seen = np.exp(then - then.max(axis=2, keepdims=True))
        better = seen @ higher / (seen @ expected)
        settled = (np.maximum(better, 1 - better) >= self._proven).mean(axis=1)
        enough = votes + np.array(_LADDER) >= self._t.min_votes
        found = np.flatnonzero(enough & (settled >= settled[-1] / 2))
        return _LADDER[int(found[0])] if settled[-1] >= _WORTH_WAITING else None


def _estimate(share: Floats, votes: Sequence[Vote]) -> Estimate:
    whole = np.cumsum(share)
    low, high = np.interp([0.05, 0.95], whole, _GRID)
    return Estimate(
        mean=float(share @ expit(_GRID)),
        low=float(expit(low)),
        high=float(expit(high)),
        yes=sum(vote.yes for vote in votes),
        votes=len(votes),
    )


def _normal(log_weight: Floats) -> Floats:
    return np.asarray(np.exp(log_weight - logsumexp(log_weight)))
