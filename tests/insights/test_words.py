"""Sentences and columns: what the report and the terminal say."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.insights import analyse
from kbgen.insights.as_json import as_json
from kbgen.insights.columns import display_width, pad, shorten, table
from kbgen.insights.text import as_text, fold
from kbgen.insights.words import Words, rounded
from tests.insights.samples import TODAY, article, asked, ballots, corpus, event, views

CASES = Path(__file__).parent / "cases"
KOREAN, ENGLISH = Words("ko"), Words("en")


def golden():
    """A library of twelve with one article for each reason."""
    good = [article(n, title=f"좋은 글 {n}") for n in range(1, 7)]
    good += [article(n, "en", title=f"Good text {n}") for n in range(1, 4)]
    bad = article(20, title="환불은 언제 받을 수 있나요")
    old = article(21, "en", title="How do I change the address of my order", owner="orders")
    over = article(22, title="가을 할인", expires=date(2026, 11, 1))
    soon = article(23, title="쿠폰", reviewed=date(2026, 6, 1), review_every=timedelta(days=180))
    never = article(24, title="배송비", reviewed=None)
    events = [*ballots(bad, 6, 20), *views(bad, 90), *views(over, 40), *views(soon, 12)]
    events += [event("vote", old, vote=0, voter=f"x{n}", reason="outdated") for n in range(3)]
    events += [*ballots(old, 20, 2), *views(old, 60), *ballots(soon, 1, 1)]
    for page in good:
        events += [*ballots(page, 11, 4), *views(page, 30), *ballots(page, 9, 3, day=35)]
    events += [*asked("해외 배송 되나요", 6), *asked("store", 4, results=3, lang="en")]
    events += [*asked("이름이 든 질문", 1), event("contact", session="c")]
    events.append(event("view", article(99), session="gone"))
    return corpus(*good, bad, old, over, soon, never), events


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_page_of_the_terminal(lang):
    """Set KBGEN_WRITE_GOLDEN=1 to write the file anew, and read the difference."""
    shop, events = golden()
    file = CASES / f"report.{lang}.txt"

    text = as_text(analyse(shop, events, TODAY), Words(lang), site_name="온담 고객센터", width=110)

    if os.environ.get("KBGEN_WRITE_GOLDEN"):
        file.write_text(text, "utf-8")
    assert text == file.read_text("utf-8")


def test_a_site_without_events_says_what_will_come():
    text = as_text(analyse(corpus(article(1)), [], TODAY), ENGLISH, site_name="Help")

    assert text == (
        "Help, up to 20 Nov 2026\n\n"
        "No events yet. As soon as readers vote or search, this report fills by itself.\n"
    )


def standing(yes, no, **changes):
    page = article(20, **changes)
    library = [article(n) for n in range(1, 12)]
    events = [*ballots(page, yes, no)]
    for other in library:
        events += ballots(other, 18, 7)
    found = analyse(corpus(page, *library), events, TODAY)
    return next(s for s in found.standings if s.article.id == "KB-0020")


@pytest.mark.parametrize(
    ("yes", "no", "english", "korean"),
    [
        (28, 10, "73 % (65-80) of 38 voters", "투표한 38명 중 73% (65-80)"),
        (2, 1, "not enough votes: 2 of 3 said yes", "투표가 아직 적어요: 3명 중 2명이 도움됐다고"),
        (0, 0, "no votes yet", "아직 투표가 없어요"),
    ],
)
def test_the_share_in_words(yes, no, english, korean):
    found = standing(yes, no)

    assert ENGLISH.share(found) == english
    assert KOREAN.share(found).startswith(korean)


@pytest.mark.parametrize(
    ("days", "english", "korean"),
    [
        (0, "today", "오늘"),
        (1, "tomorrow", "내일"),
        (-1, "yesterday", "어제"),
        (9, "in 9 days", "9일 뒤"),
        (-40, "40 days ago", "40일 전"),
    ],
)
def test_days_from_today(days, english, korean):
    day = TODAY + timedelta(days=days)

    assert (ENGLISH.when(day, TODAY), KOREAN.when(day, TODAY)) == (english, korean)


def test_chances_are_never_certain():
    assert [ENGLISH.chance(p) for p in (0.0, 0.004, 0.5, 0.999, 1.0)] == [
        "<1 %", "<1 %", "50 %", ">99 %", ">99 %",
    ]  # fmt: skip


def test_estimates_have_two_digits():
    assert [rounded(n) for n in (0.4, 7.6, 99.4, 147, 1234, 98765)] == [0, 8, 99, 150, 1200, 99000]


def test_a_language_without_words_reads_english():
    assert Words("fr").lang == "en"


def test_korean_letters_are_two_columns_wide():
    assert [display_width(text) for text in ("환불", "abc", "환a", "é")] == [4, 3, 3, 1]
    assert pad("환불", 6, "right") == "  환불"
    assert shorten("환불은 언제", 7) == "환불은…"


@given(st.text(max_size=40), st.integers(1, 30))
def test_shortened_text_fits(text, width):
    assert display_width(shorten(text, width)) <= max(width, 1) or display_width(text) <= width


@given(st.lists(st.tuples(st.text("ab환불 ", max_size=30), st.integers()), min_size=1, max_size=6))
def test_columns_line_up(rows):
    lines = table(
        ["이름", "n"], [(a, str(b)) for a, b in rows], ["left", "right"], width=60, flexible=0
    )

    assert len({display_width(line) for line in lines}) == 1


def test_folded_lines_fit():
    text = KOREAN("queue.formula")

    assert all(display_width(line) <= 110 for line in fold(text, 100))


def test_the_json_of_the_same_world():
    """The interface in full: a change here is a change for every program that reads it."""
    shop, events = golden()
    file = CASES / "report.json"

    text = json.dumps(as_json(analyse(shop, events, TODAY)), ensure_ascii=False, indent=1) + "\n"

    if os.environ.get("KBGEN_WRITE_GOLDEN"):
        file.write_text(text, "utf-8")
    # Machines sum in different orders, so the last of four digits may differ.
    wanted = json.loads(
        file.read_text("utf-8"), parse_float=lambda said: pytest.approx(float(said), abs=1.01e-4)
    )
    assert json.loads(text) == wanted
