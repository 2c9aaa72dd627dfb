"""Bad input costs its own file, and is reported with place, value and cure."""

from __future__ import annotations

import pytest
import yaml

from kbgen.site import markdown as markdown_module
from tests.site.samples import markdown

GOOD = {
    "ko/index.md": markdown("도움말"),
    "ko/returns/refund.md": markdown("환불", "본문", id="KB-0001"),
    "ko/returns/cost.md": markdown("비용", "[환불](refund.md)", id="KB-0002"),
}
KEPT = {"ko/returns/refund/index.html", "ko/returns/cost/index.html", "index.html"}


def front(**keys):
    return markdown(keys.pop("title", "제목"), keys.pop("body", "글"), **keys)


# name -> (files, what is reported as an error, pages that are there all the same)
CASES = {
    "broken YAML": (
        {"ko/returns/bad.md": "---\ntitle: a\ntags: [a\n---\nx"},
        ["content/ko/returns/bad.md:3: error: [yaml]"],
        set(),
    ),
    "wrong type": (
        {"ko/returns/bad.md": front(id="KB-0009", reviewed=["soon"])},
        ["content/ko/returns/bad.md:5: error: [wrong-type]"],
        {"ko/returns/bad/index.html"},
    ),
    "wrong value": (
        {"ko/returns/bad.md": front(id="KB-0009", audience="everybody")},
        ["content/ko/returns/bad.md:4: error: [wrong-value]"],
        set(),
    ),
    "duplicate id": (
        {"ko/returns/bad.md": front(id="KB-0001")},
        [
            ("content/ko/returns/refund.md:3: error: [duplicate-id] the id KB-0001 belongs to "
            "content/ko/returns/bad.md")
        ],
        {"ko/returns/bad/index.html"},
    ),
    "cycle of redirects": (
        {
            "ko/returns/a.md": front(id="KB-0008", redirect_from=["/ko/returns/b/"]),
            "ko/returns/b.md": front(id="KB-0009", title="b", redirect_from=["/ko/returns/a/"]),
        },
        [
            ("content/ko/returns/a.md:4: error: [redirect-cycle] /ko/returns/b/ leads to "
            "/ko/returns/a/, which leads back to it"),
            ("content/ko/returns/b.md:4: error: [redirect-cycle] /ko/returns/a/ leads to "
            "/ko/returns/b/, which leads back to it"),
        ],
        {"ko/returns/a/index.html", "ko/returns/b/index.html"},
    ),
    "address of a page as redirect": (
        {"ko/returns/bad.md": front(id="KB-0009", redirect_from=["/ko/returns/refund/"])},
        ["content/ko/returns/bad.md:4: error: [redirect-taken] /ko/returns/refund/ is the address"],
        {"ko/returns/bad/index.html"},
    ),
    "dead link": (
        {"ko/returns/bad.md": front(id="KB-0009", body="a\n\n[x](refnd.md)\n")},
        [("content/ko/returns/bad.md:7: error: [dead-link] link to refnd.md: no such file "
         "(did you mean refund.md?)")],
        {"ko/returns/bad/index.html"},
    ),
    "link to a hidden article": (
        {
            "ko/returns/bad.md": front(id="KB-0009", body="[x](secret.md)"),
            "ko/returns/secret.md": front(id="KB-0010", title="s", audience="agents"),
        },
        [("content/ko/returns/bad.md:5: error: [link-hidden] link to secret.md: the article is for "
         "agents only")],
        {"ko/returns/bad/index.html"},
    ),
    "not UTF-8": (
        {"ko/returns/bad.md": front(id="KB-0009", body="환불 안내").encode("cp949")},
        [("content/ko/returns/bad.md:2: error: [encoding] byte 0xC1 is not UTF-8 (it looks like "
         "cp949; convert it: iconv -f cp949 -t utf-8")],
        set(),
    ),
    "binary": (
        {"ko/returns/bad.md": b"PNG\0\1\2"},
        ["content/ko/returns/bad.md:1: error: [not-text]"],
        set(),
    ),
    "empty file": (
        {"ko/returns/bad.md": ""},
        [("content/ko/returns/bad.md:1: error: [empty] the file is empty (write the article or "
         "remove it)")],
        set(),
    ),
    "one megabyte": (
        {"ko/returns/bad.md": front(id="KB-0009", body="환불 " * 150_000)},
        ["content/ko/returns/bad.md:1: error: [too-large] the file has 1,050,0"],
        set(),
    ),
    "unfinished front matter": (
        {"ko/returns/bad.md": "---\ntitle: a\n\ntext"},
        ["content/ko/returns/bad.md:1: error: [front-matter-open]"],
        set(),
    ),
    "billion laughs": (
        {"ko/returns/bad.md": "---\ntitle: x\na: &a [x, x]\nb: [*a, *a]\n---\ny"},
        ["content/ko/returns/bad.md:"],
        set(),
    ),
    "same address twice": (
        {"ko/returns/cost.md": GOOD["ko/returns/cost.md"],
         "ko/returns/refund/index.md": front(id="KB-0009")},
        ["content/ko/returns/refund/index.md:1: error: [same-address]"],
        set(),
    ),
    "name that no address can hold": (
        {"ko/returns/a%2e%2e.md": front(id="KB-0009")},
        ["content/ko/returns/a%2e%2e.md:1: error: [unsafe-name] a name must not hold '%'"],
        set(),
    ),
    "setting": (
        {},
        ["mkdocs.yml:5: error: [setting] contact: 'call us' cannot be used (expected keys"],
        set(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_bad_file_is_reported_and_the_rest_is_built(build, name):
    """`path:line`, the value and the cure; every other page is there."""
    files, expected, pages = CASES[name]
    options = {"brand_hue": None}
    if name == "setting":
        options["contact"] = "call us"
    built = build(GOOD | files, **options)

    errors = [str(p) for p in built.problems if p.severity == "error"]
    assert len(errors) == len(expected), errors
    for line, start in zip(errors, expected, strict=True):
        assert line.startswith(start)
        assert line.endswith(")"), "the cure is missing"
    found = {file.relative_to(built.site).as_posix() for file in built.site.rglob("*.html")}
    assert found >= KEPT | pages


@pytest.mark.parametrize("name", ["broken YAML", "duplicate id", "dead link"])
def test_strict_build_refuses(build, name):
    """With --strict nothing is put in place."""
    assert build(GOOD | CASES[name][0], strict=True).site is None


def test_missing_category_is_advice(build):
    """An article outside of every folder is shown; the writer is told."""
    built = build(GOOD | {"ko/lost.md": front(id="KB-0009"), "ko/returns/x.md": front(
        id="KB-0010", title="x", category="retruns")})  # fmt: skip

    found = [str(p) for p in built.problems if "category" in p.code]
    assert found == [
        (
            "content/ko/lost.md:1: warning: [no-category] the article is in no category "
            "(move it into a folder such as returns/, or write category: returns)"
        ),
        (
            "content/ko/returns/x.md:4: warning: [unknown-category] no folder is named as the "
            "category 'retruns' (did you mean returns?)"
        ),
    ]
    assert (built.site / "ko/lost/index.html").is_file()
    assert (built.site / "ko/returns/x/index.html").is_file()


def test_all_problems_in_one_run(build):
    """One run reports everything, sorted; nobody mends and runs ten times."""
    files = {}
    for name, (entries, _, _) in CASES.items():
        files |= {f"ko/{name.replace(' ', '-')}/{path}": text for path, text in entries.items()}
    built = build(GOOD | files)
    errors = [p for p in built.problems if p.severity == "error"]

    assert list(built.problems) == sorted(built.problems)
    assert len(errors) >= len(CASES) - 2
    assert (built.site / "ko/returns/refund/index.html").is_file()


def test_article_that_takes_too_long(build, monkeypatch):
    """It is shown as plain text, said to be slow, and the others are there."""
    monkeypatch.setattr(markdown_module, "TIME_LIMIT", 0.2)
    built = build(GOOD | {"ko/returns/bad.md": front(id="KB-0009", body="[" * 8000)})

    found = [str(p) for p in built.problems if p.severity == "error"]
    assert found == [
        (
            "content/ko/returns/bad.md:1: error: [render] the article takes longer than "
            "0.2 seconds to render (simplify the text)"
        )
    ]
    assert "[[[" in (built.site / "ko/returns/bad/index.html").read_text("utf-8")


def test_everything_is_bad(build):
    """A project with no readable article still gets its pages and its report."""
    built = build({"ko/a/x.md": b"\xff\xfe\xfd", "ko/a/y.md": ""})

    assert built.articles == 0
    assert (built.site / "ko/index.html").is_file()
    assert len([p for p in built.problems if p.severity == "error"]) == 2


@pytest.mark.parametrize(
    "redirect",
    ["articles.json", "404.html", "_headers", "sitemap.xml", "assets/logo.svg/deeper/", "search/"],
)
def test_redirect_from_cannot_overwrite_a_file_of_the_site(build, redirect):
    """An old address that a file of the site has now does not replace it, nor end the build."""
    keys = {"id": "KB-0009", "redirect_from": [f"/{redirect}"]}
    built = build(GOOD | {"assets/logo.svg": "<svg/>", "ko/returns/bad.md": front(**keys)})

    assert (built.site / "articles.json").read_text("utf-8").startswith("[")
    assert "kb-hero" in (built.site / "404.html").read_text("utf-8")
    assert (built.site / "assets/logo.svg").read_text() == "<svg/>"
    assert (built.site / "_headers").is_file()


def test_front_matter_that_other_tools_wrote(build):
    """Values of any type in keys that are not ours reach neither template nor crash."""
    odd = yaml.safe_load(
        "{template: 404.html, hide: [navigation], status: new, icon: x/y, search: {exclude: true},"
        " description: 5, tags: [1, 2.5, true], nested: {a: [1, {b: null}]}, date: 2026-01-01}"
    )
    built = build(GOOD | {"ko/returns/odd.md": front(id="KB-0009", **odd)})

    text = (built.site / "ko/returns/odd/index.html").read_text("utf-8")
    assert 'data-kb-article="KB-0009"' in text
