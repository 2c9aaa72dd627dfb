"""The simulator: same seed, same bytes; what it makes is valid; what is true is found again."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import numpy as np
import pytest

from kbgen.articles import Corpus
from kbgen.errors import ConfigError
from kbgen.events import Event, from_json, to_json
from kbgen.insights import analyse
from kbgen.insights.sessions import query_key
from kbgen.insights.simulate import Plan, simulate, thin, to_lines
from kbgen.insights.simulated_noise import noisy
from kbgen.insights.simulated_words import COMMENTS, HIDDEN_GAPS
from tests.insights.samples import TODAY, article

NOUNS = "refund parcel coupon points login address receipt gift exchange delivery".split()  # noqa: SIM905


def shop(size: int = 40) -> Corpus:
    """Articles in Korean, and every second one in English too."""
    pages = []
    for n in range(size):
        word = NOUNS[n % len(NOUNS)]
        pages.append(article(n, questions=(f"{word} 질문 {n}번 어떻게 해요", f"{word} {n}")))
        if n % 2:
            pages.append(article(n, "en", questions=(f"how about {word} {n}",)))
    return Corpus(articles=tuple(sorted(pages, key=lambda a: a.path)), languages=("ko", "en"))


def world(seed=1, **changes):
    plan = Plan(until=TODAY, **{"days": 40, "visits_a_day": 150.0, "vote_rate": 0.15, **changes})
    return simulate(shop(), plan, np.random.default_rng(seed))


def test_the_same_seed_gives_the_same_bytes():
    assert to_lines(world(7).events) == to_lines(world(7).events)
    assert to_lines(world(7).events) != to_lines(world(8).events)


def test_every_event_is_valid_unique_and_says_that_it_is_simulated():
    events = world(days=5).events

    for event in events:
        assert isinstance(from_json(to_json(event)), Event)
        assert from_json(to_json(event)) == event
        assert event.source == "import:simulated"
    assert len({event.event_id for event in events}) == len(events)
    assert list(events) == sorted(events, key=lambda e: (e.ts, e.event_id))


def test_rates_are_those_of_the_plan():
    made = world()
    count = Counter(event.type for event in made.events)

    assert count["vote"] / count["view"] == pytest.approx(0.15, rel=0.25)
    days = {event.ts.date() for event in made.events}
    assert (min(days), len(days)) == (date(2026, 10, 12), 40)
    assert sum(made.gaps.values()) / count["search"] == pytest.approx(0.15, abs=0.04)


def test_broken_and_declined_articles_are_so():
    kinds = Counter(truth.kind for truth in world().articles)
    bad = [truth for truth in world().articles if truth.kind != "good"]

    assert set(kinds) == {"good", "broken", "declined"}
    for truth in bad:
        assert truth.after < 0.43 if truth.kind == "broken" else truth.after < truth.before
        assert (truth.changed is not None) == (truth.kind == "declined")


def test_flags_name_bad_articles():
    """Of what is flagged in six worlds, at most 12 % is neither low nor fallen; and of articles
    with many votes, all that are broken look worse than the usual good one."""
    flagged, false = 0, []
    for seed in range(6):
        made = world(seed)
        truth = {t.key: t for t in made.articles}
        found = analyse(shop(), made.events, TODAY).standings
        flags = [truth[s.key] for s in found if s.flag]
        flagged += len(flags)
        false += [t.key for t in flags if t.after >= 0.60 and not t.changed]
        enough = [s for s in found if s.tally.votes >= 30]
        bad = [s.helpful for s in enough if truth[s.key].kind == "broken"]
        good = [s.helpful for s in enough if truth[s.key].kind == "good"]
        assert max(bad) < np.median(good)

    assert flagged >= 30
    assert len(false) <= 0.12 * flagged


def test_hidden_gaps_lead_the_list_of_questions():
    """Of the ten most asked questions without an answer, at least nine are hidden gaps."""
    hidden = {
        query_key(phrase)
        for phrases in HIDDEN_GAPS.values()
        for lang in phrases.values()
        for whole in lang
        for phrase in (whole, " ".join(whole.split()[:2]))
    }

    found = analyse(shop(), world().events, TODAY).gaps.rows[:10]

    assert sum(query_key(gap.query) in hidden for gap in found) >= 9


def test_thinning_leaves_out_whole_visits_and_keeps_the_rates():
    events = world().events
    size = sum(len(line.encode()) + 1 for line in to_lines(events))

    kept = thin(events, size // 3, np.random.default_rng(1))

    assert sum(len(line.encode()) + 1 for line in to_lines(kept)) <= size // 3
    sessions = {event.session for event in kept}
    assert [e for e in events if e.session in sessions] == list(kept)
    rates = [
        sum(e.type == "vote" for e in some) / sum(e.type == "view" for e in some)
        for some in (events, kept)
    ]
    assert rates[0] == pytest.approx(rates[1], rel=0.15)


def test_nothing_to_read_is_said():
    empty = Corpus(articles=(article(1, audience="agents"),), languages=("ko",))

    with pytest.raises(ConfigError, match="no public article"):
        simulate(empty, Plan(until=TODAY), np.random.default_rng(1))


def test_noise_keeps_most_queries_readable():
    """About one in twelve has a wrong letter; nothing becomes empty."""
    rng = np.random.default_rng(3)
    typed = [noisy("환불은 언제 받을 수 있나요", rng) for _ in range(2000)]

    assert np.mean([wrong for _, wrong in typed]) == pytest.approx(0.08, abs=0.02)
    assert all(text.strip() for text, _ in typed)


def test_made_up_words_are_there_in_both_languages():
    for phrases in [*HIDDEN_GAPS.values(), *COMMENTS.values()]:
        assert set(phrases) == {"ko", "en"}
        assert all(phrases.values())


def test_visits_happen_by_day():
    """A shop in Korea sleeps when it is afternoon in UTC."""
    hours = Counter(datetime.hour.__get__(event.ts) for event in world().events)

    assert hours[2] > 3 * hours[19]
