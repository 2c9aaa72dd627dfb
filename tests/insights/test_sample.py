"""The demo's sample of events fits the demo's articles."""

from __future__ import annotations

import pytest

from kbgen.articles import load_corpus
from kbgen.events import read_events
from kbgen.insights.popular import FILE
from kbgen.settings import load
from tests.conftest import ROOT

SAMPLE = ROOT / "content" / ".kbgen" / "sample-events.jsonl"


@pytest.fixture(scope="module")
def events():
    rejected = []
    found = list(read_events(SAMPLE, on_reject=rejected.append))
    assert rejected == []
    return found


def test_the_sample_is_small_and_labelled(events):
    assert SAMPLE.stat().st_size < 1_200_000
    assert {event.source for event in events} == {"import:simulated"}
    assert {event.type for event in events} == {
        "vote", "detail", "search", "click", "view", "contact",
    }  # fmt: skip


def test_the_sample_judges_the_articles_as_they_are(events):
    """After edits to many articles: `make sample`."""
    corpus = load_corpus(load(ROOT / "mkdocs.yml"))
    todays = {(article.id, article.rev) for article in corpus.articles}

    judged = [(event.article, event.rev) for event in events if event.type == "vote"]

    assert sum(text in todays for text in judged) > 0.9 * len(judged), "run: make sample"


def test_what_the_sample_taught_is_saved(events):
    assert (ROOT / "content" / FILE).is_file()
