"""Why an article stands where it stands, in words that a writer knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from kbgen.search import analysis, rank
from kbgen.search.collection import Collection, Reason
from kbgen.search.query import Query, read
from kbgen.search.reread import Reading


class Cause(NamedTuple):
    """A reason, and the fields of the article in which its term stands."""

    reason: Reason
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The standing of one article for one query. `place` counts from 1; 0 if it is not found."""

    place: int
    among: int  # articles that are found
    score: int
    causes: tuple[Cause, ...]
    read_as: Mapping[str, Reading]


class Gain(NamedTuple):
    """What a word of the query, as it was typed, gives to an article.

    Words such as `the` are not telling: they have points, but no writer would write for them.
    """

    word: str
    points: int
    fields: tuple[str, ...]
    telling: bool


def explain(text: str, among: Collection, path: str) -> Explanation:
    """The standing of an article for a query, among the articles that are ranked with it."""
    query = read(text, among)
    all_scores = among.scores(query)
    scores = rank.worthwhile(all_scores, among.tuning.floor)
    at = among.place(path)
    ordered = rank.best(scores, len(scores))
    return Explanation(
        place=ordered.index(at) + 1 if at in scores else 0,
        among=len(scores),
        score=all_scores.get(at, 0),
        causes=tuple(
            Cause(reason, among.fields(reason.term, at)) for reason in among.reasons(query, path)
        ),
        read_as=query.read_as,
    )


def gains(text: str, query: Query, among: Collection, path: str) -> list[Gain]:
    """What each word of a query gives to an article, in the order of the query."""
    at = among.place(path)
    points = {reason.term: reason.points for reason in among.reasons(query, path)}
    found = []
    for word, terms in _words(text, query).items():
        given = sum(points.pop(term, 0) for term in terms)
        fields = dict.fromkeys(field for term in terms for field in among.fields(term, at))
        found.append(Gain(word, given, tuple(fields), not query.words.isdisjoint(terms)))
    return found


def _words(text: str, query: Query) -> dict[str, list[str]]:
    """Each word of a query as typed, with all the terms that it was looked up by."""
    text = analysis.normalise(text)
    found: dict[str, list[str]] = {}
    for token in analysis.tokens(text):
        typed = text[token.start : token.end]
        reading = query.read_as.get(typed)
        terms = found.setdefault(typed, [])
        terms += token.terms
        for word in reading.words if reading else ():
            terms += [term for other in analysis.tokens(word) for term in other.terms]
    return found
