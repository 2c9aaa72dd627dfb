"""Real help centers adopt, load and check: no crash, no text lost, and fast."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kbgen.articles import load_corpus
from kbgen.articles.adopt import adopt
from kbgen.settings import load

# Codes that a tree of another tool may well raise: its pictures are not here, its keys are its own.
EXPECTED = {
    "dead-link",
    "dead-anchor",
    "duplicate-title",
    "foreign-key",
    "foreign-audience",
    "heading-anchor",
}


@pytest.fixture
def centers(shared_data: Path) -> Path:
    return shared_data / "help-centers"


def below_front_matter(data: bytes) -> bytes:
    match = re.match(rb"(\xef\xbb\xbf)?---[ \t]*\r?\n.*?\n---[ \t]*(\r?\n|$)", data, re.DOTALL)
    return data[match.end() :] if match else data


@pytest.mark.parametrize(
    ("name", "lang", "articles"),
    [
        ("adobe-analytics-en", "en", 942),
        ("adobe-commerce-kb-en", "en", 210),
        ("adobe-commerce-kb-ko", "ko", 210),
        ("arduino-en", "en", 414),
        ("plausible-en", "en", 132),
        ("alchemy-ko", "ko", 3025),
    ],
)
def test_a_real_help_center_becomes_a_project(centers, tmp_path, name, lang, articles):
    done = adopt(centers / name, tmp_path)
    settings = load(tmp_path / "mkdocs.yml")
    found = load_corpus(settings, history=False)

    assert (done.lang, done.problems) == (lang, [])
    assert len(found.articles) == articles
    assert not any(article.id_derived for article in found.articles)
    assert {problem.code for problem in found.problems} <= EXPECTED
    for article in found.articles:
        source = (centers / name / article.path.partition("/")[2]).read_bytes()
        adopted = (settings.content / article.path).read_bytes()
        assert adopted.endswith(below_front_matter(source))


def test_two_languages_become_translations_of_each_other(centers, tmp_path):
    adopt(centers / "adobe-commerce-kb-en", tmp_path)
    adopt(centers / "adobe-commerce-kb-ko", tmp_path)
    found = load_corpus(load(tmp_path / "mkdocs.yml"), history=False, links=False)

    assert found.languages == ("en", "ko")
    assert len(found.by_id) == 210
    assert all([a.lang for a in group] == ["en", "ko"] for group in found.by_id.values())
