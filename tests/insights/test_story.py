"""The story of one article: what happened, in order, in words and as JSON."""

from __future__ import annotations

from datetime import date

import pytest

from kbgen.articles.texts import Commit
from kbgen.insights import analyse
from kbgen.insights.story import Stories
from kbgen.insights.story_json import as_json
from kbgen.insights.story_text import as_text, told
from kbgen.insights.words import Words
from tests.insights.samples import TODAY, article, asked, ballots, corpus, event

PAGE = article(20, title="Refunds")
OTHERS = [article(n) for n in range(1, 13)]
KEY = (PAGE.id, PAGE.lang)
OLD = "0ld000000000"
COMMITS = {
    KEY: {
        OLD: Commit(date(2026, 7, 1), "Write about refunds", is_first=True),
        PAGE.rev: Commit(date(2026, 10, 9), "Say how long cards take"),
    }
}


def events(*, new=40, comment="My name is PLANTED"):
    cast = [vote for page in OTHERS for vote in ballots(page, 30, 10)]
    cast += [event("vote", PAGE, rev=OLD, vote=int(n % 4 == 0), day=100 - n, voter=f"o{n}",
                   comment=comment, prev="?refund time") for n in range(50)]  # fmt: skip
    cast += [
        event("vote", PAGE, vote=int(n % 5 > 0), day=40 - n, voter=f"n{n}") for n in range(new)
    ]
    for n in range(3):
        cast.append(event("search", query="refund time", results=2, session=f"q{n}", day=5))
        cast.append(event("click", PAGE, query="refund time", rank=1, session=f"q{n}", day=5))
    cast += asked("PLANTED rare", 1)
    cast.append(event("click", PAGE, query="PLANTED two", rank=1, session="r", day=5))
    return cast


def story(cast, commits=COMMITS):
    found = analyse(corpus(PAGE, *OTHERS), cast, TODAY)
    standing = next(s for s in found.standings if s.key == KEY)
    return Stories(found, commits).of(standing), found


def test_moments_come_in_order():
    found, _ = story(events())

    assert [m.what for m in found.moments] == [
        "edited", "first-vote", "likely", "edited", "reviewed",
    ] or [m.what for m in found.moments] == [
        "edited", "first-vote", "confirmed", "reviewed", "edited",
    ]  # fmt: skip
    edit = found.moments[-1]
    assert (edit.day, edit.rev, edit.proof.verdict) == (date(2026, 10, 9), PAGE.rev, "better")
    assert [rev for rev, _ in found.texts] == [OLD, PAGE.rev]
    assert found.searches == (("refund time", 3),)
    assert [m.day for m in found.moments] == sorted(m.day for m in found.moments)


def test_it_reads_as_a_story():
    found, findings = story(events())
    text = as_text(found, Words("en"), findings.options, width=90)

    assert text.startswith("KB-0020 ko Refunds\nko/returns/a20.md\n")
    assert "2026-07-01  Written: Write about refunds" in text
    assert "Confirmed that it needs work: 13 of 50 voters found it helpful." in text
    assert "2026-10-09  Edited: Say how long cards take" in text
    assert "            Better: that the new text helps more of its voters is >99 %" in text
    assert "refund time" in text
    assert max(map(len, text.splitlines())) <= 90
    korean = as_text(found, Words("ko"), findings.options)
    assert "글을 고쳤어요: Say how long cards take" in korean
    assert "나아졌어요. 고친 글이 더 도움이 될 확률은 >99%예요." in korean


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (0, ("Nobody has voted on the new text yet.", "Not yet known", "more votes would tell")),
        (3, ("of 3 voters", "Not yet known", "more votes would tell")),
    ],
)
def test_what_is_missing_is_said(new, said):
    found, _ = story(events(new=new))
    edit = told(found, Words("en"))[-1]

    assert all(any(part in sentence for sentence in edit.said) for part in said)
    assert edit.tone == ""


def test_without_git_the_first_vote_dates_an_edit():
    found, _ = story(events(), {})
    unread, _ = story(events(new=0), {})

    edit = next(m for m in found.moments if m.what == "edited")
    assert (edit.day, told(found, Words("en"))[-1].said[0]) == (date(2026, 10, 11), "Edited.")
    assert next(m for m in unread.moments if m.what == "edited").day == TODAY


def test_no_comment_and_no_rare_query_is_told():
    found, findings = story(events())

    assert "PLANTED" not in as_text(found, Words("en"), findings.options)
    assert "PLANTED" not in str(as_json(found))


def test_json_holds_the_same():
    data = as_json(story(events())[0])

    assert (data["id"], data["lang"], data["rev"]) == (PAGE.id, "ko", PAGE.rev)
    assert [text["rev"] for text in data["texts"]] == [OLD, PAGE.rev]
    edit = data["timeline"][-1]
    assert (edit["what"], edit["day"], edit["subject"]) == (
        "edited", "2026-10-09", "Say how long cards take",
    )  # fmt: skip
    proof = edit["proof"]
    assert (proof["from"], proof["verdict"], proof["votes_to_verdict"]) == (OLD, "better", 0)
    assert proof["p_better"] > 0.99
    assert (proof["before"]["votes"], proof["after"]["yes"]) == (50, 32)
    assert data["searches"] == [{"query": "refund time", "people": 3}]


def test_an_article_without_readers_has_a_story_too():
    lonely = article(1, reviewed=None)
    found = analyse(corpus(lonely), [], TODAY)
    told_ = as_text(Stories(found, {}).of(found.standings[0]), Words("en"), found.options)

    assert "no votes yet" in told_
    assert "Nothing has happened yet" in told_
