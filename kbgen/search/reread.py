"""Words that no article has, read once more as what the reader may have meant.

theme/components/search/reread.js says the same in JavaScript.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple, Protocol

from kbgen.search import analysis, keys
from kbgen.search.analysis import Token

CHOICES = 6  # words that one word may stand for
ONE_SLIP, TWO_SLIPS = 4, 9  # keys from which a word may have one or two slips
SHORTEST, LONGEST_SPLIT = 2, 24  # letters of a part and of the whole of words to be split

_LATIN = re.compile("[A-Za-z]+")
_HANGUL = re.compile("[가-힣ㄱ-ㆎ]+")
_LAST = "\uffff"  # after every word


class Words(Protocol):
    """What must be known of an index."""

    def has(self, term: str) -> bool:
        """Whether any article has the term."""

    def between(self, first: str, last: str) -> Sequence[tuple[str, int]]:
        """(written word, count) for the words from `first` up to but not with `last`, sorted."""


How = Literal["joined", "completed", "mode", "initials", "repaired", "split"]


class Reading(NamedTuple):
    """What a word was read as: how, and the words, likeliest first."""

    how: How
    words: list[str]


def reread(token: Token, typed: str, known: Words, *, unfinished: bool) -> Reading | None:
    """The words to look for as well; None if nothing comes near. `typed` keeps capitals."""
    if not (_LATIN.fullmatch(typed) or _HANGUL.fullmatch(typed)):
        return None
    ways: tuple[tuple[How, Callable[[], list[str]]], ...] = (
        ("completed", lambda: _completed(token.text, known) if unfinished else []),
        ("mode", lambda: _other_mode(token.text, typed, known)),
        ("initials", lambda: _by_initials(token.text, known)),
        ("repaired", lambda: _repaired(token, known)),
        ("split", lambda: _split(token.text, known)),
    )
    return next((Reading(how, words) for how, read in ways if (words := read())), None)


def joined(one: Token, other: Token, known: Words) -> Reading | None:
    """Two Latin words that an article has as one: pass word."""
    if other.start != one.end + 1 or not all(_LATIN.fullmatch(t.text) for t in (one, other)):
        return None
    found = next(analysis.tokens(one.text + other.text), None)
    if found and any(known.has(term) for term in found.words):
        return Reading("joined", [found.text])
    return None


def _completed(text: str, known: Words) -> list[str]:
    """The commonest words that begin like an unfinished one."""
    if not _HANGUL.fullmatch(text):
        return _commonest(known.between(text, text + _LAST)) if len(text) > 1 else []
    if not keys.is_syllable(text[0]):
        return []
    begin = keys.typed(text)
    return _commonest(
        (word, count)
        for word, count in known.between(*_range(text))
        if keys.typed(word).startswith(begin)
    )


def _range(text: str) -> tuple[str, str]:
    """The words that may go on from a Hangul text, whose last syllable may still change."""
    head, last = text[:-1], text[-1]
    if not keys.is_syllable(last):
        return head, head + _LAST
    first, after = keys.with_any_final(last)
    return head + first, head + after


def _other_mode(text: str, typed: str, known: Words) -> list[str]:
    """ghksqnf -> 환불 and ㅗ디ㅔ -> help, if an article has it."""
    other = keys.composed(typed) if _LATIN.fullmatch(typed) else keys.typed(text).lower()
    if len(text) < 2 or not other:  # a single key says nothing
        return []
    found = next(analysis.tokens(other), None)
    return [other] if found and any(known.has(term) for term in found.terms) else []


def _by_initials(text: str, known: Words) -> list[str]:
    """ㅎㅂ -> the commonest words whose syllables begin so."""
    if not keys.is_initials(text):
        return []
    return _commonest(
        (word, count)
        for word, count in known.between(*keys.block_of(text[0]))
        if keys.initials(word).startswith(text)
    )


def _repaired(token: Token, known: Words) -> list[str]:
    """The nearest word, by slips of the finger."""
    if any(known.has(pair) for pair in token.pairs):
        return []
    word = token.written or _broken(token)
    meant = keys.typed(word)
    most = 2 if len(meant) >= TWO_SLIPS else 1 if len(meant) >= ONE_SLIP else 0
    if not most:
        return []
    for begins in (_same_begin(word), _other_begins(word)):
        near = [
            (distance, -count, other)
            for begin in begins
            for other, count in known.between(*begin)
            if (distance := keys.slips(meant, keys.typed(other), most)) <= most
        ]
        if near:
            return [min(near)[2]]
    return []


def _broken(token: Token) -> str:
    """A word that a slip has broken into letters: ㅂ송비, 배ㅗㅇ비. "" for other tokens."""
    found = _HANGUL.fullmatch(token.text) and not keys.is_initials(token.text)
    return token.words[0] if found and len(token.text) > 1 else ""


def _split(text: str, known: Words) -> list[str]:
    """Two words without the space between them, cut as near to the middle as they can be."""
    if not _LATIN.fullmatch(text) or len(text) > LONGEST_SPLIT:
        return []
    places = [
        at
        for at in range(SHORTEST, len(text) - SHORTEST + 1)
        if _is_word(text[:at], known) and _is_word(text[at:], known)
    ]
    cuts = [(-min(at, len(text) - at), f"{text[:at]} {text[at:]}") for at in places]
    return [min(cuts)[1]] if cuts else []


def _is_word(text: str, known: Words) -> bool:
    return any(known.has(term) for token in analysis.tokens(text) for term in token.words)


def _same_begin(word: str) -> list[tuple[str, str]]:
    """The words with the same first letter or consonant."""
    if keys.is_syllable(word[0]):
        return [keys.with_initial(word[0])]
    if _HANGUL.match(word):
        return [keys.block_of(word[0])] if keys.is_initials(word[0] * 2) else []
    return [(word[0], word[0] + _LAST)]


def _other_begins(word: str) -> list[tuple[str, str]]:
    """The words that begin as if the first key was one too many, swapped, or a neighbour's.

    Few enough that a browser need not load half the alphabet for a name that no article has.
    """
    if keys.is_syllable(word[0]):
        return [keys.with_any_final(other) for other in keys.with_consonant_beside(word[0])]
    if _HANGUL.match(word):
        return []
    begins = [word[1:3], word[1] + word[0], *(key + word[1] for key in keys.beside(word[0]))]
    return [(begin, begin + _LAST) for begin in begins]


def _commonest(words: Iterable[tuple[str, int]]) -> list[str]:
    return [word for word, _ in sorted(words, key=lambda w: (-w[1], w[0]))[:CHOICES]]
