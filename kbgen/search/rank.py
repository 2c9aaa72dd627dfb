"""The ranking: BM25 per field, added up, in whole numbers.

For a query, an article scores

    boost * whole * sum over terms t:  weight of t in the query  *  idf(t)  *  impact(t, article)

    idf(t)        = ln(1 + (N - n + 0.5) / (n + 0.5)),  N articles, n of them with t
    impact(t, d)  = sum over fields f:  weight_f * tf * (k1 + 1) / (tf + k1 * norm)
    norm          = 1 - b_f + b_f * length of f in d / average length of f

Each field has its own length normalisation: a long body must not make a short title weak. `whole`
is 1 + the share of the query's weight that the article has, times a factor of the language, which
is 0 for most: in Korean, pairs of syllables meet by chance, and an article with few of the words
should not win by them. To this comes what earlier readers found (precedents.py).

The idf is rounded to 1/64 and the impact to one of LEVELS steps, once, in Python. What is left for
the query is to multiply and add whole numbers, so the browser and Python agree to the last digit.
docs/search.md shows it on an example and says how the numbers were chosen.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kbgen.search.documents import FIELDS


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a field counts, and how much its length matters (`b`, 0-1)."""

    weight: float
    b: float


WEIGHTS: Mapping[str, Weight] = {
    "title": Weight(4, 0.5),
    "questions": Weight(2.5, 0.75),
    "aliases": Weight(3, 0.4),
    "headings": Weight(1.5, 0.5),
    "body": Weight(1, 0.85),
}


@dataclass(frozen=True, slots=True)
class Tuning:
    """What differs by language.

    `k1` is how long repetition of a term counts, `whole` how much it counts that an article has
    the whole query, and `floor` how many percent of the best score a result must have.
    """

    k1: float = 1.2
    whole: int = 0
    floor: int = 10


TUNINGS: Mapping[str, Tuning] = {"ko": Tuning(1.8, 2, 3)}

PRIOR = 0.03  # most that an article gains by what readers did: it orders near-ties and no more
EVEN = 1000  # a boost that changes nothing

IDF_STEPS = 64  # whole numbers for 1.0
LEVELS = 90
IMPACT_STEPS = 64  # whole numbers for 1.0
_LOWEST, _HIGHEST = 0.1, 34.0  # impacts that the levels reach from and to
_RATIO = math.log(_HIGHEST / _LOWEST) / (LEVELS - 1)
TABLE = tuple(round(IMPACT_STEPS * _LOWEST * math.exp(_RATIO * n)) for n in range(LEVELS))
_BOUNDS = [_LOWEST * math.exp(_RATIO * (n + 0.5)) for n in range(LEVELS - 1)]

Postings = list[tuple[int, int]]  # (document, level), by document


@dataclass(frozen=True, slots=True)
class Averages:
    """The number of documents that are ranked together, and their mean length by field."""

    documents: int
    lengths: tuple[float, ...]


def averages(lengths: Sequence[Sequence[int]]) -> Averages:
    """Over the documents that have the field at all, from the lengths in all of them by field."""
    found = [[length for length in column if length] for column in lengths]
    means = [sum(column) / len(column) if column else 1.0 for column in found]
    return Averages(len(lengths[0]) if lengths else 0, tuple(means))


def idf(n: int, documents: int) -> int:
    """Rarity of a term that `n` of the documents have, in 1/IDF_STEPS; at least one."""
    return max(1, round(IDF_STEPS * math.log(1 + (documents - n + 0.5) / (n + 0.5))))


def tuning(lang: str) -> Tuning:
    """What holds for articles of a language."""
    return TUNINGS.get(lang, Tuning())


def saturated(place: int, tf: int, length: int, average: float, k1: float) -> float:
    """What a term adds to the impact from the field at `place` of FIELDS."""
    field = WEIGHTS[FIELDS[place]]
    norm = 1 - field.b + field.b * length / average
    return field.weight * tf * (k1 + 1) / (tf + k1 * norm)


def level(impact: float) -> int:
    """The step of TABLE that is nearest to an impact."""
    return bisect(_BOUNDS, impact)


def worthwhile(scores: Mapping[int, int], floor: int) -> dict[int, int]:
    """The scores without those far below the best: they share a common word and no more."""
    top = max(scores.values(), default=0)
    return {number: score for number, score in scores.items() if 100 * score >= floor * top}


def best(scores: Mapping[int, int], limit: int) -> list[int]:
    """The documents with the highest scores; equal ones in their own order, which is by path."""
    return sorted(scores, key=lambda number: (-scores[number], number))[:limit]


@lru_cache(maxsize=1 << 12)
def boost(percent: int, prior: float) -> int:
    """The factor of an article's own, in 1/EVEN.

    `percent` is what its front matter asks for, `prior` how much readers so far speak for it, 0-1.
    """
    return round(EVEN * percent / 100 * (1 + PRIOR * min(max(prior, 0.0), 1.0)))


def boosted(score: int, boost: int) -> int:
    """A score times that factor."""
    return score * boost // EVEN


def add_up(found: Iterable[tuple[int, int, Postings]], *, whole: int = 0) -> dict[int, int]:
    """Scores by document from (weight in the query, idf, postings) of each term.

    With `whole` each score grows by so many times the share of the query that the document has,
    by weight and idf, not counting terms that no document has.
    """
    scores: dict[int, int] = {}
    shares: dict[int, int] = {}
    known = 0
    for weight, rarity, postings in found:
        factor = weight * rarity
        known += factor if postings else 0
        for number, step in postings:
            scores[number] = scores.get(number, 0) + factor * TABLE[step]
            shares[number] = shares.get(number, 0) + factor
    if whole:
        return {n: score + whole * score * shares[n] // known for n, score in scores.items()}
    return scores
