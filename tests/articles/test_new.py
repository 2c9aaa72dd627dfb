"""`kbgen new` begins an article that has nothing wrong with it."""

from __future__ import annotations

from datetime import date

import pytest
from click.testing import CliRunner

from kbgen.articles import load_corpus
from kbgen.articles.new import create
from kbgen.articles.urls import Entry, write_ledger
from kbgen.cli import cli
from kbgen.errors import ConfigError, ContentError
from tests.articles.samples import article, project, said

TODAY = date(2026, 11, 20)


def test_a_new_article_is_a_draft_without_problems(tmp_path):
    settings = project(tmp_path, {"ko/returns/a.md": article(7, "가")})
    made = create(settings, "환불은 언제 되나요?", category="returns", today=TODAY)

    assert made.path == tmp_path / "content/ko/returns/환불은-언제-되나요.md"
    assert (made.id, made.new_category) == ("KB-0008", False)
    assert made.path.read_text("utf-8") == (
        "---\nid: KB-0008\ntitle: 환불은 언제 되나요?\ndescription:\ntags: []\nquestions: []\n"
        "aliases: []\nowner:\nreviewed: 2026-11-20\ndraft: true\n---\n"
        "첫 문장에서 바로 답해 주세요.\n\n## 방법\n\n1. \n\n## 그래도 안 된다면\n"
    )
    assert said(load_corpus(settings, history=False)) == []


def test_ids_of_removed_articles_are_never_given_again(tmp_path):
    settings = project(tmp_path, {"ko/a/b.md": article(3, "가")})
    first = create(settings, "하나", category="a", today=TODAY)
    first.path.unlink()
    second = create(settings, "둘", category="a", today=TODAY)
    (tmp_path / "content/.kbgen/ids.yml").unlink()
    write_ledger(settings.content, {"ko/a/x/": Entry("KB-0041")})
    third = create(settings, "셋", category="a", today=TODAY)

    assert [first.id, second.id, third.id] == ["KB-0004", "KB-0005", "KB-0042"]


def test_a_translation_follows_its_source(tmp_path):
    settings = project(tmp_path, {"ko/returns/card/when.md": article(7, "가")})
    source = load_corpus(settings, history=False).articles[0]
    made = create(settings, "When: refunds", lang="en", article_id="KB-0007", today=TODAY)

    assert made.path == tmp_path / "content/en/returns/card/when.md"
    text = made.path.read_text("utf-8")
    assert f"translated_from: '{source.rev}'\n" in text
    assert 'title: "When: refunds"\n' in text
    assert said(load_corpus(settings, history=False)) == []


def test_long_titles_are_cut_between_words(tmp_path):
    settings = project(tmp_path, {}, "en")
    made = create(settings, "word " * 30, category="a", today=TODAY)

    assert made.path.name == f"{'-'.join(['word'] * 12)}.md"
    assert made.new_category


def test_a_title_without_letters_is_named_after_its_id(tmp_path):
    settings = project(tmp_path, {}, "en")

    assert create(settings, "???", category="a", today=TODAY).path.name == "kb-0001.md"


def test_nothing_is_overwritten(tmp_path):
    settings = project(tmp_path, {"ko/a/하나.md": article(1, "가")})

    with pytest.raises(ContentError, match="exists already"):
        create(settings, "하나", category="a", today=TODAY)
    assert (tmp_path / "content/ko/a/하나.md").read_text("utf-8") == article(1, "가")


@pytest.mark.parametrize(
    ("title", "options", "message"),
    [
        (" ", {"category": "a"}, "needs a title"),
        ("T", {}, "needs a category"),
        ("T", {"category": "../a"}, r"\.\./a is no category"),
        ("T", {"category": "retruns"}, "did you mean returns"),
        ("T", {"category": "returns", "lang": "e"}, "did you mean en"),
        ("T", {"category": "returns", "article_id": "a/b"}, "a/b is no id"),
        ("T", {"category": "returns", "article_id": "KB-0001"}, "is already ko/returns/a.md"),
    ],
)
def test_values_that_cannot_be_are_refused_with_their_cure(tmp_path, title, options, message):
    settings = project(tmp_path, {"ko/returns/a.md": article(1, "가")})

    with pytest.raises(ConfigError, match=message):
        create(settings, title, today=TODAY, **options)


def test_the_command_prints_the_file(tmp_path):
    project(tmp_path, {}, "en")
    config = str(tmp_path / "mkdocs.yml")
    run = CliRunner().invoke(cli, ["new", "My order", "--category", "orders", "-f", config])

    assert run.exit_code == 0
    assert run.stdout.strip().endswith("content/orders/my-order.md")
    assert run.stderr == "KB-0001 in a new category; remove draft: true when it is ready\n"
