"""Proof of edits: probabilities that hold, and what must not look like an improvement."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logit
from scipy.stats import beta

from kbgen.insights import analyse
from kbgen.insights.detector import Thresholds
from kbgen.insights.edits import Edit, edits
from kbgen.insights.epochs import Epoch
from kbgen.insights.flags import Flags, State
from kbgen.insights.helpfulness import Prior
from kbgen.insights.proof import prove
from kbgen.insights.votes import Vote
from tests.insights.samples import TODAY, article, ballots, corpus, event

USUAL = Prior(8.6, 3.4, fitted=True)
METHOD = Thresholds()
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = article(20)
KEY = (PAGE.id, PAGE.lang)
OLD = "0ld000000000"


def votes(yes, no, *, first=0, key=("1", "en"), rev="old", days=30):
    """So many votes, mixed and spread over some days."""
    total = yes + no
    said = [(n + 1) * yes // total > n * yes // total for n in range(total)]
    return [
        Vote(key, rev, FIRST + timedelta(days=first + n * days // total, seconds=n), said[n])
        for n in range(total)
    ]


def flags_of(rows, *, shifts=None, declined=0.0, usual=USUAL):
    """What the flags know of texts on which nothing was flagged."""
    state = State(needs_work=0.0, declined=declined, p_value=1.0, before=0.7, now=0.7)
    keys = [Epoch(edit.key, edit.old) for edit in rows]
    return Flags(
        states=dict.fromkeys(keys, state),
        shift=0.0,
        shifted=None,
        first=FIRST.date(),
        shifts=np.zeros(120) if shifts is None else shifts,
        usual=dict.fromkeys(keys, usual),
    )


def edit(before, after, *, is_last=True, name="1"):
    """An edit with (yes, no) before it and after it."""
    key = (name, "en")
    old = votes(*before, key=key)
    new = votes(*after, key=key, first=60, rev="new")
    return Edit(key, "old", "new", tuple(old), tuple(new), is_last)


def one(before, after, *, is_last=True, **known):
    row = edit(before, after, is_last=is_last)
    return prove([row], flags_of([row], **known), METHOD, proven=0.95)[0]


def test_a_clear_change_is_better_and_its_mirror_worse():
    up, down = one((12, 28), (32, 8)), one((32, 8), (12, 28))

    assert (up.verdict, up.more, down.verdict) == ("better", 0, "worse")
    assert up.better > 0.99
    assert down.better < 0.01
    assert up.before.mean == pytest.approx(0.37, abs=0.05)
    assert up.after.low < 0.8 * up.after.mean + 0.2 < 1
    assert (up.before.yes, up.before.votes, up.after.yes, up.after.votes) == (12, 40, 32, 40)


def test_without_votes_on_the_new_text_nothing_is_known():
    """However bad the old one looked: what looks bad is half of it chance."""
    found = one((4, 16), (0, 0))

    assert (found.verdict, found.after.votes) == ("unknown", 0)
    assert found.better == pytest.approx(0.5, abs=0.02)
    assert found.after.mean == pytest.approx(found.before.mean, abs=0.05)


def test_an_edit_that_changes_nothing_proves_nothing():
    """Two flat beta distributions would call the second of these an improvement at 90 %."""
    same, by_chance = one((22, 8), (22, 8)), one((8, 16), (13, 13))

    assert same.verdict == by_chance.verdict == "unknown"
    assert same.better == pytest.approx(0.5, abs=0.1)
    assert by_chance.better < 0.9


def test_four_votes_are_no_verdict():
    assert one((0, 40), (4, 0)).verdict == "unknown"
    assert one((0, 40), (5, 0)).verdict == "better"


def test_as_many_votes_as_were_said_bring_a_verdict_half_of_the_time():
    found = one((12, 28), (9, 6))
    assert (found.verdict, found.better > 0.8) == ("unknown", True)
    rng = np.random.default_rng(2)

    def settled(more):
        """How often so many votes bring a verdict, for shares that the new text may have."""
        shares = rng.beta(2 + 9, 2 + 6, 60)
        yes = rng.binomial(more, shares).tolist()
        later = [one((12, 28), (9 + n, 6 + more - n)) for n in yes]
        return np.mean([proof.verdict != "unknown" for proof in later])

    assert settled(found.more) == pytest.approx(0.5, abs=0.25)
    assert settled(max(1, found.more // 4)) < 0.5


def test_votes_that_will_not_settle_it_are_not_asked_for():
    assert one((5, 5), (40, 40)).more is None  # the old text has too few, and no more will come
    assert one((12, 28), (9, 6), is_last=False).more is None


def test_many_votes_speak_for_themselves():
    """With hundreds of votes the beta posteriors of both texts give the same answer."""
    found = one((330, 270), (360, 240))
    rng = np.random.default_rng(1)
    before = beta(8.6 + 0.9 * 330, 3.4 + 0.9 * 270).rvs(100_000, random_state=rng)
    after = beta(8.6 + 0.9 * 360, 3.4 + 0.9 * 240).rvs(100_000, random_state=rng)

    assert found.better == pytest.approx(float(np.mean(after > before)), abs=0.02)


def test_a_shift_of_the_whole_site_is_no_improvement():
    """A new widget on day 60 lifts everything by .8: the same votes then say nothing."""
    shifts = np.where(np.arange(120) < 60, 0.0, 0.8)

    moved, still = one((60, 40), (77, 23), shifts=shifts), one((60, 40), (77, 23))

    assert still.better > 0.97
    assert moved.better == pytest.approx(0.5, abs=0.12)


def test_a_text_that_fell_is_judged_from_after_its_fall():
    """.9 for sixty votes, .33 for thirty; an edit that brings .65 back has helped."""
    before = [*votes(54, 6), *votes(10, 20, first=32)]
    row = Edit(("1", "en"), "old", "new", tuple(before),
               tuple(votes(26, 14, first=70, rev="new")), is_last=True)  # fmt: skip

    fell = prove([row], flags_of([row], declined=0.99), METHOD, proven=0.95)[0]
    whole = prove([row], flags_of([row]), METHOD, proven=0.95)[0]

    assert fell.before.mean == pytest.approx(0.4, abs=0.07)
    assert fell.verdict == "better"
    assert whole.before.mean == pytest.approx(0.7, abs=0.05)
    assert whole.better < 0.5


def test_a_crowd_of_one_day_proves_little():
    """Forty noes within a day before an edit do not make it an improvement."""
    crowd = [Vote(("1", "en"), "old", FIRST + timedelta(days=40, seconds=n), yes=False)
             for n in range(40)]  # fmt: skip
    row = Edit(("1", "en"), "old", "new", (*votes(24, 6), *crowd),
               tuple(votes(24, 6, first=70, rev="new")), is_last=True)  # fmt: skip

    assert prove([row], flags_of([row]), METHOD, proven=0.95)[0].verdict == "unknown"


def test_what_edits_usually_do_is_learned():
    """A hundred edits that helped speak for one more, before anybody has voted on it."""
    rng = np.random.default_rng(4)
    helped = zip(rng.binomial(30, 0.45, 100).tolist(), rng.binomial(30, 0.75, 100).tolist(),
                 strict=True)  # fmt: skip
    rows = [
        edit((yes, 30 - yes), (new, 30 - new), name=f"{n}") for n, (yes, new) in enumerate(helped)
    ]
    rows.append(edit((14, 16), (0, 0), name="x"))

    found = prove(rows, flags_of(rows), METHOD, proven=0.95)[-1]

    assert found.better > 0.8
    assert found.verdict == "unknown"  # no vote, no verdict


@pytest.mark.parametrize(("mean", "spread"), [(0.5, 0.8), (None, 0.0)], ids=["mostly help", "anew"])
def test_stated_probabilities_hold(mean, spread):
    """P(better) against the truth in each tenth, for edits of what looked bad.

    `anew` edits write an article as good as any; selection is by the votes themselves.
    """
    rng = np.random.default_rng(11)
    share = rng.beta(USUAL.a, USUAL.b, 4000)
    n = rng.integers(8, 40, len(share))
    yes = rng.binomial(n, share)
    chosen = np.flatnonzero((yes + 8.6) / (n + 12) < 0.62)[:600]
    moved = expit(logit(share) + rng.normal(mean or 0.0, spread, len(share)))
    after = rng.beta(USUAL.a, USUAL.b, len(share)) if mean is None else moved
    later = rng.integers(0, 40, len(share))
    again = rng.binomial(later, after)
    counts = np.column_stack([yes, n - yes, again, later - again]).tolist()
    rows = [edit(counts[row][:2], counts[row][2:], name=f"{row}") for row in chosen.tolist()]

    found = prove(rows, flags_of(rows), METHOD, proven=0.95)

    stated = np.array([proof.better for proof in found])
    truth = (after > share)[chosen].astype(float)
    assert len(chosen) == 600
    for low in np.arange(0, 1, 0.1):
        inside = (stated >= low) & (stated < low + 0.1)
        if inside.sum() >= 40:
            by_chance = 1.65 * 0.5 / np.sqrt(inside.sum())
            off = abs(stated[inside].mean() - truth[inside].mean())
            assert off <= 0.05 + by_chance, (low, inside.sum())
    assert abs(stated.mean() - truth.mean()) < 0.03
    verdicts = np.array([proof.verdict for proof in found])
    said = verdicts == "better"
    assert said.sum() > 20
    assert 1 - truth[said].mean() <= 0.08


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=25, deadline=None)
def test_one_more_yes_never_speaks_against_an_edit(yes, no, new_yes, new_no):
    if not yes + no:
        return
    fewer = one((yes, no), (new_yes, new_no))
    more = one((yes, no), (new_yes + 1, new_no))

    assert 0 <= fewer.better <= 1
    assert 0 <= fewer.after.low <= fewer.after.high <= 1
    assert fewer.more is None or fewer.more >= 0
    if new_yes + new_no < 5:  # as many count on a day, whatever the day
        assert more.better >= fewer.better - 1e-9


def test_texts_follow_each_other_by_their_first_vote_and_todays_comes_last():
    def cast(rev, day):
        return Vote(KEY, rev, FIRST + timedelta(days=day), yes=True)

    late = cast("a", 9)  # from a page that a browser had kept
    found = edits([cast("a", 1), cast("b", 3), cast("now", 8), late], {KEY: "now"})

    assert [(e.old, e.new, e.is_last) for e in found] == [("a", "b", False), ("b", "now", True)]
    assert late in found[0].before
    brought_back = edits([cast("a", 1), cast("b", 3), cast("a", 8)], {KEY: "a"})
    assert [(e.old, e.new, len(e.after)) for e in brought_back] == [("b", "a", 2)]
    assert edits([cast("now", 1)], {KEY: "now"}) == []
    assert [(e.old, e.after) for e in edits([cast("a", 1)], {KEY: "now"})] == [("a", ())]


def test_findings_hold_the_proof_of_every_edit():
    others = [article(n) for n in range(1, 13)]
    cast = [vote for page in others for vote in ballots(page, 30, 10)]
    cast += [event("vote", PAGE, rev=OLD, vote=int(n % 3 == 0), day=100 - n, voter=f"o{n}")
             for n in range(40)]  # fmt: skip
    cast += [event("vote", PAGE, vote=int(n % 5 > 0), day=40 - n, voter=f"n{n}") for n in range(40)]

    found = analyse(corpus(PAGE, *others), cast, TODAY).proofs

    assert [(p.edit.key, p.edit.old, p.edit.new, p.verdict) for p in found] == [
        (KEY, OLD, PAGE.rev, "better")
    ]
    assert analyse(corpus(PAGE, *others), cast[::-1] + cast[:50], TODAY).proofs == found
    assert analyse(corpus(PAGE), [], TODAY).proofs == ()
    assert found[0].edit.before[0].day == date(2026, 8, 12)
