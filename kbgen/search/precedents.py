"""Questions that led earlier readers to an article: how near they come to what is asked now.

A question is compared as a whole, so that a word it happens to share with the query counts for
little and the same question asked again counts for much:

    nearness = shared / (asked + (size - shared) * FOREIGN)

where `asked` is the weight of the query (of each term its weight times its idf), `size` that of
the earlier question, and `shared` that of the terms which both have: Tversky's index ("Features of
similarity", Psychological Review 84, 1977) with the weights 1 and FOREIGN. The cube of it is a
vote. The nearest question has a full one; all others of an article have together no more than
another full one, so that no crowd of them decides. An article gains its votes times GAIN times the
best score that the texts alone gave, or that a text with every term of the query once would get.

Everything is a whole number. theme/components/search/precedents.js says the same in JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from kbgen.search import rank

FOREIGN = 3  # tenths that a term counts which only the earlier question has
GAIN = 2  # best scores that a full vote is worth
FULL = 1024  # a full vote
STEPS = 256  # of nearness
STRONGEST = 7  # quarters that a question counts which was asked often, beside the four of any


class Precedent(NamedTuple):
    """An earlier question: its terms, their weight in all, and in quarters how much it counts."""

    terms: AbstractSet[str]
    size: int
    strength: int


def strength(times: int) -> int:
    """In quarters: 4 for a question asked once, one more for each doubling, 11 at most."""
    return 4 + min(STRONGEST, max(1, times).bit_length() - 1)


def vote(shared: int, asked: int, size: int, strength: int) -> int:
    """What one earlier question says for its article, in 1/FULL; more than FULL if it is strong."""
    nearness = 10 * STEPS * shared // (10 * asked + FOREIGN * max(0, size - shared))
    nearness = min(STEPS, nearness)
    return nearness * nearness * nearness * strength * FULL // (4 * STEPS**3)


def gain(votes: Iterable[int], best: int) -> int:
    """Points for an article from its votes; `best` is the best score of all."""
    most = total = 0
    for each in votes:
        most = max(most, each)
        total += each
    return GAIN * best * (min(most, FULL) + min(total - most, FULL)) // FULL


def gains(
    worth: Mapping[str, int], candidates: Mapping[int, Iterable[Precedent]], best: int
) -> dict[int, int]:
    """Place -> points, for each candidate whose earlier questions share a term with the query.

    `worth` is the weight times the idf of each term of the query, `best` the best score of texts.
    """
    whole = sum(worth.values())
    best = max(best, rank.IMPACT_STEPS * whole)
    found = {}
    for place, precedents in candidates.items():
        votes = [
            vote(shared, whole, each.size, each.strength)
            for each in precedents
            if (shared := sum(points for term, points in worth.items() if term in each.terms))
        ]
        points = gain(votes, best)
        if points:
            found[place] = points
    return found
