"""`kbgen check --search`: the questions of articles as tests of the search."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from kbgen.cli import cli
from kbgen.search import build_index
from kbgen.search.check import question_problems
from tests.search.samples import article, corpus

SHIPPING = [
    article(f"S{n}", f"Shipping costs {place}", "What shipping costs.", lang="en", category="ship")
    for n, place in enumerate(["abroad", "at home", "for islands"])
]
RETURNS = "Sending things back is free of charge. " * 9


def found(*articles):
    made = corpus(*articles)
    return [str(p) for p in question_problems(build_index(made, None), made, "content/")]


def test_a_question_that_finds_its_article_is_no_problem():
    """The question itself is in the index, as it is on the site."""
    asked = article("R1", "Returns", RETURNS, lang="en", questions=["who pays the postage"])

    assert found(asked, *SHIPPING) == []


def test_what_stands_above_and_why():
    """The articles above by id and title, the words that put the first there, and the cure."""
    many = ["how to send it back", "may I return it", "wrong size", "I changed my mind"] * 4
    questions = [f"{text} {n}" for n, text in enumerate(many)] + ["shipping costs"]
    asked = article("R1", "Returns", RETURNS, lang="en", questions=questions)

    (problem,) = found(asked, *SHIPPING)

    assert problem == (
        "content/en/r1.md:1: warning: [search] 'shipping costs' finds this article only in place 4,"
        " after S0 'Shipping costs abroad', S1 'Shipping costs at home',"
        " S2 'Shipping costs for islands';"
        " S0 is ahead by shipping (title, body), costs (title, body)"
        " (say shipping, costs in the title or in aliases, or ask it more exactly)"
    )


def test_articles_that_say_the_same():
    """Where the title has the words already, saying them again is no cure."""
    title = "Shipping costs of what customers send back after a change of mind"
    asked = article("R1", title, RETURNS, lang="en", questions=["shipping costs"])

    (problem,) = found(asked, *SHIPPING, *_again(SHIPPING))

    assert problem.endswith(" (ask it in words that S0 lacks, or make one article of the two)")


def _again(articles):
    return [
        article(f"{a.id}b", a.title, a.body, lang=a.lang, category=a.category) for a in articles
    ]


def test_a_question_without_words():
    """It can find nothing, whatever the articles say."""
    (problem,) = found(article("R1", "환불", questions=["???"]))

    assert problem == (
        "content/ko/r1.md:1: warning: [search] '???' finds nothing"
        " (no article has any of its words: ask it in words that this one uses)"
    )


def test_who_asks_decides_among_which_articles():
    """Readers do not see articles for agents; agents see all. Drafts are in no index."""
    inside = [article(f"P{n}", "환불 상담", "환불 환불", audience="agents") for n in range(3)]
    long = ["아주 다른 이야기를 하는 질문 " + str(n) for n in range(20)]
    asked = article("R1", "반품", "반품 " * 200, questions=[*long, "환불 상담"])
    agents = article("R2", "반품", "반품 " * 200, questions=[*long, "환불 상담"], audience="agents")
    draft = article("R3", "반품", "반품 " * 200, questions=["???"], draft=True)

    assert found(asked, *inside, draft) == []
    assert [text.split(":")[0] for text in found(agents, *inside)] == ["content/ko/r2.md"]


CONFIG = "site_name: Shop\nplugins:\n  - kbgen:\n      languages: [ko]\n"
FILE = """\
    ---
    id: KB-1
    title: 환불은 언제 되나요
    category: returns
    questions:
      - 환불 언제 돼요
      - "??"
    ---
    3일 안에 환불해요.
    """


@pytest.fixture
def run(tmp_path: Path):
    (tmp_path / "mkdocs.yml").write_text(CONFIG, "utf-8")
    file = tmp_path / "content/ko/returns/refund.md"
    file.parent.mkdir(parents=True)
    file.write_text(textwrap.dedent(FILE), "utf-8")

    def command(*options: str):
        config = str(tmp_path / "mkdocs.yml")
        done = CliRunner().invoke(cli, ["check", "-f", config, *options])
        assert done.exit_code == 0, done.output
        return done.stdout

    return command


def test_problems_stand_at_the_line_of_the_question(run):
    """Among the others, in every format; only if they are asked for."""
    said = "'??' finds nothing"
    cure = "no article has any of its words: ask it in words that this one uses"

    assert run() == ""
    assert run("--search") == (
        f"content/ko/returns/refund.md:7: warning: [search] {said} ({cure})\n"
    )
    assert json.loads(run("--search", "--json"))["problems"] == [
        {
            "path": "content/ko/returns/refund.md",
            "line": 7,
            "code": "search",
            "severity": "warning",
            "field": "questions",
            "message": said,
            "hint": cure,
        }
    ]
    assert run("--search", "--format", "github").startswith(
        "::warning file=content/ko/returns/refund.md,line=7,title=kbgen search::"
    )
