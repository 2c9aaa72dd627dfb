"""A query -> the terms to look up, how much each counts, and which of them to mark.

A word that no article has is read once more: as the beginning of a longer word, as typed in the
other keyboard mode, as initials, as a slip of the finger. A word that some article has is never
touched. theme/components/search/query.js says the same in JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from kbgen.search import analysis, korean
from kbgen.search.analysis import Token
from kbgen.search.reread import Reading, Words, joined, reread

WORD, PAIR = 3, 1  # weight of a word and of a pair of syllables
MOST_TOKENS = 64  # of a query; the rest is not read, so that no text takes long to answer
MOST_TERMS = 128
MOST_WEIGHT = 16  # of a term that a query repeats; scores must stay numbers that browsers can count
MOST_REREAD = 24  # different words; each may mean a look at thousands of others

# Words that say nothing alone. They rank like any other word, whose idf weighs them down, but
# they are not marked in results.
_ENGLISH = """
a about an and any are as at be been but by can could did do does for from had has have how i if in
is it its me my not of on or our out should so than that the their them then there these they this
to was we were what when where which who why will with would you your
"""
_KOREAN = """
것 수 때 등 및 또는 그리고 하지만 좀 더 이 그 저 어떻게 어떤 왜 무엇 뭐 하나요 되나요 있나요 없나요
하는 되는 있는 없는 해요 돼요 되요 합니다 됩니다 있습니다 없습니다 싶어요 싶습니다 주세요 알려주세요
해주세요
"""
STOP_WORDS = tuple(sorted({*_ENGLISH.split(), *map(korean.stem, _KOREAN.split())}))


@dataclass(slots=True)
class Query:
    """What a query asks for. `read_as` says which words were read as which others."""

    weights: dict[str, int] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)  # terms to mark wherever they stand
    pairs: set[str] = field(default_factory=set)  # terms to mark where several stand together
    read_as: dict[str, Reading] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether a word may stand for several, of which an article need not have all."""
        return any(len(reading.words) > 1 for reading in self.read_as.values())


def read(text: str, known: Words) -> Query:
    """The query that a text asks."""
    text = analysis.normalise(text)
    tokens = list(islice(analysis.tokens(text), MOST_TOKENS))
    query = Query()
    readings: dict[tuple[str, bool], Reading | None] = {}
    for at, token in enumerate(tokens):
        _add(query, token)
        if any(known.has(term) for term in token.words):
            continue
        typed, unfinished = text[token.start : token.end], token.end == len(text)
        reading = _with_neighbour(tokens, at, known)
        if not reading:
            key = typed, unfinished
            if key not in readings and len(readings) < MOST_REREAD:
                readings[key] = reread(token, typed, known, unfinished=unfinished)
            reading = readings.get(key)
        if reading:
            query.read_as[typed] = reading
            for place, word in enumerate(reading.words):
                for other in analysis.tokens(word):
                    _add(query, other, 1 if place else WORD)
    query.weights = _limited(query.weights)
    return query


def weights(text: str) -> dict[str, int]:
    """The terms of a question as it stands, with their weights."""
    query = Query()
    for token in islice(analysis.tokens(analysis.normalise(text)), MOST_TOKENS):
        _add(query, token)
    return _limited(query.weights)


def _limited(weights: Mapping[str, int]) -> dict[str, int]:
    return {term: min(weight, MOST_WEIGHT) for term, weight in islice(weights.items(), MOST_TERMS)}


def _with_neighbour(tokens: list[Token], at: int, known: Words) -> Reading | None:
    """A word that has a space too many, before it or after it."""
    for one, other in ((at - 1, at), (at, at + 1)):
        if one >= 0 and other < len(tokens):
            reading = joined(tokens[one], tokens[other], known)
            if reading:
                return reading
    return None


def _add(query: Query, token: Token, weight_of_words: int = WORD) -> None:
    for terms, weight in ((token.words, weight_of_words), (token.pairs, PAIR)):
        for term in terms:
            query.weights[term] = query.weights.get(term, 0) + weight
    query.words.update(term for term in token.words if term not in _STOP)
    query.pairs.update(_inner_pairs(token))


def _inner_pairs(token: Token) -> Iterable[str]:
    """The pairs of a token without its particle and without the one across the space before it."""
    if not token.words:
        return token.pairs
    stem = token.words[0]
    if not token.pairs or stem in _STOP:
        return ()
    return (stem[at : at + 2] for at in range(len(stem) - 1))


_STOP = frozenset(STOP_WORDS)
