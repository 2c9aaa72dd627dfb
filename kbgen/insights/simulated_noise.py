"""How people really type: spaces left out or put in, letters missed or swapped."""

from __future__ import annotations

import numpy as np

_SPACING, _TYPO, _SHORT = 0.20, 0.08, 0.15
_FIRST, _LAST, _VOWELS, _FINALS = 0xAC00, 0xD7A3, 21, 28


def noisy(text: str, rng: np.random.Generator) -> tuple[str, bool]:
    """The text as somebody types it, and whether a letter is wrong in it."""
    if rng.random() < _SHORT:
        text = " ".join(text.split()[:2])
    if rng.random() < _SPACING:
        text = _spaced(text, rng)
    if len(text) > 2 and rng.random() < _TYPO:
        return _mistyped(text, rng), True
    return text, False


def _spaced(text: str, rng: np.random.Generator) -> str:
    if " " in text:
        return text.replace(" ", "", 1) if rng.random() < 0.5 else text.replace(" ", "")
    middle = len(text) // 2
    return f"{text[:middle]} {text[middle:]}"


def _mistyped(text: str, rng: np.random.Generator) -> str:
    places = [n for n, letter in enumerate(text) if letter.isalpha()] or [0]
    place = places[int(rng.integers(len(places)))]
    if _FIRST <= ord(text[place]) <= _LAST:
        return text[:place] + _wrong_syllable(text[place], rng) + text[place + 1 :]
    if rng.random() < 0.5 or place + 1 == len(text):
        return text[:place] + text[place + 1 :]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _wrong_syllable(syllable: str, rng: np.random.Generator) -> str:
    """The same syllable with another vowel, or without its final consonant."""
    initial, rest = divmod(ord(syllable) - _FIRST, _VOWELS * _FINALS)
    vowel, final = divmod(rest, _FINALS)
    if final and rng.random() < 0.5:
        final = 0
    else:
        vowel = (vowel + 1 + int(rng.integers(3))) % _VOWELS
    return chr(_FIRST + (initial * _VOWELS + vowel) * _FINALS + final)
