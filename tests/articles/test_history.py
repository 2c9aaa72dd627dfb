"""Articles know the day of their last commit, from one run of git."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

from kbgen.articles import history, load_corpus
from kbgen.articles.history import last_changes, parse_log
from tests.articles.samples import article, project


def git(root: Path, *arguments: str, day: str = "2026-01-01") -> None:
    stamp = f"{day}T12:00:00+09:00"
    environment = {
        "GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp, "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@b.example", "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@b.example", "GIT_CONFIG_GLOBAL": "/dev/null",
        "PATH": os.environ["PATH"],
    }  # fmt: skip
    subprocess.run(["git", "-C", str(root), *arguments], check=True, env=environment)


def test_each_article_has_the_day_of_its_last_commit(tmp_path):
    settings = project(tmp_path, {"ko/a/한 글.md": article(1, "가"), "ko/a/b.md": article(2, "나")})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one", day="2026-01-01")
    (tmp_path / "content/ko/a/b.md").write_text(article(2, "다"))
    git(tmp_path, "commit", "-qam", "two", day="2026-02-03")
    (tmp_path / "content/ko/a/new.md").write_text(article(3, "라"))

    assert {a.path: a.updated for a in load_corpus(settings).articles} == {
        "ko/a/한 글.md": date(2026, 1, 1),
        "ko/a/b.md": date(2026, 2, 3),
        "ko/a/new.md": None,
    }


def test_without_a_repository_there_are_no_days(tmp_path):
    assert last_changes(tmp_path) == {}


def test_without_git_there_are_no_days(tmp_path, monkeypatch):
    def missing(*_args: object, **_kwargs: object) -> None:
        raise FileNotFoundError("git")

    monkeypatch.setattr(history.subprocess, "run", missing)

    assert last_changes(tmp_path) == {}


def test_the_newest_day_counts_whatever_the_order():
    log = "\x012026-01-05\x00\na.md\x00b.md\x00\x012026-02-01\x00\na.md\x00"

    assert parse_log(log) == {"a.md": date(2026, 2, 1), "b.md": date(2026, 1, 5)}
