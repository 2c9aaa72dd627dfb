"""Text -> terms: the same for articles and for queries, in Python and in the browser.

theme/components/search/analysis.js says the same in JavaScript; tests/search runs both over the
same texts. Change one and you change the other, and raise VERSION.

A token is a stretch of one script; mixed words split where the script changes (SSO로그인). Its
`words` are what it is found by: an English stem, a Korean stem, a code in one piece. Its `pairs`
are the neighbouring syllables of scripts whose words are not cut at spaces. Korean pairs also
reach across one space, so that 고객 서비스 and 고객서비스 meet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from kbgen.search import korean, light

VERSION = 1
LONGEST = 64  # letters of a token; longer ones are data, not words
COMPOUND = 5  # parts of a compound that is also kept in one piece

# Letters, digits and combining marks of every script that sets spaces, by block and without
# properties such as \p{L}: Python and the browser know different versions of Unicode.
_LETTER = (
    "0-9A-Za-zªµºÀ-ÖØ-öø-ʯ\u0300-\u036fͰ-ͳͶͷͻ-ͽͿΆΈ-ϿЀ-\u052f\u0531-\u0556\u0561-\u0587"
    "\u05d0-\u05ea\u0620-\u0669\u066e-\u06d3\u06d5-\u06ff\u0750-\u077f\u0900-\u0963\u0966-\u0dff"
    "\u10a0-\u10ff\u1200-\u137f\u13a0-\u13f5\u1e00-\u1fff"
)
_HANGUL = "가-힣ㄱ-ㆎ"
_UNSPACED = (  # Thai and its neighbours, kana, Han
    "\u0e01-\u0e59\u0e81-\u0edf\u1000-\u104f\u1780-\u17e9々-〇ぁ-ゖゝ-ゟァ-ヺー-ヿㇰ-ㇿ"
    "㐀-\u4dbf一-\u9fff\uf900-\ufaffｦ-ﾟ\U00020000-\U0003fffd"
)
_TOKEN = re.compile(
    rf"(?P<word>[0-9]{{1,3}}(?:,[0-9]{{3}})+(?![0-9])|[{_LETTER}]+(?:[-.'’_][{_LETTER}]+)*)"
    rf"|(?P<hangul>[{_HANGUL}]+)|(?P<unspaced>[{_UNSPACED}]+)"
)
_MARKS = re.compile("[\u0300-\u036f]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_APOSTROPHE = re.compile("(?:['’]s)?['’]*")
_SEPARATOR = re.compile("[-._]")
_NUMBERED = re.compile(r"([a-z]{2,})([0-9][0-9.]*)")  # err1042, tls1.2
_VERSION = re.compile(r"v?([0-9]+(?:\.[0-9]+)*)")
_SYLLABLES = re.compile("[가-힣]{2,}")
_LETTERS = re.compile(rf"(?:(?![0-9])[{_LETTER}]){{3,}}")
_DIGITS = frozenset("0123456789")
_ENGLISH = re.compile(r"[a-z]{3,}")


class Token(NamedTuple):
    """A stretch of one script: where it stands in the text and the terms it gives."""

    start: int
    end: int
    text: str  # lower case, without accents
    words: tuple[str, ...]
    pairs: tuple[str, ...]

    @property
    def terms(self) -> tuple[str, ...]:
        """Words and pairs."""
        return self.words + self.pairs

    @property
    def written(self) -> str:
        """The word as it may be completed or repaired; "" for codes and short words."""
        return _written(self.text, self.words[0]) if self.words else ""


def normalise(text: str) -> str:
    """NFC, and full-width letters as plain ones. Offsets of tokens count in this text."""
    return unicodedata.normalize("NFC", text).translate(_FULL_WIDTH)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a normalised text, in order."""
    before = None  # the last Hangul token
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if match.lastgroup == "hangul":
            word, words, pairs = _hangul(match[0])
            if before and start == before.end + 1 and text[before.end] == " ":
                pairs = (before.words[0][-1] + word[0], *pairs)  # 환불을 신청, 환불신청
            before = Token(start, end, word, words, pairs)
            yield before
        elif match.lastgroup == "unspaced":
            yield Token(start, end, *_unspaced(match[0]))
        elif end - start <= LONGEST:
            yield Token(start, end, *_spaced(match[0]))


def terms(text: str) -> list[str]:
    """The terms of any text, as often as they occur."""
    return [term for token in tokens(normalise(text)) for term in token.terms]


_Terms = tuple[str, tuple[str, ...], tuple[str, ...]]  # text, words, pairs


@lru_cache(maxsize=1 << 16)
def _hangul(text: str) -> _Terms:
    return text, (korean.stem(text),), _pairs(text)


def _unspaced(text: str) -> _Terms:
    return (text, (text,), ()) if len(text) == 1 else (text, (), _pairs(text))


@lru_cache(maxsize=1 << 16)
def _spaced(text: str) -> _Terms:
    folded = _fold(text)
    return folded, _word(folded), ()


def _pairs(text: str) -> tuple[str, ...]:
    return tuple(text[at : at + 2] for at in range(len(text) - 1))


def _fold(word: str) -> str:
    """Lower case, without accents."""
    word = word.lower()
    if word.isascii():
        return word
    bare = _MARKS.sub("", unicodedata.normalize("NFD", word))
    return unicodedata.normalize("NFC", bare)


def _word(folded: str) -> tuple[str, ...]:
    """The terms of a word in a script with spaces: its stem, or a code whole and in parts."""
    word = _APOSTROPHE.sub("", folded).replace(",", "")
    parts = [part for part in _SEPARATOR.split(word) if part]
    version = _VERSION.fullmatch(word)
    if version and len(parts) > 1:
        return (version[1],)
    if len(parts) <= 1:
        return _part(word)
    whole = _SEPARATOR.sub("", word)
    numbered = re.fullmatch(r"([a-z]{2,})[-_]?([0-9]+(?:\.[0-9]+)+)", word)
    if numbered:  # TLS1.2, tls-1.2
        return _unique(numbered[1] + numbered[2], _stem(numbered[1]), numbered[2])
    found = [term for part in parts if len(part) > 1 or part in _DIGITS for term in _part(part)]
    return _unique(*([_stem(whole)] if len(parts) <= COMPOUND else []), *found)


def _part(word: str) -> tuple[str, ...]:
    numbered = _NUMBERED.fullmatch(word)
    if numbered:
        return _unique(word, _stem(numbered[1]), numbered[2])
    return (_stem(word),) if word else ()


@lru_cache(maxsize=1 << 16)
def _written(text: str, stem: str) -> str:
    if _SYLLABLES.fullmatch(text):
        return stem
    return text if _LETTERS.fullmatch(text) else ""


def _unique(*found: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


_SNOWBALL = light.english_stemmer()()


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    return str(_SNOWBALL.stemWord(word)) if _ENGLISH.fullmatch(word) else word
