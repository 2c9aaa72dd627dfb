"""Finds texts that need work while votes come in, and keeps false findings rare.

Each epoch, one text under one baseline, is watched day by day. Two answers come out of the same
recursion over a grid of log-odds:

LIKELY     the posterior probability that the text needs work has reached `sure`: its share of yes
           lies below `target`, or it has fallen from the text's own baseline.
CONFIRMED  an anytime-valid p-value passes Benjamini and Hochberg's procedure at `false_share`.
           It is the inverse of the largest e-value so far (Ville's inequality), so looking every
           day costs nothing (Wang & Ramdas, "False discovery rate control with e-values").

What moves all texts at once, such as a new widget, is estimated first and taken out. What an
article gets beyond its usual counts for less, within a day and within four weeks, so a crowd
flags nothing. Vectorised over epochs; only those with votes on a day are touched on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from kbgen.insights.helpfulness import Floats, Prior

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEVER = -1  # in place of a day

_POINTS, _STEP = 48, 0.15  # of the grid of log-odds; `target` lies halfway between two points
_HUGE = 1e100  # evidence beyond this changes nothing
_MONTH, _SEASON = 28, 90  # days that tell what is usual
_LOG_HUGE = float(np.log(_HUGE))
_NEWTON_STEPS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Every number of the method; reports name them. Shifts are in log-odds."""

    target: float = 0.60  # a text that helps a smaller share of its readers needs work
    self_selection: float = 1.0  # how many times likelier to vote is who was not helped
    sure: float = 0.90  # posterior probability from which a text is LIKELY to need work
    false_share: float = 0.10  # of CONFIRMED texts that may be good, on average
    min_votes: int = 5  # before anything is said about a text
    drops: tuple[float, ...] = (0.6, 1.0, 1.5, 2.2)  # how far a share may fall
    hazard: float = 0.08  # share of texts that fall within `hazard_days`
    hazard_days: float = 180.0
    horizon_days: float = 365.0  # of one epoch, for which the share of false findings holds
    day_factor: float = 3.0  # a day's votes beyond this many usual days count for less,
    day_free: float = 5.0  # but this many always count;
    month_factor: float = 1.25  # those of 28 days beyond this many standard deviations above the
    month_free: float = 3.0  # usual and this many more count for nothing
    temper: float = 0.95  # weight of a vote: voters are less independent than coins
    shift_days: int = 14  # of votes that tell a shift of the whole site
    shift_share: float = 0.03  # of those votes that one text may contribute
    shift_spread: float = 0.5  # standard deviation of such shifts beforehand
    shift_told: float = 0.3  # a shift beyond it is told,
    shift_since: int = 90  # against so many days before
    baseline_days: int = 90  # first days of a site that tell what is usual there

    @property
    def bar(self) -> float:
        """The share of yes among voters that `target` comes to: those who vote are not all."""
        helped = self.target
        return helped / (helped + self.self_selection * (1 - helped))


@dataclass(frozen=True, slots=True)
class Ballots:
    """Votes by day and epoch, in order of days. Days count from 0; `yes` and `no` are votes.

    `ends` is, for each epoch, the day from which it is over: `days` for those still open.
    `article` numbers the article of each epoch, from 0.
    """

    day: Ints
    epoch: Ints
    yes: Floats
    no: Floats
    days: int
    ends: Ints
    article: Ints

    @property
    def epochs(self) -> int:
        """How many texts there are."""
        return len(self.ends)


@dataclass(frozen=True, slots=True)
class Detection:
    """One entry per epoch, on its last day; days are NEVER for what did not happen.

    `p_needs_work` is P(share below target, or fallen), of which `p_declined` is P(fallen).
    `before` and `now` are expected shares of yes: of the baseline, and after what may have
    happened to it. `family` is how many epochs were judged together on the last day. `shift`
    has one entry per day: how far the whole site lies off, in log-odds.
    """

    p_needs_work: Floats
    p_declined: Floats
    p_value: Floats
    before: Floats
    now: Floats
    family: int
    likely: Ints
    confirmed: Ints
    shift: Floats


