"""The detector: what it promises under daily looks, and what must not move it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit

from kbgen.insights.detector import NEVER, Ballots, Thresholds, detect
from kbgen.insights.helpfulness import Prior

USUAL = Prior(8.6, 3.4, fitted=True)
METHOD = Thresholds()


def ballots(yes, votes):
    """Days by rows, epochs by columns."""
    day, epoch = np.nonzero(votes)
    return Ballots(
        day=day,
        epoch=epoch,
        yes=yes[day, epoch].astype(float),
        no=(votes - yes)[day, epoch].astype(float),
        days=len(votes),
        ends=np.full(votes.shape[1], len(votes)),
        article=np.arange(votes.shape[1]),
    )


def judge(yes, votes, thresholds=METHOD, usual=USUAL):
    return detect(ballots(yes, votes), [usual] * votes.shape[1], thresholds)


def library(rng, articles=200, days=120, rate=0.4):
    """Votes on texts that stay as they are, and their shares."""
    share = rng.beta(USUAL.a, USUAL.b, articles)
    votes = rng.poisson(rate, (days, articles))
    return share, rng.binomial(votes, share), votes


def test_a_fall_is_found_and_told_from_a_low_level():
    """Text 0 falls from .85 to .45 on day 60, text 1 is at .3 from the start, the rest is fine."""
    rng = np.random.default_rng(1)
    share = np.tile(np.linspace(0.65, 0.95, 150), (120, 1))
    share[:, 0], share[60:, 0], share[:, 1] = 0.85, 0.45, 0.3
    votes = rng.poisson(1.0, share.shape)

    found = judge(rng.binomial(votes, share), votes, usual=Prior(12.0, 3.0, fitted=True))

    assert list(np.flatnonzero(found.likely != NEVER)) == [0, 1]
    assert 60 < found.likely[0] < 90
    assert found.p_declined[0] > 0.9
    assert found.p_declined[1] < 0.5
    assert list(np.flatnonzero(found.confirmed != NEVER)) == [0, 1]
    assert found.before[0] == pytest.approx(0.85, abs=0.08)
    assert found.now[0] == pytest.approx(0.45, abs=0.12)


def test_of_what_is_flagged_little_is_fine():
    """Over 240 texts looked at daily for 180 days: of those LIKELY at most 15 % are at .6 or
    above, and of those CONFIRMED none."""
    likely, wrong, confirmed_wrong = 0, 0, 0
    for seed in range(3):
        rng = np.random.default_rng(seed)
        share, yes, votes = library(rng, articles=240, days=180)
        found = judge(yes, votes)
        flagged = found.likely != NEVER
        likely += int(flagged.sum())
        wrong += int((flagged & (share >= METHOD.target)).sum())
        confirmed_wrong += int(((found.confirmed != NEVER) & (share >= METHOD.target)).sum())

    assert likely >= 40
    assert wrong <= 0.15 * likely
    assert confirmed_wrong == 0


def test_at_the_very_target_p_values_are_p_values():
    """P(p <= x at any time) <= x for texts exactly at the target, whatever they started from."""
    rng = np.random.default_rng(5)
    votes = rng.poisson(0.5, (150, 1000))

    found = judge(rng.binomial(votes, METHOD.target), votes)

    for x in (0.05, 0.1, 0.3):
        assert np.mean(found.p_value <= x) <= x


def test_a_crowd_of_a_day_flags_nobody():
    """Forty votes for no on one day; without the cap the same crowd would do it."""
    rng = np.random.default_rng(2)
    votes = rng.poisson(1.0, (100, 40))
    yes = rng.binomial(votes, 0.85)
    votes[80, :10] += 40

    capped, open_ = (
        judge(yes, votes),
        judge(yes, votes, replace(METHOD, day_free=1000.0, month_free=1000.0)),
    )

    assert (capped.likely[:10] != NEVER).sum() <= 1
    assert (open_.likely[:10] != NEVER).all()


def test_a_crowd_that_comes_for_weeks_flags_few():
    """Three fake votes for no every day for twenty days, on articles with one vote in four days."""
    rng = np.random.default_rng(7)
    votes = rng.poisson(0.25, (200, 60))
    yes = rng.binomial(votes, 0.85)
    votes[150:170, :10] += 3

    capped, open_ = judge(yes, votes), judge(yes, votes, replace(METHOD, month_free=1000.0))

    assert (capped.confirmed[:10] != NEVER).sum() <= 1
    assert (open_.confirmed[:10] != NEVER).sum() >= 8


def test_an_edit_does_not_make_an_article_forget_its_usual():
    """Votes on a new text are weighed by what its article usually gets."""
    rng = np.random.default_rng(8)
    votes = rng.poisson(0.25, (200, 60))
    yes = rng.binomial(votes, 0.85)
    votes[150:170, :10] += 3
    whole = ballots(yes, votes)
    edited = replace(  # on day 140 each article becomes another text
        whole,
        epoch=np.where(whole.day < 140, whole.epoch, whole.epoch + 60),
        ends=np.repeat([140, 200], 60),
        article=np.tile(np.arange(60), 2),
    )

    found = detect(edited, [USUAL] * 120, METHOD)

    assert (found.confirmed[60:70] != NEVER).sum() <= 1


def test_a_shift_of_the_whole_site_is_one_finding():
    """Half a logit on day 60; texts that are as good as before raise no flags."""
    rng = np.random.default_rng(3)
    base = logit(rng.uniform(0.75, 0.9, 150))
    votes = rng.poisson(1.0, (120, 150))
    share = np.where(np.arange(120)[:, None] < 60, expit(base), expit(base - 0.5))

    found = judge(rng.binomial(votes, share), votes, usual=Prior(33.0, 7.0, fitted=True))

    assert np.abs(found.shift[30:60]).max() < METHOD.shift_told
    assert found.shift[-1] == pytest.approx(-0.5, abs=0.15)
    assert (found.likely != NEVER).sum() <= 2


def test_one_loud_text_does_not_shift_the_site():
    rng = np.random.default_rng(4)
    votes = rng.poisson(0.3, (60, 100))
    votes[:, 0] = 50
    share = np.full((60, 100), 0.8)
    share[30:, 0] = 0.2

    found = judge(rng.binomial(votes, share), votes, usual=Prior(16.0, 4.0, fitted=True))

    assert np.abs(found.shift).max() < METHOD.shift_told


def test_crowds_on_several_texts_do_not_shift_the_site():
    """Forty votes for no on each of twenty texts; as for flags, each crowd counts little."""
    rng = np.random.default_rng(4)
    _, yes, votes = library(rng, 400)
    votes[90, :20] += 40

    found = judge(yes, votes)

    assert np.abs(found.shift).max() < METHOD.shift_told


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 59))
def test_later_days_change_no_earlier_one(seed, cut):
    rng = np.random.default_rng(seed)
    _, yes, votes = library(rng, articles=12, days=60, rate=1.0)

    whole, part = judge(yes, votes), judge(yes[:cut], votes[:cut])

    for early, late in ((part.likely, whole.likely), (part.confirmed, whole.confirmed)):
        assert (early == np.where((late != NEVER) & (late < cut), late, NEVER)).all()
    assert part.shift == pytest.approx(whole.shift[:cut])


@pytest.mark.parametrize(("yes", "no"), [(100_000, 0), (0, 100_000), (1, 0), (0, 1)])
def test_numbers_stay_numbers(yes, no):
    """However many votes come in a day, and day after day."""
    votes = np.full((400, 2), yes + no)
    found = judge(np.full((400, 2), yes), votes)

    for figures in (found.p_needs_work, found.p_declined, found.p_value, found.before, found.now):
        assert np.isfinite(figures).all()
        assert ((figures >= 0) & (figures <= 1 + 1e-9)).all()
    assert (found.p_needs_work[0] > 0.99) == (yes < no)


def test_fewer_than_five_votes_say_nothing():
    votes = np.zeros((10, 20), dtype=int)
    votes[0] = 4

    found = judge(np.zeros_like(votes), votes)

    assert (found.likely == NEVER).all()
    assert (found.confirmed == NEVER).all()


def test_texts_that_are_over_leave_the_family():
    """An edited text is judged no more: what is left has less to be compared with."""
    rng = np.random.default_rng(6)
    votes = rng.poisson(1.0, (80, 60))
    all_open = ballots(rng.binomial(votes, 0.8), votes)
    over = replace(all_open, ends=np.where(np.arange(60) < 50, 40, 80))

    sizes = [detect(b, [USUAL] * 60, METHOD).family for b in (all_open, over)]

    assert sizes == [60, 10]
