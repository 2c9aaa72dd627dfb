"""What `kbgen eval --learn` learns from a file, and what it refuses."""

from __future__ import annotations

import json

import pytest

from kbgen.errors import SearchError
from kbgen.search.evaluate import Questions
from kbgen.search.learned import read_lessons
from tests.search.samples import article, corpus

SHOP = corpus(article("KB-1", "환불"), article("KB-2", "배송", category="orders"))
ASKED = Questions(
    SHOP,
    [("돈 언제 와요?", {"ko/kb-1.md": 1})],
    ids=frozenset({"q1"}),
    known={
        "q1": {"ko/kb-1.md": 1},
        "q2": {"ko/kb-1.md": 2, "ko/orders/kb-2.md": 0},
        "q3": {"ko/gone.md": 1},
    },
)


def lessons(tmp_path, *rows, name="train.jsonl"):
    path = tmp_path / name
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return read_lessons(path, ASKED)


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"article": "KB-2"}, {"KB-2": {"얼마예요": 1}}),
        ({"doc": "ko/orders/kb-2"}, {"KB-2": {"얼마예요": 1}}),
        ({"article": "ko/orders/kb-2.md", "count": 3}, {"KB-2": {"얼마예요": 3}}),
        ({"id": "q2"}, {"KB-1": {"얼마예요": 1}}),
        ({"id": "q9", "article": "KB-2"}, {"KB-2": {"얼마예요": 1}}),
    ],
)
def test_a_line_names_its_article(tmp_path, named, expected):
    """By id, by path, or by the answers that are known for the question's id."""
    found = lessons(tmp_path, {"text": "얼마예요"} | named)

    assert found.learned == expected
    assert str(found) == "learned 1 questions; left out: none"


def test_counts_add_up(tmp_path):
    """The same question in two lines was asked twice."""
    row = {"text": "얼마예요", "article": "KB-1"}

    assert lessons(tmp_path, row, row | {"count": 4}).learned == {"KB-1": {"얼마예요": 5}}


def test_nothing_is_learned_and_asked(tmp_path):
    """Neither under its id nor in the same words; lines of other splits are left alone."""
    found = lessons(
        tmp_path,
        {"id": "q1", "text": "어떻게 적든"},
        {"id": "q2", "text": " 돈  언제 와요", "split": "train"},
        {"text": "배송지", "article": "KB-2", "split": "dev"},
        {"id": "q3", "text": "없는 글"},
        {"id": "q4", "text": "답이 없는 질문"},
    )

    assert found.learned == {}
    assert str(found) == (
        "learned 0 questions; left out: 2 asked as well, 1 not of the split train,"
        " 2 without an article"
    )


def test_bad_lines_are_told_all_at_once(tmp_path):
    """Each with its place and its cure."""
    path = tmp_path / "train.jsonl"
    path.write_text(
        '{"text": "a", "article": "KB-3"}\n'
        "{\n"
        '{"article": "KB-1"}\n'
        "\n"
        '{"text": "a"}\n'
        '{"text": "a", "article": "KB-1", "count": 0}\n'
        '{"text": "a", "doc": "nothing like it"}\n',
        "utf-8",
    )

    with pytest.raises(SearchError) as error:
        read_lessons(path, ASKED)

    assert str(error.value).replace(f"{path}:", "").splitlines() == [
        "1: no article is called 'KB-3'; did you mean 'KB-2'?",
        "2: no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        '3: expected an object with text and article, found {"article": "KB-1"}',
        '5: expected article, doc or id beside text, found {"text": "a"}',
        "6: count must be a whole number above 0, not 0",
        "7: no article is called 'nothing like it'; name one of the documents searched",
    ]


def test_a_bad_file_is_not_told_without_end(tmp_path):
    """Twenty lines show what is wrong."""
    path = tmp_path / "train.jsonl"
    path.write_text("x\n" * 100, "utf-8")

    with pytest.raises(SearchError) as error:
        read_lessons(path, ASKED)

    assert len(str(error.value).splitlines()) == 21
    assert str(error.value).endswith("... and 80 more")


def test_learned_yml(tmp_path):
    """Questions with counts below articles; those of articles that are gone are left out."""
    path = tmp_path / "learned.yml"
    path.write_text("KB-1:\n  얼마예요: 2\n  돈 언제 와요?: 9\nKB-9:\n  뭐예요: 1\n", "utf-8")

    found = read_lessons(path, ASKED)

    assert found.learned == {"KB-1": {"얼마예요": 2}}
    assert (found.taken, found.asked, found.unanswered) == (1, 1, 1)


def test_learned_yml_may_name_its_section(tmp_path):
    """As the one of a project may."""
    path = tmp_path / "learned.yml"
    path.write_text("articles:\n  KB-1: {얼마예요: 2}\n", "utf-8")

    assert read_lessons(path, ASKED).learned == {"KB-1": {"얼마예요": 2}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("KB-1: {a: 1}\nKB-2: [a, b]", ":2: KB-2: expected questions, each with a count above 0"),
        ("KB-1:\n  a: no", ":1: KB-1: expected questions, each with a count above 0"),
        ("- a", ":1: expected articles, each with its questions"),
        ("a: [", ": no YAML: while parsing"),
    ],
)
def test_a_bad_learned_yml_is_told(tmp_path, text, message):
    """With the line of the article."""
    path = tmp_path / "learned.yml"
    path.write_text(text, "utf-8")

    with pytest.raises(SearchError) as error:
        read_lessons(path, ASKED)
    assert str(error.value).startswith(f"{path}{message}")


def test_an_empty_file_teaches_nothing(tmp_path):
    for name in ("learned.yml", "train.jsonl"):
        (tmp_path / name).write_text("", "utf-8")

        assert read_lessons(tmp_path / name, ASKED).learned == {}


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "train.jsonl").write_bytes(b"\xff\xfe\xff")

    with pytest.raises(SearchError, match=r"train\.jsonl: cannot be read"):
        read_lessons(tmp_path / "train.jsonl", ASKED)
