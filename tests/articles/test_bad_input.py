"""Bad input costs its own file, never the run; each problem has place, value and cure."""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from kbgen.articles import load_corpus, reading
from kbgen.articles.codes import CODES
from kbgen.articles.place import Layout
from tests.articles.samples import article, corpus, project, said

GOOD = {"ko/returns/good.md": article(99, "좋은 글")}

LEFT_OUT = {
    "broken YAML": (
        "---\ntitle: Returns: how\n---\nx",
        (
            "content/ko/returns/bad.md:2: error: [yaml] a colon inside a value:"
            ' `title: Returns: how` (put the value in quotes: title: "Returns: how")'
        ),
    ),
    "an alias": (
        "---\na: &a [x]\ntitle: *a\n---\nx",
        (
            "content/ko/returns/bad.md:3: error: [yaml-alias] the alias *a is not read"
            " (write the value out)"
        ),
    ),
    "a block without end": (
        "---\ntitle: T\n\nText",
        (
            "content/ko/returns/bad.md:1: error: [front-matter-open] the front"
            " matter begins and never"
            " ends (write --- on a line of its own below the last key)"
        ),
    ),
    "CP949": (
        "---\ntitle: 환불\n---\n본문".encode("cp949"),
        (
            "content/ko/returns/bad.md:2: error: [encoding] byte 0xBA is not UTF-8 (it looks like"
            " cp949; convert it: iconv -f cp949 -t utf-8 'content/ko/returns/bad.md')"
        ),
    ),
    "Latin-1": (
        b"---\ntitle: ok\n---\ncaf\xe9",
        (
            "content/ko/returns/bad.md:4: error: [encoding] byte 0xE9 is not UTF-8 (it looks like"
            " windows-1252; convert it: iconv -f windows-1252 -t utf-8 'content/ko/returns/bad.md')"
        ),
    ),
    "half of UTF-16": (
        codecs.BOM_UTF16_LE + b"a",
        (
            "content/ko/returns/bad.md:1: error: [encoding] not valid UTF-16: truncated data"
            " (save the file as UTF-8)"
        ),
    ),
    "an empty file": (
        b"",
        (
            "content/ko/returns/bad.md:1: error: [empty] the file is empty"
            " (write the article or remove it)"
        ),
    ),
    "a binary file": (
        b"---\ntitle: T\n---\n\0\1\2",
        (
            "content/ko/returns/bad.md:4: error: [not-text] the file holds a NUL byte"
            " (is it really Markdown? remove the NUL bytes or the file)"
        ),
    ),
    "a 1 MB article": (
        article(1, body="word " * 210_000),
        (
            "content/ko/returns/bad.md:1: error: [too-large] the file has 1,050,035"
            " bytes; the most is"
            " 524,288 (split the article, or move data into a file)"
        ),
    ),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_a_file_that_cannot_be_read_costs_only_itself(tmp_path, case):
    data, expected = LEFT_OUT[case]
    found = corpus(tmp_path, {**GOOD, "ko/returns/bad.md": data})

    assert said(found) == [expected]
    assert [a.title for a in found.articles] == ["좋은 글"]


def test_a_file_the_system_refuses_costs_only_itself(tmp_path, monkeypatch):
    settings = project(tmp_path, {**GOOD, "ko/returns/bad.md": article()})
    real = Path.open

    def refuse(self, *args, **kwargs):
        if self.name == "bad.md":
            raise PermissionError(13, "Permission denied")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    found = load_corpus(settings, history=False)

    assert said(found) == [
        (
            "content/ko/returns/bad.md:1: error: [unreadable] Permission denied"
            " (make the file readable or remove it)"
        )
    ]


def test_a_name_that_is_no_address_costs_only_its_file(tmp_path):
    found = corpus(tmp_path, {**GOOD, "ko/returns/50%.md": article()})

    assert said(found) == [
        (
            "content/ko/returns/50%.md:1: error: [unsafe-name] a name must not hold '%'"
            " (rename the file or folder: letters, digits, - and _ are safe everywhere)"
        )
    ]
    assert len(found.articles) == 1


READ = {
    "UTF-16": ("---\nid: KB-0001\ntitle: 제목\n---\n본문".encode("utf-16"), ["encoding-read"]),
    "a byte order mark": (b"\xef\xbb\xbf" + article().encode(), []),
    "CRLF": (article().replace("\n", "\r\n"), []),
    "old Mac line ends": (article().replace("\n", "\r"), []),
    "NFD": (unicodedata.normalize("NFD", article()), []),
    "no front matter": ("# 제목\n\n본문", ["front-matter-missing", "no-id", "no-title"]),
    "no title": ("---\nid: KB-0001\n---\n# 제목\n\n본문", ["no-title"]),
    "a title in capitals": ("---\nid: KB-0001\nTITLE: 제목\n---\n본문", ["key-spelling"]),
}


@pytest.mark.parametrize("case", READ)
def test_dirty_files_are_read(tmp_path, case):
    data, expected = READ[case]
    found = corpus(tmp_path, {"ko/returns/a.md": data})

    assert [(a.title, a.body) for a in found.articles] == [("제목", "본문")]
    assert [problem.code for problem in found.problems] == expected


def test_all_problems_of_all_files_come_in_one_run(tmp_path):
    bad = {f"ko/returns/{at}.md": data for at, (data, _) in enumerate(LEFT_OUT.values())}
    found = corpus(tmp_path, {**GOOD, **bad})

    assert len(found.problems) == len(LEFT_OUT)
    assert list(found.problems) == sorted(found.problems)


def test_every_problem_has_a_cure(tmp_path):
    bad = {f"ko/returns/{at}.md": data for at, (data, _) in enumerate(LEFT_OUT.values())}
    bad |= {f"ko/orders/{at}.md": data for at, (data, _) in enumerate(READ.values())}
    found = corpus(tmp_path, bad)

    assert all(problem.hint for problem in found.problems)
    assert all(problem.code in CODES for problem in found.problems)


@limits(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(max_size=300).map(lambda text: f"---\n{text}\n---\n{text}".encode()),
        st.lists(
            st.sampled_from(["---", "title: x", "id: [", "\t", "# H", "{", "- a: b", "é", "..."]),
            max_size=12,
        ).map(lambda lines: "\n".join(lines).encode()),
    )
)  # fmt: skip
def test_any_bytes_are_read_or_reported(data):
    """The loader raises on no bytes."""
    page, problems = reading.read(data, "ko/a/b.md", Layout(("ko",), True).place("ko/a/b.md"))

    assert page is not None or any(problem.severity == "error" for problem in problems)
    assert page is None or page.title
    assert all(problem.line >= 0 and problem.hint for problem in problems)


def test_hostile_files_cost_little(tmp_path):
    """YAML bombs, deep nesting and endless brackets: five files, five seconds at most."""
    bomb = "---\na: &a [x, x, x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    files = {
        "ko/a/bomb.md": bomb + "---\nx",
        "ko/a/deep.md": f"---\na: {'[' * 20_000}\n---\nx",
        "ko/a/keys.md": "---\n" + "".join(f"k{n}: v\n" for n in range(5_000)) + "---\nx",
        "ko/a/marks.md": article(2, body="[" * 500_000),
        "ko/a/pictures.md": article(3, "b", body="![" * 200_000),
    }
    found = corpus(tmp_path, files)

    assert [a.slug for a in found.articles] == ["keys", "marks", "pictures"]
    assert {p.code for p in found.problems if p.severity == "error"} == {"yaml-alias", "yaml-deep"}
