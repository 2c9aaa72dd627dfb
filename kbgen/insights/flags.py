"""Flags: texts that need work, with what they rest on and what would settle them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, inf, log
from typing import Literal

import numpy as np
from scipy.special import betaln

from kbgen.insights.contacts import Contacts, since
from kbgen.insights.detector import NEVER, Detection, Thresholds, detect
from kbgen.insights.epochs import Epoch, Epochs
from kbgen.insights.helpfulness import Floats, Prior, can_fit, priors
from kbgen.insights.intervals import Share
from kbgen.insights.stream import Key
from kbgen.insights.votes import Vote

Tier = Literal["likely", "confirmed"]

_MOST_VOTES = 1000  # needing more to settle a flag means that votes will not settle it


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What the votes of one epoch say. Probabilities and shares are 0-1.

    `needs_work` is the probability that the share lies below the target or has fallen,
    `declined` the part of it that says fallen; `before` and `now` are expected shares.
    """

    needs_work: float
    declined: float
    p_value: float
    before: float
    now: float
    flag: Flag | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A text that needs work. `since` is the day of its tier, `changed` the likeliest day of a
    fall (None if it was low from the start); shares are of yes."""

    tier: Tier
    since: date
    declined: bool
    changed: date | None
    before: Share
    after: Share
    because: Mapping[str, int]  # reasons of voters for no since then, commonest first
    comments: int
    contacts: int  # people who wrote to a person after reading it since then
    searches: tuple[tuple[str, int], ...]  # queries that led the voters for no here
    to_confirm: int | None  # about how many more votes like the last ones; None: votes will not


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """What the votes say about every epoch, and whether the whole site has shifted.

    `shift` is in log-odds; `shifted` is the day since which it is beyond what is told, if it is.
    `shifts` are those of every day from `first` on, and `usual` what was usual for each epoch when
    the site began.
    """

    states: Mapping[Epoch, State]
    shift: float
    shifted: date | None
    first: date
    shifts: Floats
    usual: Mapping[Epoch, Prior]


def flags(
    found: Epochs,
    groups: Callable[[Key], tuple[Hashable, ...]],
    thresholds: Thresholds,
    *,
    least: int,
    contacts: Contacts | None = None,
) -> Flags:
    """Judges all epochs. `groups` names those of an article from the widest to the narrowest, as
    for `priors`. Queries of fewer than `least` voters are left out of the evidence."""
    if not found.rows:
        return Flags(
            states={}, shift=0.0, shifted=None, first=found.first, shifts=np.zeros(1), usual={}
        )
    usual = baseline([groups(epoch.key) for epoch in found.rows], found, thresholds)
    detection = detect(found.ballots(), usual, thresholds)
    states = {
        epoch: _state(found, detection, row, thresholds, _Beside(least, contacts or {}))
        for row, epoch in enumerate(found.rows)
    }
    return Flags(
        states=states,
        shift=float(detection.shift[-1]),
        shifted=_shifted(found, detection, thresholds),
        first=found.first,
        shifts=detection.shift,
        usual=dict(zip(found.rows, usual, strict=True)),
    )


def baseline(
    groups: Sequence[tuple[Hashable, ...]], found: Epochs, thresholds: Thresholds
) -> list[Prior]:
    """What was usual for each epoch when the site began: later votes must not move the baseline
    that they are compared with. A slow start is given more days, until it can be fitted."""
    days = thresholds.baseline_days
    yes, votes = _counts(found, days)
    while days < found.days and not can_fit(votes):
        days *= 2
        yes, votes = _counts(found, days)
    return priors(groups, yes, votes)


def _counts(found: Epochs, days: int) -> tuple[Floats, Floats]:
    end = found.day(days)
    early = [[vote for vote in votes if vote.day < end] for votes in found.votes]
    return (
        np.array([sum(vote.yes for vote in votes) for votes in early], dtype=float),
        np.array([len(votes) for votes in early], dtype=float),
    )


@dataclass(frozen=True, slots=True)
class _Beside:
    """What evidence takes from elsewhere than votes."""

    least: int  # voters of a query that is shown
    contacts: Contacts


def _state(
    found: Epochs, detection: Detection, row: int, thresholds: Thresholds, beside: _Beside
) -> State:
    return State(
        needs_work=float(detection.p_needs_work[row]),
        declined=float(detection.p_declined[row]),
        p_value=float(detection.p_value[row]),
        before=float(detection.before[row]),
        now=float(detection.now[row]),
        flag=_flag(found, detection, row, thresholds, beside),
    )


def _flag(
    found: Epochs, detection: Detection, row: int, thresholds: Thresholds, beside: _Beside
) -> Flag | None:
    likely, confirmed = int(detection.likely[row]), int(detection.confirmed[row])
    if likely == NEVER and confirmed == NEVER:
        return None
    votes, epoch = found.votes[row], found.rows[row]
    declined = bool(detection.p_declined[row] > detection.p_needs_work[row] / 2)
    place = change_point(votes) if declined else 0
    no = [vote for vote in votes[place:] if not vote.yes]
    is_sure = confirmed != NEVER
    return Flag(
        tier="confirmed" if is_sure else "likely",
        since=found.day(confirmed if is_sure else likely),
        declined=declined,
        changed=votes[place].day if declined else None,
        before=_share(votes[:place]),
        after=_share(votes[place:]),
        because=dict(Counter(vote.reason for vote in no if vote.reason).most_common()),
        comments=sum(bool(vote.comment) for vote in no),
        contacts=since(beside.contacts, (epoch.key, epoch.rev), votes[place].day),
        searches=_searches(no, beside.least),
        to_confirm=0 if is_sure else _to_confirm(detection, row, thresholds, declined=declined),
    )


def change_point(votes: Sequence[Vote]) -> int:
    """The number of votes before the likeliest fall of the share, by day; at least one on each
    side. The likelihood of a split is that of two independent shares, each uniform beforehand."""
    yes = np.cumsum([vote.yes for vote in votes], dtype=float)
    seen = np.arange(1, len(votes) + 1, dtype=float)
    cuts = np.array([n for n in range(1, len(votes)) if votes[n].day > votes[n - 1].day])
    if not len(cuts):
        return 0
    y0, n0 = yes[cuts - 1], seen[cuts - 1]
    y1, n1 = yes[-1] - y0, seen[-1] - n0
    fits = betaln(y0 + 1, n0 - y0 + 1) + betaln(y1 + 1, n1 - y1 + 1)
    falls = y1 / n1 < y0 / n0
    return int(cuts[np.argmax(np.where(falls, fits, -inf))]) if falls.any() else 0


def _share(votes: Sequence[Vote]) -> Share:
    return Share(sum(vote.yes for vote in votes), len(votes))


def _searches(votes: Sequence[Vote], least: int) -> tuple[tuple[str, int], ...]:
    counts = Counter(vote.query for vote in votes if vote.query)
    return tuple((query, count) for query, count in counts.most_common() if count >= least)


def _to_confirm(
    detection: Detection, row: int, thresholds: Thresholds, *, declined: bool
) -> int | None:
    """Votes until the e-value passes, if they go on as they are expected to.

    Each adds its divergence from what it speaks against: the own baseline, or the bar.
    """
    confirmed = int(np.count_nonzero(detection.confirmed != NEVER))
    needed = detection.family / (thresholds.false_share * (confirmed + 1))
    now = float(detection.now[row])
    against = float(detection.before[row]) if declined else thresholds.bar
    if now >= against:
        return None
    step = thresholds.temper * _divergence(now, against)
    votes = ceil(max(log(needed) + log(detection.p_value[row]), 0.0) / step) if step else inf
    return max(1, int(votes)) if votes <= _MOST_VOTES else None


def _divergence(p: float, q: float) -> float:
    """Kullback and Leibler's, of two coins, in nats."""
    return p * log(p / q) + (1 - p) * log((1 - p) / (1 - q))


def _shifted(found: Epochs, detection: Detection, thresholds: Thresholds) -> date | None:
    """The day since which the site has been off what it was a season before, without a break."""
    before = np.concatenate([np.zeros(thresholds.shift_since), detection.shift])
    change = detection.shift - before[: len(detection.shift)]
    beyond = np.abs(change) > thresholds.shift_told
    if not beyond[-1]:
        return None
    calm = np.flatnonzero(~beyond)
    return found.day(int(calm[-1]) + 1 if len(calm) else 0)
