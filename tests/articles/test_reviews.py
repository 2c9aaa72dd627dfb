"""`review.yml`: one line a review, which nobody else's hand disturbs."""

from __future__ import annotations

from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kbgen.articles.reviews import (
    FILE,
    Review,
    add_review,
    as_line,
    clean_note,
    read_reviews,
    unknown_reviews,
)
from kbgen.errors import ContentError
from tests.articles.samples import article, corpus

REV = "9f86d081884c"
KEPT = Review(
    id="KB-0042", lang="ko", day=date(2026, 11, 20), rev=REV, by="김민지", note="값은 맞아요: 3일"
)
LINE = (
    '  - {id: KB-0042, lang: ko, date: 2026-11-20, rev: "9f86d081884c",'
    ' by: "김민지", note: "값은 맞아요: 3일"}\n'
)


def file(tmp_path, text):
    path = tmp_path / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_a_review_is_one_line_and_comes_back(tmp_path):
    path = add_review(tmp_path, KEPT)

    assert as_line(KEPT) == LINE
    assert path.read_text("utf-8").endswith(f"kept:\n{LINE}")
    assert read_reviews(tmp_path).rows == (KEPT,)
    assert [p.name for p in path.parent.iterdir()] == ["review.yml"]  # nothing is left aside


def test_lines_that_are_there_stay_as_they_are(tmp_path):
    """Comments, hand-made lines and their order are other people's."""
    before = (
        "# ours\nkept:\n  - {id: KB-0001, lang: ko, date: 2026-01-02, rev: '0123456789ab'}  # Kim\n"
        "  - id: KB-0050\n    lang: en\n    date: 2026-03-04\n    rev: '0123456789ab'\n"
    )
    path = file(tmp_path, before)

    add_review(tmp_path, KEPT)

    lines = before.splitlines(keepends=True)
    assert path.read_text("utf-8") == "".join([*lines[:3], LINE, *lines[3:]])
    assert [row.id for row in read_reviews(tmp_path).rows] == ["KB-0001", "KB-0042", "KB-0050"]


@pytest.mark.parametrize("text", ["", "kept:\n", "kept: []\n", "# only this\n", "kept:"])
def test_an_empty_file_takes_the_first_review(tmp_path, text):
    file(tmp_path, text)

    add_review(tmp_path, KEPT)

    assert read_reviews(tmp_path).rows == (KEPT,)


def test_a_row_that_is_none_costs_itself_and_names_its_line(tmp_path):
    file(
        tmp_path,
        f"kept:\n{LINE}  - KB-0001\n"
        "  - {id: KB 1, lang: ko, date: 20.11.2026, rev: 12, who: me}\nkeep: []\n",
    )

    found = read_reviews(tmp_path)

    assert found.rows == (KEPT,)
    cure = "(write it like the others, or add it with kbgen review ID --keep)"
    assert [str(problem) for problem in found.problems] == [
        f"content/.kbgen/review.yml:3: warning: [review] 'KB-0001' is no review {cure}",
        (
            "content/.kbgen/review.yml:4: warning: [review] who: unknown, id: 'KB 1' is no id,"
            " rev: '12' is no revision, date: '20.11.2026' is no day such as 2026-11-20;"
            f" the review is not used {cure}"
        ),
        f"content/.kbgen/review.yml:5: warning: [review] 'keep' is no review {cure}",
    ]


@pytest.mark.parametrize("day", ["2026-13-45", "2026-11-20 10:00:00", "yesterday", ""])
def test_a_day_that_is_none_costs_its_row_only(tmp_path, day):
    file(tmp_path, f"kept:\n{LINE}{LINE.replace('2026-11-20', day)}")

    found = read_reviews(tmp_path)

    assert found.rows == (KEPT,)
    assert [(p.line, f"date: '{day}' is no day" in p.message) for p in found.problems] == [
        (3, True)
    ]


def test_a_revision_of_digits_needs_no_quotes(tmp_path):
    file(tmp_path, LINE.replace('"9f86d081884c"', "123456789012").join(["kept:\n", ""]))

    assert read_reviews(tmp_path).rows[0].rev == "123456789012"


def test_a_conflict_of_git_is_named_and_nothing_is_written_over_it(tmp_path):
    text = f"kept:\n<<<<<<< ours\n{LINE}=======\n>>>>>>> theirs\n"
    path = file(tmp_path, text)

    (problem,) = read_reviews(tmp_path).problems
    with pytest.raises(ContentError, match=r"review\.yml:\d: .*; nothing was written"):
        add_review(tmp_path, KEPT)

    assert problem.line > 1
    assert path.read_text("utf-8") == text


def test_reviews_of_articles_that_are_gone_are_told(tmp_path):
    add_review(tmp_path, KEPT)
    shop = corpus(tmp_path, {"ko/a/1.md": article(43)})

    assert [str(p) for p in unknown_reviews(read_reviews(tmp_path), shop)] == [
        (
            "content/.kbgen/review.yml: warning: [review] no article has the id KB-0042"
            " (did you mean KB-0043?)"
        )
    ]


def test_days_count_per_text_once_and_not_before_they_come(tmp_path):
    for day in (date(2026, 11, 20), date(2026, 11, 20), date(2026, 12, 1)):
        add_review(tmp_path, Review(id="KB-0042", lang="ko", day=day, rev=REV))
    text = (("KB-0042", "ko"), REV)
    found = read_reviews(tmp_path)

    assert found.kept(date(2026, 11, 30)) == {text: (date(2026, 11, 20),)}
    assert found.kept(date(2026, 11, 19)) == {}
    assert found.latest(date(2026, 12, 1))[text].day == date(2026, 12, 1)
    assert len(found.of(("KB-0042", "ko"))) == 3


_line = st.text(max_size=40).map(clean_note)
_reviews = st.builds(
    Review,
    id=st.sampled_from(["KB-1", "null", "0042", "a", "no", "1e5", "x-_"]),
    lang=st.sampled_from(["ko", "en", "no", "pt-BR"]),
    day=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    rev=st.text("0123456789abcdef", min_size=12, max_size=12),
    by=_line,
    note=_line,
)


@settings(max_examples=40)
@given(st.lists(_reviews, max_size=4))
def test_whatever_is_written_is_read_again_in_order(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("content")

    for row in rows:
        add_review(folder, row)

    found = read_reviews(folder)
    assert found.problems == ()
    assert list(found.rows) == sorted(rows, key=lambda row: row.place)
    if rows:
        text = (folder / FILE).read_text("utf-8")
        assert len(yaml.safe_load(text)["kept"]) == len(rows)
