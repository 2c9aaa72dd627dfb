"""Translations behind their source, with the sections that changed, from the history."""

from __future__ import annotations

import subprocess
from datetime import date

import pytest

from kbgen.articles import load_corpus
from kbgen.articles.check import check
from kbgen.articles.drift import drifts
from tests.articles.samples import article, project

OLD = "열기\n\n## 카드\n\n3일.\n\n## 계좌\n\n1일.\n\n## 그대로\n\n값."
NEW = "열기\n\n## 카드\n\n5일.\n\n## 포인트\n\n바로.\n\n## 그대로\n\n  값."


def git(root, *args):
    config = ["-c", "user.name=k", "-c", "user.email=k@k.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *config, *args], check=True, capture_output=True)


@pytest.fixture
def shop(tmp_path):
    """A translation of the first of three texts of its source, in a repository."""
    settings = project(tmp_path, {"ko/a/환불.md": article(1, "환불", OLD)})
    git(tmp_path, "init", "-q")
    first = load_corpus(settings, history=False).articles[0].rev
    for body in (OLD, "전혀 다른 글", NEW):
        (tmp_path / "content/ko/a/환불.md").write_text(article(1, "환불", body), "utf-8")
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-qm", "edit")
    project(tmp_path, {"en/a/refund.md": article(1, "Refund", translated_from=f"'{first}'")})
    return settings


def test_sections_that_changed_came_and_went(shop):
    (found,) = drifts(load_corpus(shop, history=False), shop.content)

    assert (found.article.lang, found.source.lang) == ("en", "ko")
    assert found.sections == ("카드", "포인트", "계좌")


def test_check_names_them(shop):
    said = [p.message for p in check(shop, today=date(2026, 11, 20)) if "translation" in p.code]

    assert len(said) == 1
    assert said[0].endswith("; changed since: '카드', '포인트', '계좌'")


def test_without_the_old_text_only_the_fact_is_known(tmp_path):
    settings = project(tmp_path, {
        "ko/a/1.md": article(1, "환불"),
        "en/a/1.md": article(1, "Refund", translated_from="'0123456789ab'"),
    })  # fmt: skip

    (found,) = drifts(load_corpus(settings, history=False), settings.content)

    assert found.sections is None
    (problem,) = check(settings, today=date(2026, 11, 20))
    assert "changed since" not in problem.message


def test_a_translation_that_follows_todays_text_is_not_behind(tmp_path):
    settings = project(tmp_path, {"ko/a/1.md": article(1, "환불")})
    rev = load_corpus(settings, history=False).articles[0].rev
    project(tmp_path, {"en/a/1.md": article(1, "Refund", translated_from=f"'{rev}'")})

    assert drifts(load_corpus(settings, history=False), settings.content) == ()
