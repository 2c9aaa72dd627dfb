"""What readers taught: read from the content folder, and never a reason to fail."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from kbgen.cli import cli
from kbgen.search.knowledge import read_knowledge


def knowledge(tmp_path, text, name="learned.yml"):
    (tmp_path / ".kbgen").mkdir()
    (tmp_path / ".kbgen" / name).write_text(text, "utf-8")
    return read_knowledge(tmp_path)


def test_without_files_nothing_is_known(tmp_path):
    found = read_knowledge(tmp_path)

    assert (found.learned, found.helpful, found.problems) == ({}, {}, ())


@pytest.mark.parametrize(
    "text",
    [
        "KB-1:\n  환불 언제: 3\n  돈 언제: 1\n",
        "# by a machine\narticles:\n  KB-1: {환불 언제: 3, 돈 언제: 1}\n",
        "\ufeffKB-1: {환불 언제: 3, 돈 언제: 1}\n",
    ],
)
def test_questions_with_counts(tmp_path, text):
    found = knowledge(tmp_path, text)

    assert found.learned == {"KB-1": {"환불 언제": 3, "돈 언제": 1}}
    assert found.problems == ()


def test_a_list_of_questions_counts_each_once(tmp_path):
    assert knowledge(tmp_path, "KB-1: [환불 언제]\n").learned == {"KB-1": {"환불 언제": 1}}


def test_a_bad_entry_costs_itself(tmp_path):
    text = "KB-1: {환불: 2, 돈: many, 언제: 0}\nKB-2: yes\nKB-3: {반품: 1}\n"
    found = knowledge(tmp_path, text)

    assert found.learned == {"KB-1": {"환불": 2}, "KB-3": {"반품": 1}}
    name = "content/.kbgen/learned.yml"
    assert list(map(str, found.problems)) == [
        (
            f"{name}:1: warning: [learned] KB-1: {{'돈': 'many'}} is not used "
            "(give a question and a count above 0)"
        ),
        (
            f"{name}:1: warning: [learned] KB-1: {{'언제': 0}} is not used "
            "(give a question and a count above 0)"
        ),
        (
            f"{name}:2: warning: [learned] KB-2: True is not used "
            "(give each article its questions, with a count each)"
        ),
    ]


@pytest.mark.parametrize("text", ["[", "just a text", "- KB-1", "articles: 3", "\x00"])
def test_a_file_that_cannot_be_read_is_told(tmp_path, text):
    found = knowledge(tmp_path, text)

    assert found.learned == {}
    assert len(found.problems) == 1


def test_how_much_articles_helped(tmp_path):
    text = "articles:\n  KB-1: 0.7\n  KB-2: 7\n  KB-3: high\n"
    found = knowledge(tmp_path, text, "popular.yml")

    assert found.helpful == {"KB-1": 0.7}
    assert [p.line for p in found.problems] == [3, 4]


def test_how_much_articles_are_read(tmp_path):
    text = "articles:\n  KB-1: 0.7\nreaders:\n  KB-1: 0.5\n  KB-2: 1.0\n  KB-3: -1\n"
    found = knowledge(tmp_path, text, "popular.yml")

    assert found.readers == {"KB-1": 0.5, "KB-2": 1.0}
    assert found.prior == {"KB-1": 0.6, "KB-2": 0.5}
    assert [p.line for p in found.problems] == [6]


def test_a_section_that_is_none_costs_itself(tmp_path):
    found = knowledge(tmp_path, "articles:\n  KB-1: 0.7\nreaders:\n- KB-1\n", "popular.yml")

    assert found.prior == {"KB-1": 0.35}
    assert [p.line for p in found.problems] == [4]


def test_check_tells_it(tmp_path):
    (tmp_path / "mkdocs.yml").write_text("site_name: Help\ndocs_dir: docs\n", "utf-8")
    (tmp_path / "docs/.kbgen").mkdir(parents=True)
    (tmp_path / "docs/.kbgen/learned.yml").write_text("KB-1: 3\n", "utf-8")

    told = CliRunner().invoke(cli, ["check", "-f", str(tmp_path / "mkdocs.yml")]).stdout

    assert "docs/.kbgen/learned.yml:1: warning: [learned] KB-1: 3 is not used" in told
