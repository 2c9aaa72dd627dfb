"""Python and the browser are one search: the same ten articles, in the same order, by score.

Every question of four real sets, as asked and with noise; hostile queries; and every way to get the
questions of the demo wrong by one edit.
"""

from __future__ import annotations

import random

import pytest

from kbgen.articles import load_corpus
from kbgen.search import browser, build_index
from kbgen.search.evaluate import read_questions
from kbgen.settings import load
from tests.conftest import ROOT
from tests.search import noise
from tests.search.hostile import HOSTILE

pytestmark = pytest.mark.browser

SETS = ("alchemy-ko", "korquad-ko", "stackfaq-en", "covidfaq-en")
NOISY = 60  # questions of a set that are asked with noise of each kind
EDITS = "환불 aZ1-ㅎ.\u0301"


def differences(corpus, lang, queries, chromium):
    """Where the two do not agree: (query, Python's answer, the browser's)."""
    index = build_index(corpus, None)
    with browser.engine(index, corpus, browser=chromium) as engine:
        answers = engine.answers(queries, lang)
    pairs = [list(zip(answer.paths, answer.scores, strict=True)) for answer in answers]
    return [
        (query, expected, actual)
        for query, actual in zip(queries, pairs, strict=True)
        if actual != (expected := index.scored(query, lang))
    ]


@pytest.mark.parametrize("name", SETS)
def test_real_questions(shared_data, chromium, name):
    """Those to learn from and those to measure with, all articles."""
    folder = shared_data / "questions" / name
    questions = read_questions(*(folder / f for f in ("docs.jsonl", "queries.jsonl", "qrels.tsv")))
    (lang,) = questions.corpus.languages
    asked = [text for text, _ in questions.asked]
    rng = random.Random(4)
    noisy = [spoil(t, rng) for spoil in noise.KINDS.values() for t in rng.sample(asked, NOISY)]
    queries = [*asked, *noisy, *HOSTILE.values()]

    assert differences(questions.corpus, lang, queries, chromium) == []


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_questions_with_one_edit(chromium, lang):
    """A sign taken out, put in or exchanged anywhere, also inside a syllable of a word."""
    corpus = load_corpus(load(ROOT / "mkdocs.yml")).public
    questions = [text for a in corpus.articles if a.lang == lang for text in a.questions]
    rng = random.Random(5)
    edited = [edit(text, rng) for text in questions]
    noisy = [spoil(text, rng) for text in questions for spoil in noise.KINDS.values()]
    cut = [text[: rng.randrange(len(text))] for text in questions]
    queries = [*questions, *edited, *noisy, *cut, *HOSTILE.values()]

    assert differences(corpus, lang, queries, chromium) == []


def edit(text, rng):
    at = rng.randrange(len(text))
    sign = rng.choice(EDITS)
    return rng.choice([text[:at] + text[at + 1 :], text[:at] + sign + text[at:],
                       text[:at] + sign + text[at + 1 :]])  # fmt: skip
