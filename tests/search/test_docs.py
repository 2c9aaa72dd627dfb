"""docs/search.md says what the search does."""

from __future__ import annotations

import re

import pytest

from kbgen.search import build_index, rank, shards
from kbgen.search.query import PAIR, WORD, read
from tests.pages import blocks, codes, doc, first_cells, section
from tests.search.samples import article, corpus, reasons

PAGE = doc("search")
EXAMPLE = corpus(
    article(
        "KB-1",
        "환불은 언제 되나요",
        "반품을 확인한 뒤 3일 안에 환불해요.",
        questions=["돈이 언제 들어와요"],
    ),
    article("KB-2", "반품 배송비는 얼마인가요", "환불할 금액에서 3,000원을 빼요."),
    article("KB-3", "배송지를 바꾸고 싶어요", "출고하기 전이면 주문 내역에서 바꿀 수 있어요."),
)


def test_weights():
    """The table of fields is that of the code."""
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)

    assert {name: (float(w), float(b)) for name, w, b in rows} == {
        name: (field.weight, field.b) for name, field in rank.WEIGHTS.items()
    }
    (korean,) = rank.TUNINGS.values()
    assert f"k1 is {rank.Tuning().k1}, in Korean {korean.k1}" in PAGE
    assert f"in Korean 1 + {korean.whole} × the share" in PAGE
    assert f"a word weighs {WORD} and a pair of syllables {PAIR}" in PAGE
    assert f"one of {rank.LEVELS} steps" in PAGE
    assert f"less than {rank.Tuning().floor} % of the best, in Korean {korean.floor} %" in PAGE
    assert f"first {shards.SECTION_TEXT} characters" in PAGE


def test_example():
    """The worked example is what the search says."""
    index = build_index(EXAMPLE, None)
    lines = []
    for hit in index.search("환불 언제 돼요?"):
        lines.append(f"{hit.article} {hit.score}")
        lines += [
            f"{r.points:>8}  "
            + (f"{r.term}: {r.weight} * {r.idf} * {r.impact}" if r.term else r.kind)
            for r in reasons(index, "환불 언제 돼요?", hit)
        ]

    among = index.collection("ko")
    scores = among.scores(read("환불 언제 돼요?", among))

    (printed,) = [b.text for b in blocks(PAGE) if b.text.startswith("KB-1")]
    assert printed.splitlines() == lines
    assert f"gives {scores[1]} points, less than 3 % of the best" in PAGE


UNDERSTOOD = section(PAGE, "What it understands")


ROWS = re.findall(r"^\| (.+) \| (.+) \| .+ \|$", UNDERSTOOD, re.MULTILINE)[2:]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_it_understands(row):
    """Each thing that a reader may type finds the article that has the word."""
    typed, meant = (cell.split(", ") for cell in row)
    words = typed if meant == ["the same"] else meant
    language = "ja" if re.search("[一-鿿]", "".join(words)) else "ko"
    made = [article(f"X{n}", word, lang=language) for n, word in enumerate(words)]
    other = article("X9", "다른 글 something else", lang=language)
    index = build_index(corpus(*made, other), None)

    for text in typed:
        hits = {hit.article for hit in index.search(text)}
        assert hits, text
        assert "X9" not in hits, text


def test_files():
    """The kinds of files are those that are written."""
    part = section(PAGE, "Files of the index")
    named = {name.split("/")[-1] for name in codes(part)}
    made = corpus(*EXAMPLE.articles, article("KB-4", "교환", tags=["카드"]))
    _, files = shards.shards(build_index(made, None).collection("ko"), "ko", {})

    assert {re.sub(r"\d+", "0", name) for name in files} <= named
    assert len(first_cells(part)) == 6
