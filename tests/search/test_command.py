"""`kbgen search`."""

from __future__ import annotations

import json
import textwrap
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


def test_explain(run):
    """Which words gave the score."""
    lines = run("search", "환불 언제", "--explain", "--limit", "1").splitlines()

    assert [line.split()[1] for line in lines if " * " in line][:1] == ["언제:"]


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
