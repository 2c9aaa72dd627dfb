"""Measures of a ranking, against values worked out by hand."""

from __future__ import annotations

import math

import pytest

from kbgen.errors import SearchError
from kbgen.search import build_index
from kbgen.search.evaluate import (
    Measure,
    Questions,
    by_language,
    mean,
    ndcg,
    own_questions,
    read_questions,
    reciprocal_rank,
    report,
    share,
    success,
)
from tests.search.samples import article, corpus

RANKED = ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("grades", "expected"),
    [({"a": 1}, 1.0), ({"b": 1, "d": 1}, 0.5), ({"d": 1}, 0.25), ({"a": 0}, 0.0), ({"x": 1}, 0.0)],
)
def test_reciprocal_rank(grades, expected):
    """One over the place of the first good result."""
    assert reciprocal_rank(RANKED, grades) == expected


def test_only_ten_results_count():
    """What a reader does not see is not found."""
    ranked = [str(n) for n in range(20)]

    assert reciprocal_rank(ranked, {"10": 1}) == 0
    assert success(ranked, {"10": 1}, 10) == 0
    assert ndcg(ranked, {"10": 1}) == 0


def test_success():
    """Whether a good result is among the first ones."""
    assert [success(RANKED, {"c": 1}, among) for among in (1, 2, 3, 10)] == [0, 0, 1, 1]


def test_ndcg():
    """1 for the best order; grades weigh more the higher they are."""
    grades = {"a": 1, "c": 3}

    assert ndcg(["c", "a"], grades) == 1
    assert ndcg(["a", "c"], grades) == pytest.approx(
        (1 + 7 / math.log2(3)) / (7 + 1 / math.log2(3))
    )
    assert ndcg([], {}) == 0


def test_report():
    """Means over questions; nothing found is a share of its own."""
    found = report([(["a"], {"a": 1}), (["b", "a"], {"a": 1}), ([], {"a": 1})])

    assert (found.questions, found.mrr.mean, found.zero.mean) == (3, 0.5, pytest.approx(1 / 3))
    assert (found.success_1.mean, found.success_3.mean) == (
        pytest.approx(1 / 3),
        pytest.approx(2 / 3),
    )


def test_interval_of_a_mean():
    """1.96 standard errors to each side, within 0 and 1; anything, where there are too few."""
    found = mean([0, 1, 0, 1] * 25)
    margin = 1.96 * math.sqrt(25 / 99 / 100)

    assert found == Measure(0.5, pytest.approx(0.5 - margin), pytest.approx(0.5 + margin))
    assert mean([0, 1]) == Measure(0.5, 0.0, 1.0)
    assert mean([1.0]) == Measure(1.0, 0.0, 1.0)
    assert mean([]) == Measure(0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("good", "asked", "low", "high"),
    [(0, 100, 0, 0.0370), (100, 100, 0.9630, 1), (10, 20, 0.2993, 0.7007), (1, 1, 0.2065, 1)],
)
def test_interval_of_a_share(good, asked, low, high):
    """Wilson's: nothing in a hundred questions may still be one in thirty."""
    assert share([1] * good + [0] * (asked - good)) == Measure(
        good / asked, pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4)
    )
    assert share([]) == Measure(0.0, 0.0, 1.0)


def test_report_by_language():
    """Each language by itself, and all together; the language is that of the answer."""
    made = corpus(article("X1", "환불"), article("X1", "Refund", lang="en"))
    asked = [("환불", {"ko/x1.md": 1}), ("refund", {"en/x1.md": 1}), ("nobody knows", {})]
    index = build_index(made, None)

    found = by_language(
        Questions(made, asked), lambda texts, lang: [index.ranking(text, lang) for text in texts]
    )

    assert {lang: (r.questions, r.mrr.mean) for lang, r in found.items()} == {
        "en": (1, 1.0),
        "ko": (1, 1.0),
        "all": (2, 1.0),
    }


def test_own_questions_are_held_out():
    """An article is not found by the question that it was given for the test."""
    made = corpus(
        article("X1", "환불", questions=["돈 돌려줘"]),
        article("X2", "요령", questions=["상담"], audience="agents"),
    )

    questions = own_questions(made)
    index = build_index(questions.corpus, None)

    assert questions.asked == [("돈 돌려줘", {"ko/x1.md": 1})]
    assert index.search("돌려줘") == []
    assert [hit.path for hit in index.search("환불")] == ["ko/x1.md"]


@pytest.fixture
def files(tmp_path):
    texts = {
        "docs": '{"id": "d1", "title": "Refund", "text": "Money back"}\n'
        '{"id": "d2", "title": "", "text": "환불", "lang": "ko"}\n',
        "queries": '{"id": "q1", "text": "refund?", "split": "dev"}\n'
        '{"id": "q2", "text": "돈", "split": "train"}\n',
        "qrels": "q1\td1\t1\nq2\td2\t2\n",
    }
    paths = [tmp_path / name for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, "utf-8")
    return paths


def test_questions_from_files(files):
    """Documents become articles, in their language; a split is part of the questions."""
    everything, dev = read_questions(*files), read_questions(*files, split="dev")

    assert [(a.path, a.title, a.lang) for a in everything.corpus.articles] == [
        ("d1.md", "Refund", "en"),
        ("d2.md", "", "ko"),
    ]
    assert everything.asked == [("refund?", {"d1.md": 1}), ("돈", {"d2.md": 2})]
    assert dev.asked == [("refund?", {"d1.md": 1})]
    assert (dev.ids, dev.known) == ({"q1"}, {"q1": {"d1.md": 1}, "q2": {"d2.md": 2}})


@pytest.mark.parametrize(
    ("place", "text", "message"),
    [
        (0, '{"id": "d1"}', "docs:1: expected an object with id and text"),
        (0, '{"id": "d1", "text": ""}\n{', "docs:2: no JSON: Expecting property name"),
        (1, "[]", "queries:1: expected an object with id and text"),
        (2, "q1\td1", "qrels:1: expected query, document, grade; found 'q1\\td1'"),
        (2, "q1\td1\tgood", "qrels:1: expected query, document, grade"),
    ],
)
def test_bad_files_are_named_with_their_line(files, place, text, message):
    """One line says what is wrong and where."""
    files[place].write_text(text, "utf-8")

    with pytest.raises(SearchError) as error:
        read_questions(*files)
    assert message in str(error.value)


FLOORS = {"alchemy-ko": 0.611, "korquad-ko": 0.95, "stackfaq-en": 0.85, "covidfaq-en": 0.72}


@pytest.mark.parametrize("name", FLOORS)
def test_real_questions(shared_data, name):
    """The ranking does not get worse unnoticed: MRR on questions that nobody tuned it on."""
    folder = shared_data / "questions" / name
    paths = (folder / file for file in ("docs.jsonl", "queries.jsonl", "qrels.tsv"))
    questions = read_questions(*paths, split="dev")
    index = build_index(questions.corpus, None)
    (lang,) = questions.corpus.languages

    found = report((index.ranking(text, lang), grades) for text, grades in questions.asked)

    assert found.mrr.mean >= FLOORS[name]
    assert found.zero.mean <= 0.01
