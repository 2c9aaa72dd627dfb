"""Simulated help centers as counts, and what is foretold from them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kbgen.insights.detector import NEVER, Thresholds
from kbgen.insights.forecast import forecast
from kbgen.insights.text import forecast_text
from kbgen.insights.words import Words
from kbgen.insights.worlds import WORLDS, Plan, draw, watch, zipf

SMALL = Plan(articles=80, readers_a_day=2_000.0, baseline_days=60, days=90)
METHOD = Thresholds()


def world(seed=1, **changes):
    return draw(replace(SMALL, **changes), np.random.default_rng(seed))


def test_the_same_seed_gives_the_same_world():
    one, same, other = world(1), world(1), world(2)

    assert (one.votes == same.votes).all()
    assert (one.yes == same.yes).all()
    assert (one.votes != other.votes).any()


@pytest.mark.parametrize("name", WORLDS)
def test_every_world_is_what_it_says(name):
    """Votes are votes, truth is what the shares are, nothing falls in the first days."""
    plan = replace(WORLDS[name], articles=60, readers_a_day=1_000.0, baseline_days=40, days=60)
    made = draw(plan, np.random.default_rng(3))

    assert made.votes.shape == made.yes.shape == made.bad.shape == (100, 60)
    assert ((made.yes >= 0) & (made.yes <= made.votes)).all()
    assert (made.changed >= 40).all()
    assert (made.bad[:40] == (made.share[:40] < 0.60)).all()
    assert (made.bad[-1] == ((made.share[-1] < 0.60) | made.declined)).all()
    assert made.faked.sum() == (10 if "brigade" in plan.trouble else 0)
    if plan.least >= METHOD.target:
        assert not made.bad.any()


def test_rates_are_those_of_the_plan():
    made = world(vote_rate=0.05, vote_rate_spread=0.0)

    assert made.votes.sum() / (2_000 * 150) == pytest.approx(0.05, rel=0.02)
    assert made.yes.sum() / made.votes.sum() == pytest.approx(8.6 / 12, abs=0.06)


def test_troubles_show_in_the_votes():
    calm, shifted = world(5), world(5, trouble="shift")
    late = slice(121, 150)
    fake = world(5, trouble="brigade")

    assert shifted.yes[late].sum() / shifted.votes[late].sum() < (
        calm.yes[late].sum() / calm.votes[late].sum() - 0.05
    )
    assert (shifted.bad == calm.bad).all()
    assert (fake.votes[:, fake.faked].max(axis=0) >= 40).all()


def test_the_detector_finds_what_is_bad_there():
    made = world(2, vote_rate=0.05)
    found = watch(made, METHOD)
    flagged = np.flatnonzero(found.likely != NEVER)

    assert len(flagged) >= 5
    assert made.bad[-1, flagged].mean() > 0.8


def test_more_votes_find_more_and_sooner():
    readers = zipf(120, 3_000.0)

    few, many = (forecast(readers, rate, METHOD, seed=1) for rate in (0.005, 0.08))

    assert sum(band.articles for band in many.bands) == 120
    assert many.bands[0].found > 0.7
    assert sum(b.falls * (b.found or 0) for b in few.bands) < (
        sum(b.falls * (b.found or 0) for b in many.bands) / 2
    )
    assert many.false_confirmed_a_month < 0.05
    assert forecast(readers, 0.005, METHOD, seed=1) == few


def test_the_forecast_in_words():
    found = forecast(zipf(40, 500.0), 0.04, METHOD, seed=2)

    english = forecast_text(found, Words("en"), basis="options")
    korean = forecast_text(found, Words("ko"), basis="events")

    assert english.startswith("40 articles with 15,000 readers a month, of whom 4 % vote (assumed")
    assert korean.startswith("글 40편, 한 달 독자 15,000명, 그중 4%가 투표해요")
    assert "False flags a month: " in english
    assert f"in {found.runs} simulated help centers" in " ".join(english.split())
    assert max(len(line) for line in english.splitlines()) <= 100
