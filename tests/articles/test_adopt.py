"""`kbgen adopt` turns a tree into a project and never touches what a writer wrote."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from kbgen.articles import load_corpus
from kbgen.articles.adopt import adopt
from kbgen.articles.adopt.edit import as_source, with_lines
from kbgen.cli import cli
from kbgen.errors import ConfigError
from kbgen.settings import load
from tests.articles.samples import said


def tree(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, data in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return root


def fingerprint(root: Path) -> dict[str, str]:
    return {
        file.relative_to(root).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(root.rglob("*"))
        if file.is_file()
    }


FILES: dict[str, str | bytes] = {
    "help/b.md": (
        "---\ntitle: B  # a comment\nexl-id: x\n---\n# B\n\n[A](/help/a.md) ![p](img/p.png)\n"
    ),
    "help/a.md": "---\r\ntitle: A\r\nkeywords: one, two\r\n---\r\nText\r\n",
    "help/none.md": "# No block\n\nText",
    "help/img/p.png": b"png",
    "help/img/unused.png": b"png",
    "help/TOC.md": "- [A](a.md)",
    "_includes/s.md": "snippet",
    "LICENSE.md": "MIT",
    "README.md": "# Repository",
    "SOURCE.txt": "x",
}


def test_a_tree_becomes_a_project(tmp_path):
    source = tree(tmp_path / "source", FILES)
    done = adopt(source, tmp_path / "kb", lang="en")
    content = tmp_path / "kb/content"

    assert (done.written, done.given_ids, done.copied) == (3, 3, 2)
    assert (content / "en/help/a.md").read_bytes() == (
        b"---\r\nid: KB-0001\r\ntags: [one, two]\r\ntitle: A\r\nkeywords: one, two\r\n---\r\n"
        b"Text\r\n"
    )
    assert (content / "en/help/b.md").read_text("utf-8") == (
        "---\nid: KB-0002\ntitle: B  # a comment\nexl-id: x\n---\n"
        "# B\n\n[A](/help/a.md) ![p](img/p.png)\n"
    )
    assert (content / "en/help/none.md").read_text("utf-8") == (
        "---\nid: KB-0003\ntitle: No block\n---\n# No block\n\nText"
    )
    assert (content / "en/help/img/p.png").read_bytes() == b"png"
    assert not (content / "en/help/img/unused.png").exists()
    assert (content / "en/_includes/s.md").exists()
    settings = load(tmp_path / "kb/mkdocs.yml")
    assert (settings.languages, settings.problems) == (("en",), ())
    assert [p.code for p in load_corpus(settings).problems] == ["foreign-key", "foreign-key"]


def test_the_report_says_what_was_done_and_left_alone(tmp_path):
    source = tree(tmp_path / "source", {**FILES, "help/bad.md": "---\na: b: c\n---\nx"})
    run = CliRunner().invoke(cli, ["adopt", str(source), str(tmp_path / "kb"), "--lang", "en"])

    assert run.exit_code == 0
    assert run.stdout == (
        "language en\n"
        "3 articles written, 2 files copied along\n"
        "3 ids given, 0 shared with another language\n"
        "keys read as kbgen's: keywords -> tags (1)\n"
        "keys left alone: exl-id (1)\n"
        "left out LICENSE.md: about the repository, not about the product\n"
        "left out README.md: about the repository, not about the product\n"
        "left out help/TOC.md: a table of contents of another tool\n"
        "files left that no article shows: .png (1), .txt (1)\n"
        "not read help/bad.md:2: error: [yaml] a colon inside a value: `a: b: c`"
        ' (put the value in quotes: title: "Returns: how")\n'
        "wrote mkdocs.yml: set site_name and site_url there\n"
    )


def test_a_second_run_changes_nothing(tmp_path):
    source = tree(tmp_path / "source", FILES)
    adopt(source, tmp_path / "kb", lang="en")
    before = fingerprint(tmp_path / "kb")
    again = adopt(source, tmp_path / "kb", lang="en")

    assert fingerprint(tmp_path / "kb") == before
    assert (again.written, again.copied, again.given_ids) == (0, 0, 0)


def test_what_a_writer_changed_stays(tmp_path):
    source = tree(tmp_path / "source", FILES)
    adopt(source, tmp_path / "kb", lang="en")
    mine = tmp_path / "kb/content/en/help/a.md"
    mine.write_text("---\nid: KB-0001\ntitle: Mine\n---\nMine")
    adopt(source, tmp_path / "kb", lang="en")

    assert mine.read_text() == "---\nid: KB-0001\ntitle: Mine\n---\nMine"


def test_a_second_language_becomes_translations(tmp_path):
    korean = {"help/a.md": "---\ntitle: 가\n---\n글", "help/new.md": "---\ntitle: 새\n---\n글"}
    adopt(tree(tmp_path / "en", FILES), tmp_path / "kb", lang="en")
    done = adopt(tree(tmp_path / "ko", korean), tmp_path / "kb")
    found = load_corpus(load(tmp_path / "kb/mkdocs.yml"))

    assert (done.lang, done.lang_guessed, done.shared_ids, done.given_ids) == ("ko", True, 1, 1)
    assert done.settings_note == "added ko to the languages in mkdocs.yml"
    assert {a.path: a.id for a in found.articles} == {
        "en/help/a.md": "KB-0001", "en/help/b.md": "KB-0002", "en/help/none.md": "KB-0003",
        "ko/help/a.md": "KB-0001", "ko/help/new.md": "KB-0004",
    }  # fmt: skip


def test_ids_of_other_tools_are_kept_unless_two_articles_share_one(tmp_path):
    files: dict[str, str | bytes] = {
        "a.md": "---\nid: 4412377144338\ntitle: A\n---\n",
        "b.md": "---\nid: 4412377144338\ntitle: B\n---\n",
        "c.md": "---\nid: guides/c\ntitle: C\n---\n",
    }
    adopt(tree(tmp_path / "source", files), tmp_path / "kb", lang="en")
    content = tmp_path / "kb/content/en"

    assert (content / "a.md").read_text() == files["a.md"]
    assert (content / "b.md").read_text().startswith("---\nid: KB-0001\nsource_id: 4412377144338\n")
    assert (content / "c.md").read_text().startswith("---\nid: KB-0002\nsource_id: guides/c\n")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("keywords: [a, 'b, c']", 'tags: [a, "b, c"]'),
        ('summary: "It\'s: so"', 'description: "It\'s: so"'),
        ("ms.date: 06/05/2020", "reviewed: 2020-06-05"),
        ("ms.author: someone", "owner: someone"),
        ("last_reviewed: 2020-06-05", "reviewed: 2020-06-05"),
        ("aliases: [/old/, /older]", 'redirect_from: ["/old/", "/older/"]'),
        ("slug: /named", 'redirect_from: ["/named/"]'),
        ("hide: true", "search: {exclude: true}"),
        ("promoted: yes", "search: {boost: 1.5}"),
        ("published: false", "draft: true"),
    ],
)
def test_keys_of_other_tools_are_read_as_ours_and_stay(tmp_path, theirs, ours):
    adopt(tree(tmp_path / "s", {"a/b.md": f"---\ntitle: A\n{theirs}\n---\nx"}), tmp_path / "kb")
    text = (tmp_path / "kb/content/en/a/b.md").read_text("utf-8")

    assert text == f"---\nid: KB-0001\n{ours}\ntitle: A\n{theirs}\n---\nx"
    problems = said(load_corpus(load(tmp_path / "kb/mkdocs.yml")))
    assert not [line for line in problems if "error" in line or "warning" in line]


@pytest.mark.parametrize(
    "theirs",
    ["audience: Admin", "ROBOTS: NOINDEX", "date: 2020-01-01", "exl-id: x", "uuid: y", "slug: /",
     "hide: [toc]", "ms.date: soon", "keywords:", "published: true", "tags: [a]\nkeywords: b",
     "aliases: [synonym]", "nav_order: 3"],
)  # fmt: skip
def test_keys_that_mean_something_else_are_left_alone(tmp_path, theirs):
    adopt(tree(tmp_path / "s", {"a/b.md": f"---\ntitle: A\n{theirs}\n---\nx"}), tmp_path / "kb")
    text = (tmp_path / "kb/content/en/a/b.md").read_text("utf-8")

    assert text == f"---\nid: KB-0001\ntitle: A\n{theirs}\n---\nx"


def test_category_pages_get_a_title_and_an_order_and_no_id(tmp_path):
    files: dict[str, str | bytes] = {
        "a/index.md": "---\nnav_order: 3\n---\n# Guides\n",
        "a/b.md": "x",
    }
    adopt(tree(tmp_path / "s", files), tmp_path / "kb")

    assert (tmp_path / "kb/content/en/a/index.md").read_text() == (
        "---\ntitle: Guides\norder: 3\nnav_order: 3\n---\n# Guides\n"
    )


def test_front_matter_in_braces_is_left_as_it_was_and_said(tmp_path):
    text = "---\n{title: A}\n---\nx"
    done = adopt(tree(tmp_path / "s", {"a/b.md": text}), tmp_path / "kb")

    assert (tmp_path / "kb/content/en/a/b.md").read_text() == text
    assert [problem.code for problem in done.problems] == ["yaml-shape"]


def test_utf_16_becomes_utf_8(tmp_path):
    text = "---\ntitle: 가\n---\n글\n"
    adopt(tree(tmp_path / "s", {"a/b.md": text.encode("utf-16")}), tmp_path / "kb")

    assert (tmp_path / "kb/content/ko/a/b.md").read_bytes().decode() == (
        "---\nid: KB-0001\ntitle: 가\n---\n글\n"
    )


@pytest.mark.parametrize("source", ["kb/content", "kb/content/en"])
def test_ids_can_be_written_into_a_project_in_place(tmp_path, source):
    adopt(tree(tmp_path / "s", {"a/b.md": "---\ntitle: A\n---\nx"}), tmp_path / "kb")
    added = tmp_path / "kb/content/en/a/c.md"
    added.write_text("---\ntitle: C\n---\ny")
    before = fingerprint(tmp_path / "kb")
    done = adopt(tmp_path / source, tmp_path / "kb")

    assert added.read_text() == "---\nid: KB-0002\ntitle: C\n---\ny"
    assert (done.written, done.kept) == (1, 1)
    changed = {k for k, v in fingerprint(tmp_path / "kb").items() if before.get(k) != v}
    assert changed == {"content/en/a/c.md", "content/.kbgen/ids.yml"}


def test_a_folder_below_the_content_is_no_source(tmp_path):
    adopt(tree(tmp_path / "s", {"a/b.md": "x"}), tmp_path / "kb")

    with pytest.raises(ConfigError, match="name the content folder itself"):
        adopt(tmp_path / "kb/content/en/a", tmp_path / "kb")


def test_a_project_without_language_folders_gets_ids_in_place(tmp_path):
    kb = tree(tmp_path, {
        "mkdocs.yml": "plugins:\n  - kbgen:\n      languages: [fr]\n",
        "content/a/b.md": "---\ntitle: B\n---\nx",
    })  # fmt: skip
    done = adopt(kb / "content", kb)

    assert done.settings_note == "mkdocs.yml already lists fr"
    assert (kb / "content/a/b.md").read_text() == "---\nid: KB-0001\ntitle: B\n---\nx"


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        ("      languages: [en]  # the first is the source\n",
         "      languages: [en, ko]  # the first is the source\n"),
        ("      languages:\n        - en\n", "      languages:\n        - en\n        - ko\n"),
    ],
)  # fmt: skip
def test_an_existing_configuration_only_gains_the_language(tmp_path, languages, expected):
    head = "site_name: Mine # and mine alone\nplugins:\n  - kbgen:\n"
    tree(tmp_path / "kb", {"mkdocs.yml": head + languages})
    adopt(tree(tmp_path / "s", {"a/b.md": "글"}), tmp_path / "kb", lang="ko")

    assert (tmp_path / "kb/mkdocs.yml").read_text() == head + expected


def test_an_unusual_configuration_is_left_to_its_writer(tmp_path):
    text = "site_name: Mine\nplugins: [search, kbgen]\n"
    tree(tmp_path / "kb", {"mkdocs.yml": text})
    done = adopt(tree(tmp_path / "s", {"a/b.md": "글"}), tmp_path / "kb", lang="ko")

    assert done.settings_note == "add ko to the languages of the kbgen plugin in mkdocs.yml"
    assert (tmp_path / "kb/mkdocs.yml").read_text() == text


def test_links_out_of_the_tree_are_not_followed(tmp_path):
    tree(tmp_path, {"secret.md": "---\ntitle: S\n---\nsecret", "s/a.md": "---\ntitle: A\n---\nx"})
    (tmp_path / "s/b.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "s/c").symlink_to(tmp_path)
    adopt(tmp_path / "s", tmp_path / "kb", lang="en")

    assert sorted(fingerprint(tmp_path / "kb/content/en")) == ["a.md"]


def test_a_project_inside_of_the_tree_is_not_adopted_itself(tmp_path):
    tree(tmp_path, {"a.md": "---\ntitle: A\n---\nx"})
    adopt(tmp_path, tmp_path / "kb", lang="en")
    again = adopt(tmp_path, tmp_path / "kb", lang="en")

    assert (again.written, again.kept) == (0, 1)


def test_a_missing_source_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="no such folder"):
        adopt(tmp_path / "none", tmp_path / "kb")


def test_the_report_for_programs(tmp_path):
    source = tree(tmp_path / "source", FILES)
    run = CliRunner().invoke(cli, ["adopt", str(source), str(tmp_path / "kb"), "--json"])
    data = json.loads(run.stdout)

    assert (data["v"], data["lang"], data["written"]) == (1, "en", 3)
    assert data["foreign_keys"] == {"exl-id": 1}


@limits(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(["title: x", "# c", "a: b", "", "é: ü"]), max_size=5),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.text(alphabet="ab#\n\r é", max_size=40),
)
def test_lines_are_added_and_nothing_else_changes(block, newline, body):
    text = newline.join(["---", *block, "---", ""]) + body
    edited = with_lines(as_source(text.encode()), 2, ["id: X"]).text

    assert edited == f"---{newline}id: X{newline}" + text[3 + len(newline) :]
    assert edited.endswith(body)
