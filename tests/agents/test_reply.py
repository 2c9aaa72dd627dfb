"""What agents paste into a conversation."""

from __future__ import annotations

from dataclasses import replace

from kbgen.agents.reply import Reply, reply
from kbgen.articles import Article

ARTICLE = Article(
    path="ko/returns/refund.md",
    id="KB-0022",
    lang="ko",
    category="returns",
    slug="refund",
    title="환불은 언제 되나요",
    body="상품을 확인한 뒤 **3영업일** 안에 [환불](x.md)해 드려요.\n\n## 자세히\n\n둘째 문단",
    body_line=1,
    rev="0" * 12,
)
SITE = "https://help.example/"


def test_the_writers_reply_comes_first():
    article = replace(ARTICLE, reply="3영업일 안에 돌려드려요.")

    assert "3영업일 안에 돌려드려요." == reply(article, SITE, "ko").answer


def test_without_a_reply_the_first_paragraph_answers():
    expected = Reply(
        "환불은 언제 되나요",
        "상품을 확인한 뒤 3영업일 안에 환불해 드려요.",
        "https://help.example/a/KB-0022/",
    )

    assert expected == reply(ARTICLE, SITE, "ko")


def test_a_translation_links_to_its_own_language():
    article = replace(ARTICLE, lang="en", path="en/returns/refund.md")

    assert "https://help.example/en/a/KB-0022/" == reply(article, SITE, "ko").link


def test_an_article_for_agents_gives_no_link_away():
    article = replace(ARTICLE, audience="agents")

    assert "" == reply(article, SITE, "ko").link


def test_titles_cannot_break_out_of_the_formats():
    found = Reply('A [b](c) <i>"', "1 < 2", "https://help.example/a/X/")

    assert '1 < 2\n\n[A \\[b\\](c) <i>"](https://help.example/a/X/)' == found.markdown
    assert (
        '<p>1 &lt; 2</p><p><a href="https://help.example/a/X/">A [b](c) &lt;i&gt;&quot;</a></p>'
        == found.html
    )
