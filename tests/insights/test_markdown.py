"""Findings for a pull request: Markdown and annotations, safe whatever readers wrote."""

from __future__ import annotations

import os
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kbgen.articles.report import as_github
from kbgen.insights import analyse
from kbgen.insights.markdown import MOST, as_markdown, plain
from kbgen.insights.problems import problems
from kbgen.insights.words import Words
from tests.insights.samples import TODAY, article, asked, ballots, corpus, event
from tests.insights.test_report import nasty_world
from tests.insights.test_words import CASES, golden

URL = "https://help.example/"
RENDER = MarkdownIt("commonmark", {"html": True}).enable("table")


def findings(world=None):
    shop, events = world or golden()
    return analyse(shop, events, TODAY)


def markdown(lang="en", world=None, **options):
    return as_markdown(findings(world), Words(lang), site_name="온담", site_url=URL, **options)


def annotated(world=None, lang="en", **options):
    return as_github(problems(findings(world), Words(lang), prefix="content/", **options))


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_report_of_the_same_world(lang):
    """Set KBGEN_WRITE_GOLDEN=1 to write the files anew, and read the difference."""
    for name, text in {
        f"report.{lang}.md": markdown(lang, limit=4),
        f"annotations.{lang}.txt": annotated(lang=lang),
    }.items():
        file = CASES / name
        if os.environ.get("KBGEN_WRITE_GOLDEN"):
            file.write_text(text, "utf-8")
        assert text == file.read_text("utf-8"), name


def test_what_others_wrote_is_neither_markup_nor_mention():
    page = RENDER.render(markdown(world=nasty_world()))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert set(re.findall(r"<(\w+)", page)) <= {
        *("h2", "h3", "p", "sub", "table", "thead", "tbody", "tr", "th", "td", "a")
    }
    assert set(re.findall(r'href="([^"]+)"', page)) == {f"{URL}ko/%3Ci%3E/"}


def test_no_form_holds_a_comment():
    page = article(1)
    votes = ballots(page, 0, 40)
    votes += [
        event("vote", page, vote=0, voter=f"c{n}", comment="제 전화는 010", reason="other")
        for n in range(9)
    ]
    world = corpus(page), votes

    assert "readers say no" in markdown(world=world)
    assert "010" not in markdown(world=world) + annotated(world)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines\x00", "two lines"),
        ("a|b `c` *d* _e_ [f](g)", r"a\|b \`c\` \*d\* \_e\_ \[f\](g)"),
        ("<b> & &amp;", "&lt;b&gt; &amp; &amp;amp;"),
        ("@team see #12", "@\u2060team see #\u206012"),
        ("https://evil.example", "https:\u2060//evil.example"),
        ("www.evil.example", "www\u2060.evil.example"),
        ("mail@shop.example", "mail@\u2060shop.example"),
        ("# title", r"\# title"),
        ("1. first", "1\u2060. first"),
        ("- item", r"\- item"),
        ("\u202efdp.exe", "fdp.exe"),
    ],
)  # fmt: skip
def test_plain_text_stays_text(text, shown):
    assert plain(text) == shown


@given(st.text(st.sampled_from("a1 @#:/w.<>&|`*_[]()~-+=!\\$\n\r\t환\u202e"), max_size=30))
def test_plain_text_is_one_paragraph_without_markup(text):
    page = RENDER.render(plain(text))
    tags = set(re.findall(r"<(/?\w+)", page))

    assert tags <= {"p", "/p"}
    assert page.count("<p>") <= 1
    assert not re.search(r"@\w|://|www\.|#\d", page.replace("&#", ""))


def test_a_long_report_fits_into_a_comment():
    shop = corpus(*[article(n, title="긴 제목 " * 30, reviewed=None) for n in range(1, 900)])
    text = as_markdown(analyse(shop, [], TODAY), Words("ko"), site_name="S", limit=900)

    assert len(text) <= MOST
    assert re.search(r"^\| 100 \|", text, re.MULTILINE)
    assert "목록에" in text


def test_annotations_cannot_be_forged():
    page = article(1, path="ko/a,b:c.md", reviewed=None, expires=date(2026, 11, 1))
    lines = annotated((corpus(page), []), limit=1).splitlines()

    assert [line.partition("::")[2].partition("::")[0] for line in lines] == [
        "warning file=content/ko/a%2Cb%3Ac.md,line=1,title=kbgen expired",
        "notice file=content/ko/a%2Cb%3Ac.md,line=1,title=kbgen never-reviewed",
    ]
    for line in annotated(nasty_world()).splitlines():
        assert re.fullmatch(r"::(warning|notice) file=[^\n:]+::[^\n]*", line)


def test_the_limit_is_kept():
    assert annotated(limit=1).count("content/") == 1
    assert len(re.findall(r"^\| \d+ \|", markdown(limit=2), re.MULTILINE)) == 2


def test_nothing_to_say_is_short():
    world = corpus(article(1)), [*asked("x", 1, results=3)]

    assert annotated(world) == ""
    assert "No article asks for a look." in markdown(world=world)
    assert "| No. |" not in markdown(world=world)
