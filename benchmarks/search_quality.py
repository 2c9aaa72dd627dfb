"""The search on questions with known answers: as asked, with noise, and after learning.

The figures are of the split `dev`. The split `train` was used to choose the weights, and is what
is learned from. benchmarks/search_peers.py asks other searches the same.
"""

from __future__ import annotations

import random

from benchmarks.common import goal
from benchmarks.questions import HEAD, Set, measures, ranking, sets
from kbgen.search import Index, build_index
from kbgen.search.evaluate import Questions, Report, by_language
from kbgen.search.learned import read_lessons
from tests.search import noise

LEAST = {"korquad-ko": 0.955}  # MRR
LEARNED = {"stackfaq-en": 0.12, "covidfaq-en": 0.12}  # by how much success@1 must rise
KEPT = 0.85  # share of the MRR that must remain with noise in each question
NOTHING = 0.01  # share of noisy questions that may find nothing
SEED = 7


def main() -> None:
    """Measures and prints."""
    print(f"  {'':24}{HEAD}")
    for each in sets():
        _measure(each)


def _measure(each: Set) -> None:
    index = build_index(each.dev.corpus, None)
    clean = _asked(index, each)
    print(f"  {each.name:24}{measures(clean)}, {clean.questions} questions", flush=True)
    if each.name in LEAST:
        least = LEAST[each.name]
        goal(f"MRR {least:.3f} at least: {clean.mrr.mean:.3f}", met=clean.mrr.mean >= least)
    _learned(each, clean)
    for kind, spoil in noise.KINDS.items():
        rng = random.Random(SEED)
        asked = [(spoil(text, rng), grades) for text, grades in each.dev.asked]
        found = _asked(index, each, Questions(each.dev.corpus, asked))
        print(f"    {kind:22}{measures(found)}", flush=True)
        kept = found.mrr.mean / clean.mrr.mean
        goal(
            f"{KEPT:.0%} of the MRR at least: {kept:.0%}; at most {NOTHING:.0%} find nothing: "
            f"{found.zero.mean:.1%}",
            met=kept >= KEPT and found.zero.mean <= NOTHING,
        )


def _asked(index: Index, each: Set, questions: Questions | None = None) -> Report:
    return by_language(questions or each.dev, ranking(index))[each.lang]


def _learned(each: Set, clean: Report) -> None:
    lessons = read_lessons(each.queries, each.dev)
    found = _asked(build_index(each.dev.corpus, None, learned=lessons.learned), each)
    print(f"    {'learned':22}{measures(found)}, {lessons}", flush=True)
    if each.name in LEARNED:
        least, more = LEARNED[each.name], found.success_1.mean - clean.success_1.mean
        goal(f"success@1 up by {least:.2f} at least: {more:.3f}", met=more >= least)
