"""The articles that are ranked together, and what the ranking must know of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from kbgen.search import precedents, rank
from kbgen.search.documents import FIELDS, LEARNED, Document
from kbgen.search.excerpt import Worth
from kbgen.search.overview import Group
from kbgen.search.precedents import Precedent
from kbgen.search.query import Query, weights
from kbgen.search.rank import Postings
from kbgen.search.store import Store

if TYPE_CHECKING:
    from kbgen.search.knowledge import Shares

Kind = Literal["term", "whole", "learned", "own"]


@dataclass(frozen=True, slots=True)
class Reason:
    """What gives points to an article; the points of all reasons add up to its score.

    A term gives weight * idf * impact. The other kinds have no term: `whole` is for having much of
    the query, `learned` for earlier questions that led to the article, and `own` is what its front
    matter asks for and how much it helped (it may take points away).
    """

    term: str
    weight: int
    idf: int  # in 1/64
    impact: int  # in 1/64
    points: int
    kind: Kind = "term"


class Collection:
    """The articles that are ranked together: those of one language that one audience may see."""

    def __init__(self, store: Store, group: Group, prior: Shares) -> None:
        lang, public = self.group = group
        self.tuning = rank.tuning(lang)
        self.rows = [r for r in store.overview.rows if r.lang == lang and (r.public or not public)]
        by_field = zip(*(row.lengths for row in self.rows), strict=True)
        self._lengths = list(by_field) or [()] * len(FIELDS)
        self.averages = rank.averages(self._lengths)
        self._store = store
        self._prior = prior
        self._place = {row.number: place for place, row in enumerate(self.rows)}
        self._postings: dict[str, tuple[int, Postings]] = {}
        self._learned: dict[str, list[int]] = {}
        self._precedents: dict[int, list[Precedent]] = {}

    @cached_property
    def documents(self) -> list[Document]:
        """All articles of the collection, by path."""
        return [self._store.document(row.number) for row in self.rows]

    @cached_property
    def boosts(self) -> list[int]:
        """The factor of its own that each article has, in 1/EVEN."""
        return [rank.boost(row.boost, self._prior.get(row.id, 0)) for row in self.rows]

    def document(self, place: int) -> Document:
        """One of them, without reading the others."""
        return self._store.document(self.rows[place].number)

    def __contains__(self, path: str) -> bool:
        return path in self._by_path

    def place(self, path: str) -> int:
        """Where an article is. Raises KeyError if it is not in the collection."""
        return self._by_path[path]

    @cached_property
    def _by_path(self) -> dict[str, int]:
        return {row.path: place for place, row in enumerate(self.rows)}

    def postings(self, term: str) -> tuple[int, Postings]:
        """The idf of a term, and its level in each document that has it."""
        if term not in self._postings:
            self._postings[term] = self._read(term)
        return self._postings[term]

    def has(self, term: str) -> bool:
        """Whether any document has the term, or an earlier question that led to one."""
        return bool(self.postings(term)[1] or self.learned(term))

    def learned(self, term: str) -> list[int]:
        """The places of the documents that an earlier question with this term led to."""
        if term not in self._learned:
            found = (self._place.get(number) for number, _ in self._store.postings(LEARNED, term))
            self._learned[term] = sorted(place for place in found if place is not None)
        return self._learned[term]

    def precedents(self, place: int) -> list[Precedent]:
        """The earlier questions that led to a document."""
        if place not in self._precedents:
            self._precedents[place] = [
                Precedent(
                    terms=frozenset(terms),
                    size=sum(weight * self.postings(term)[0] for term, weight in terms.items()),
                    strength=precedents.strength(times),
                )
                for question, times in self.document(place).learned
                if (terms := weights(question))
            ]
        return self._precedents[place]

    def scores(self, query: Query) -> dict[int, int]:
        """Place in `documents` -> score, for each document that has any of the terms."""
        found = self._of_texts(query)
        for place, points in self._gains(query, found).items():
            found[place] = found.get(place, 0) + points
        return {place: rank.boosted(score, self.boosts[place]) for place, score in found.items()}

    def _of_texts(self, query: Query) -> dict[int, int]:
        """What the texts of the documents give."""
        return rank.add_up(
            ((weight, *self.postings(term)) for term, weight in query.weights.items()),
            whole=0 if query.is_open else self.tuning.whole,
        )

    def _gains(self, query: Query, scores: Mapping[int, int]) -> dict[int, int]:
        """What the documents gain by earlier questions like this one."""
        places = {place for term in query.weights for place in self.learned(term)}
        if not places:
            return {}
        worth = {term: weight * self.postings(term)[0] for term, weight in query.weights.items()}
        best = max(scores.values(), default=0)
        return precedents.gains(worth, {place: self.precedents(place) for place in places}, best)

    def between(self, first: str, last: str) -> list[tuple[str, int]]:
        """Written words from `first` up to but not with `last`, each with its count."""
        words = self.vocabulary
        return words[bisect_left(words, (first, 0)) : bisect_left(words, (last, 0))]

    def reasons(self, query: Query, path: str) -> list[Reason]:
        """What gives an article its score: terms, most points first, then the rest."""
        place = self.place(path)
        found = []
        for term, weight in query.weights.items():
            rarity, postings = self.postings(term)
            impact = next((rank.TABLE[level] for at, level in postings if at == place), 0)
            found += [Reason(term, weight, rarity, impact, weight * rarity * impact)]
        terms = sorted((r for r in found if r.impact), key=lambda r: (-r.points, r.term))
        texts = self._of_texts(query)
        words = sum(reason.points for reason in terms)
        learned = self._gains(query, texts).get(place, 0)
        before = texts.get(place, 0) + learned
        rest: list[tuple[Kind, int]] = [
            ("whole", texts.get(place, 0) - words),
            ("learned", learned),
            ("own", rank.boosted(before, self.boosts[place]) - before),
        ]
        return terms + [Reason("", 0, 0, 0, points, kind) for kind, points in rest if points]

    def fields(self, term: str, place: int) -> tuple[str, ...]:
        """The fields of an article in which a term stands."""
        number = self.rows[place].number
        return tuple(
            field
            for field in FIELDS
            if any(number == other for other, _ in self._store.postings(field, term))
        )

    def all_precedents(self) -> list[tuple[int, Precedent]]:
        """The earlier questions of all documents, each with the place it led to."""
        return [
            (place, each)
            for place, document in enumerate(self.documents)
            if document.learned
            for each in self.precedents(place)
        ]

    def worth(self, query: Query) -> Worth:
        """What it is worth to show each term of a query."""
        terms = query.words | query.pairs
        value = {
            term: weight * self.postings(term)[0]
            for term, weight in query.weights.items()
            if term in terms and self.has(term)
        }
        return Worth(value, query.words)

    @property
    def vocabulary(self) -> list[tuple[str, int]]:
        """Words as they are written that stand in two articles or in one title, sorted."""
        return self._store.overview.words(self.group)

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
        average, lengths = self.averages.lengths[field_at], self._lengths[field_at]
        gains: dict[tuple[int, int], float] = {}
        for number, count in found:
            place = self._place.get(number)
            if place is None:
                continue
            key = count, lengths[place]
            if key not in gains:
                gains[key] = rank.saturated(field_at, *key, average, self.tuning.k1)
            impacts[place] = impacts.get(place, 0.0) + gains[key]

    def _rank(self, impacts: Mapping[int, float]) -> tuple[int, Postings]:
        levels = [(place, rank.level(impact)) for place, impact in sorted(impacts.items())]
        return rank.idf(len(levels), len(self.rows)), levels
