"""Epochs, and what a flag says: since when, on what it rests, what would settle it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kbgen.insights import analyse
from kbgen.insights.as_json import as_json
from kbgen.insights.epochs import Epoch, current, epochs
from kbgen.insights.flags import change_point
from kbgen.insights.votes import Vote
from kbgen.insights.words import Words
from tests.insights.samples import TODAY, article, ballots, corpus, event

PAGE = article(20)
KEY = ("KB-0020", "ko")
GOOD = [article(n) for n in range(1, 13)]


def library():
    """Twelve articles between 60 % and 95 % of yes."""
    shares = [0.6, 0.65, 0.7, 0.7, 0.75, 0.75, 0.8, 0.8, 0.85, 0.85, 0.9, 0.95]
    return [
        vote
        for page, share in zip(GOOD, shares, strict=True)
        for vote in ballots(page, round(40 * share), round(40 * (1 - share)))
    ]


def daily(about, outcomes, *, ending=0, **values):
    """One vote a day, the last one `ending` days before today."""
    return [
        event("vote", about, vote=vote, day=ending + len(outcomes) - 1 - n, voter=f"d{ending}-{n}")
        if not values
        else event(
            "vote", about, vote=vote, day=ending + len(outcomes) - 1 - n, voter=f"d{ending}-{n}",
            **values,
        )
        for n, vote in enumerate(outcomes)
    ]  # fmt: skip


def fallen():
    """Nine of ten said yes for sixty days; for thirty, one of three does."""
    before, after = [1, 1, 1, 1, 0, 1, 1, 1, 1, 1] * 6, [0, 1, 0] * 10
    return [*daily(PAGE, before, ending=30), *daily(PAGE, after)]


def standing(events, **options):
    found = analyse(corpus(PAGE, *GOOD), [*library(), *events], TODAY, **options)
    return next(s for s in found.standings if s.key == KEY), found


def test_a_fall_says_when_and_from_what_to_what():
    found, _ = standing(fallen())

    flag = found.flag
    assert flag.declined
    assert abs((flag.changed - (TODAY - timedelta(days=29))).days) <= 3
    assert flag.before.share == pytest.approx(0.9, abs=0.03)
    assert flag.after.share == pytest.approx(0.33, abs=0.05)
    assert [reason.code for reason in found.reasons] == ["readers-say-worse"]
    assert flag.since > flag.changed


def test_what_a_flag_rests_on():
    """Reasons, comments and searches of those who said no since the fall; rare searches not."""
    values = {"reason": "outdated", "comment": "Menu moved", "prev": "?refund"}
    events = [*daily(PAGE, [1] * 40, ending=20), *daily(PAGE, [0] * 20, **values)]
    events += [event("vote", PAGE, vote=0, voter="x", day=1, prev="?my order of 3 May")]
    events += [event("contact", PAGE, reason="chat", voter=who, day=2) for who in ("a", "b", "b")]
    events += [event("contact", PAGE, reason="chat", voter="c", day=50)]  # before the fall

    found, findings = standing(events)

    assert found.flag.because == {"outdated": 20}
    assert (found.flag.comments, found.flag.contacts) == (20, 2)
    assert found.flag.searches == (("refund", 20),)
    evidence = next(a for a in as_json(findings)["articles"] if a["id"] == "KB-0020")["evidence"]
    assert evidence["searches"] == [{"query": "refund", "voters": 20}]
    assert "May" not in str(evidence)
    assert (evidence["after"]["votes"], evidence["votes_to_confirm"]) == (21, 0)


def test_what_would_settle_it_is_said():
    found, _ = standing(daily(PAGE, [0] * 8))

    assert found.flag.tier == "likely"
    assert 1 <= found.flag.to_confirm <= 40
    words = Words("en")
    assert words.settle(found) == (
        f"Likely. About {found.flag.to_confirm} more votes like the last ones would confirm it."
    )
    assert words.short(found.reasons[0], found) == "readers say no (likely)"


def test_with_as_many_votes_as_were_said_it_is_confirmed():
    """What is foretold comes about, within a factor of two."""
    outcomes = [0] * 8
    foretold = standing(daily(PAGE, outcomes))[0].flag.to_confirm

    more = outcomes + [0, 1, 0, 1, 0] * (2 * foretold // 5)

    assert standing(daily(PAGE, more))[0].flag.tier == "confirmed"


def test_an_edit_starts_anew():
    old = fallen()
    renewed = [e if e.rev != PAGE.rev else _with_rev(e) for e in old]

    found, _ = standing([*renewed, *daily(PAGE, [1] * 6)])

    assert (found.flag, found.tally.votes) == (None, 6)


def test_a_review_that_keeps_the_text_starts_anew():
    kept = {(KEY, PAGE.rev): [TODAY - timedelta(days=1)]}

    found, findings = standing(fallen(), kept=kept)

    assert found.flag is None
    assert current(KEY, PAGE.rev, kept) == Epoch(KEY, PAGE.rev, 1)
    assert findings.flags.states[Epoch(KEY, PAGE.rev)].flag is not None


def test_votes_of_the_day_of_a_review_are_before_it():
    day = TODAY - timedelta(days=5)
    votes = [vote(yes, days) for days, yes in ((6, 0), (5, 0), (4, 1))]

    found = epochs(votes, {(KEY, votes[0].rev): [day]}, TODAY)

    assert [(epoch.kept, len(group)) for epoch, group in zip(found.rows, found.votes, strict=True)]
    assert [len(group) for group in found.votes] == [2, 1]
    assert list(found.ballots().ends) == [2, 7]


def test_the_split_lies_where_the_share_falls():
    votes = [vote(yes, 40 - n) for n, yes in enumerate([1] * 20 + [0] * 10)]

    assert change_point(votes) == 20
    assert change_point(votes[:20]) == 0


def test_a_site_that_shifts_is_said_once():
    pages = [article(n) for n in range(1, 41)]
    events = []
    for page in pages:
        events += daily(page, [1, 1, 1, 0, 1] * 8, ending=20)
        events += daily(page, [1, 0, 1, 0, 1] * 4)

    findings = analyse(corpus(*pages), events, TODAY)

    assert findings.flags.shifted is not None
    assert findings.flags.shift < -0.3
    assert sum(s.flag is not None for s in findings.standings) <= 2
    assert any("whole help center" in line for line in Words("en").events(findings))
    assert any("고객센터 전체" in line for line in Words("ko").events(findings))


def vote(yes, days):
    return Vote(KEY, PAGE.rev, event("view", day=days).ts, bool(yes))


def _with_rev(about):
    return replace(about, rev="0" * 12)
