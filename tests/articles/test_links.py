"""Links are found where a reader sees them, and followed to the file they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.articles.links import Link, links, places
from tests.articles.samples import article, corpus, said


def targets(body: str) -> list[tuple[str, int, str]]:
    return [(link.target, link.line, link.kind) for link in links(body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[a](b.md)", [("b.md", 1, "link")]),
        ("x\n\n![a](b.png)", [("b.png", 3, "image")]),
        ('[a](b.md "title") [c](<d e.md>)', [("b.md", 1, "link"), ("d e.md", 1, "link")]),
        ("[![a](b.png)](c.md)", [("b.png", 1, "image"), ("c.md", 1, "link")]),
        ("[a](b_(c).md)", [("b_(c).md", 1, "link")]),
        ("[a][r]\n\n[r]: b.md\n[^1]: no.md", [("b.md", 3, "link")]),
        ('<a href="b.md?x=1&amp;y=2">c</a>', [("b.md?x=1&y=2", 1, "link")]),
        ("<div>\n<img alt='x' src='b.png'>\n</div>", [("b.png", 2, "image")]),
        ("[a](b.md){target=_blank}", [("b.md", 1, "link")]),
        ("> - [a](b.md)", [("b.md", 1, "link")]),
        ("`[a](b.md)` and ``[a](b.md)``", []),
        ("```\n[a](b.md)\n```", []),
        ("<img src={useBaseUrl('b.png')} /> [a]({{ url }})", []),
        ("[a] (b.md) [c]", []),
    ],
)
def test_links_are_found_with_their_line(body, expected):
    assert targets(body) == expected


def test_a_link_knows_path_and_anchor():
    link = Link("a%20b.md?x#%ED%95%9C", 1)

    assert (link.path, link.anchor, link.is_external) == ("a b.md", "한", False)
    assert Link("mailto:a@b.example", 1).is_external
    assert Link("//cdn.example/x", 1).is_external


@pytest.mark.parametrize(
    ("path", "target", "expected"),
    [
        ("ko/a/b.md", "c.md", "ko/a/c.md"),
        ("ko/a/b.md", "../c", "ko/c.md"),
        ("ko/a/b.md", "../c/", "ko/c/index.md"),
        ("ko/a/b.md", "/assets/x.png", "assets/x.png"),
        ("ko/a/b.md", "/a/c.md", "ko/a/c.md"),
        ("en/docs/a/b.md", "/a/c.md", "en/docs/a/c.md"),
        ("ko/b.md", "..", "index.md"),
    ],
)
def test_a_link_may_mean_these_files(path, target, expected):
    assert expected in list(places(path, target))


@given(st.text(alphabet="./ab", max_size=20))
def test_no_link_leaves_the_content_folder(target):
    for place in places("ko/a/b.md", target):
        assert ".." not in place.split("/")
        assert not place.startswith("/")


FILES: dict[str, str | bytes] = {
    "ko/a/good.md": article(1, "가", body="## 첫째 {#one}\n\n<a id='two'></a>글[^n]\n\n[^n]: 주"),
    "ko/b/index.md": "---\ntitle: 나\n---\n글",
    "assets/x.png": b"png",
}


@pytest.mark.parametrize(
    "link",
    ["good.md", "good.md#one", "good.md#two", "/ko/a/good.md", "/a/good.md", "good", "../b/",
     "../b/index.md", "/assets/x.png", "../../assets/x.png", "/ko/a/good/", "/a/KB-0001/",
     "https://x.example/none.md", "#own", "", "../a/", "good.md?x=1#one"],
)  # fmt: skip
def test_living_links_say_nothing(tmp_path, link):
    text = article(2, "다", body=f"## 제목 {{#own}}\n\n[글]({link})")

    assert said(corpus(tmp_path, {**FILES, "ko/a/x.md": text})) == []


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("godo.md", "error: [dead-link] link to godo.md: no such file (did you mean good.md?)"),
        ("/b/good.md",
         "error: [dead-link] link to /b/good.md: no such file (did you mean good.md?)"),
        ("x.png",
         "error: [dead-link] link to x.png: no such file (did you mean ../../assets/x.png?)"),
        ("Good.md", "error: [dead-link] link to Good.md: no such file (did you mean good.md?)"),
        ("nothing/like/it.md",
         ("error: [dead-link] link to nothing/like/it.md: no such file"
         " (correct it, or remove the link)")),
        ("../../../x.md",
         ("error: [link-outside] link to ../../../x.md: outside of the content"
          " folder (move the file"
         " into the content folder, or write its full https:// address)")),
        ("good.md#onne",
         ("warning: [dead-anchor] link to good.md#onne: content/ko/a/good.md has no #onne"
         " (did you mean one?)")),
        ("#gone", ("warning: [dead-anchor] link to #gone: this page has no #gone"
         " (correct it, or leave the # out)")),
    ],
)  # fmt: skip
def test_dead_links_name_what_may_be_meant(tmp_path, link, expected):
    text = article(2, "다", body=f"글\n\n[글]({link})")

    assert said(corpus(tmp_path, {**FILES, "ko/a/x.md": text})) == [
        f"content/ko/a/x.md:7: {expected}"
    ]


def test_links_in_the_page_of_a_category_are_followed_too(tmp_path):
    files = {**FILES, "ko/b/index.md": "---\ntitle: 나\n---\n글\n[x](none.md)"}
    [found] = corpus(tmp_path, files).problems

    assert (found.path, found.line, found.code) == ("content/ko/b/index.md", 5, "dead-link")


def test_a_public_page_must_not_lead_inside(tmp_path):
    files = {
        "ko/a/in.md": article(1, "가", audience="agents", body="[x](draft.md)"),
        "ko/a/draft.md": article(2, "나", draft="true"),
        "ko/a/out.md": article(3, "다", body="[x](in.md)\n[y](draft.md)"),
    }

    assert said(corpus(tmp_path, files)) == [
        (
            "content/ko/a/out.md:5: error: [link-hidden] link to in.md: the article is for agents"
            " only (remove the link, or publish the article)"
        ),
        (
            "content/ko/a/out.md:6: error: [link-hidden] link to draft.md: the article is a draft"
            " (remove the link, or publish the article)"
        ),
    ]


def test_an_anchor_that_readers_would_see_is_reported(tmp_path):
    found = corpus(tmp_path, {"ko/a/x.md": article(body="글\n\n## 환불{#refund}")})

    assert said(found) == [
        (
            "content/ko/a/x.md:7: warning: [heading-anchor] the heading '환불' shows its anchor"
            " to readers (write a space before {#refund})"
        )
    ]


@pytest.mark.timeout(120)  # what takes the square of the time takes longer
@pytest.mark.parametrize(
    "pattern", ["](a)", "![a](b) ", "[a](<", "`a ``b ", 'src="', "{#", "[a]: b\n"]
)
def test_no_text_takes_long(pattern):
    links(pattern * (256 * 1024 // len(pattern)))
