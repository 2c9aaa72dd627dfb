"""Hangul as the keys of a keyboard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.search import keys

SYLLABLES = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1)
KEYS = st.text("abcde", max_size=6)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("환불", "ghksqnf"),
        ("값이", "rkqtdl"),
        ("쌍꺼풀", "TkdRjvnf"),
        ("과외", "rhkdhl"),
        ("help", "help"),
        ("환ㅂ", "ghksq"),
        ("ㅗ디ㅔ", "help"),
    ],
)
def test_typed(text, typed):
    """The keys of a Korean keyboard that give a text."""
    assert keys.typed(text) == typed


@given(SYLLABLES)
def test_every_text_of_syllables_comes_back(text):
    """What the keys of a text give is that text."""
    assert keys.composed(keys.typed(text)) == text


@pytest.mark.parametrize("word", ["help", "refund", "sso", "ghk5", "rr", ""])
def test_english_words_give_no_hangul(word):
    """Only keys that give whole syllables throughout are Hangul."""
    assert keys.composed(word) == ""


def test_initials():
    """The consonants that Korean readers type for short."""
    assert keys.initials("환불 기간") == "ㅎㅂ ㄱㄱ"
    assert keys.is_initials("ㅎㅂ")
    assert not keys.is_initials("ㅎ")
    assert not keys.is_initials("ㅎ불")


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("refund", "refund", 0),
        ("refnd", "refund", 1),
        ("refuund", "refund", 1),
        ("rafund", "refund", 1),
        ("reufnd", "refund", 1),
        ("rfnd", "refund", 2),
        ("order", "refund", 3),
        ("", "ab", 2),
    ],
)
def test_slips(one, other, slips):
    """Left out, added, exchanged, swapped: one slip each; more than two count as three."""
    assert keys.slips(one, other, 2) == slips


def naive(one, other):
    """Optimal string alignment by its definition."""
    if not one or not other:
        return len(one) + len(other)
    found = min(
        naive(one[1:], other) + 1,
        naive(one, other[1:]) + 1,
        naive(one[1:], other[1:]) + (one[0] != other[0]),
    )
    if len(one) > 1 and len(other) > 1 and one[:2] == other[1::-1]:
        found = min(found, naive(one[2:], other[2:]) + 1)
    return found


@given(KEYS, KEYS)
def test_slips_are_the_distance(one, other):
    """The fast way agrees with the definition."""
    assert keys.slips(one, other, 9) == naive(one, other)
    assert keys.slips(one, other, 2) == min(naive(one, other), 3)
