"""How good a ranking is, on questions whose answers are known. Pure functions, and their files."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from kbgen.articles import Article, Corpus, rev_of
from kbgen.articles.revision import derived_id
from kbgen.errors import SearchError

DEPTH = 10  # results that count
_Z = 1.96  # standard errors on each side of a mean that hold 95 %

Grades = Mapping[str, int]  # document -> how well it answers; 0 and absent: not at all
Rank = Callable[[Sequence[str], str], Sequence[Sequence[str]]]  # queries, language -> results


@dataclass(frozen=True, slots=True)
class Measure:
    """A mean over questions, and between which values it lies for other such questions (95 %)."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a ranking achieves on `questions` questions."""

    questions: int
    mrr: Measure
    success_1: Measure
    success_3: Measure
    success_10: Measure
    ndcg: Measure
    zero: Measure  # share of questions that find nothing


@dataclass(frozen=True, slots=True)
class Questions:
    """Documents, and questions with their grades.

    `ids` are those of the questions that are asked, `known` are the grades of all there are, by id.
    """

    corpus: Corpus
    asked: Sequence[tuple[str, Grades]]
    ids: frozenset[str] = frozenset()
    known: Mapping[str, Grades] = field(default_factory=dict)


def reciprocal_rank(ranked: Sequence[str], grades: Grades) -> float:
    """1 / place of the first good result among the first ten, 0 if there is none."""
    for place, found in enumerate(ranked[:DEPTH], 1):
        if grades.get(found, 0) > 0:
            return 1 / place
    return 0.0


def success(ranked: Sequence[str], grades: Grades, among: int) -> float:
    """1 if one of the first `among` results is good, else 0."""
    return float(any(grades.get(found, 0) > 0 for found in ranked[:among]))


def ndcg(ranked: Sequence[str], grades: Grades) -> float:
    """Normalised discounted cumulative gain of the first ten results, gain 2^grade - 1."""
    best = _gain(sorted(grades.values(), reverse=True))
    return _gain([grades.get(found, 0) for found in ranked]) / best if best else 0.0


def report(answers: Iterable[tuple[Sequence[str], Grades]]) -> Report:
    """The means over (results, grades) of each question."""
    known = list(answers)
    return Report(
        questions=len(known),
        mrr=mean([reciprocal_rank(*each) for each in known]),
        success_1=share([success(*each, 1) for each in known]),
        success_3=share([success(*each, 3) for each in known]),
        success_10=share([success(*each, DEPTH) for each in known]),
        ndcg=mean([ndcg(*each) for each in known]),
        zero=share([not ranked for ranked, _ in known]),
    )


def by_language(questions: Questions, rank: Rank) -> dict[str, Report]:
    """A report for each language of the answers, and one for `all` if there are several."""
    spoken = {article.path: article.lang for article in questions.corpus.articles}
    found = {}
    for lang in questions.corpus.languages:
        asked = [
            (text, grades)
            for text, grades in questions.asked
            if any(spoken.get(path) == lang for path in grades)
        ]
        if asked:
            ranked = rank([text for text, _ in asked], lang)
            found[lang] = list(zip(ranked, (grades for _, grades in asked), strict=True))
    if len(found) > 1:
        found["all"] = [answer for answers in found.values() for answer in answers]
    return {lang: report(answers) for lang, answers in found.items()}


def mean(values: Sequence[float]) -> Measure:
    """The mean of values from 0 to 1, with its interval by the normal approximation."""
    if len(values) < 2:
        return Measure(sum(values), 0.0, 1.0)
    found = sum(values) / len(values)
    squares = sum((value - found) ** 2 for value in values)
    margin = _Z * math.sqrt(squares / (len(values) - 1) / len(values))
    return Measure(found, max(0.0, found - margin), min(1.0, found + margin))


def share(values: Sequence[float]) -> Measure:
    """The share of values that are 1, with its interval by Wilson.

    That of the normal approximation has no width for a share of 0 or 1, however few were asked.
    """
    if not values:
        return Measure(0.0, 0.0, 1.0)
    count, found = len(values), sum(values) / len(values)
    middle = (found + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    spread = math.sqrt(found * (1 - found) / count + (_Z / (2 * count)) ** 2)
    margin = _Z * spread / (1 + _Z**2 / count)
    return Measure(found, max(0.0, middle - margin), min(1.0, middle + margin))


def own_questions(corpus: Corpus) -> Questions:
    """The `questions:` of a corpus, held out: the articles to search are without them.

    Results are named by the path of their article.
    """
    asked = [(text, {a.path: 1}) for a in corpus.public.articles for text in a.questions]
    return Questions(corpus.public.only(_without_questions(corpus)), asked)


def read_questions(
    docs: Path, queries: Path, qrels: Path, *, split: str | None = None
) -> Questions:
    """Documents and questions from files; docs/search.md has their form.

    Raises SearchError if a file cannot be read, with its line.
    """
    grades: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_lines(qrels), 1):
        parts = line.split("\t")
        if len(parts) != 3 or not parts[2].strip().lstrip("-").isdigit():
            raise SearchError(f"{qrels}:{number}: expected query, document, grade; found {line!r}")
        grades.setdefault(parts[0], {})[f"{parts[1]}.md"] = int(parts[2])
    wanted = [
        (str(query["id"]), str(query["text"]))
        for query in objects(queries, ("id", "text"))
        if split is None or query.get("split") == split
    ]
    asked = [(text, grades.get(name, {})) for name, text in wanted]
    articles = sorted(map(_article, objects(docs, ("id", "text"))), key=lambda a: a.path)
    languages = tuple(sorted({article.lang for article in articles}))
    return Questions(
        Corpus(tuple(articles), languages=languages), asked, frozenset(dict(wanted)), grades
    )


def _gain(grades: Sequence[int]) -> float:
    """Discounted gain of grades in the order of the results."""
    gains = (float(2**grade - 1) for grade in grades[:DEPTH])
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


def _without_questions(corpus: Corpus) -> Iterable[Article]:
    return (replace(article, questions=()) for article in corpus.public.articles)


def _article(document: Mapping[str, Any]) -> Article:
    name, title, text = (str(document.get(key, "")) for key in ("id", "title", "text"))
    return Article(
        path=f"{name}.md",
        id=derived_id(name),
        lang=str(document.get("lang", "en")),
        category="",
        slug=name,
        title=title,
        body=text,
        body_line=1,
        rev=rev_of(title, text),
    )


def objects(path: Path, keys: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    """The JSON objects of a file, one a line, each with all of `keys`.

    Raises SearchError for a line that is none.
    """
    for number, line in enumerate(_lines(path), 1):
        try:
            found = json.loads(line)
        except ValueError as error:
            raise SearchError(f"{path}:{number}: no JSON: {error}") from error
        if not isinstance(found, dict) or any(key not in found for key in keys):
            raise SearchError(f"{path}:{number}: expected an object with {' and '.join(keys)}")
        yield found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").rstrip("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SearchError(f"{path}: cannot be read: {error}") from error
