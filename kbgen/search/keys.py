"""Hangul as the keys of a Korean keyboard: 환불 is typed g h k s q n f.

One table does three things: a word that is still being typed (환부) begins like a longer one
(환불) if its keys do; text typed in the wrong mode (ghksqnf, ㅗ디ㅔ) is read as the other; and a
slip of the finger is one key, whatever it does to the syllable.

theme/components/search/keys.js says the same in JavaScript.
"""

from __future__ import annotations

import re

_FIRST = "r R s e E f a q Q t T d w W c z x v g".split()  # noqa: SIM905
_VOWEL = "k o i O j p u P h hk ho hl y n nj np nl b m ml l".split()  # noqa: SIM905
_LAST = " r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g".split(" ")  # noqa: SIM905
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_BASE, _VOWELS, _LASTS = 0xAC00, len(_VOWEL), len(_LAST)

_LONE = (
    dict(zip(_INITIALS, _FIRST, strict=True))
    | {chr(0x314F + at): keys for at, keys in enumerate(_VOWEL)}
    | {sign: keys for sign, keys in zip(_FINALS, _LAST, strict=True) if keys}
)
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHIFTED = "QWERTOP"  # letters that are other keys with Shift; the rest are the same
_VOWEL_KEYS = "hjklyubnmiopOP"
_SYLLABLE = re.compile(
    rf"([{''.join(_FIRST)}])"
    rf"({'|'.join(sorted(_VOWEL, key=len, reverse=True))})"
    rf"((?:{'|'.join(sorted(filter(None, _LAST), key=len, reverse=True))})(?![{_VOWEL_KEYS}]))?"
)


def is_syllable(sign: str) -> bool:
    """Whether a character is one of 가-힣."""
    return "가" <= sign <= "힣"


def typed(text: str) -> str:
    """The keys that give a text; what is not Hangul stays."""
    if text.isascii():
        return text
    return "".join(_syllable(ord(c) - _BASE) if is_syllable(c) else _LONE.get(c, c) for c in text)


def composed(keys: str) -> str:
    """The Hangul that Latin keys give; "" unless they give whole syllables throughout."""
    keys = "".join(key if key in _SHIFTED else key.lower() for key in keys)
    found = []
    at = 0
    while match := _SYLLABLE.match(keys, at):
        first, vowel, last = match.groups("")
        place = _FIRST.index(first) * _VOWELS + _VOWEL.index(vowel)
        found.append(chr(_BASE + place * _LASTS + _LAST.index(last)))
        at = match.end()
    return "".join(found) if at == len(keys) else ""


def initials(text: str) -> str:
    """The first consonant of each syllable: ㅎㅂ for 환불."""
    return "".join(
        _INITIALS[(ord(c) - _BASE) // (_VOWELS * _LASTS)] if is_syllable(c) else c for c in text
    )


def is_initials(text: str) -> bool:
    """Whether a text is nothing but two or more consonants."""
    return len(text) > 1 and all(sign in _INITIALS for sign in text)


def with_any_final(syllable: str) -> tuple[str, str]:
    """The first syllable with the same beginning, and the one after the last of them."""
    start = ord(syllable) - (ord(syllable) - _BASE) % _LASTS
    return chr(start), chr(start + _LASTS)


def with_initial(syllable: str) -> tuple[str, str]:
    """The first syllable with the same first consonant, and the one after the last of them."""
    block = _VOWELS * _LASTS
    start = ord(syllable) - (ord(syllable) - _BASE) % block
    return chr(start), chr(start + block)


def beside(key: str) -> str:
    """The keys to the left and to the right of a Latin key."""
    row = next((row for row in _ROWS if key in row), "")
    at = row.find(key)
    return row[max(0, at - 1) : at] + row[at + 1 : at + 2]


def with_consonant_beside(syllable: str) -> list[str]:
    """The syllable, without its final, with each first consonant that a slip would give."""
    first, rest = divmod(ord(syllable) - _BASE, _VOWELS * _LASTS)
    vowel = rest - rest % _LASTS
    key = _FIRST[first]
    others = [*beside(key.lower()), key.swapcase()]
    return [
        chr(_BASE + _FIRST.index(other) * _VOWELS * _LASTS + vowel)
        for other in others
        if other in _FIRST
    ]


def block_of(consonant: str) -> tuple[str, str]:
    """As `with_initial`, for a consonant that stands alone."""
    return with_initial(chr(_BASE + _INITIALS.index(consonant) * _VOWELS * _LASTS))


def slips(one: str, other: str, most: int) -> int:
    """Keys left out, added, exchanged or swapped between two texts; `most` + 1 if more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    here, there = set(one), set(other)
    # A slip brings or takes one letter at most: this spares most words the rest, and changes none.
    if max(len(here - there), len(there - here)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, key in enumerate(one, 1):
        before, above, row = row, before, [at]
        for place, wanted in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (key != wanted))
            swapped = at > 1 and place > 1 and key == other[place - 2] and one[at - 2] == wanted
            row.append(min(cost, above[place - 2] + 1) if swapped else cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _syllable(offset: int) -> str:
    first, rest = divmod(offset, _VOWELS * _LASTS)
    vowel, last = divmod(rest, _LASTS)
    return _FIRST[first] + _VOWEL[vowel] + _LAST[last]
