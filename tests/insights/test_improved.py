"""You said, we did: which edits are told, with what count, and what never is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kbgen.articles.improved import Improvement
from kbgen.articles.model import Change
from kbgen.articles.texts import Commit
from kbgen.insights import analyse
from kbgen.insights.improved import improvements, sentence, wanted
from tests.insights.samples import TODAY, article, asked, ballots, corpus, event

DAY = date(2026, 10, 9)
PAGE = article(20, changes=(Change(DAY, "We say how long cards take."),))
OTHERS = [article(n) for n in range(1, 13)]
KEY = (PAGE.id, PAGE.lang)
OLD = "0ld000000000"
COMMITS = {
    KEY: {
        OLD: Commit(date(2026, 7, 1), "Write about refunds", is_first=True),
        PAGE.rev: Commit(DAY, "fix(returns): say how long a card refund takes (#12)"),
    }
}
TOLD = Improvement(
    article="KB-0020", lang="ko", day=DAY, text="We say how long cards take.", votes=37
)


def votes(about=PAGE, *, old=lambda n: n % 4 == 0, new=lambda n: n % 5 > 0, after=40):
    cast = [vote for page in OTHERS for vote in ballots(page, 30, 10)]
    cast += [event("vote", about, rev=OLD, vote=int(old(n)), day=100 - n, voter=f"o{n}",
                   comment="PLANTED") for n in range(50)]  # fmt: skip
    return cast + [event("vote", about, vote=int(new(n)), day=40 - n, voter=f"n{n}",
                         comment="PLANTED") for n in range(after)]  # fmt: skip


def told(events, *, about=PAGE, commits=COMMITS, **options):
    found = analyse(corpus(about, *OTHERS), events, TODAY)
    return improvements(found, commits, **options)


def gap(query="카드 환불 며칠", people=6, first=60):
    """So many searched in vain before the edit, and then opened the article."""
    before = asked(query, people, day=first)
    for n in range(people):
        before.append(event("search", query=query, results=3, session=f"g{n}", day=20))
        before.append(event("click", PAGE, query=query, rank=1, session=f"g{n}", day=20))
    return before


def test_an_edit_that_answered_a_flag_is_told_with_its_count():
    assert told(votes()) == (TOLD,)
    assert told(votes(after=0)) == (TOLD,)  # not proven, and not "got worse"


def test_without_git_the_first_vote_dates_it():
    assert told(votes(), commits={}) == (replace(TOLD, day=TODAY - timedelta(days=40)),)


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(votes(old=lambda n: n % 5 > 0), id="nobody had complained"),
        pytest.param(votes(old=lambda n: n % 9 == 0, new=lambda _: False), id="got no better"),
        pytest.param(votes(new=lambda n: n % 6 == 0), id="flagged again"),
        pytest.param([], id="nobody has voted"),
    ],
)
def test_what_resolved_nothing_is_not_told(events):
    assert told(events) == ()


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"changes_hidden": True}, id="the writer does not want it"),
        pytest.param({"audience": "agents"}, id="for agents only"),
        pytest.param({"draft": True}, id="a draft"),
        pytest.param({"changes": ()}, id="nobody wrote what changed"),
        pytest.param({"changes": (Change(date(2026, 8, 1), "Older."),)}, id="of another edit"),
    ],
)
def test_what_may_not_be_told_is_not(changes):
    page = replace(PAGE, **changes)

    assert told(votes(page), about=page) == ()


def test_the_nearest_sentence_is_taken():
    """Of before the commit, within two weeks, or of after it and before the next one."""

    def said(*days):
        page = replace(PAGE, changes=tuple(Change(DAY + timedelta(days=n), f"{n}") for n in days))
        return [row.text for row in told(votes(page), about=page)]

    assert said(-3, 5, 40) == ["-3"]
    assert said(-15, 5) == ["5"]
    assert said(-14) == ["-14"]
    assert said(-15) == []


def test_an_edit_that_answered_searches_is_told():
    """Six people searched in vain; the article that they open now was written for them."""
    new = {KEY: {PAGE.rev: Commit(DAY, "Write about cards", is_first=True)}}

    assert told(gap(), commits=new) == (replace(TOLD, votes=0, searches=6),)
    assert told([*votes(), *gap()]) == (replace(TOLD, searches=6),)


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(gap(people=2), id="fewer than three people"),
        pytest.param(gap()[:6], id="not answered yet"),
        pytest.param([*gap(), *asked("카드 환불 며칠", 20, day=10)], id="still a gap"),
        pytest.param(gap(first=200), id="long before"),
    ],
)
def test_searches_that_prove_nothing_are_not_told(events):
    new = {KEY: {PAGE.rev: Commit(DAY, "Write about cards", is_first=True)}}

    assert told(events, commits=new) == ()


def test_one_person_who_asked_in_two_ways_is_one():
    events = gap()
    for entry in gap():
        if entry.type == "search" and entry.results:
            events += [entry, event("click", PAGE, query="신용카드 취소", rank=1, day=20,
                                    session=entry.session)]  # fmt: skip
    events += [event("search", query="신용카드 취소", results=0, session=e.session, day=60)
               for e in events if e.type == "search" and e.results == 0]  # fmt: skip
    new = {KEY: {PAGE.rev: Commit(DAY, "Write about cards", is_first=True)}}

    assert told(events, commits=new)[0].searches == 6


def test_the_subject_of_a_commit_is_used_only_if_the_setting_allows():
    page = replace(PAGE, changes=(), lang="en", path="en/returns/a20.md")
    commits = {(page.id, "en"): COMMITS[KEY]}
    events = [replace(e, lang="en") if e.article == page.id else e for e in votes(page)]

    assert told(events, about=page, commits=commits) == ()
    assert [row.text for row in told(events, about=page, commits=commits, wording="commits")] == [
        "Say how long a card refund takes."
    ]
    found = analyse(corpus(page, *OTHERS), events, TODAY)
    assert (wanted(found), wanted(found, wording="commits")) == ([], [page])


@pytest.mark.parametrize(
    ("subject", "lang", "said"),
    [
        ("Say how long card refunds take", "en", "Say how long card refunds take."),
        ("fix(returns)!: say how long it takes (#123)", "en", "Say how long it takes."),
        ("docs: [ABC-12] Explain the new menu", "en", "Explain the new menu."),
        ("카드 환불에 며칠 걸리는지 적었어요", "ko", "카드 환불에 며칠 걸리는지 적었어요."),
        ("Say how long card refunds take", "ko", ""),  # not their language
        ("카드 환불에 며칠 걸리는지 적었어요", "en", ""),
        ("chore: bump the version of things", "en", ""),
        ("Merge branch 'main' into refunds", "en", ""),
        ("fix typo", "en", ""),
        ("Ask kim@shop.example about the refund", "en", ""),
        ("Move returns/refund.md to another place", "en", ""),
        ("Answer the complaint of order 20261003", "en", ""),
        ("Revert the change of last week", "en", ""),
        ("Use `refund_days` in the table", "en", ""),
        ("Mend what OPS-77 complained about today", "en", ""),
        ("word " * 40, "en", ""),
        ("", "en", ""),
    ],
)
def test_only_a_sentence_for_readers_is_taken_from_a_subject(subject, lang, said):
    assert sentence(subject, lang) == said


def test_nothing_that_a_reader_wrote_is_in_it():
    assert "PLANTED" not in repr(told([*votes(), *gap("PLANTED 환불")]))
