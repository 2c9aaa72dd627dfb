"""The ranking: BM25 per field, added up, in whole numbers.

For a query, an article scores

    boost * sum over terms t:  weight of t in the query  *  idf(t)  *  impact(t, article)

    idf(t)        = ln(1 + (N - n + 0.5) / (n + 0.5)),  N articles, n of them with t
    impact(t, d)  = sum over fields f:  weight_f * tf * (K1 + 1) / (tf + K1 * norm)
    norm          = 1 - b_f + b_f * length of f in d / average length of f

Each field has its own length normalisation: a long body must not make a short title weak. The idf
is rounded to 1/64 and the impact to one of LEVELS steps, once, in Python. What is left for the
query is to multiply and add whole numbers, so the browser and Python agree to the last digit.
docs/search.md shows it on an example and says how the numbers were chosen.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kbgen.search.documents import FIELDS, Document


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a field counts, and how much its length matters (`b`, 0-1)."""

    weight: float
    b: float


WEIGHTS: Mapping[str, Weight] = {
    "title": Weight(4, 0.5),
    "questions": Weight(2.5, 0.75),
    "learned": Weight(0.5, 0.75),
    "aliases": Weight(3, 0.4),
    "headings": Weight(1.5, 0.5),
    "body": Weight(1, 0.85),
}
K1 = 1.2
FLOOR = 10  # percent of the best score that a result must have

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


def averages(documents: Sequence[Document]) -> Averages:
    """Over the documents that have the field at all."""
    means = []
    for place in range(len(FIELDS)):
        found = [d.lengths[place] for d in documents if d.lengths[place]]
        means.append(sum(found) / len(found) if found else 1.0)
    return Averages(len(documents), tuple(means))


def idf(n: int, documents: int) -> int:
    """Rarity of a term that `n` of the documents have, in 1/IDF_STEPS; at least one."""
    return max(1, round(IDF_STEPS * math.log(1 + (documents - n + 0.5) / (n + 0.5))))


def saturated(place: int, tf: int, length: int, average: float) -> float:
    """What a term adds to the impact from the field at `place` of FIELDS."""
    field = WEIGHTS[FIELDS[place]]
    norm = 1 - field.b + field.b * length / average
    return field.weight * tf * (K1 + 1) / (tf + K1 * norm)


def level(impact: float) -> int:
    """The step of TABLE that is nearest to an impact."""
    return bisect(_BOUNDS, impact)


def worthwhile(scores: Mapping[int, int]) -> dict[int, int]:
    """The scores without those far below the best: they share a common word and no more."""
    top = max(scores.values(), default=0)
    return {number: score for number, score in scores.items() if 100 * score >= FLOOR * top}


def best(scores: Mapping[int, int], limit: int) -> list[int]:
    """The documents with the highest scores; equal ones in their own order, which is by path."""
    return sorted(scores, key=lambda number: (-scores[number], number))[:limit]


def boosted(score: int, percent: int) -> int:
    """A score times what the front matter of the article asks for."""
    return score * percent // 100


def add_up(found: Iterable[tuple[int, int, Postings]]) -> dict[int, int]:
    """Scores by document from (weight in the query, idf, postings) of each term."""
    scores: dict[int, int] = {}
    for weight, rarity, postings in found:
        factor = weight * rarity
        for number, step in postings:
            scores[number] = scores.get(number, 0) + factor * TABLE[step]
    return scores
