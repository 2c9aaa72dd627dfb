"""`kbgen search`."""

from __future__ import annotations

import json
import textwrap
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from kbgen.cli import cli
from kbgen.cli import search as search_module

CONFIG = """\
site_name: Shop
site_url: https://help.example/
plugins:
  - kbgen:
      languages: [ko, en]
"""
FILES = {
    "ko/returns/refund.md": """\
        ---
        id: KB-1
        title: 환불은 언제 되나요
        tags: [돈]
        questions: [돈 언제 줘요]
        reply: 3일 안에 돌려드려요.
        ---
        3영업일 안에 환불해요.
        """,
    "ko/playbooks/angry.md": """\
        ---
        id: KB-2
        title: 화난 고객
        audience: agents
        ---
        환불을 먼저 약속하지 않아요.
        """,
    "en/returns/refund.md": """\
        ---
        id: KB-1
        title: When do I get my refund?
        ---
        Within 3 days.
        """,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "mkdocs.yml").write_text(CONFIG, "utf-8")
    for name, text in FILES.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), "utf-8")
    return tmp_path


@pytest.fixture
def run(project):
    def command(*words: str, exit_code: int = 0) -> str:
        name, *rest = words
        result = CliRunner().invoke(cli, [name, "-f", str(project / "mkdocs.yml"), *rest])
        assert result.exit_code == exit_code, result.output
        return result.output

    return command


def test_an_agent_gets_link_and_reply(run, project):
    """Ready to paste; what customers cannot open is marked and named by its file."""
    assert run("search", "환불") == (
        "환불은 언제 되나요  KB-1 ko\n"
        "   https://help.example/a/KB-1/\n"
        "   3일 안에 돌려드려요.\n"
        "\n"
        "화난 고객  KB-2 ko  [agents only]\n"
        f"   {project / 'content/ko/playbooks/angry.md'}\n"
        "   환불을 먼저 약속하지 않아요.\n"
        "\n"
    )


def test_filters(run):
    """Language, category, tag, audience, limit."""
    assert "KB-2" not in run("search", "환불", "--public")
    assert "KB-2" not in run("search", "환불", "--category", "returns")
    assert "KB-2" not in run("search", "환불", "--tag", "돈")
    assert "KB-2" not in run("search", "환불", "--limit", "1")
    assert "When do I" in run("search", "get", "my", "refund", "--lang", "en")


def test_decomposed_hangul_is_the_same(run):
    """macOS shells hand over 환불 in its letters."""
    for words in (["환불"], ["환불", "--tag", "돈"], ["tag:돈"]):
        assert run("search", *(unicodedata.normalize("NFD", w) for w in words)) == run(
            "search", *words
        )


def test_nothing_found(run):
    """Exit status 1, as grep has it, and a word to the terminal only."""
    assert run("search", "쀍쀍", exit_code=1) == "Nothing found for '쀍쀍'.\n"


def test_json(run):
    """For other programs."""
    (hit,) = json.loads(run("search", "환불", "--json", "--limit", "1"))

    assert {key: hit[key] for key in ("article", "lang", "link", "path", "audience", "reply")} == {
        "article": "KB-1",
        "lang": "ko",
        "link": "https://help.example/a/KB-1/",
        "path": "ko/returns/refund.md",
        "audience": "public",
        "reply": "3일 안에 돌려드려요.",
    }
    assert hit["snippet"] == {"text": "3영업일 안에 환불해요.", "marks": [[8, 10]]}


def test_json_has_the_question_that_was_asked(run):
    """If it matches better than the title does."""
    (hit,) = json.loads(run("search", "돈 언제 줘요", "--json", "--limit", "1"))

    assert hit["question"] == {"text": "돈 언제 줘요", "marks": [[0, 1], [2, 4], [5, 7]]}


def test_explain(run):
    """Points and place, how words were read, and in which fields each of them stands."""
    lines = run("search", "ghksqnf djswp", "--explain", "--public", "--limit", "1").splitlines()
    points = [line.split() for line in lines if " * " in line]

    assert [line.partition("points, ")[2] for line in lines if "points, " in line] == [
        "place 1 of 1 in ko"
    ]
    assert "      ghksqnf read as 환불 (typed in the other keyboard mode)" in lines
    assert [(words[1], words[-2:]) for words in points] == [
        ("언제:", ["title,", "questions"]),
        ("환불:", ["title,", "body"]),
    ]


def test_an_article_that_is_not_first_is_explained(run):
    """Its place, or why it has none; once if it is among the results."""
    rows = json.loads(run("search", "환불", "--limit", "1", "--article", "kb-2", "--json"))
    places = [(row["article"], row["place"], row["among"]) for row in rows]

    assert places == [("KB-1", 1, 2), ("KB-2", 2, 2)]
    assert [reason["fields"] for reason in rows[1]["reasons"] if reason["term"]] == [["body"]]
    assert "has no word of the query" in run("search", "3영업일", "--article", "KB-2")
    assert len(json.loads(run("search", "환불", "--article", "KB-2", "--json"))) == 2


def test_an_unknown_article_is_refused(project):
    """Rather than explained away."""
    result = CliRunner().invoke(
        cli, ["search", "-f", str(project / "mkdocs.yml"), "환불", "--article", "KB-9"]
    )

    assert str(result.exception) == "--article KB-9: no article in the search has this id"


def test_queries_with_fields(run, project):
    """Filters beside words; errors are said with the way out, and text is text with --plain."""
    config = str(project / "mkdocs.yml")
    result = CliRunner().invoke(cli, ["search", "-f", config, "tag:돈 updated:>soon"])

    assert "KB-2" not in run("search", "환불 tag:돈")
    assert "KB-2" in run("search", "audience:agents")
    assert "KB-2" in run("search", "--plain", "환불 lang:en")
    assert run("search", "tag:없음", exit_code=1) == (
        "Nothing found for 'tag:없음' (--plain takes it as plain words).\n"
    )
    assert str(result.exception) == (
        "'soon' is no date (write 2026, 2026-01 or 2026-01-31)\n"
        "  tag:돈 updated:>soon\n"
        "                  ^\n"
        "  --plain takes it as plain words"
    )


def test_articles_are_read_only_if_a_file_has_changed(run, project, monkeypatch):
    """The second look-up opens the index; an edit is seen at once."""
    run("search", "환불")
    monkeypatch.setattr(search_module, "_read_articles", None)
    assert "KB-1" in run("search", "환불")
    monkeypatch.undo()

    path = project / "content/en/returns/refund.md"
    path.write_text(path.read_text("utf-8").replace("3 days", "seven xylophones"), "utf-8")
    assert "KB-1" in run("search", "xylophones")


def test_hostile_queries_do_no_harm(run):
    """Half characters, control codes, what looks like an option."""
    for text in ("\ud800", "\x1b[31m", "--", "title:(", "환불 " * 3000):
        result = CliRunner().invoke(cli, ["search", "--help"])
        assert result.exit_code == 0
        assert "\x1b" not in run("search", "--limit", "1", "--", text, exit_code=_found(text))


def _found(text: str) -> int:
    return 0 if "환불" in text else 1
