"""The articles that are ranked together, and what the ranking must know of them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from kbgen.search import rank
from kbgen.search.documents import FIELDS, Document
from kbgen.search.excerpt import Worth
from kbgen.search.query import Query
from kbgen.search.rank import Postings
from kbgen.search.store import Store


@dataclass(frozen=True, slots=True)
class Reason:
    """What one term gives to the score of an article: weight * idf * impact = points.

    The points add up to the score, unless the front matter has a boost.
    """

    term: str
    weight: int
    idf: int  # in 1/64
    impact: int  # in 1/64
    points: int


class Collection:
    """The articles that are ranked together: those of one language that one audience may see."""

    def __init__(self, store: Store, numbered: Mapping[int, Document]) -> None:
        order = sorted(numbered, key=lambda number: numbered[number].path)
        self.documents = [numbered[number] for number in order]
        self.averages = rank.averages(self.documents)
        self._store = store
        self._place = {number: place for place, number in enumerate(order)}
        self._postings: dict[str, tuple[int, Postings]] = {}

    def postings(self, term: str) -> tuple[int, Postings]:
        """The idf of a term, and its level in each document that has it."""
        if term not in self._postings:
            self._postings[term] = self._read(term)
        return self._postings[term]

    def has(self, term: str) -> bool:
        """Whether any document has the term."""
        return bool(self.postings(term)[1])

    def scores(self, query: Query) -> dict[int, int]:
        """Place in `documents` -> score, for each document that has any of the terms."""
        found = rank.add_up(
            (weight, *self.postings(term)) for term, weight in query.weights.items()
        )
        return {
            place: rank.boosted(score, self.documents[place].boost)
            for place, score in found.items()
        }

    def between(self, first: str, last: str) -> list[tuple[str, int]]:
        """Written words from `first` up to but not with `last`, each with its count."""
        words = self.vocabulary
        return words[bisect_left(words, (first, 0)) : bisect_left(words, (last, 0))]

    def reasons(self, query: Query, path: str) -> list[Reason]:
        """The terms of a query that an article has, most points first."""
        place = next(at for at, document in enumerate(self.documents) if document.path == path)
        found = []
        for term, weight in query.weights.items():
            rarity, postings = self.postings(term)
            impact = next((rank.TABLE[level] for at, level in postings if at == place), 0)
            found += [Reason(term, weight, rarity, impact, weight * rarity * impact)]
        return sorted((r for r in found if r.impact), key=lambda r: (-r.points, r.term))

    def worth(self, query: Query) -> Worth:
        """What it is worth to show each term of a query."""
        terms = query.words | query.pairs
        value = {
            term: weight * self.postings(term)[0]
            for term, weight in query.weights.items()
            if term in terms and self.has(term)
        }
        return Worth(value, query.words)

    @cached_property
    def vocabulary(self) -> list[tuple[str, int]]:
        """Words as they are written that stand in two articles or in one title, sorted."""
        counts: Counter[str] = Counter()
        for document in self.documents:
            counts.update(document.words)
        return sorted((word, count) for word, count in counts.items() if count > 1)

    def all_postings(self) -> dict[str, tuple[int, Postings]]:
        """What `postings` says of every term, in the order of the terms."""
        impacts: dict[str, dict[int, float]] = {}
        for at, field in enumerate(FIELDS):
            for term, found in self._store.all_postings(field):
                self._gather(impacts.setdefault(term, {}), at, found)
        return {term: self._rank(found) for term, found in sorted(impacts.items()) if found}

    def _read(self, term: str) -> tuple[int, Postings]:
        impacts: dict[int, float] = {}
        for at, field in enumerate(FIELDS):
            self._gather(impacts, at, self._store.postings(field, term))
        return self._rank(impacts)

    def _gather(
        self, impacts: dict[int, float], field_at: int, found: Iterable[tuple[int, int]]
    ) -> None:
        """Adds what a field gives to the impacts of a term."""
        average = self.averages.lengths[field_at]
        for number, count in found:
            place = self._place.get(number)
            if place is not None:
                length = self.documents[place].lengths[field_at]
                gain = rank.saturated(field_at, count, length, average)
                impacts[place] = impacts.get(place, 0.0) + gain

    def _rank(self, impacts: Mapping[int, float]) -> tuple[int, Postings]:
        levels = [(place, rank.level(impact)) for place, impact in sorted(impacts.items())]
        return rank.idf(len(levels), len(self.documents)), levels