def detect(ballots: Ballots, priors: Sequence[Prior], thresholds: Thresholds) -> Detection:
    """Watches all epochs from day 0 to the last; `priors` is what was usual for each of them when
    the site began, since shifts are told from there.

    The same ballots give the same answer, and later days change no earlier one.
    """
    watch = _Watch(priors, thresholds)
    crowds = _Crowds(ballots, thresholds)
    site = _Site(ballots.epochs, thresholds, watch.share)
    family = _Family(ballots, thresholds)
    likely = np.full(ballots.epochs, NEVER)
    shift = np.zeros(ballots.days)
    starts = np.searchsorted(ballots.day, np.arange(ballots.days + 1))
    for day in range(ballots.days):
        now = slice(starts[day], starts[day + 1])
        rows, yes, no = ballots.epoch[now], ballots.yes[now], ballots.no[now]
        weight = crowds.weight(day, rows, yes + no)
        shift[day] = site.shift(day, rows, weight * yes, weight * (yes + no))
        if len(rows):
            watch.see(day, rows, weight * yes, weight * no, shift[day])
            family.count(rows, yes + no)
            sure = (watch.p_needs_work[rows] >= thresholds.sure) & family.enough[rows]
            likely[rows[sure & (likely[rows] == NEVER)]] = day
            family.judge(day, watch.e_value)
        site.remember(day, watch.share)
    return Detection(
        p_needs_work=watch.p_needs_work,
        p_declined=watch.p_declined,
        p_value=1 / watch.e_value,
        before=watch.before,
        now=watch.now,
        family=family.size,
        likely=likely,
        confirmed=family.confirmed,
        shift=shift,
    )


class _Watch:
    """What is known about each epoch.

    `baseline[i, g]` is the posterior of the share if it never fell; `fallen[i, d, g]` the weight
    of having had baseline g and fallen by drop d since, relative to not having fallen, and
    `evidence` the same with a uniform chance of each day, which makes it an e-value.
    """

    def __init__(self, priors: Sequence[Prior], thresholds: Thresholds) -> None:
        self._t = thresholds
        n, drops = len(priors), len(thresholds.drops)
        self._grid = logit(thresholds.bar) + (np.arange(_POINTS) - (_POINTS - 1) / 2) * _STEP
        self._shares = expit(self._grid)
        self._low = self._grid < logit(thresholds.bar)
        self._fallen_to = self._grid - np.array(thresholds.drops)[:, None]
        self._daily = 1 - (1 - thresholds.hazard) ** (1 / thresholds.hazard_days)
        self.baseline = _on_grid(priors, self._shares)
        self.fallen = np.zeros((n, drops, _POINTS))
        self.evidence = np.zeros((n, drops, _POINTS))
        self.stay = np.ones(n)  # weight of not having fallen
        self.level = _Level(n, thresholds)
        self.last = np.full(n, NEVER)  # the last day with votes
        self.used = np.zeros(n)  # days of the horizon that have passed
        self.share = self.baseline @ self._shares
        self.before, self.now = self.share.copy(), self.share.copy()
        self.p_needs_work = self.baseline @ self._low
        self.p_declined = np.zeros(n)
        self.e_value = np.ones(n)  # the largest so far

    def see(self, day: int, rows: Ints, yes: Floats, no: Floats, shift: float) -> None:
        """Takes in one day's weighted votes on the epochs `rows`."""
        passed = np.where(self.last[rows] == NEVER, 0, day - self.last[rows]).astype(float)
        new = self._pass(rows, passed)
        self._weigh(rows, yes, no, shift)
        self.level.see(rows, new, yes, no)
        self.last[rows] = day
        self._conclude(rows)

    def _pass(self, rows: Ints, days: Floats) -> Floats:
        """Days went by on each of which the share may have fallen; the part of the horizon that
        they are."""
        stay = self.stay[rows] * (1 - self._daily) ** days
        share = self.baseline[rows][:, None, :] / len(self._t.drops)
        self.fallen[rows] += (self.stay[rows] - stay)[:, None, None] * share
        self.stay[rows] = stay
        used = np.minimum(self.used[rows] + days, self._t.horizon_days)
        new = (used - self.used[rows]) / self._t.horizon_days
        self.evidence[rows] += new[:, None, None] * share
        self.used[rows] = used
        return np.asarray(new)

    def _weigh(self, rows: Ints, yes: Floats, no: Floats, shift: float) -> None:
        """Bayes' rule, on the baseline and on what may have fallen."""
        log_same = _log_likelihood(yes, no, self._grid + shift)
        log_fallen = _log_likelihood(yes, no, self._fallen_to + shift)
        top = log_same.max(axis=1)
        same = self.baseline[rows] * np.exp(log_same - top[:, None])
        total = same.sum(axis=1)
        self.baseline[rows] = same / total[:, None]
        ratio = np.exp(np.minimum(log_fallen - (top + np.log(total))[:, None, None], _LOG_HUGE))
        self.fallen[rows] *= ratio
        self.evidence[rows] = np.minimum(self.evidence[rows] * ratio, _HUGE)
        # Only the proportion of the two counts; evidence without end must not leave the numbers.
        huge = np.maximum(1.0, self.fallen[rows].sum(axis=(1, 2)) / _HUGE)
        self.fallen[rows] /= huge[:, None, None]
        self.stay[rows] /= huge

    def _conclude(self, rows: Ints) -> None:
        fallen = self.fallen[rows].sum(axis=(1, 2))
        whole = self.stay[rows] + fallen
        low = self.stay[rows] * (self.baseline[rows] @ self._low)
        self.p_needs_work[rows] = (low + fallen) / whole
        self.p_declined[rows] = fallen / whole
        self.share[rows] = self.baseline[rows] @ self._shares
        same = self.stay[rows] * self.share[rows]
        fallen_from = self.fallen[rows].sum(axis=1) @ self._shares
        fallen_to = np.einsum("idg,dg->i", self.fallen[rows], expit(self._fallen_to))
        self.before[rows] = (same + fallen_from) / whole
        self.now[rows] = (same + fallen_to) / whole
        unused = 1 - self.used[rows] / self._t.horizon_days
        decline = self.evidence[rows].sum(axis=(1, 2)) + unused
        value = (decline + self.level.e_value(rows, unused)) / 2
        self.e_value[rows] = np.maximum(self.e_value[rows], np.minimum(value, _HUGE))


