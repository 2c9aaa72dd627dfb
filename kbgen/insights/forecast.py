"""What votes can find here: how long until a broken article is flagged, and how many false flags.

Simulates help centers with the traffic and the vote rate at hand, many times, and counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np

from kbgen.insights.detector import NEVER, Detection, Thresholds
from kbgen.insights.helpfulness import Floats
from kbgen.insights.traffic import MONTH
from kbgen.insights.worlds import Plan, World, draw, watch

WITHIN = 90  # days
_BANDS = (30.0, 10.0, 3.0, 1.0, 0.0)  # votes a month, from which an article belongs to a band
_FALLS = 600  # falls to watch, so that shares are known to within three points
_MOST_RUNS, _MOST_CELLS = 60, 40_000  # runs, and articles in all of them


@dataclass(frozen=True, slots=True)
class Band:
    """Articles that get `votes` votes a month or more (and fewer than the band before).

    `found` is the share of falls that are flagged within 90 days, `days` the median wait of those
    (None if none is), `falls` how many were watched in all runs.
    """

    votes: float
    articles: int
    falls: int
    found: float | None
    days: int | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """The answer. False flags are those on articles that neither are low nor fell."""

    readers_a_month: float
    vote_rate: float
    articles: int
    runs: int
    bands: tuple[Band, ...]  # most votes first
    false_likely_a_month: float
    false_confirmed_a_month: float


def forecast(
    readers: Sequence[float], vote_rate: float, thresholds: Thresholds, *, seed: int
) -> Forecast:
    """What flags would do for articles with so many `readers` a day each.

    `vote_rate` is the share of readers who vote. The same seed gives the same answer.
    """
    plan = Plan(readers=tuple(readers), vote_rate=vote_rate)
    wanted = ceil(_FALLS / max(plan.declining * len(readers), 1.0))
    runs = max(2, min(wanted, _MOST_RUNS, _MOST_CELLS // len(readers)))
    worlds = [draw(plan, np.random.default_rng([seed, n])) for n in range(runs)]
    found = [watch(world, thresholds) for world in worlds]
    months = runs * plan.length / MONTH
    return Forecast(
        readers_a_month=float(sum(readers)) * MONTH,
        vote_rate=vote_rate,
        articles=len(readers),
        runs=runs,
        bands=_bands(np.array(readers) * vote_rate * MONTH, worlds, found),
        false_likely_a_month=_false(worlds, [one.likely for one in found]) / months,
        false_confirmed_a_month=_false(worlds, [one.confirmed for one in found]) / months,
    )


def _false(worlds: Iterable[World], flags: Iterable[np.ndarray]) -> int:
    return sum(
        int((~world.bad[flag[flag != NEVER], np.flatnonzero(flag != NEVER)]).sum())
        for world, flag in zip(worlds, flags, strict=True)
    )


def _bands(votes: Floats, worlds: Sequence[World], found: Sequence[Detection]) -> tuple[Band, ...]:
    """How falls were found, by how many votes a month an article gets on average."""
    place = np.searchsorted(-np.array(_BANDS), -votes)
    waits: list[list[int]] = [[] for _ in _BANDS]
    falls = [0] * len(_BANDS)
    for world, detection in zip(worlds, found, strict=True):
        # Falls that have their 90 days, and were not flagged before.
        in_time = world.changed + WITHIN <= len(world.votes)
        early = (detection.likely != NEVER) & (detection.likely < world.changed)
        for article in np.flatnonzero(in_time & ~early):
            band, wait = place[article], int(detection.likely[article] - world.changed[article])
            falls[band] += 1
            if 0 <= wait < WITHIN:
                waits[band].append(wait + 1)
    return tuple(
        Band(
            votes=least,
            articles=int((place == band).sum()),
            falls=falls[band],
            found=len(waits[band]) / falls[band] if falls[band] else None,
            days=int(np.median(waits[band])) if waits[band] else None,
        )
        for band, least in enumerate(_BANDS)
        if (place == band).any()
    )
