"""Who is in the queue, for which reasons, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbgen.errors import ConfigError
from kbgen.insights import Options, analyse
from kbgen.insights.as_json import as_json
from kbgen.insights.detector import Thresholds
from tests.insights.samples import TODAY, article, asked, ballots, corpus, event, views

GOOD = [article(n) for n in range(1, 13)]
BAD, YOUNG, OLD, DONE = article(20), article(21), article(22), article(23)
AGED = article(22, reviewed=date(2025, 1, 1))
OVER = article(23, expires=TODAY - timedelta(days=3))


def world():
    """Twelve good articles, one bad, one with two votes, one overdue, one past its end date."""
    events = [*ballots(BAD, 8, 22), *views(BAD, 100), *ballots(YOUNG, 0, 2), *views(YOUNG, 50)]
    events += [*ballots(AGED, 40, 5), *views(AGED, 100), *views(OVER, 20)]
    for page in GOOD:
        events += [*ballots(page, 16, 4), *views(page, 100)]
    return corpus(*GOOD, BAD, YOUNG, AGED, OVER), events


def codes(standing):
    return [reason.code for reason in standing.reasons]


def test_the_queue_holds_what_has_a_reason():
    shop, events = world()

    found = analyse(shop, events, TODAY).queue

    assert [(s.article.id, codes(s)) for s in found] == [
        ("KB-0020", ["readers-say-no"]),
        ("KB-0023", ["expired"]),
        ("KB-0022", ["review-overdue"]),
    ]


def test_two_votes_for_no_are_not_enough():
    shop, events = world()

    found = {s.article.id: s for s in analyse(shop, events, TODAY).standings}

    assert (found["KB-0021"].enough, found["KB-0021"].reasons) == (False, ())
    assert (found["KB-0020"].enough, found["KB-0020"].tally.votes) == (True, 30)


def test_the_calendar_never_moves_the_share():
    """The same votes with and without a review date give the same figures."""
    pages = [article(n, reviewed=None, expires=TODAY) for n in range(1, 4)]
    plain = [article(n) for n in range(1, 4)]
    events = [*ballots(plain[0], 9, 3), *ballots(plain[1], 2, 9), *views(plain[0], 20)]

    with_dates = analyse(corpus(*pages), events, TODAY).standings
    without = analyse(corpus(*plain), events, TODAY).standings

    assert [(s.helpful, s.low, s.high, s.state) for s in with_dates] == [
        (s.helpful, s.low, s.high, s.state) for s in without
    ]


def test_more_readers_go_first():
    """Two articles with the same votes: the one that more people read."""
    other = article(30)
    events = [*ballots(BAD, 8, 22), *views(BAD, 50), *ballots(other, 8, 22), *views(other, 90)]

    found = analyse(corpus(*GOOD, BAD, other), events, TODAY).queue

    assert [s.article.id for s in found] == ["KB-0030", "KB-0020"]


def test_an_article_past_its_end_date_helps_nobody():
    shop, events = world()

    found = {s.article.id: s for s in analyse(shop, events, TODAY).queue}["KB-0023"]

    assert found.could_help == pytest.approx(found.readers * found.usual)


def test_without_events_the_calendar_still_speaks_gravest_and_oldest_first():
    older = article(24, reviewed=date(2024, 1, 1))
    never = article(25, reviewed=None)

    found = analyse(corpus(*GOOD, never, AGED, older, OVER), [], TODAY).queue

    assert [s.article.id for s in found] == ["KB-0023", "KB-0024", "KB-0022", "KB-0025"]


def test_three_voters_who_call_it_outdated_are_a_reason():
    events = [*ballots(BAD, 20, 0)]
    events += [event("vote", BAD, vote=0, voter=f"o{n}", reason="outdated") for n in range(3)]

    (found,) = analyse(corpus(*GOOD, BAD), events, TODAY).queue

    assert [(r.code, r.votes) for r in found.reasons] == [("readers-say-outdated", 3)]


def test_drafts_are_left_out_and_playbooks_are_in():
    draft, playbook = article(1, draft=True, reviewed=None), article(2, audience="agents")

    found = analyse(corpus(draft, playbook), [], TODAY)

    assert [s.article.id for s in found.standings] == ["KB-0002"]


def test_readers_are_estimated_from_votes_where_nothing_counts_views():
    """14 votes in 28 days at 2 %: 700 readers, 750 a month of 30 days."""
    events = [*ballots(BAD, 4, 10, day=3), *asked("first event", 1, day=40)]

    found = analyse(corpus(BAD), events, TODAY)

    assert found.traffic.basis == "votes"
    assert found.standings[0].readers == pytest.approx(750)


def test_agents_and_assistants_are_no_readers():
    events = [*views(BAD, 70), *views(BAD, 30, source="agent"), *views(BAD, 20, source="mcp")]

    found = analyse(corpus(BAD), [*events, event("search", query="a", results=1, day=29)], TODAY)

    assert found.standings[0].readers == pytest.approx(75)


def test_a_young_site_is_scaled_up():
    """70 readers in its first 7 days: 300 a month."""
    events = [*views(BAD, 60), *views(BAD, 10, day=6)]

    assert analyse(corpus(BAD), events, TODAY).standings[0].readers == pytest.approx(300)


def test_json_has_the_promised_shape():
    shop, events = world()

    data = as_json(analyse(shop, events, TODAY))
    first = next(entry for entry in data["articles"] if entry["id"] == "KB-0020")

    assert list(data)[:5] == ["v", "settings", "site", "articles", "queue"]
    assert list(first)[:10] == [
        "id", "lang", "rev", "votes", "helpful", "low", "high", "p_needs_work", "tier", "since",
    ]  # fmt: skip
    assert data["queue"] == ["KB-0020", "KB-0023", "KB-0022"]
    assert (first["tier"], first["place"], first["votes"]) == ("likely", 1, 30)
    untouched = next(entry for entry in data["articles"] if entry["id"] == "KB-0023")
    assert (untouched["votes"], untouched["helpful"], untouched["p_needs_work"]) == (0, None, None)


def test_json_holds_no_comment_and_no_rare_query():
    secret = event("vote", BAD, vote=0, voter="a", reason="other", comment="call me, Kim Minji")
    events = [secret, *asked("order of kim minji", 2), *asked("store", 3)]

    text = str(as_json(analyse(corpus(BAD), events, TODAY)))

    assert "inji" not in text
    assert "'store'" in text


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 40))
def test_order_and_repetition_of_events_change_nothing(seed, repeated):
    shop, events = _WORLD
    random = Random(seed)
    shuffled = [*events, *random.sample(events, repeated)]
    random.shuffle(shuffled)

    assert as_json(analyse(shop, shuffled, TODAY)) == _RESULT


def _world():
    """The world above, with changes of mind in the same second and an id used twice."""
    shop, events = world()
    twice = ballots(BAD, 1, 0)[0]
    same_second = [
        replace(event("vote", BAD, vote=n % 2, voter="m"), ts=twice.ts) for n in range(5)
    ]
    visit = [event("search", query=q, results=3, session="z") for q in ("a", "ab", "b")]
    return shop, [*events, twice, replace(twice, vote=0), *same_second, *visit]


_WORLD = _world()
_RESULT = as_json(analyse(*_WORLD, TODAY))


def test_a_project_without_articles_has_an_empty_report():
    found = analyse(corpus(), [*ballots(BAD, 3, 3), *asked("store", 3)], TODAY)

    assert (found.standings, found.queue, found.stream.unknown) == ((), (), 6)
    assert [gap.query for gap in found.gaps.rows] == ["store"]


def test_thresholds_are_settings():
    """With a lower bar the same votes are no reason."""
    shop, events = world()

    found = analyse(shop, events, TODAY, options=Options(thresholds=Thresholds(target=0.2))).queue

    assert "KB-0020" not in [s.article.id for s in found]


def test_settings_change_numbers_by_name():
    changed = Options().changed({"target": 0.5, "window_days": 14, "min_votes": 8})

    assert (changed.thresholds.target, changed.thresholds.min_votes) == (0.5, 8)
    assert (changed.window_days, changed.gap_days) == (14, 90)
    with pytest.raises(ConfigError) as error:
        Options().changed({"tarjet": 0.5, "sure": 2, "gap_days": 1.5, "day_free": -1, "drops": 1})
    assert str(error.value).split("; ") == [
        "insights: tarjet is not a setting (did you mean target?)",
        "insights: sure: expected a share between 0 and 1, found 2",
        "insights: gap_days: expected a whole number, found 1.5",
        "insights: day_free: expected a number above 0, found -1",
        "insights: drops is not a setting (docs/insights.md lists them)",
    ]


def test_who_knows_that_the_unhappy_vote_more_has_a_lower_bar():
    """60 % of readers are 43 % of voters if those not helped vote twice as often."""
    assert Thresholds().bar == 0.6
    assert Thresholds(self_selection=2.0).bar == pytest.approx(0.6 / 1.4)