class _Level:
    """E-values against "the share of yes is at least `target`", from the start or from any day."""

    def __init__(self, n: int, thresholds: Thresholds) -> None:
        lower = np.arange(0.05, thresholds.bar - 1e-9, 0.05)
        self._log_yes = np.log(lower / thresholds.bar)
        self._log_no = np.log((1 - lower) / (1 - thresholds.bar))
        self._always = np.full((n, len(lower)), 1 / len(lower))
        self._since = np.zeros((n, len(lower)))

    def see(self, rows: Ints, new: Floats, yes: Floats, no: Floats) -> None:
        """Takes in weighted votes, after another part `new` of the horizon has passed."""
        self._since[rows] += new[:, None] / self._since.shape[1]
        log_ratio = np.outer(yes, self._log_yes) + np.outer(no, self._log_no)
        ratio = np.exp(np.minimum(log_ratio, _LOG_HUGE))
        self._always[rows] = np.minimum(self._always[rows] * ratio, _HUGE)
        self._since[rows] = np.minimum(self._since[rows] * ratio, _HUGE)

    def e_value(self, rows: Ints, unused: Floats) -> Floats:
        """The mean of both; `unused` is the part of the horizon that is still to come."""
        since = self._since[rows].sum(axis=1) + unused
        return np.asarray((self._always[rows].sum(axis=1) + since) / 2, dtype=float)


class _Crowds:
    """The weight of votes: a crowd counts as much as a few usual days at most.

    It rests on earlier days and on how many voted today, never on what they said; so it keeps
    e-values what they are. An article, not a text, has a usual: its readers outlive an edit.
    What was usual leaves out the last month, which must not vouch for itself, and is unknown
    until an article has been voted on for two months.
    """

    def __init__(self, ballots: Ballots, thresholds: Thresholds) -> None:
        self._t = thresholds
        self._article = ballots.article
        n = int(ballots.article.max(initial=-1)) + 1
        self._counts = np.zeros((_MONTH, n))  # votes of each of the last days
        self._first = np.full(n, np.inf)  # day of the first vote
        self._daily = np.zeros(n)  # usual votes a day, over a month
        self._before = np.zeros(n)  # and over a season that ended a month ago

    def weight(self, day: int, rows: Ints, votes: Floats) -> Floats:
        """The weight of each of today's votes on the epochs `rows`. Called once for each day."""
        article = self._article[rows]
        today = np.zeros(len(self._first))
        np.add.at(today, article, votes)
        slot = day % _MONTH
        age = day - self._first
        seen = np.clip(age - _MONTH, 1.0, _SEASON)  # days that `before` rests on so far
        self._before += np.where(age >= _MONTH, (self._counts[slot] - self._before) / seen, 0.0)
        usual = _MONTH * self._before
        self._counts[slot] = 0.0
        room = (
            self._t.month_free + usual + self._t.month_factor * np.sqrt(usual * (1 + _MONTH / seen))
        )
        room = np.where(age >= 2 * _MONTH, room - self._counts.sum(axis=0), np.inf)
        most = np.maximum(self._t.day_free, self._t.day_factor * self._daily)
        share = np.clip(np.minimum(most, room) / np.maximum(today, 1.0), 0.0, 1.0)
        self._counts[slot] = today
        self._first = np.where(today > 0, np.minimum(self._first, day), self._first)
        self._daily += (today - self._daily) / _MONTH
        return np.asarray(share[article] * self._t.temper)


