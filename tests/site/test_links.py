"""Where links of articles lead on the built site."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.site.links import LinkMap, moved

TARGETS = {
    "index.md": "",
    "ko/index.md": "ko/",
    "ko/returns/index.md": "ko/returns/",
    "ko/returns/refund.md": "ko/returns/refund/",
    "ko/returns/환불 안내.md": "ko/returns/환불 안내/",
    "ko/delivery/late.md": "ko/delivery/late/",
    "ko/delivery/truck.svg": "ko/delivery/truck.svg",
    "assets/logo.png": "assets/logo.png",
    "assets/100% sure.png": "assets/100% sure.png",
}
LINKS = LinkMap(TARGETS)
PAGE = "ko/returns/refund.md"
PAGES = sorted(path for path in TARGETS if path.endswith(".md"))
SPACED = "../%ED%99%98%EB%B6%88%20%EC%95%88%EB%82%B4/"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        # other files
        ("../delivery/late.md", "../../delivery/late/"),
        ("환불 안내.md", SPACED),
        ("%ED%99%98%EB%B6%88%20%EC%95%88%EB%82%B4.md", SPACED),
        ("./../delivery/late.md", "../../delivery/late/"),
        # without .md, as a folder, as its index.md
        ("../delivery/late", "../../delivery/late/"),
        ("../delivery/late/", "../../delivery/late/"),
        ("index.md", "../"),
        ("../returns/", "../"),
        (".", "../"),
        ("..", "../../"),
        # from the root: of the content folder, then of the language
        ("/ko/delivery/late.md", "../../delivery/late/"),
        ("/delivery/late.md", "../../delivery/late/"),
        ("/assets/logo.png", "../../../assets/logo.png"),
        ("/", "../../../"),
        # the page itself
        ("refund.md", "./"),
        # fragments stay, queries mean nothing here
        ("../delivery/late.md#when", "../../delivery/late/#when"),
        ("#when", "#when"),
        ("#환불", "#환불"),
        # pictures
        ("../delivery/truck.svg", "../../delivery/truck.svg"),
        ("../../assets/100%25%20sure.png", "../../../assets/100%25%20sure.png"),
        # other sites, mail, phone
        ("https://example.com/a?b=c#d", "https://example.com/a?b=c#d"),
        ("//cdn.example/x.js", "//cdn.example/x.js"),
        ("mailto:help@ondam.example", "mailto:help@ondam.example"),
        ("tel:+82-2-555-0147", "tel:+82-2-555-0147"),
        # nothing there, or nothing that may be shown
        ("../playbooks/escalation.md", None),
        ("missing.md", None),
        ("../../../../../etc/passwd", None),
        ("/../../secret.md", None),
        ("..%2f..%2f..%2fetc/passwd", None),
    ],
)
def test_resolve(link, expected):
    """Links as writers write them become addresses relative to the page."""
    assert LINKS.resolve(PAGE, link) == expected


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("target", sorted(TARGETS))
def test_resolved_address_leads_a_browser_to_the_target(page, target):
    """What is printed on the page, followed by a browser, arrives at the target."""
    written = posixpath.relpath(target, posixpath.dirname(page) or ".").replace("%", "%25")
    printed = LINKS.resolve(page, written)

    assert printed is not None
    arrived = urlsplit(urljoin(f"https://h.example/{TARGETS[page]}", printed)).path
    assert unquote(arrived) == f"/{TARGETS[target]}"


@pytest.mark.parametrize("link", ["http://[::1", "//[", "https://[bad]/x", "http://a]b/"])
def test_broken_address_is_no_link(link):
    """An address that nothing can read leads nowhere instead of ending the build."""
    assert LINKS.resolve(PAGE, link) in (None, link)


PART = st.sampled_from(
    ["..", ".", "", "ko", "returns", "refund.md", "etc", "%2e%2e", "%2f", "a b", "환불", "#x", "?q"]
)


@given(st.lists(PART, max_size=8).map("/".join), st.sampled_from(PAGES))
def test_resolve_never_leaves_the_site(link, page):
    """Whatever dots and slashes a link holds, it stays below the folder of the site."""
    printed = LINKS.resolve(page, link)

    if printed is not None and not link.startswith("//"):
        base = "https://h.example/below/here/"
        arrived = urljoin(f"{base}{TARGETS[page]}", printed)
        assert arrived.startswith(base)


@given(st.text(max_size=40))
def test_resolve_never_raises(link):
    """Any text may stand in a link."""
    LINKS.resolve(PAGE, link)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("../../returns/refund/", "../../returns/refund/"),  # has a page in both languages
        ("../../help/only/#x", "../../../ko/help/only/#x"),  # has none in English
        ("../truck.svg", "../../../ko/delivery/truck.svg"),
        ("../../../assets/a%20%26%20b.png", "../../../assets/a%20&amp;%20b.png"),
        ("../../../", "../../../"),
        ("../../", "../../"),
        ("./", "./"),
        ("#here", "#here"),
        ("https://ondam.example/?a=1&amp;b=2", "https://ondam.example/?a=1&amp;b=2"),
        ("mailto:a@b.example", "mailto:a@b.example"),
    ],
)
def test_moved_html_leads_where_it_led(printed, expected):
    """A page that stands in for a translation shows the pictures of the original."""
    both = ("ko/returns/refund/", "ko/delivery/late/", "ko/")
    twins = {url: url.replace("ko/", "en/", 1) for url in both}
    text = f'<p title="x > y"><a class="c" href="{printed}">href="../truck.svg" &lt;a&gt;</a></p>'

    made = moved(text, "ko/delivery/late/", "en/delivery/late/", lambda url: twins.get(url, url))
    assert made == text.replace(f'<a class="c" href="{printed}"', f'<a class="c" href="{expected}"')
