"""Reasons beside votes: passages, links, versions, sources, agents, translations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kbgen.articles.drift import Drift
from kbgen.insights import analyse
from kbgen.insights.as_json import as_json
from kbgen.insights.beside import Beside
from kbgen.insights.findings import narrowed
from kbgen.insights.popular import popular
from kbgen.insights.queue import Only
from kbgen.insights.words import Words
from tests.insights.samples import TODAY, article, ballots, corpus, event, views

GOOD = [article(n) for n in range(1, 13)]
KOREAN, ENGLISH = Words("ko"), Words("en")


def found(*pages, events=(), **beside):
    """The findings on some articles among twelve good ones."""
    return analyse(corpus(*GOOD, *pages), events, TODAY, beside=Beside(**beside))


def told(page, **more):
    """Codes and English sentences of one article's reasons."""
    standing = next(s for s in found(page, **more).standings if s.key == (page.id, page.lang))
    return [(r.code, ENGLISH.reason(r, standing, TODAY)) for r in standing.reasons]


@pytest.mark.parametrize(
    ("ends", "code", "says"),
    [
        (-1, "passage-expired", "held until 19 Nov 2026, yesterday"),
        (0, "passage-expires-soon", "holds until 20 Nov 2026, today"),
        (14, "passage-expires-soon", "holds until 4 Dec 2026, in 14 days"),
        (15, None, ""),
    ],
)
def test_a_passage_past_or_near_its_own_date(ends, code, says):
    body = f"Text.\n\n<!-- expires: {TODAY + timedelta(days=ends)} -->\n## Sale\n\nFree."
    page = article(20, body=body, body_line=7)

    expected = [(code, f"What it says in line 9 (“Sale”) {says}.")] if code else []
    assert told(page) == expected


def test_the_opening_is_named_so():
    page = article(20, body="Until May. <!-- expires: 2026-05-31 -->")

    assert told(page) == [
        (
            "passage-expired",
            "What it says in line 1 (the opening) held until 31 May 2026, 173 days ago.",
        )
    ]


def test_a_dead_link_is_told_with_its_line_once():
    body = "See [a](https://a.example/x#y) and\n\n[b](https://b.example/) or <https://A.example/x>"
    page = article(20, body=body, body_line=5)
    dead = {"https://a.example/x": date(2026, 11, 18)}

    assert told(page, dead=dead) == [
        ("dead-link", "The link in line 5 is dead: https://a.example/x")
    ]
    data = as_json(found(page, dead=dead))
    entry = next(a for a in data["articles"] if a["id"] == page.id)
    assert (entry["reasons"], entry["effort_minutes"], entry["age_days"]) == (
        [
            {
                "code": "dead-link", "kind": "text", "since": "2026-11-18", "votes": 0, "line": 5,
                "names": ["https://a.example/x"], "other": None, "times": 0,
            }
        ],
        5,
        50,
    )  # fmt: skip


def test_an_older_version_is_told():
    page = article(20, product=("app 5.9", "web shop"))

    assert told(page, products={"App": "5.10", "web shop": "3"}) == [
        ("product-behind", "It is about app 5.9; the current version is App 5.10.")
    ]
    assert told(page, products={"app": "5.9"}) == []


@pytest.mark.parametrize(
    ("sections", "says"),
    [
        (("", "Cards"), "Its source has changed since it was translated: the opening, “Cards”."),
        (None, "Its source has changed since it was translated."),
    ],
)
def test_a_translation_behind_its_source_names_sections(sections, says):
    source, page = article(20), article(20, "en", lines={"translated_from": 4})
    drifts = {page_key(page): Drift(page, source, sections)}

    assert told(page, drifts=drifts) == [("translation-behind", says)]


def page_key(page):
    return page.id, page.lang


def uses(page, times, **values):
    return [
        event("click", page, session=f"a{n}", source="agent", query="x", **values)
        for n in range(times)
    ]


def test_agents_use_what_readers_say_no_to():
    page = article(20)
    low = [vote for good in GOOD for vote in ballots(good, 16, 4)] + ballots(page, 8, 22)

    with_agents = told(page, events=[*low, *uses(page, 3)])
    few, old = (
        told(page, events=[*low, *uses(page, 2), *uses(page, 1)]),
        told(page, events=[*low, *uses(page, 9, day=28)]),
    )

    assert with_agents[1] == (
        "agents-use-it",
        "Agents used it 3 times in the last weeks, and readers say that it does not help.",
    )
    assert [code for code, _ in few] == [code for code, _ in old] == ["readers-say-no"]
    assert told(page, events=[*ballots(page, 28, 2), *uses(page, 9)]) == []


