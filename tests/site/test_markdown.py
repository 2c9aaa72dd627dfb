"""Markdown to HTML: what writers can use, and what they cannot break."""

from __future__ import annotations

from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbgen.articles import sections
from kbgen.site import markdown
from kbgen.site.markdown import Heading, Source
from tests.site.samples import renderer

ENGINE = renderer()


def html(text):
    rendered = ENGINE.render(Source("ko/a.md", text))
    assert rendered.failed == ""
    return rendered.html


KOREAN = {
    "a note without a title": (
        "!!! warning\n    본문",
        ('<div class="admonition warning">\n<p class="admonition-title">주의</p>\n'
        "<p>본문</p>\n</div>"),
    ),
    "one of more classes": (
        "!!! tip end\n    본문",
        ('<div class="admonition tip end">\n<p class="admonition-title">팁</p>\n'
        "<p>본문</p>\n</div>"),
    ),
    "a folded one": (
        "???+ faq\n    본문",
        ('<details class="faq" open="open">\n<summary>자주 묻는 질문</summary>\n'
        "<p>본문</p>\n</details>"),
    ),
    "a title of the writer's": (
        '!!! note "Warning"\n    본문',
        ('<div class="admonition note">\n<p class="admonition-title">Warning</p>\n'
        "<p>본문</p>\n</div>"),
    ),
    "a kind that nobody knows": (
        "!!! recipe\n    본문",
        ('<div class="admonition recipe">\n<p class="admonition-title">Recipe</p>\n'
        "<p>본문</p>\n</div>"),
    ),
    "tasks": (
        "- [x] a\n- [ ] b",
        ('<ul class="task-list">\n<li class="task-list-item">'
        '<span class="kb-check kb-check--done" role="img" aria-label="완료"></span> a</li>\n'
        '<li class="task-list-item">'
        '<span class="kb-check" role="img" aria-label="할 일"></span> b</li>\n</ul>'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KOREAN)
def test_words_that_nobody_wrote_are_those_of_the_article(name):
    text, expected = KOREAN[name]

    assert ENGINE.render(Source("ko/a.md", text, "ko")).html == expected


@pytest.mark.parametrize(
    ("lang", "title"),
    [("ko", "본문의 각주 1번으로 돌아가기"), ("en", "Back to footnote 1 in the text")],
)
def test_the_way_back_from_a_footnote(lang, title):
    assert f'title="{title}"' in ENGINE.render(Source("a.md", "글[^1]\n\n[^1]: 각주", lang)).html


GOLDEN = {
    "a table scrolls by keyboard and keeps its alignment": (
        "| 결제 | 기간 |\n|:--|--:|\n| 카드 | 3일 |",
        ('<div class="kb-table" tabindex="0"><table class="kb-grid">\n<thead>\n<tr>\n'
        '<th align="left">결제</th>\n<th align="right">기간</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n'
        '<td align="left">카드</td>\n<td align="right">3일</td>\n</tr>\n</tbody>\n</table></div>'),
    ),
    "a note": (
        '!!! note "읽어 주세요"\n    본문',
        ('<div class="admonition note">\n<p class="admonition-title">읽어 주세요</p>\n'
        "<p>본문</p>\n</div>"),
    ),
    "a note that folds": (
        '??? tip "열기"\n    본문',
        '<details class="tip">\n<summary>열기</summary>\n<p>본문</p>\n</details>',
    ),
    "tabs work without a script": (
        '=== "카드"\n    a\n\n=== "계좌"\n    b',
        ('<div class="tabbed-set tabbed-alternate" data-tabs="1:2">'
        '<input checked="checked" id="__tabbed_1_1" name="__tabbed_1" type="radio">'
        '<input id="__tabbed_1_2" name="__tabbed_1" type="radio"><div class="tabbed-labels">'
        '<label for="__tabbed_1_1">카드</label><label for="__tabbed_1_2">계좌</label></div>\n'
        '<div class="tabbed-content">\n<div class="tabbed-block">\n<p>a</p>\n</div>\n'
        '<div class="tabbed-block">\n<p>b</p>\n</div>\n</div>\n</div>'),
    ),
    "tasks say whether they are done": (
        "- [x] done\n- [ ] open",
        ('<ul class="task-list">\n<li class="task-list-item">'
        '<span class="kb-check kb-check--done" role="img" aria-label="done"></span> done</li>\n'
        '<li class="task-list-item">'
        '<span class="kb-check" role="img" aria-label="to do"></span> open</li>\n</ul>'),
    ),
    "an alert as GitHub writes it": (
        "before\n> [!NOTE]\n> 글\n>\n> - a\n\nafter",
        ('<p>before</p>\n<div class="admonition note">\n<p>글</p>\n<ul>\n<li>a</li>\n</ul>\n</div>'
        "\n<p>after</p>"),
    ),
    "an alert of a kind that Material names otherwise": (
        "> [!CAUTION]\n> a",
        '<div class="admonition warning">\n<p>a</p>\n</div>',
    ),
    "an alert in code is code": (
        "```markdown\n> [!NOTE]\n> a\n```",
        ('<div class="highlight"><pre><span></span><code><span class="k">&gt; </span>'
        '<span class="ge">[!NOTE]</span>\n<span class="k">&gt; </span><span class="ge">a</span>\n'
        "</code></pre></div>"),
    ),
    "a quote that is no alert": ("> [!] a", "<blockquote>\n<p>[!] a</p>\n</blockquote>"),
    "a picture with a size": (
        "![그림](p.png){ width=300 }",
        '<p><img alt="그림" src="p.png" width="300"></p>',
    ),
    "a definition": ("a\n:   b", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>"),
    "a picture from another host is not fetched": (
        "![그림](https://cdn.example/p.png)",
        '<p><img alt="그림"></p>',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name):
    """Each thing that articles are written with."""
    text, expected = GOLDEN[name]

    assert html(text) == expected


def test_no_inline_style_whatever_is_used():
    """A strict CSP refuses `style=`, so nothing that Markdown makes may need it."""
    text = "\n\n".join(text for text, _ in GOLDEN.values()) + (
        "\n\n```python hl_lines='1' linenums='1'\nprint(1)\n```\n\n[^1]\n\n[^1]: note"
    )

    assert " style=" not in html(text)


def test_headings_in_order_with_their_anchors():
    """Anchors keep Hangul, honour `{#own}`, and are unique."""
    rendered = ENGINE.render(
        Source("a.md", "## 환불 안내\n\n### A `b` & c\n\n## 환불 안내\n\n## 이름 {#own}")
    )

    assert rendered.headings == (
        Heading("환불-안내", 2, "환불 안내"),
        Heading("a-b-c", 3, "A b & c"),
        Heading("환불-안내_1", 2, "환불 안내"),
        Heading("own", 2, "이름"),
    )


def test_anchors_are_those_that_search_knows():
    """A result that leads to a section finds it on the page."""
    body = (
        "intro\n\n## 환불은 언제?\n\n## Refund & 환불\n\n## 환불은 언제?\n\n"
        "### `code` *em* {#x}\n\nUnder\n-----\n\n## [link](a.md)\n\n## A_b-c  d\n\n#### (괄호)"
    )
    rendered = ENGINE.render(Source("a.md", body))

    assert [heading.anchor for heading in rendered.headings] == [
        section.anchor for section in sections(body)[1:]
    ]


def test_articles_do_not_share_state():
    """Footnotes, tabs and references of one article do not leak into the next."""
    text = "[^1] [x][r]\n\n[^1]: n\n\n[r]: b.md\n\n## 제목"
    first = ENGINE.render(Source("a.md", text))

    assert ENGINE.render(Source("a.md", text)) == first
    assert html("[x][r] [^1]") == "<p>[x][r] [^1]</p>"


BOMBS = {
    "brackets": "[" * 8000,
    "pictures": "![" * 8000,
    "links": "[a](<b" * 8000,
    "quotes": ">" * 8000 + "x",
    "nested list": "\n".join("    " * depth + "- x" for depth in range(300)),
    "open divs": "<div>" * 100_000,
    "open lists": "<ul><li>" * 50_000,
    "closed divs": "<div>" * 40_000 + "</div>" * 40_000,
    "backticks": " ".join("`" * n for n in range(1, 400)),
    "emphasis": "**x* " * 8000,
    "comments": "<!--" * 8000,
    "table": "|" * 8000 + "\n" + "|-" * 8000 + "\n" + "|" * 8000,
    "attributes": "{: " * 8000,
    "folds": "??? x\n    " * 8000,
    "headings": "# x\n" * 20_000,
}


# The alarm may strike while Hypothesis counts garbage, which then swallows it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", BOMBS)
def test_hostile_article_costs_seconds_at_most(name, monkeypatch):
    """An article that takes too long is shown as text, and says why it was."""
    monkeypatch.setattr(markdown, "TIME_LIMIT", 0.2)
    # Without a limit, some take minutes, and the time limit of tests strikes.
    bomb, after = ENGINE.render_all([Source("a.md", BOMBS[name]), Source("b.md", "after")])

    assert after.html == "<p>after</p>"
    assert bomb.failed in (
        "",
        "takes longer than 0.2 seconds to render",
        "is nested too deeply to render",
    )
    if bomb.failed:
        assert bomb.html.startswith("<pre>")


def test_too_slow_is_said(monkeypatch):
    """The report names the limit."""
    monkeypatch.setattr(markdown, "TIME_LIMIT", 0.2)
    rendered = ENGINE.render(Source("a.md", BOMBS["brackets"]))

    assert rendered.failed == "takes longer than 0.2 seconds to render"


def test_too_slow_is_said_in_a_thread(monkeypatch):
    """A preview rebuilds in one."""
    monkeypatch.setattr(markdown, "TIME_LIMIT", 0.2)
    found = []
    work = Thread(target=lambda: found.append(ENGINE.render(Source("a.md", BOMBS["brackets"]))))
    work.start()
    work.join(60)

    assert [page.failed for page in found] == ["takes longer than 0.2 seconds to render"]


def test_too_deep_is_said():
    """Nesting that no stack holds is refused, not fatal."""
    rendered = ENGINE.render(Source("a.md", BOMBS["nested list"]))

    assert rendered.failed == "is nested too deeply to render"


def test_text_of_a_failed_article_is_shown_as_text():
    """Its own markup stays harmless."""
    rendered = ENGINE.render(Source("a.md", "<script>" + BOMBS["open divs"]))

    assert rendered.html.startswith("<pre>&lt;script&gt;&lt;div&gt;")


def test_failing_extension_costs_one_article(monkeypatch):
    """Extensions may raise anything; the error is named."""

    def fail(body):
        raise KeyError(body)

    monkeypatch.setattr(markdown, "_prepare", fail)

    assert ENGINE.render(Source("a.md", "x")).failed == "cannot be rendered: KeyError: 'x'"


def test_workers_give_the_same_as_one_process():
    """Many articles are rendered on all cores, in order."""
    sources = [Source(f"ko/{n}.md", f"## 제목 {n}\n\n{n} **{n}**") for n in range(60)]

    assert ENGINE.render_all(sources) == [ENGINE.render(source) for source in sources]


ANY = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"), st.sampled_from("#*_`[](){}<>!|=-\n\t :~^\\&;\"'0123가나")
    ),
    max_size=200,
)


@settings(deadline=None, max_examples=300)
@given(ANY)
def test_render_takes_any_text(text):
    """Whatever an article holds, there is a page."""
    assert ENGINE.render(Source("ko/a.md", text)).failed == ""
