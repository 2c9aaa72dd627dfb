"""A content folder becomes articles and categories that agree with each other."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.articles import load_corpus, rev_of
from kbgen.articles.codes import CODES
from kbgen.articles.model import Category
from kbgen.articles.revision import derived_id
from kbgen.errors import ContentError
from kbgen.settings import Settings
from tests.articles.samples import article, codes, corpus, project, said


def test_an_article_has_what_its_file_says(tmp_path):
    text = (
        "---\nid: KB-0042\ntitle: 환불은 언제 되나요\ndescription: 사흘이면 돼요\n"
        "tags: [환불, policy]\nquestions:\n  - 돈은 언제 들어와요\naliases: 환급, 캐시백\n"
        "owner: 결제팀\nreviewed: 2026-10-01\nexpires: 2027-01-01\nrelated: [KB-0042]\n"
        "redirect_from: /ko/old/\nreply: 사흘이요\nproduct: [앱]\ndraft: false\nfeedback: no\n"
        "search: {boost: 2, exclude: false}\nhide: [toc]\n---\n\n# 환불은 언제 되나요\n\n본문\n"
    )
    [made] = corpus(tmp_path, {"ko/returns/card/when.md": text}).articles

    assert (made.path, made.id, made.lang) == ("ko/returns/card/when.md", "KB-0042", "ko")
    assert (made.category, made.slug) == ("returns/card", "when")
    assert (made.url, made.permalink) == ("ko/returns/card/when/", "a/KB-0042/")
    assert (made.title, made.description) == ("환불은 언제 되나요", "사흘이면 돼요")
    assert (made.body, made.body_line) == ("본문", 24)
    assert (made.tags, made.aliases) == (("환불", "policy"), ("환급", "캐시백"))
    assert made.questions == ("돈은 언제 들어와요",)
    assert (made.reviewed, made.expires) == (date(2026, 10, 1), date(2027, 1, 1))
    assert made.review_every == timedelta(days=90)
    assert made.review_due == date(2026, 12, 30)
    assert (made.owner, made.reply, made.product) == ("결제팀", "사흘이요", ("앱",))
    assert (made.related, made.redirect_from) == (("KB-0042",), ("ko/old/",))
    assert (made.draft, made.feedback) == (False, False)
    assert (made.search_boost, made.search_exclude) == (2.0, False)
    assert made.meta["hide"] == ["toc"]
    assert made.lines["reviewed"] == 10
    assert not made.id_derived


def test_the_body_line_is_that_of_the_file(tmp_path):
    text = article(body="\n\n## 첫 제목\n둘째 줄")
    [made] = corpus(tmp_path, {"ko/a/b.md": text}).articles

    assert text.split("\n")[made.body_line - 1] == made.body.split("\n")[0] == "## 첫 제목"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("# 제목", "제목"),
        ('# <a name="x"></a>제목', "제목"),
        ("# 제목 #", "제목"),
        ("#제목", "제목"),
        ("# `코드`와 **강조** {#own}", "코드와 강조"),
        ("제목\n====", "제목"),
    ],
)
def test_a_leading_heading_is_the_title_and_no_body(tmp_path, heading, title):
    [made] = corpus(tmp_path, {"ko/a/b.md": f"---\nid: KB-1\n---\n\n{heading}\n\n본문"}).articles

    assert (made.title, made.body) == (title, "본문")


@pytest.mark.parametrize("body", ["## 둘째\n본문", "본문\n\n# 나중", "```\n# 코드\n```"])
def test_other_headings_stay(tmp_path, body):
    [made] = corpus(tmp_path, {"ko/a/b.md": article(body=body)}).articles

    assert made.body == body


def test_a_file_without_title_or_heading_is_called_after_its_name(tmp_path):
    found = corpus(tmp_path, {"en/returns/when-is-it-paid.md": "---\nid: KB-1\n---\nText"})

    assert found.articles[0].title == "When is it paid"
    assert said(found) == [
        (
            "content/en/returns/when-is-it-paid.md:1: warning: [no-title] the file"
            " has no title; its"
            " name is used: 'When is it paid' (write title: \"When is it paid\")"
        )
    ]


# -- ids


def test_translations_without_ids_share_one_that_only_their_path_decides(tmp_path):
    files = {"ko/a/b.md": "---\ntitle: 가\n---\nx", "en/a/b.md": "---\ntitle: A\n---\ny"}
    found = corpus(tmp_path, files)

    assert {a.id for a in found.articles} == {derived_id("a/b")}
    assert all(a.id_derived for a in found.articles)
    assert codes(found) == ["no-id", "no-id"]
    assert found.problems[0].hint.startswith("write id: KB-0001, or")


def test_the_later_of_two_equal_ids_gets_one_from_its_path(tmp_path):
    files = {"ko/a/1.md": article(7, "가"), "ko/a/2.md": article(7, "나"), "en/a/1.md": article(7)}
    found = corpus(tmp_path, files)

    assert [(a.path, a.id == "KB-0007") for a in found.articles] == [
        ("en/a/1.md", True), ("ko/a/1.md", True), ("ko/a/2.md", False),
    ]  # fmt: skip
    assert said(found) == [
        (
            "content/ko/a/2.md:2: error: [duplicate-id] the id KB-0007 belongs to"
            " content/ko/a/1.md;"
            f" {found.articles[2].id} is used here (write id: KB-0008)"
        )
    ]


def test_ids_that_differ_in_case_only_are_duplicates(tmp_path):
    files = {
        "ko/a/1.md": "---\nid: ab\ntitle: 가\n---\nx",
        "ko/a/2.md": "---\nid: AB\ntitle: 나\n---\nx",
    }

    assert codes(corpus(tmp_path, files)) == ["duplicate-id"]


def test_an_id_that_cannot_be_an_address_is_replaced(tmp_path):
    found = corpus(tmp_path, {"ko/a/1.md": "---\nid: ../x\ntitle: 가\n---\nx"})

    assert codes(found) == ["bad-id"]
    assert found.articles[0].id_derived


# -- languages and categories


def test_folders_give_language_and_category(tmp_path):
    files = {
        "ko/a/b/c.md": article(1, "가"),
        "en/a/d.md": article(2, "나"),
        "ko/e.md": article(3, "다"),
    }
    found = corpus(tmp_path, files)

    assert [(a.lang, a.category) for a in found.articles] == [
        ("en", "a"),
        ("ko", "a/b"),
        ("ko", ""),
    ]
    assert [(c.lang, c.path, c.url) for c in found.categories] == [
        ("ko", "a", "ko/a/"), ("ko", "a/b", "ko/a/b/"), ("en", "a", "en/a/"),
    ]  # fmt: skip
    assert codes(found) == ["no-category"]


def test_a_site_in_one_language_may_leave_its_folder_out(tmp_path):
    found = corpus(tmp_path, {"it/printer.md": article()}, "en")

    assert [(a.lang, a.category, a.url) for a in found.articles] == [("en", "it", "it/printer/")]
    assert found.categories[0].url == "it/"


def test_a_language_that_the_settings_forgot_is_said_once(tmp_path):
    files = {"ko/a/b.md": article(1), "fr/a/b.md": article(1), "fr/a/c.md": article(2, "C")}
    found = corpus(tmp_path, files)

    assert [a.lang for a in found.articles] == ["fr", "fr", "ko"]
    assert said(found) == [
        (
            "content/fr/a/b.md:1: warning: [unlisted-language] the language fr is not among those "
            "of mkdocs.yml: ko, en (add fr to languages: in mkdocs.yml)"
        )
    ]


def test_an_index_makes_the_page_of_a_category_and_of_a_language(tmp_path):
    files = {
        "ko/index.md": "---\ntitle: 온담\n---\n# 온담\n인사",
        "ko/a/index.md": "---\ntitle: 반품\ndescription: 설명\nicon: box\norder: 3\n---\n글",
        "ko/a/b.md": article(),
        "ko/b/c.md": article(2, "나"),
    }
    found = corpus(tmp_path, files)

    assert found.categories == (
        Category(path="a", lang="ko", title="반품", description="설명", icon="box", order=3,
                 body="글", body_line=7, source="ko/a/index.md", folder="ko/a"),
        Category(path="b", lang="ko", title="B", folder="ko/b"),
        Category(path="", lang="ko", title="온담", body="인사", body_line=5, source="ko/index.md",
                 folder="ko"),
    )  # fmt: skip
    assert found.problems == ()


def test_a_category_that_no_folder_has_is_reported(tmp_path):
    files = {"ko/returns/a.md": article(1, "가"), "ko/b/c.md": article(2, "나", category="retruns")}
    found = corpus(tmp_path, files)

    assert said(found) == [
        (
            "content/ko/b/c.md:4: warning: [unknown-category] no folder is named as the category"
            " 'retruns' (did you mean returns?)"
        )
    ]


# -- who may see it


def test_a_category_for_agents_keeps_all_its_articles_inside(tmp_path):
    files = {
        "ko/in/index.md": "---\ntitle: 안\naudience: agents\n---\nx",
        "ko/in/deep/a.md": article(1, "가"),
        "ko/in/b.md": article(2, "나", audience="public"),
        "ko/out/c.md": article(3, "다", category="in"),
        "ko/out/d.md": article(4, "라"),
    }
    found = corpus(tmp_path, files)

    assert [a.title for a in found.public.articles] == ["라"]
    assert [c.path for c in found.public.categories] == ["out"]
    assert [(c.path, c.audience) for c in found.categories] == [
        ("in/deep", "agents"),
        ("out", "public"),
        ("in", "agents"),
    ]
    assert said(found) == [
        (
            "content/ko/in/b.md:4: error: [audience-conflict] audience: public,"
            " but the category in is"
            " for agents (move the article, or remove its audience; it stays inside until then)"
        )
    ]


def test_drafts_and_agents_articles_are_not_public(tmp_path):
    files = {
        "ko/a/1.md": article(1, "가", draft="true"),
        "ko/a/2.md": article(2, "나", audience="agents"),
        "ko/a/3.md": article(3, "다"),
    }

    assert [a.title for a in corpus(tmp_path, files).public.articles] == ["다"]


# -- files that collide


def test_two_forms_of_one_name_collide(tmp_path):
    names = [unicodedata.normalize(form, "ko/a/한글.md") for form in ("NFC", "NFD")]
    found = corpus(tmp_path, {names[0]: article(1, "가"), names[1]: article(2, "나")})

    assert len(found.articles) == 1
    assert codes(found) == ["same-address"]


def test_names_that_differ_in_case_only_are_reported_and_kept(tmp_path):
    found = corpus(tmp_path, {"ko/a/X.md": article(1, "가"), "ko/a/x.md": article(2, "나")})

    assert len(found.articles) == 2
    assert codes(found) == ["same-address-case"]


# -- articles about each other


def test_equal_titles_in_one_language_are_reported(tmp_path):
    files = {"ko/a/1.md": article(1), "ko/a/2.md": article(2), "en/a/1.md": article(1)}

    assert said(corpus(tmp_path, files)) == [
        (
            "content/ko/a/2.md:3: warning: [duplicate-title] '제목' is the title of"
            " content/ko/a/1.md too"
            " (say in the title what sets them apart, or make one article of both)"
        )
    ]


def test_related_ids_must_exist(tmp_path):
    found = corpus(tmp_path, {"ko/a/1.md": article(12, related="[KB-0021, KB-0012]")})

    assert said(found) == [
        (
            "content/ko/a/1.md:4: warning: [unknown-related] no article has the id KB-0021"
            " (did you mean KB-0012?)"
        )
    ]


def test_a_translation_says_when_its_source_moved_on(tmp_path):
    rev = rev_of("제목", "본문")
    files = {
        "ko/a/1.md": article(1),
        "en/a/1.md": article(1, translated_from=f"'{rev}'"),
        "ko/a/2.md": article(2, "나", body="new"),
        "en/a/2.md": article(2, "B", translated_from=f"'{rev}'"),
        "en/a/3.md": article(3, "C", translated_from=f"'{rev}'"),
    }
    now = rev_of("나", "new")

    assert said(corpus(tmp_path, files)) == [
        (
            f"content/en/a/2.md:4: warning: [translation-behind] follows revision {rev};"
            f" content/ko/a/2.md is now {now} (compare the two, then write"
            f" translated_from: '{now}')"
        ),
        (
            "content/en/a/3.md:4: warning: [translation-source] KB-0003 has no article in ko to be"
            " translated from (give both languages the same id, or remove translated_from)"
        ),
    ]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("/ko/a/2/", "/ko/x/", ["redirect-taken"]),
        ("/ko/a/", "/ko/x/", ["redirect-taken"]),
        ("/ko/a/1/", "/ko/x/", ["redirect-cycle"]),
        ("/ko/a/2/", "/ko/a/1/index.html", ["redirect-cycle", "redirect-cycle"]),
        ("/ko/x/", "/ko/x", ["redirect-twice"]),
        ("/ko/x/", "/ko/y/", []),
    ],
)
def test_redirects_lead_from_free_addresses_to_one_page(tmp_path, first, second, expected):
    files = {
        "ko/a/1.md": article(1, "가", redirect_from=first),
        "ko/a/2.md": article(2, "나", redirect_from=second),
    }

    assert codes(corpus(tmp_path, files)) == expected


# -- everything else


def test_keys_of_other_tools_are_said_once(tmp_path):
    files = {f"ko/a/{n}.md": article(n, f"글 {n}", weight="1") for n in (1, 2, 3)}

    assert said(corpus(tmp_path, files)) == [
        (
            "content/ko/a/1.md:4: info: [foreign-key] weight is not read by kbgen (and in 2 other"
            " files) (leave it to the tool that reads it)"
        )
    ]


def test_the_same_files_give_the_same_corpus(tmp_path):
    files = {f"ko/a/{n}.md": article(n % 3, f"글 {n % 4}") for n in range(12)}

    assert corpus(tmp_path / "one", files) == corpus(
        tmp_path / "two", dict(reversed(files.items()))
    )


def test_a_missing_content_folder_is_an_error(tmp_path):
    with pytest.raises(ContentError, match="no such folder"):
        load_corpus(Settings(root=tmp_path, content=tmp_path / "content"))


def test_problems_name_files_from_the_project_folder(tmp_path):
    settings = project(tmp_path, {"ko/a.md": ""})

    assert [problem.path for problem in load_corpus(settings).problems] == ["content/ko/a.md"]


# -- revisions

WORDS = st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=60)


@given(WORDS, WORDS, st.sampled_from([" ", "\n", "\r\n", "\t", "\u00a0"]))
def test_whitespace_and_unicode_form_do_not_change_a_revision(title, body, space):
    rev = rev_of(title, body)

    assert rev == rev_of(f"{space}{title}", unicodedata.normalize("NFD", body) + space)
    assert rev == rev_of(title, space.join(body.split()))
    assert len(rev) == 12
    assert set(rev) <= set("0123456789abcdef")


@given(WORDS, WORDS)
def test_words_change_a_revision(title, body):
    assert rev_of(title, body) != rev_of(title, f"{body} 더")
    assert rev_of(title, body) != rev_of(f"{title}x", body)


def test_only_the_title_of_the_front_matter_changes_a_revision(tmp_path):
    revs = {
        name: corpus(tmp_path / name, {"ko/a/b.md": text}).articles[0].rev
        for name, text in {
            "plain": article(1),
            "keys": article(2, tags="[a]", owner="b"),
            "heading": article(1, body="# 제목\n\n본문"),
            "title": article(1, "다른 제목"),
        }.items()
    }

    assert revs["plain"] == revs["keys"] == revs["heading"] != revs["title"]


def test_every_code_is_documented_and_every_documented_code_exists():
    text = (Path(__file__).resolve().parents[2] / "docs" / "checks.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (error|warning|info) \|", text, re.MULTILINE))

    assert rows == CODES
