"""Paths become addresses that stay on the site."""

from __future__ import annotations

import posixpath
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbgen.articles.place import Layout, markdown_files, refusal, title_of
from kbgen.articles.sections import slugify

BOTH = Layout(("ko", "en"), has_folders=True)
FLAT = Layout(("ko",), has_folders=False)


@pytest.mark.parametrize(
    ("where", "path", "lang", "url", "category", "key"),
    [
        (BOTH, "ko/returns/when.md", "ko", "ko/returns/when/", "returns", "returns/when"),
        (BOTH, "en/a/b/c.md", "en", "en/a/b/c/", "a/b", "a/b/c"),
        (BOTH, "ko/index.md", "ko", "ko/", "", ""),
        (BOTH, "ko/returns/index.md", "ko", "ko/returns/", "returns", "returns"),
        (BOTH, "ko/returns/README.md", "ko", "ko/returns/", "returns", "returns"),
        (BOTH, "misc/a.md", "ko", "misc/a/", "misc", "misc/a"),
        (BOTH, "fr/a.md", "fr", "fr/a/", "", "a"),
        (FLAT, "returns/when.md", "ko", "returns/when/", "returns", "returns/when"),
        (FLAT, "it/printer.md", "ko", "it/printer/", "it", "it/printer"),
        (FLAT, "index.md", "ko", "", "", ""),
        (FLAT, "Store Support/A b.md", "ko", "Store Support/A b/", "Store Support",
         "Store Support/A b"),
        (FLAT, unicodedata.normalize("NFD", "한글.md"), "ko", "한글/", "", "한글"),
    ],
)  # fmt: skip
def test_a_path_says_language_category_and_address(where, path, lang, url, category, key):
    place = where.place(path)

    assert (place.lang, place.url, place.category, place.key) == (lang, url, category, key)


@pytest.mark.parametrize(
    "path",
    ["%2e%2e/a.md", "a%2fb.md", "a\\b.md", "a?b.md", "a#b.md", "a\x00.md", "a\nb.md", "con.md",
     "LPT1/a.md", "a /b.md", "a./b.md", ".a/b.md", "../a.md", "a..md", f"{'가' * 70}.md",
     "\u202egnp.md", "a\udcff.md", 'a".md', "a:b.md", "a*.md"],
)  # fmt: skip
def test_names_that_hosts_or_disks_read_differently_are_refused(path):
    assert refusal(path)


@pytest.mark.parametrize(
    "path", ["a.md", "한글 이름/환불.md", "Licensing & Counterfeits/it's-ok!.md", "v2.1/a-b_c.md"]
)
def test_ordinary_names_are_not_refused(path):
    assert refusal(path) == ""


@settings(max_examples=2_500, deadline=None)  # four names each
@given(st.lists(st.text(max_size=20), min_size=2, max_size=2), st.lists(st.text(max_size=8)))
def test_no_name_ever_leaves_the_site(titles, folders):
    """Ten thousand random titles and folders: what is not refused stays below the root."""
    for name in (*titles, *map(slugify, titles)):
        path = "/".join([*folders, f"{name}.md"])
        if refusal(path) or "" in path.split("/"):
            continue
        url = FLAT.place(path).url
        output = posixpath.normpath(posixpath.join("/site", url, "index.html"))
        assert output.startswith("/site/")
        assert not set(url) & set("%?#\\\x00")
        assert ".." not in url.split("/")


def test_hidden_files_and_snippets_are_no_articles(tmp_path):
    for name in ["a.md", ".b.md", "_c.md", "_d/e.md", ".kbgen/f.md", "g.txt", "h/i.md"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")

    assert markdown_files(tmp_path) == ["a.md", "h/i.md"]


def test_a_readme_counts_only_where_there_is_no_index(tmp_path):
    for name in ["a/README.md", "b/README.md", "b/index.md"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")

    assert markdown_files(tmp_path) == ["a/README.md", "b/index.md"]


def test_folder_names_become_titles():
    assert title_of("payments-and_invoices") == "Payments and invoices"
    assert title_of("반품-교환") == "반품 교환"
