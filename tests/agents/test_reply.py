"""What agents paste into a conversation."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kbgen.agents.reply import FORMATS, Reply, reply
from kbgen.search import Excerpt, Hit
from kbgen.settings import Settings

SETTINGS = Settings(root=Path(), site_url="https://help.example/", languages=("ko", "en"))
HIT = Hit(
    question=None,
    article="KB-0022",
    lang="ko",
    path="ko/returns/refund.md",
    public=True,
    url="ko/returns/refund/",
    title=Excerpt("환불은 언제 되나요", ()),
    category="returns",
    score=1,
    snippet=Excerpt("상품을 확인한 뒤 3영업일 안에\n환불해 드려요.", ()),
    sections=(),
    reply="",
    updated="",
    reviewed="",
)


def test_the_writers_reply_comes_first():
    hit = replace(HIT, reply="3영업일 안에 돌려드려요.")

    assert "3영업일 안에 돌려드려요." == reply(hit, SETTINGS).answer


def test_without_a_reply_the_text_that_was_found_answers():
    expected = Reply(
        "환불은 언제 되나요",
        "상품을 확인한 뒤 3영업일 안에 환불해 드려요.",
        "https://help.example/a/KB-0022/",
    )

    assert expected == reply(HIT, SETTINGS)


def test_a_translation_links_to_its_own_language():
    hit = replace(HIT, lang="en", path="en/returns/refund.md")

    assert "https://help.example/en/a/KB-0022/" == reply(hit, SETTINGS).link


@pytest.mark.parametrize("name", FORMATS)
def test_an_article_for_agents_gives_no_link_away(name):
    found = reply(replace(HIT, public=False), SETTINGS)

    assert "" == found.link
    assert "KB-0022" not in FORMATS[name](found)


def test_titles_cannot_break_out_of_the_formats():
    found = Reply('A [b](c) <i>"', "1 < 2", "https://help.example/a/X/")

    assert "1 < 2\nhttps://help.example/a/X/" == found.text
    assert '1 < 2\n\n[A \\[b\\](c) <i>"](https://help.example/a/X/)' == found.markdown
    assert (
        '<p>1 &lt; 2</p><p><a href="https://help.example/a/X/">A [b](c) &lt;i&gt;&quot;</a></p>'
        == found.html
    )
