"""Personal data leaves the text; everything else stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