class _Site:
    """How far the votes of the last days lie off what all texts had before them."""

    def __init__(self, n: int, thresholds: Thresholds, share: Floats) -> None:
        self._t = thresholds
        self._yes = np.zeros((thresholds.shift_days, n))
        self._votes = np.zeros((thresholds.shift_days, n))
        # Baselines as they were before the window: its own votes must not move them.
        self._before = np.tile(logit(share), (thresholds.shift_days + 1, 1))
        self._shift = 0.0

    def shift(self, day: int, rows: Ints, yes: Floats, votes: Floats) -> float:
        """The shift in log-odds that explains the window best, drawn towards none."""
        slot = day % self._t.shift_days
        self._yes[slot], self._votes[slot] = 0.0, 0.0
        self._yes[slot, rows], self._votes[slot, rows] = yes, votes
        total = self._votes.sum(axis=0)
        voted = total > 0
        share = self._yes.sum(axis=0)[voted] / total[voted]
        weight = np.minimum(total[voted], self._t.shift_share * total.sum())
        before = self._before[(day + 1) % len(self._before)][voted]
        tight = 1 / self._t.shift_spread**2
        for _ in range(_NEWTON_STEPS):
            expected = expit(before + self._shift)
            slope = float(weight @ (share - expected)) - self._shift * tight
            bend = float(weight @ (expected * (1 - expected))) + tight
            self._shift += float(np.clip(slope / bend, -0.5, 0.5))
        return self._shift

    def remember(self, day: int, share: Floats) -> None:
        self._before[day % len(self._before)] = logit(np.clip(share, 1e-3, 1 - 1e-3))


class _Family:
    """Benjamini and Hochberg's procedure over the open epochs with enough votes, day by day."""

    def __init__(self, ballots: Ballots, thresholds: Thresholds) -> None:
        self._t = thresholds
        self._ends = ballots.ends
        self._votes = np.zeros(ballots.epochs)
        self.confirmed = np.full(ballots.epochs, NEVER)
        self.size = 0

    @property
    def enough(self) -> Flags:
        """Which epochs have enough votes."""
        return np.asarray(self._votes >= self._t.min_votes)

    def count(self, rows: Ints, votes: Floats) -> None:
        self._votes[rows] += votes

    def judge(self, day: int, e_value: Floats) -> None:
        members = np.flatnonzero(self.enough & (self._ends > day))
        self.size = len(members)
        p = np.sort(1 / e_value[members])
        passed = np.flatnonzero(p <= self._t.false_share * np.arange(1, len(p) + 1) / len(p))
        if len(passed):
            found = members[1 / e_value[members] <= p[passed[-1]]]
            self.confirmed[found[self.confirmed[found] == NEVER]] = day


def _on_grid(priors: Sequence[Prior], shares: Floats) -> Floats:
    """Each prior as probabilities of the points. In log-odds a beta density gains p (1 - p)."""
    a = np.array([prior.a for prior in priors])[:, None]
    b = np.array([prior.b for prior in priors])[:, None]
    log_density = a * np.log(shares) + b * np.log1p(-shares)
    density = np.exp(log_density - log_density.max(axis=1, keepdims=True))
    return np.asarray(density / density.sum(axis=1, keepdims=True), dtype=float)


def _log_likelihood(yes: Floats, no: Floats, log_odds: Floats) -> Floats:
    """log P(votes) for each row of votes and each point; the binomial coefficient cancels."""
    log_yes, log_no = -np.logaddexp(0.0, -log_odds), -np.logaddexp(0.0, log_odds)
    return np.asarray(np.multiply.outer(yes, log_yes) + np.multiply.outer(no, log_no), dtype=float)
