"""The sets of questions with known answers, which lie beside the checkout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.common import MissingDataError, data
from kbgen.search import Index
from kbgen.search.evaluate import Questions, Rank, Report, read_questions

NAMES = ("alchemy-ko", "korquad-ko", "stackfaq-en", "covidfaq-en")


@dataclass(frozen=True, slots=True)
class Set:
    """Documents and the questions of the split `dev`. Those of `train` may be learned from."""

    name: str
    dev: Questions
    queries: Path

    @property
    def lang(self) -> str:
        (lang,) = self.dev.corpus.languages
        return lang


def sets() -> Iterator[Set]:
    """Each set that is there; says which are not."""
    for name in NAMES:
        try:
            folder = data(f"questions/{name}")
        except MissingDataError as error:
            print(f"  {name}: skipped: {error}")
            continue
        docs, queries, qrels = (folder / f for f in ("docs.jsonl", "queries.jsonl", "qrels.tsv"))
        yield Set(name, read_questions(docs, queries, qrels, split="dev"), queries)


def ranking(index: Index) -> Rank:
    """How kbgen ranks."""
    return lambda texts, lang: [index.ranking(text, lang) for text in texts]


def measures(found: Report) -> str:
    """The measures in one line of a table."""
    values = (found.mrr, found.success_1, found.success_3, found.ndcg, found.zero)
    shown = "".join(f"{value.mean:>8.3f}" for value in values)
    return f"{shown}   MRR from {found.mrr.low:.3f} to {found.mrr.high:.3f}"


HEAD = "".join(f"{name:>8}" for name in ("MRR@10", "first", "in 3", "nDCG", "nothing"))
