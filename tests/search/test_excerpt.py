"""What a result shows of an article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.search import build_index
from kbgen.search.excerpt import LENGTH, Worth, best_question, excerpts, marked
from tests.search.samples import article, corpus

WORTH = Worth({"환불": 10, "refund": 10, "비밀": 3, "밀번": 3, "번호": 3}, {"환불", "refund"})


def shown(excerpt):
    """A text with its marks in brackets."""
    text = excerpt.text
    for start, end in reversed(excerpt.marks):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("환불은 언제", "[환불]은 언제"),
        ("부분환불금", "부분[환불]금"),
        ("Refunds and refunding", "[Refunds] and [refunding]"),
        ("비밀번호 찾기", "[비밀번호] 찾기"),
        ("휴대폰 번호", "휴대폰 번호"),  # one pair alone says little
        ("환불 환불", "[환불] [환불]"),
        ("<b>refund</b>", "<b>[refund]</b>"),
    ],
)
def test_marks(text, marks):
    """Words are marked without their particle, pairs only where several stand together."""
    assert shown(marked(text, WORTH)) == marks


@pytest.mark.parametrize(
    ("title", "questions", "shown_one"),
    [
        ("돈 돌려받기", ["언제 와요", "환불은 언제"], "[환불]은 언제"),
        ("환불 안내", ["환불은 언제"], None),  # the title says as much
        ("환불 안내", ["환불 비밀번호"], "[환불] [비밀번호]"),
        ("돈", ["환불 하나", "환불 둘"], "[환불] 하나"),
        ("돈", [], None),
    ],
)
def test_the_question_that_matches_better_than_the_title(title, questions, shown_one):
    """So that a reader sees why an article with another title is an answer."""
    found = best_question(questions, title, WORTH)

    assert (shown(found) if found else None) == shown_one


def test_the_sentence_that_answers_is_shown():
    """Not the beginning of the article."""
    body = "첫 문장이에요.\n\n## 환불 기간\n\n앞의 문장. 환불은 3일 걸려요. 뒤의 문장."
    (hit,) = build_index(corpus(article("X1", "제목", body)), None).search("환불")

    assert shown(hit.snippet) == "[환불]은 3일 걸려요. 뒤의 문장."
    assert [(s.anchor, shown(s.excerpt)) for s in hit.sections] == [
        ("환불-기간", "[환불]은 3일 걸려요. 뒤의 문장.")
    ]


def test_the_description_is_shown_if_it_answers():
    """Writers put the answer there."""
    made = article("X1", "제목", "본문이에요. 환불.", description="환불은 3일 걸려요.")
    (hit,) = build_index(corpus(made), None).search("환불")

    assert shown(hit.snippet) == "[환불]은 3일 걸려요."


def test_long_texts_are_cut_around_the_match():
    """With signs that say so."""
    text = "word " * 100 + "refund " + "word " * 100
    main, _ = excerpts([("", "", text)], WORTH)

    assert len(main.text) <= LENGTH + 2
    assert main.text.startswith("…word")
    assert main.text.endswith("word…")
    assert "[refund]" in shown(main)


def test_stop_words_are_not_marked():
    """`the` in every line would hide what matters."""
    made = article("X1", "The refund of the order", "The order.", lang="en")
    (hit,) = build_index(corpus(made), None).search("the refund")

    assert shown(hit.title) == "The [refund] of the order"


@given(st.lists(st.tuples(st.text(), st.text(), st.text()), min_size=1, max_size=4))
def test_any_text_can_be_quoted(passages):
    """Marks lie within their text, in order, and do not touch."""
    main, sections = excerpts(passages, WORTH)
    for excerpt in [main, *(s.excerpt for s in sections), *(s.title for s in sections)]:
        ends = [at for mark in excerpt.marks for at in mark]
        assert ends == sorted(set(ends))
        assert all(0 <= end <= len(excerpt.text) for end in ends)
