"""`changes:` in the front matter, and the file of improvements that is made from it."""

from __future__ import annotations

from datetime import date

import pytest

from kbgen.articles import nodes, schema
from kbgen.articles.improved import FILE, Improvement, read_improved, write_improved
from kbgen.articles.model import Change

ROW = Improvement(
    article="KB-0042",
    lang="ko",
    day=date(2026, 10, 1),
    text="표로: 적었어요",
    votes=44,
    searches=31,
)


def read(text):
    parsed = schema.read(nodes.parse(text), "a.md", 1)
    return parsed.values, [str(problem) for problem in parsed.problems]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("changes: false", {"changes_hidden": True}),
        ("changes: no", {"changes_hidden": True}),
        ("changes:", {}),
        ("changes: []", {"changes": ()}),
        (
            "changes:\n- {date: 2026-10-01, text: One.}\n- date: 2026-11-02\n  text: 'Two: more.'",
            {
                "changes": (
                    Change(date(2026, 11, 2), "Two: more."),
                    Change(date(2026, 10, 1), "One."),
                )
            },
        ),
        (
            "changes: {date: 2026-10-01, text: One.}",
            {"changes": (Change(date(2026, 10, 1), "One."),)},
        ),
    ],
)
def test_changes_are_a_list_newest_first_or_hidden(text, values):
    assert read(text) == (values, [])


ENTRY = "write a date and a text: {date: 2026-10-01, text: What is different now.}"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("x", f"a.md:3: error: [wrong-type] 'x' inside changes is left out ({ENTRY})"),
        (
            "{date: soon, text: A}",
            "a.md:3: error: [wrong-value] changes: 'soon' is no date (write a date as 2025-06-30)",
        ),
        (
            "{text: A}",
            f"a.md:3: error: [wrong-type] an entry of changes has no date ({ENTRY})",
        ),
        (
            "{date: 2026-01-01, text: [A]}",
            "a.md:3: error: [wrong-type] changes: a list cannot be used (write a text on one line)",
        ),
        (
            "{date: 2026-01-01, text: " + "long " * 80 + "}",
            (
                "a.md:3: error: [wrong-value] changes: a text of 399 characters "
                "(write one sentence of at most 300 characters)"
            ),
        ),
    ],
)
def test_an_entry_that_cannot_be_used_costs_only_itself(entry, said):
    values, problems = read(f"changes:\n- {entry}\n- {{date: 2026-01-02, text: Good.}}")

    assert values == {"changes": (Change(date(2026, 1, 2), "Good."),)}
    assert problems == [said]


def test_what_is_neither_a_list_nor_false_hides_the_article():
    """Who writes `changes: none` means that nothing is to be shown."""
    assert read("changes: none") == (
        {"changes_hidden": True},
        [
            (
                "a.md:2: error: [wrong-type] changes: 'none' cannot be used (write a list of "
                "{date, text}, or false to list none; none is listed until then)"
            )
        ],
    )


def test_a_key_of_an_entry_that_is_not_read_is_told():
    values, problems = read("changes: [{date: 2026-01-02, text: Good., by: me}]")

    assert len(values["changes"]) == 1
    assert problems == [f"a.md:2: warning: [unknown-key] changes: by is not read ({ENTRY})"]


def test_what_is_written_is_read(tmp_path):
    """Newest first, each day spelled out, the same entries the same bytes."""
    other = Improvement(article="no", lang="en", day=ROW.day, text="Yes.", searches=3)
    older = Improvement(article="KB-1", lang="en", day=date(2026, 9, 1), text="~", votes=5)

    path = write_improved(tmp_path, [older, other, ROW])
    text = path.read_text("utf-8")

    assert path == tmp_path / FILE
    assert read_improved(tmp_path) == ((ROW, other, older), ())
    write_improved(tmp_path, [ROW, older, other])
    assert path.read_text("utf-8") == text
    assert text.count("2026-10-01") == 2
    assert "표로: 적었어요" in text


def test_nothing_is_written_where_there_is_nothing(tmp_path):
    assert write_improved(tmp_path, []) is None
    assert read_improved(tmp_path) == ((), ())
    write_improved(tmp_path, [ROW])
    assert write_improved(tmp_path, []) == tmp_path / FILE  # the last entry has gone
    assert read_improved(tmp_path) == ((), ())


@pytest.mark.parametrize(
    "entry",
    ["x", "{article: A}", "{article: A, lang: ko, date: 2026-10-01, text: T}",
     "{article: A, lang: ko, date: soon, votes: 3, text: T}",
     "{article: A, lang: ko, date: 2026-10-01, votes: -3, text: T}",
     "{article: A, lang: ko, date: 2026-10-01, votes: yes, text: T}",
     "{article: A, lang: ko, date: 2026-10-01, votes: 3, text: ' '}"],
)  # fmt: skip
def test_a_bad_entry_costs_itself(tmp_path, entry):
    good = write_improved(tmp_path, [ROW])
    good.write_text(good.read_text("utf-8") + f"- {entry}\n", "utf-8")
    line = len(good.read_text("utf-8").splitlines())

    found, problems = read_improved(tmp_path)

    assert found == (ROW,)
    assert [(p.line, p.severity) for p in problems] == [(line, "warning")]
    assert "(run kbgen insights --save, or delete the entry)" in str(problems[0])


@pytest.mark.parametrize("text", ["improved: [", "- a", "other: 1", "improved: 3", "\x00", ""])
def test_a_file_that_is_none_is_told(tmp_path, text):
    (tmp_path / ".kbgen").mkdir()
    (tmp_path / FILE).write_text(text, "utf-8")

    found, problems = read_improved(tmp_path)

    assert found == ()
    assert "content/.kbgen/improved.yml:1: warning: [learned] cannot be read" in str(problems[0])