def pair(own, other, page=None):
    """Votes of a Korean source and its English translation, (yes, no) each."""
    page = page or article(20, "en")
    return page, [*ballots(page, *own), *ballots(article(20), *other)]


def test_a_translation_that_helps_less_than_its_source():
    page, events = pair((38, 22), (57, 3))

    standings = {s.key: s for s in found(article(20), page, events=events).standings}
    translation, source = standings["KB-0020", "en"], standings["KB-0020", "ko"]

    reason = next(r for r in translation.reasons if r.code == "translation-differs")
    assert "translation-differs" not in [r.code for r in source.reasons]
    assert ENGLISH.reason(reason, translation, TODAY) == (
        "38 of 60 voters found this translation helpful; of the source, 57 of 60 did. So it may be"
        " the wording rather than the content."
    )
    assert KOREAN.reason(reason, translation, TODAY).startswith(
        "이 번역은 투표한 60명 중 38명이 도움됐다고 했는데, 원문은 60명 중 57명이었어요."
    )


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ((40, 20), (44, 16)),  # no more than chance
        ((0, 3), (57, 3)),  # too few votes on the one
        ((57, 3), (38, 22)),  # the source is lower: its text is at fault, not the translation
    ],
)
def test_what_is_no_difference_of_the_translation(own, other):
    page, events = pair(own, other)

    standings = found(article(20), page, events=events).standings

    assert "translation-differs" not in {r.code for s in standings for r in s.reasons}


def test_a_review_silences_what_readers_made_of_it():
    page, events = pair((38, 22), (57, 3))
    kept = {(page_key(page), page.rev): [TODAY]}

    standings = analyse(corpus(*GOOD, article(20), page), events, TODAY, kept=kept).standings

    assert next(s for s in standings if s.key == page_key(page)).reasons == ()


def test_other_reasons_move_no_share_and_no_place_on_the_home_page():
    page = article(20, product=("app 1",), body="Old. <!-- expires: 2026-01-01 -->")
    events = [*ballots(page, 20, 4), *views(page, 30)]

    plain = found(replace(page, product=(), body="Old."), events=events)
    worn = found(page, events=events, products={"app": "2"})

    one, other = (next(s for s in f.standings if s.key == page_key(page)) for f in (plain, worn))
    assert (one.helpful, one.state, one.could_help) == (
        other.helpful,
        other.state,
        other.could_help,
    )
    assert popular(plain) == popular(worn)
    assert [s.key for s in worn.queue] == [page_key(page)]


def test_effort_grows_with_what_is_asked_for():
    """Two dates 10 minutes; rewriting 400 words 10 + 20; never both for the same words."""
    page = article(20, body="word " * 400, reviewed=None, expires=TODAY)
    dates = found(page).queue[0]
    rewritten = found(page, events=ballots(page, 2, 28)).queue[0]
    reread = found(page, events=ballots(page, 2, 28), products={"x": "1"}).queue[0]

    assert (dates.effort, rewritten.effort, reread.effort) == (10, 40, 40)


def test_the_queue_can_be_narrowed_and_says_so():
    pages = [
        article(20, reviewed=None, owner="Kim"),
        article(21, "en", reviewed=None, owner="kim", category="returns/exchange"),
        article(22, reviewed=None, owner="Lee", category="returns-old"),
    ]
    all_of_them = found(*pages)

    def left(**only):
        findings = narrowed(all_of_them, Only(**only))
        return [s.article.id for s in findings.queue]

    assert left() == ["KB-0020", "KB-0021", "KB-0022"]
    assert left(owner="KIM") == ["KB-0020", "KB-0021"]
    assert left(category="returns") == ["KB-0020", "KB-0021"]
    assert left(category="returns/exchange") == left(lang="en") == ["KB-0021"]
    few = narrowed(all_of_them, Only(owner="Lee", lang="ko"))
    data = as_json(few)
    assert (data["queue"], data["only"]["owner"]) == (["KB-0022"], "Lee")
    assert {a["id"]: a["place"] for a in data["articles"]}["KB-0020"] is None
    assert ENGLISH.summary(few)[1] == "Only owner Lee, language ko."
    assert popular(few) == popular(all_of_them)
