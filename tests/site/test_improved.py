"""The page that tells readers what their answers changed."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kbgen.articles import load_corpus
from kbgen.articles.improved import FILE, Improvement, write_improved
from kbgen.articles.texts import Commit
from kbgen.insights import analyse
from kbgen.insights.improved import improvements
from kbgen.settings import load
from kbgen.site.build import build as build_site
from tests.insights.samples import TODAY, ballots, event
from tests.site.browsing import DESKTOP, site_served, violations
from tests.site.samples import markdown, project

SMALL = {"width": 360, "height": 780}
CHANGED = {"changes": [{"date": date(2026, 10, 1), "text": "걸리는 날을 표로 적었어요."}]}
FILES = {
    "ko/returns/refund.md": markdown("환불", "나중에.", id="KB-1", **CHANGED),
    "en/returns/refund.md": markdown("Refunds", "Later.", id="KB-1"),
    "ko/returns/agents.md": markdown("상담", "안에서만.", id="KB-2", audience="agents", **CHANGED),
    "ko/returns/quiet.md": markdown("조용히", "조용히.", id="KB-3", changes=False),
}
ENTRY = """\
- article: {article}
  lang: {lang}
  date: 2026-10-01
  votes: {votes}
  text: {text}
"""


def entries(*rows):
    given = {"lang": "ko", "votes": 44, "text": "표로 적었어요."}
    return {f"{FILE}": "improved:\n" + "".join(ENTRY.format(**given | row) for row in rows)}


def page(site, lang="ko"):
    return (site / lang / "improved" / "index.html").read_text("utf-8")


def test_the_page_tells_who_said_what_and_what_was_done(build):
    site = build(FILES | entries({"article": "KB-1"})).site
    text = page(site)

    assert '<h1 class="kb-title">여러분의 의견으로 고쳤어요</h1>' in text
    assert "44분이 이 글이 도움이 되지 않았다고 하셨어요." in text
    assert "표로 적었어요." in text
    assert 'href="../returns/refund/">환불</a>' in text
    assert '<time datetime="2026-10-01">2026년 10월 1일</time>' in text
    assert "ko/improved/" in (site / "sitemap.xml").read_text("utf-8")
    assert 'href="improved/"' in (site / "ko/index.html").read_text("utf-8")
    assert 'href="../../improved/"' in (site / "ko/returns/refund/index.html").read_text("utf-8")


def test_a_language_without_an_entry_has_no_page_and_no_link(build):
    """The switch of language leads to its home page instead."""
    site = build(FILES | entries({"article": "KB-1"})).site

    assert not (site / "en/improved").exists()
    assert "improved/" not in (site / "en/index.html").read_text("utf-8")
    assert re.search(r'href="../../en/"[^>]*hreflang="en"|hreflang="en"[^>]*href="../../en/"',
                     page(site))  # fmt: skip


def test_without_entries_there_is_no_page(build):
    site = build(FILES).site

    assert not list(site.rglob("improved"))
    assert "improved/" not in (site / "ko/index.html").read_text("utf-8")


@pytest.mark.parametrize("audience", ["public", "agents"])
@pytest.mark.parametrize("article", ["KB-2", "KB-3", "KB-9"])
def test_what_is_not_for_everybody_or_gone_is_not_listed(build, article, audience):
    """For agents only, opted out since the file was written, or deleted."""
    site = build(FILES | entries({"article": article}), audience=audience).site

    assert not list(site.rglob("improved"))


def test_a_category_of_that_name_keeps_its_address(build):
    files = {"ko/improved/a.md": markdown("가", "나.", id="KB-1"), **entries({"article": "KB-1"})}
    site = build(files).site

    assert "kb-improved" not in page(site)
    assert "kb-page--category" in page(site)


def test_markup_in_a_sentence_stays_text(build):
    bad = {"article": "KB-1", "text": '"<script>alert(1)</script> **a**"'}
    text = page(build(FILES | entries(bad)).site)

    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; **a**" in text


def test_a_bad_entry_is_told_and_the_site_is_built(build):
    built = build(FILES | entries({"article": "KB-1", "votes": "many"}))

    assert [p.code for p in built.problems if p.path.endswith("improved.yml")] == ["learned"]
    assert (built.site / "ko/index.html").is_file()


def test_nothing_that_readers_wrote_is_published(tmp_path):
    """From events to the built site: no comment, no query, no name."""
    config = project(tmp_path, FILES)
    settings = load(config)
    corpus = load_corpus(settings)
    one = corpus.by_key["KB-1", "ko"]
    events = [event("vote", one, rev="0ld000000000", vote=int(n % 4 == 0), day=110 - n,
                    voter=f"PLANTED{n}", comment="PLANTED comment", prev="?PLANTED query",
                    reason="other") for n in range(50)]  # fmt: skip
    events += ballots(one, 12, 2, comment="PLANTED thanks")
    events += [event("search", query="PLANTED rare", results=0, session=f"PLANTED{n}", day=70)
               for n in range(2)]  # fmt: skip
    commits = {("KB-1", "ko"): {one.rev: Commit(date(2026, 10, 1), "PLANTED subject")}}

    told = improvements(analyse(corpus, events, TODAY), commits)
    write_improved(settings.content, told)
    site = build_site(config).site

    assert [(row.votes, row.searches) for row in told] == [(37, 0)]
    assert "37분이" in page(site)
    hits = [file for file in [settings.content / FILE, *site.rglob("*")]
            if file.is_file() and b"PLANTED" in file.read_bytes()]  # fmt: skip
    assert hits == []


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A site with a page of several entries in each language."""
    folder = tmp_path_factory.mktemp("improved")
    config = project(folder, FILES)
    rows = [Improvement(article="KB-1", lang=lang, day=date(2026, 10, n), votes=n % 2 * 1200,
                        searches=n % 3 * 7 + (not n % 2), text=text * n)
            for lang, text in (("ko", "걸리는 날을 표로 적었어요. "), ("en", "Now as a table. "))
            for n in (1, 2, 9)]  # fmt: skip
    write_improved(folder / "content", rows)
    with site_served(config, folder) as home:
        yield home


@pytest.mark.browser
@pytest.mark.parametrize("screen", [DESKTOP, SMALL], ids=["desktop", "phone"])
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_page_has_no_fault(visit, served, lang, screen):
    """axe finds nothing in the light and in the dark, and nothing sticks out at 360 px."""
    shown = visit(served, viewport=screen).open(f"{lang}/improved/")

    assert shown.locator(".kb-improved__row").count() == 3
    for scheme in ("light", "dark"):
        shown.emulate_media(color_scheme=scheme)
        assert violations(shown) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= screen["width"]


@pytest.mark.browser
def test_the_page_is_reached_and_read_without_scripts(visit, served):
    shown = visit(served, java_script_enabled=False).open("en/")

    shown.get_by_role("link", name="You said, we did").click()

    assert shown.locator("h1").inner_text() == "You said, we did"
    shown.get_by_role("link", name="한국어").click()
    assert shown.locator("h1").inner_text() == "여러분의 의견으로 고쳤어요"
