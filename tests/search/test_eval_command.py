"""`kbgen eval`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from kbgen.cli import cli

FILES = {
    "docs": '{"id": "d1", "text": "Refund", "lang": "en"}\n'
    '{"id": "d2", "text": "환불", "lang": "ko"}',
    "queries": '{"id": "q1", "text": "cash", "split": "train"}\n'
    '{"id": "q2", "text": "the cash", "split": "dev"}\n'
    '{"id": "q3", "text": "환불", "split": "dev"}',
    "qrels": "q1\td1\t1\nq2\td1\t1\nq3\td2\t1",
}
ARTICLE = """\
---
id: KB-1
title: 환불은 언제 되나요
questions: [돈 언제 줘요, 환불 언제]
---
3영업일 안에 환불해요.
"""


@pytest.fixture
def options(tmp_path):
    """The three files, and what names them."""
    words = []
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
        words += [f"--{name}", str(tmp_path / name)]
    return words


@pytest.fixture
def config(tmp_path):
    """A project with one article."""
    folder = tmp_path / "content" / "ko"
    folder.mkdir(parents=True)
    (folder / "refund.md").write_text(ARTICLE, "utf-8")
    path = tmp_path / "mkdocs.yml"
    path.write_text(
        "site_name: Shop\nsite_url: https://help.example/\n"
        "plugins:\n  - kbgen:\n      languages: [ko]\n",
        "utf-8",
    )
    return path


def run(*words):
    return CliRunner().invoke(cli, ["eval", *map(str, words)])


def test_a_project_asks_its_own_questions(config):
    """They are taken out of the index, so only what the rest of the text says is found."""
    assert run("-f", config).stdout == (
        "ko: 2 questions\n"
        "  MRR@10         1.000  (1.000 to 1.000)\n"
        "  success@1      1.000  (0.342 to 1.000)\n"
        "  success@3      1.000  (0.342 to 1.000)\n"
        "  success@10     1.000  (0.342 to 1.000)\n"
        "  nDCG@10        1.000  (1.000 to 1.000)\n"
        "  nothing found  0.000  (0.000 to 0.658)\n"
    )


def test_a_project_without_questions_is_told(config):
    article = config.parent / "content" / "ko" / "refund.md"
    article.write_text(ARTICLE.replace("questions", "aliases"), "utf-8")

    assert str(run("-f", config).exception) == (
        "no public article has `questions:` in its front matter, so there is nothing to ask"
    )


def test_files_by_language(options):
    """English finds nothing here, Korean everything, and `all` is both."""
    found = json.loads(run(*options, "--split", "dev", "--json").stdout)

    assert list(found) == ["en", "ko", "all"]
    assert found["en"]["zero"] == {"mean": 1.0, "low": pytest.approx(0.2065, abs=1e-4), "high": 1.0}
    assert [found[lang]["questions"] for lang in found] == [1, 1, 2]
    assert found["all"]["mrr"]["mean"] == 0.5


def test_learning_from_a_file(options, tmp_path):
    """What was learned and what was left out is said, but not into the results."""
    result = run(*options, "--split", "dev", "--json", "--learn", tmp_path / "queries")

    assert json.loads(result.stdout)["en"]["mrr"]["mean"] == 1
    assert result.stderr == (
        f"{tmp_path / 'queries'}: learned 1 questions; left out: 2 not of the split train\n"
    )


def test_what_is_asked_is_not_learned(options, tmp_path):
    """Without --split everything is asked, so there is nothing left to learn."""
    result = run(*options, "--learn", tmp_path / "queries", "--json")

    assert json.loads(result.stdout)["en"]["mrr"]["mean"] == 0
    assert "learned 0 questions; left out: 1 asked as well" in result.stderr


def test_files_belong_together(options):
    assert str(run(*options[:2]).exception) == "--docs, --queries and --qrels belong together"


def test_a_split_without_questions_is_told(options, tmp_path):
    message = str(run(*options, "--split", "test").exception)

    assert message == f"{tmp_path / 'queries'}: no question has the split 'test'"


@pytest.mark.browser
def test_the_browser_gives_the_same(options):
    """In a process of its own, as it is used: the tests have a browser already."""
    command = [sys.executable, "-c", "from kbgen.cli import main; main()", "eval", "--json"]
    python, browser = (
        subprocess.run(
            [*command, *options, "--engine", engine], capture_output=True, text=True, check=True
        ).stdout
        for engine in ("python", "browser")
    )

    assert json.loads(browser) == json.loads(python)
