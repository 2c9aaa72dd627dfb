"""Personal data leaves the text; everything else stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.events import scrub as rules
from kbgen.events.scrub import scrub

CASES = json.loads((Path(__file__).parent / "cases/scrub.json").read_text("utf-8"))


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_takes_out_what_identifies_a_person(text: str, expected: str) -> None:
    assert expected == scrub(text)


@given(st.text(st.sampled_from(list("019 -.@#aZ()가+*")) | st.characters()))
def test_doing_it_twice_changes_nothing_more(text: str) -> None:
    once = scrub(text)

    assert once == scrub(once)


def test_long_text_does_not_take_long() -> None:
    """Nothing that a reader can send keeps the collector busy."""
    for text in ("a" * 1000, "1 " * 500, "a.@" * 330, "+1" * 500, "주문번호" * 250, "0-" * 500):
        scrub(text)


def thorough(text: str) -> str:
    """The same rules without any of the short cuts."""
    while rules._WORTH_A_LOOK.search(text):
        before = text
        for spans, token in (
            (rules._matches(rules._EMAIL), "[email]"),
            (rules._matches(rules._RESIDENT), "[id]"),
            (rules._matches(rules._PHONE), "[phone]"),
            (rules._cards, "[card]"),
            (rules._matches(rules._NAMED), "[number]"),
            (rules._matches(rules._NUMBER), "[number]"),
        ):
            text = rules._replace(text, spans(text.translate(rules._FOLD)), token)
        if text == before:
            break
    return text


PIECES = st.sampled_from(
    ["010-1234-5678", "+82 2 123 4567", "a@b.kr", "ａ＠ｂ.kr", "(AT)", "(ａｔ)", "골뱅이",
     "주문번호 ", "ORDER no. ", "K42", "#1234", "AB123456", "4111 1111 1111 1111", "900101-1******",
     "９０", " ", "2,500원", "환불", "K", "ſ", "1", "-"]
)  # fmt: skip


@given(st.lists(PIECES | st.characters(), max_size=12).map("".join))
def test_short_cuts_miss_nothing(text: str) -> None:
    assert thorough(text) == scrub(text)


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_short_cuts_miss_nothing_known(text: str) -> None:
    assert thorough(text) == scrub(text)
