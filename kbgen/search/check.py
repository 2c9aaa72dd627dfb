"""The `questions:` of articles as tests: each must find its article among the first three."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from kbgen.articles import Article, Corpus
from kbgen.articles.codes import problem
from kbgen.articles.schema import line_of
from kbgen.errors import Problem
from kbgen.search import explain
from kbgen.search.collection import Collection
from kbgen.search.explain import Gain
from kbgen.search.index import Index
from kbgen.search.query import Query, read

TOP = 3  # places that count as found
WORDS = 2  # that a problem names
CODE = "search"


def question_problems(index: Index, corpus: Corpus, prefix: str) -> Iterator[Problem]:
    """Each question whose article is not among the first TOP, with what stands above it.

    A question of a public article is asked as a reader asks it: among the public articles of its
    language. Those of other articles are asked as an agent asks them. The index is as it is built,
    so an article has its own questions to be found by.
    """
    for article in corpus.articles:
        among = index.collection(article.lang, public=article.is_public)
        if article.path not in among:  # a draft, or kept out of the search
            continue
        at = among.place(article.path)
        for question in article.questions:
            query = read(question, among)
            scores = among.scores(query)
            above = _above(scores, at, among.tuning.floor)
            if len(above) >= TOP or not scores.get(at):
                yield _problem(_Missed(article, question, query, among, above), prefix)


class _Missed(NamedTuple):
    article: Article
    question: str
    query: Query
    among: Collection
    above: Sequence[int]  # the articles that come first, best first


def _above(scores: Mapping[int, int], at: int, floor: int) -> list[int]:
    """The articles before one, best first; all of them if it is too far below the best."""
    own, top = scores.get(at, 0), max(scores.values(), default=0)
    if 100 * own < floor * top:
        own = -1
    found = [n for n, score in scores.items() if score > own or (score == own and n < at)]
    return sorted((n for n in found if n != at), key=lambda n: (-scores[n], n))


def _problem(missed: _Missed, prefix: str) -> Problem:
    article, question, query, among, above = missed
    if not above:
        message = f"{_short(question)} finds nothing"
        hint = "no article has any of its words: ask it in words that this one uses"
    else:
        first = [among.document(n) for n in above[:TOP]]
        titles = ", ".join(f"{d.id} {_short(d.title)}" for d in first)
        own = explain.gains(question, query, among, article.path)
        rival = explain.gains(question, query, among, first[0].path)
        why, hint = _why(own, rival, first[0].id)
        known = any(gain.points for gain in own)
        place = f"only in place {len(above) + 1}" if known else "not at all"
        message = f"{_short(question)} finds this article {place}, after {titles}; {why}"
    line = article.lines.get(line_of(question)) or article.lines.get("questions", 0)
    return problem(CODE, prefix + article.path, line, message, hint, field="questions")


def _why(own: Sequence[Gain], rival: Sequence[Gain], other: str) -> tuple[str, str]:
    """Which words put another article first, and what to do about it."""
    had = {gain.word: gain for gain in own}
    ahead = sorted(
        (gain for gain in rival if gain.telling and gain.points > had[gain.word].points),
        key=lambda gain: had[gain.word].points - gain.points,
    )[:WORDS]
    said = ", ".join(f"{gain.word} ({', '.join(gain.fields)})" for gain in ahead)
    why = f"{other} is ahead by {said}" if said else f"{other} has more of its words together"
    absent = [gain.word for gain in ahead if "title" not in had[gain.word].fields]
    if absent:
        return why, f"say {', '.join(absent)} in the title or in aliases, or ask it more exactly"
    return why, f"ask it in words that {other} lacks, or make one article of the two"


def _short(text: str) -> str:
    return f"'{text[:57]}…'" if len(text) > 60 else f"'{text}'"
