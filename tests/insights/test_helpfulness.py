"""The estimate of helpfulness: what it promises, and what a fit recovers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import beta, betabinom

from kbgen.insights.helpfulness import Prior, estimate, fit_prior, priors

USUAL = Prior(8.6, 3.4, fitted=True)


def one(yes, votes, prior=USUAL):
    return estimate(np.array([yes], float), np.array([votes], float), [prior])


def test_the_fit_finds_the_library_that_made_the_votes():
    """400 articles of 30 votes from Beta(8.6, 3.4): mean .717, strength 12."""
    rng = np.random.default_rng(5)
    votes = np.full(400, 30.0)
    yes = rng.binomial(30, rng.beta(8.6, 3.4, 400)).astype(float)

    found = fit_prior(yes, votes)

    assert found.fitted
    assert found.mean == pytest.approx(0.717, abs=0.02)
    assert found.strength == pytest.approx(12.0, rel=0.25)


def test_no_other_library_makes_the_votes_likelier():
    rng = np.random.default_rng(6)
    votes = rng.integers(0, 60, 80).astype(float)
    yes = rng.binomial(votes.astype(int), rng.beta(6, 4, 80)).astype(float)

    found = fit_prior(yes, votes)

    def loss(point):
        return -betabinom.logpmf(yes, votes, *np.exp(point)).sum()

    best = minimize(loss, [1.0, 1.0], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-12})
    assert [found.a, found.b] == pytest.approx(np.exp(best.x), rel=1e-6)


@pytest.mark.parametrize(("articles", "votes"), [(0, 0), (1, 500), (9, 100), (40, 2)])
def test_small_libraries_fall_back_to_eight_votes_at_the_mean(articles, votes):
    total = np.full(articles, float(votes))

    found = fit_prior(np.floor(total * 0.75), total)

    assert not found.fitted
    assert found.strength == pytest.approx(8.0)
    assert 0 < found.mean < 1


def test_equal_articles_do_not_make_the_usual_endlessly_strong():
    """A hundred articles with exactly 7 of 10: without a bound, one vote would then be certain."""
    votes = np.full(100, 10.0)

    assert fit_prior(votes * 0.7, votes).strength <= 64.001


def test_a_section_has_a_usual_of_its_own_from_30_articles_on():
    votes = np.full(60, 40.0)
    yes = np.concatenate([np.full(30, 36.0), np.full(30, 20.0)])
    groups = [("ko", "ko/a")] * 30 + [("ko", "ko/b")] * 30

    found = priors(groups, yes, votes)

    assert found[0].mean == pytest.approx(0.9, abs=0.03)
    assert found[-1].mean == pytest.approx(0.5, abs=0.03)
    assert priors([("ko", "ko/a")] * 29 + [("en", "en/b")], yes[:30], votes[:30])[0] == fit_prior(
        yes[:30], votes[:30]
    )


def test_figures_are_those_of_the_beta_distribution():
    """Against scipy.stats and a numerical integral, for 12 of 40."""
    found = one(12, 40)
    posterior = beta(8.6 + 12, 3.4 + 28)

    assert found.mean[0] == pytest.approx(posterior.mean())
    assert found.low[0] == pytest.approx(posterior.ppf(0.05))
    assert found.high[0] == pytest.approx(posterior.ppf(0.95))
    short, _ = quad(lambda p: (USUAL.mean - p) * posterior.pdf(p), 0, USUAL.mean)
    assert found.shortfall[0] == pytest.approx(short)


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share(yes, no):
    found = one(yes, yes + no)

    assert 0 <= found.low[0] <= found.mean[0] <= found.high[0] <= 1
    assert 0 <= found.shortfall[0] <= USUAL.mean


@given(st.integers(0, 300), st.integers(0, 300))
def test_one_more_yes_never_makes_an_article_look_worse(yes, no):
    before, after = one(yes, yes + no), one(yes + 1, yes + no + 1)

    assert after.mean[0] >= before.mean[0]
    assert after.low[0] >= before.low[0] - 1e-12
    assert after.shortfall[0] <= before.shortfall[0] + 1e-12


def test_stated_intervals_hold_the_truth_as_often_as_they_say():
    """90 % of intervals over 4,000 articles from the fitted library."""
    rng = np.random.default_rng(11)
    truth = rng.beta(8.6, 3.4, 4000)
    votes = rng.integers(1, 60, 4000).astype(float)
    yes = rng.binomial(votes.astype(int), truth).astype(float)

    found = estimate(yes, votes, [fit_prior(yes, votes)] * 4000)

    inside = np.mean((found.low <= truth) & (truth <= found.high))
    assert inside == pytest.approx(0.90, abs=0.015)
