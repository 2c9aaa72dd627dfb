"""Which commit wrote which text."""

from __future__ import annotations

from datetime import date

import pytest

from kbgen.articles import load_corpus
from kbgen.articles import texts as history
from kbgen.articles.texts import texts
from tests.articles.samples import article, project
from tests.articles.test_history import git

PATH = "ko/a/한 글.md"


@pytest.fixture
def repository(tmp_path):
    settings = project(tmp_path, {PATH: article(1, "가")})
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "Write it", day="2026-01-01")
    return settings


def commit(settings, text, subject, day):
    (settings.content / PATH).write_text(text, "utf-8")
    git(settings.root, "commit", "-qam", subject, day=day)


def test_each_text_has_the_commit_that_wrote_it(repository):
    """Front matter apart from the title makes no new text; a text that comes back is not new."""
    first = load_corpus(repository).articles[0].rev
    commit(repository, article(1, "나"), "Say it better: with a colon", "2026-02-03")
    second = load_corpus(repository).articles[0].rev
    commit(repository, article(1, "나").replace("---\n", "---\nowner: 팀\n", 1), "Name an owner",
           "2026-03-01")  # fmt: skip
    commit(repository, article(1, "가"), "Back again", "2026-04-01")

    found = texts(repository.content, [PATH, "ko/a/none.md"], ("ko", "en"))

    assert list(found) == [PATH]
    assert [(rev, c.day, c.subject, c.is_first) for rev, c in found[PATH].items()] == [
        (first, date(2026, 1, 1), "Write it", True),
        (second, date(2026, 2, 3), "Say it better: with a colon", False),
    ]


def test_a_file_that_could_not_be_read_then_costs_only_that_commit(repository):
    commit(repository, "---\ntitle: [\n---\n", "Break it", "2026-02-01")
    (repository.content / PATH).write_bytes(b"\x00\x01")
    git(repository.root, "commit", "-qam", "Bytes", day="2026-02-02")
    commit(repository, article(1, "다"), "Mend it", "2026-02-03")

    found = texts(repository.content, [PATH], ("ko", "en"))[PATH]

    assert [c.subject for c in found.values()][-1] == "Mend it"
    assert "Bytes" not in [c.subject for c in found.values()]


def test_without_git_there_is_no_history(tmp_path, monkeypatch):
    settings = project(tmp_path, {PATH: article(1, "가")})
    assert texts(settings.content, [PATH], ("ko",)) == {}
    assert texts(settings.content, [], ("ko",)) == {}

    def missing(*_args: object, **_kwargs: object) -> None:
        raise FileNotFoundError("git")

    monkeypatch.setattr(history.subprocess, "run", missing)
    assert texts(settings.content, [PATH], ("ko",)) == {}
