"""What the public site may show of the votes."""

from __future__ import annotations

from datetime import timedelta
from math import log1p

from kbgen.insights import analyse
from kbgen.insights.popular import popular, readership
from kbgen.insights.traffic import MONTH
from tests.insights.samples import TODAY, article, ballots, corpus, views


def test_many_good_votes_beat_few_perfect_ones():
    many, few = article(1), article(2)

    found = popular(analyse(corpus(many, few), [*ballots(many, 95, 5), *ballots(few, 6, 0)], TODAY))

    assert found["KB-0001"] > found["KB-0002"]


def test_languages_count_together():
    """Three votes in each of two languages are six."""
    pages = article(1), article(1, "en")
    events = [vote for page in pages for vote in ballots(page, 3, 0)]

    assert list(popular(analyse(corpus(*pages), events, TODAY))) == ["KB-0001"]


def test_what_nobody_should_be_sent_to_is_left_out():
    """Bad, out of date, past its end, agents only, too few votes."""
    good, bad, few = article(1), article(2), article(3)
    over = article(4, expires=TODAY - timedelta(days=1))
    playbook = article(5, audience="agents")
    events = [*ballots(good, 30, 2), *ballots(bad, 5, 30), *ballots(few, 2, 0)]
    events += [*ballots(over, 30, 0), *ballots(playbook, 30, 0)]

    findings = analyse(corpus(good, bad, few, over, playbook), events, TODAY)

    assert list(popular(findings)) == ["KB-0001"]
    assert set(readership(findings)) == {"KB-0001", "KB-0003"}  # few votes, yet read


def test_readers_of_all_languages_count_on_a_log_scale():
    pages = article(1), article(1, "en"), article(2), article(3)
    events = [
        event for page, n in zip(pages, (60, 40, 10, 0), strict=True) for event in views(page, n)
    ]

    found = readership(analyse(corpus(*pages), events, TODAY))

    # All of them on one day, the first of the site.
    assert found == {"KB-0001": 1, "KB-0002": round(log1p(10 * MONTH) / log1p(100 * MONTH), 2)}


def test_without_events_nothing_is_known():
    findings = analyse(corpus(article(1)), [], TODAY)

    assert (popular(findings), readership(findings)) == ({}, {})
