"""Sections have the anchors that the rendered page has."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbgen.articles import frontmatter
from kbgen.articles.decode import decode
from kbgen.articles.sections import Section, plain_text, sections, slugify

# The set of kbgen.site.extensions; this room must not import that one.
EXTENSIONS = [
    "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc",
    "pymdownx.details", "pymdownx.highlight", "pymdownx.superfences", "pymdownx.tabbed",
    "pymdownx.tasklist",
]  # fmt: skip
CONFIGS = {"toc": {"slugify": slugify}, "pymdownx.tabbed": {"alternate_style": True}}


@pytest.fixture(scope="module")
def engine() -> markdown.Markdown:
    return markdown.Markdown(extensions=EXTENSIONS, extension_configs=CONFIGS)


def rendered_anchors(engine: markdown.Markdown, body: str) -> list[str]:
    engine.reset()
    engine.convert(body)
    found: list[str] = []
    tokens = list(reversed(engine.toc_tokens))
    while tokens:
        token = tokens.pop()
        found.append(token["id"])
        tokens += reversed(token["children"])
    return found


def anchors(body: str) -> list[str]:
    return [section.anchor for section in sections(body)[1:]]


def test_sections_hold_the_words_between_headings():
    body = (
        "먼저 **이것**부터.\n\n## 환불 {#refund}\n\n- [여기](a.md)를 눌러요\n\n환불 시점\n---\n내일"
    )

    assert sections(body) == (
        Section("", 0, "", "먼저 이것부터.", 1),
        Section("refund", 2, "환불", "여기를 눌러요", 3),
        Section("환불-시점", 2, "환불 시점", "내일", 7),
    )


def test_a_text_without_headings_is_one_section():
    assert sections("") == (Section("", 0, "", "", 1),)


@pytest.mark.parametrize(
    "body",
    [
        "# A\n## A\n### A",
        "## Same {#same}\n## Same",
        "## Same\n## Other {#same}",
        "## 환불은 언제 되나요?\n## 환불은 언제 되나요?",
        "## `code` and *soft* and **loud** and _under_ and snake_case_name",
        "## A [link](x.md) and ![picture](y.png) and <b>tag</b> &amp; more",
        "## [ref][r] and [short]\n\n[r]: x.md",
        "##No space\n####### seven",
        "## Closed ##\n## Escaped \\# and \\*star\\* and \\<n>",
        "```\n# code\n```\n# real",
        "~~~~ text\n# code\n~~~\n~~~~\n# real",
        "```\n# never closed",
        "- item\n\n    ## In a list\n\n- next",
        "1. # In an item\n2. two",
        "> ## In a quotation\n> text",
        "!!! note\n    ## In a note\n\n## After",
        '=== "Tab"\n\n    ## In a tab\n',
        '??? tip "More"\n    ### In details\n',
        "<div>\n## raw\n</div>\n\n## real",
        "<div markdown>\n\n## cooked\n\n</div>",
        "<!-- ## no -->\n## yes\n<!--\n## no\n-->",
        "Text\n## Heading right below",
        "Title\n===\nSub\n---\ntext\n---",
        "    # indented code\n",
        "## Footnote[^1]\n\n[^1]: Note",
        "## Trailing {.class #own key=value}",
        "## Glued{#glued}",
        "## ???\n## !!!",
        "## **bold**{.x} rest",
        "| a |\n|---|\n| # no |\n\n## yes",
        "term\n:   ## In a definition",
        "## a_1\n## a\n## a",
    ],
)
def test_anchors_are_those_of_the_rendered_page(engine, body):
    assert anchors(body) == rendered_anchors(engine, body)


HEADINGS = st.builds(
    lambda level, words, own: f"{'#' * level} {' '.join(words)}{own}",
    st.integers(1, 6),
    st.lists(
        st.sampled_from(
            [
                "환불",
                "Café",
                "`a b`",
                "**b**",
                "*i*",
                "x_y_z",
                "_u_",
                "[l](a.md)",
                "&lt;",
                "1.2",
                "a",
            ]
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["", " {#own}", " {.c}", " ##", " {: #x-1 }"]),
)
BLOCKS = st.sampled_from(
    [
        "text",
        "- item\n- item",
        "```\n# no\n```",
        "> quote",
        "a | b\n--|--\n1 | 2",
        "<p>raw</p>",
        "***",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(HEADINGS, BLOCKS), max_size=8))
def test_anchors_agree_with_markdown_on_ordinary_texts(engine, blocks):
    body = "\n\n".join(blocks)

    assert anchors(body) == rendered_anchors(engine, body)


def test_anchors_agree_with_markdown_on_real_articles(engine, shared_data: Path):
    """A sample of the help centers; all 4,952 files agree when each is compared."""
    files = sorted((shared_data / "help-centers").rglob("*.md"))[::23]
    differing = []
    for file in files:
        text, _ = decode(file.read_bytes(), file.name)
        body = frontmatter.split(text or "").body
        if anchors(body) != rendered_anchors(engine, body):
            differing.append(file.name)

    assert len(files) > 200
    assert differing == []


@pytest.mark.timeout(120)  # what takes the square of the time takes longer
@pytest.mark.parametrize(
    "pattern",
    ["[", "![", "[a](<b", "*a", "_a ", "`", "<", '<a "', "{.", "- ", "> ", "<div>\n", "```\n",
     "~~~a\n", "<!--\n", "> ~~~a\n", "# a\n", "](", "[a](b)(", "&", "\\"],
)  # fmt: skip
def test_no_text_takes_long(pattern):
    """A quarter of a megabyte of what makes Markdown parsers quadratic takes seconds at most."""
    body = (pattern * (256 * 1024 // len(pattern)))[: 256 * 1024]
    sections(body)
    plain_text(f"# {body}")


def test_slugs_keep_every_script():
    assert slugify("환불은 언제, 되나요?") == "환불은-언제-되나요"
    assert slugify("Crème  Brûlée -- 2024!") == "crème-brûlée-2024"
    assert slugify(unicodedata.normalize("NFD", "한글")) == "한글"


def test_plain_text_has_the_words_only():
    text = (
        '---\n!!! warning "주의"\n    읽어 주세요\n\n> [!NOTE]\n> 노트\n\n'
        "| 값 | 뜻 |\n|---|---|\n| `a|b` | **둘** |\n\n![그림](x.png){.wide} <br> &amp; [^1]\n\n"
        "[^1]: 각주\n\n```python\nprint('x')\n```\n\n[ref]: https://x.example\n- [ ] 할 일"
    )

    assert plain_text(text).split("\n") == [
        "주의", "읽어 주세요", "노트", "값 뜻", "a b 둘", "그림 &", "각주", "print('x')", "할 일",
    ]  # fmt: skip


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_sections(text):
    found = sections(text)

    assert found[0].anchor == ""
    assert all(section.anchor for section in found[1:])
