"""Ranking cases that Python and the browser share: confusable articles, real ways to ask."""

from __future__ import annotations

import pytest

from kbgen.search import build_index
from tests.search.samples import CASES, read_cases

ALL = [
    pytest.param(path, number, id=f"{path.stem}-{case['query']}")
    for path in CASES
    for number, case in enumerate(read_cases(path)[2])
]


@pytest.fixture(scope="module")
def indexes():
    return {path: (build_index(read_cases(path)[1], None), read_cases(path)) for path in CASES}


@pytest.mark.parametrize(("path", "number"), ALL)
def test_case(indexes, path, number):
    """A query finds just these articles in this order, or this one first."""
    index, (lang, _, cases) = indexes[path]
    case = cases[number]

    found = [hit.article for hit in index.search(case["query"], lang=lang)]

    assert (found if "found" in case else found[:1]) == case.get("found", [case.get("top")]), case[
        "why"
    ]


@pytest.mark.browser
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_browser_agrees(indexes, path, ask, publish):
    """The engine in the browser gives the same articles, scores, texts and marks."""
    index, (lang, corpus, cases) = indexes[path]
    publish(path.stem, corpus)
    queries = [case["query"] for case in cases]

    answers = ask(path.stem, lang, queries)

    for query, answer in zip(queries, answers, strict=True):
        hits = index.search(query, lang=lang)
        assert [shown(hit) for hit in hits] == [browser(hit) for hit in answer["hits"]], query


def shown(hit):
    """What a reader sees of a hit of Python."""
    sections = [(s.anchor, plain(s.title), plain(s.excerpt)) for s in hit.sections]
    question = hit.question and plain(hit.question)
    texts = (plain(hit.title), question, plain(hit.snippet))
    return (hit.article, hit.score, hit.url, *texts, sections)


def plain(excerpt):
    return (excerpt.text, [list(mark) for mark in excerpt.marks])


def browser(hit):
    """What a reader sees of a hit of the browser."""

    def read(excerpt):
        return (excerpt["text"], excerpt["marks"])

    sections = [(s["anchor"], read(s["title"]), read(s["excerpt"])) for s in hit["sections"]]
    return (
        hit["id"],
        hit["score"],
        hit["url"],
        read(hit["title"]),
        hit["question"] and read(hit["question"]),
        read(hit["snippet"]),
        sections,
    )
