"""The demo: complete, correct, and written as the product wants to be written."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from kbgen.articles import load_corpus, sections
from kbgen.articles.check import check
from kbgen.settings import load
from tests.conftest import ROOT

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def settings():
    return load(ROOT / "mkdocs.yml")


@pytest.fixture(scope="module")
def corpus(settings):
    return load_corpus(settings, history=False)


def test_settings_have_no_problem(settings):
    """mkdocs.yml is the example that people copy."""
    assert settings.problems == ()


def test_check_finds_nothing(settings):
    """Neither error nor warning: links, anchors, ids, translations, dates, redirects."""
    found = [p for p in check(settings, today=TODAY) if p.severity != "info"]

    assert [str(problem) for problem in found] == []


def test_there_is_enough_to_read(corpus):
    """A help center, not a sample page."""
    public = Counter(article.lang for article in corpus.public.articles)
    playbooks = [a for a in corpus.articles if a.audience == "agents" and a.lang == "ko"]

    assert public["ko"] >= 32
    assert public["en"] >= 24
    assert len(playbooks) >= 8


def test_topics_of_a_shop_are_covered(corpus):
    """Orders, delivery, returns, payment, account, membership, policies, contact."""
    topics = {"orders", "delivery", "returns", "payment", "account", "membership", "policies",
              "contact"}  # fmt: skip
    for lang in ("ko", "en"):
        found = {a.category for a in corpus.public.articles if a.lang == lang}
        assert topics <= found


def test_translations_stand_at_the_same_path_with_the_same_id(corpus):
    """One article, one id, one place in the tree."""
    places = {}
    for article in corpus.articles:
        places.setdefault(article.id, set()).add(article.path.partition("/")[2])

    assert {key: found for key, found in places.items() if len(found) > 1} == {}
    assert len(corpus.by_key) == len(corpus.articles)
    assert not any(article.id_derived for article in corpus.articles)


def test_every_english_article_has_a_korean_source(corpus):
    """Korean is the source language, and a revision that is named is the present one."""
    for article in corpus.articles:
        source = corpus.by_key[article.id, "ko"]
        assert article.translated_from in ("", source.rev)


def test_customers_questions(corpus):
    """Every public article says how customers ask for it, three times at least."""
    few = [a.path for a in corpus.public.articles if len(set(a.questions)) < 3]

    assert few == []


def test_no_question_belongs_to_two_articles(corpus):
    """Each question is a search test with one right answer."""
    asked = Counter((a.lang, q) for a in corpus.public.articles for q in a.questions)

    assert [question for question, times in asked.items() if times > 1] == []


def test_articles_are_dated_owned_and_described(corpus):
    """Nobody has to guess whom to ask or whether it still holds."""
    bare = [
        a.path
        for a in corpus.articles
        if not (a.owner and a.reviewed and a.description and a.category)
    ]

    assert bare == []


def test_calm(corpus):
    """No exclamation marks, but for those of notes and pictures."""
    loud = re.compile(r"(?<![!\[])[!！](?![!\[])")
    for article in corpus.articles:
        body = re.sub(r"```.*?```", "", article.body, flags=re.DOTALL)
        texts = [article.title, article.description, article.reply, *article.questions, body]
        plain = [re.sub(r"^!!! ", "", text, flags=re.MULTILINE) for text in texts]
        assert [text for text in plain if loud.search(text)] == []


def test_korean_speaks_politely(corpus):
    """해요체 in every article for customers."""
    for article in corpus.public.articles:
        if article.lang == "ko":
            assert re.findall(r"\S*(?:습니다|입니다|십시오|습니까)\b", article.body) == []


def test_articles_are_written_to_be_scanned(corpus):
    """Long texts have headings; lists and tables occur, and pictures do too."""
    for article in corpus.articles:
        if len(article.body) > 900:
            assert len(sections(article.body)) > 1, article.path
    bodies = "\n".join(a.body for a in corpus.public.articles)
    for shape in (r"^\| ", r"^1\. ", r"^- ", r"^!!! ", r"^!\[", r"\]\(\.\./"):
        assert re.search(shape, bodies, re.MULTILINE)


def test_pictures_are_described(corpus):
    """Each picture says in words what it shows."""
    for article in corpus.articles:
        for words in re.findall(r"!\[([^\]]*)\]\(", article.body):
            assert len(words) > 10, article.path


def test_agents_have_replies_to_send(corpus):
    """The short answer is short enough for a chat."""
    replies = [a.reply for a in corpus.public.articles if a.reply]

    assert len(replies) >= 20
    assert max(map(len, replies)) < 500


def test_addresses_are_made_up(corpus):
    """No real company, person or number: .example, and phone numbers set aside for fiction."""
    for article in corpus.articles:
        hosts = re.findall(r"https?://([^/\s)\"']+)", article.body)
        assert {host for host in hosts if not host.endswith(".example")} == set()
        mails = re.findall(r"[\w.+-]+@([a-z.-]+)", article.body)
        assert {host for host in mails if not host.rstrip(".").endswith(".example")} == set()
