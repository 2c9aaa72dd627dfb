"""The files of a site that are no pages."""

from __future__ import annotations

import json
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.settings import Events, Settings, Target
from kbgen.site.outputs import (
    MOST_RULES,
    Forward,
    article_list,
    article_rows,
    forward_html,
    forwards,
    host_headers,
    redirect_rules,
    sitemap,
)
from kbgen.site.policy import policy
from tests.site.samples import article, planned

SITE = "https://help.example/"
HOSTILE = """"'><script>alert(1)</script>&amp; %0a é 환불"""


class Page(HTMLParser):
    """What a browser would do with a forward."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.refresh, self.text = [], [], "", ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append(tag)
        if tag == "a":
            self.links.append(values["href"])
        if values.get("http-equiv") == "refresh":
            self.refresh = values["content"]

    def handle_data(self, data):
        self.text += data


def test_forward_leads_on_without_a_script():
    """By refresh, by a link for everybody else, and by a canonical link for search engines."""
    text = forward_html(Forward("a/KB-1/", "ko/반품/환불/", "환불", "ko"), SITE)
    page = Page(text)

    target = "https://help.example/ko/%EB%B0%98%ED%92%88/%ED%99%98%EB%B6%88/"
    assert page.refresh.startswith("0; url=")
    assert urljoin(f"{SITE}a/KB-1/", page.refresh.removeprefix("0; url=")) == target
    assert urljoin(f"{SITE}a/KB-1/", page.links[0]) == target
    assert f'<link rel="canonical" href="{target}">' in text
    assert "script" not in page.tags


@given(st.text(max_size=30), st.text(max_size=30))
def test_forward_shows_any_title_as_text(title, target):
    """Titles and addresses are escaped."""
    page = Page(forward_html(Forward("a/KB-1/", target, title, "ko"), SITE))

    assert set(page.tags) <= {
        "html",
        "head",
        "meta",
        "title",
        "link",
        "body",
        "main",
        "h1",
        "p",
        "a",
    }


def test_forward_of_a_hostile_title():
    """No markup of an article's title survives."""
    page = Page(forward_html(Forward("a/KB-1/", HOSTILE, HOSTILE, "en", (("ko", HOSTILE),)), SITE))

    assert "script" not in page.tags
    assert HOSTILE in page.text


def test_redirects_for_hosts():
    """One rule a line, encoded, permanent."""
    made = planned(article("ko/반품/환불.md", id="KB-1", redirect_from=("old/1 2/",)))

    assert redirect_rules(forwards(made)).splitlines() == [
        "/old/1%202/ /ko/%EB%B0%98%ED%92%88/%ED%99%98%EB%B6%88/ 301",
        "/a/KB-1/ /ko/%EB%B0%98%ED%92%88/%ED%99%98%EB%B6%88/ 301",
        "/en/a/KB-1/ /en/%EB%B0%98%ED%92%88/%ED%99%98%EB%B6%88/ 301",
        "/ko/a/KB-1/ /ko/%EB%B0%98%ED%92%88/%ED%99%98%EB%B6%88/ 301",
    ]


def test_redirects_stay_below_what_hosts_take():
    """Rules beyond the cap are left to the forwarding pages, which always exist."""
    many = [Forward(f"a/{n}/", "ko/", "x", "ko") for n in range(MOST_RULES + 5)]

    assert len(redirect_rules(many).splitlines()) == MOST_RULES == 2000


def test_old_addresses_come_first_under_the_cap():
    """`redirect_from` was written by a person; permanent addresses are many."""
    many = [
        article(f"ko/a/{n}.md", id=f"KB-{n:04}", redirect_from=(f"zz/{n}/",) if n < 5 else ())
        for n in range(1200)
    ]
    rules = redirect_rules(forwards(planned(*many)))

    assert len([line for line in rules.splitlines() if line.startswith("/zz/")]) == 5


def test_articles_json_has_a_row_for_each_article():
    """What the collector checks votes against; stand-ins are the same article."""
    source = article("ko/a/x.md", id="KB-2", title='제목 "x"')
    translated = article("en/a/y.md", id="KB-1", title="y")
    made = planned(source, translated)

    expected = [
        {"id": "KB-1", "lang": "en", "title": "y", "url": "en/a/y/", "rev": translated.rev},
        {"id": "KB-2", "lang": "ko", "title": '제목 "x"', "url": "ko/a/x/", "rev": source.rev},
    ]
    assert article_rows(made) == expected
    assert json.loads(article_list(made)) == expected
    assert len(article_list(made).splitlines()) == 4


def test_articles_json_names_old_addresses():
    """Imports find articles by them; `index.html` and a first slash say nothing."""
    made = planned(article("ko/a/x.md", redirect_from=("hc/1-x/", "help/index.html", "y.html")))

    assert article_rows(made)[0]["old"] == ["hc/1-x/", "help/", "y.html"]


def test_articles_json_of_an_empty_site():
    """Still a list."""
    assert json.loads(article_list(planned())) == []


NAMESPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}


def read_sitemap(*articles):
    root = ElementTree.fromstring(sitemap(planned(*articles), SITE))
    return {
        url.findtext("s:loc", None, NAMESPACES): (
            url.findtext("s:lastmod", "", NAMESPACES),
            {link.get("hreflang"): link.get("href") for link in url.iterfind("x:link", NAMESPACES)},
        )
        for url in root.iterfind("s:url", NAMESPACES)
    }


def test_sitemap_names_originals_with_their_languages():
    """No search page, no stand-in, no second home; each language names all of them."""
    found = read_sitemap(
        article("ko/a/x.md", id="KB-1", updated=date(2026, 11, 3)),
        article("en/a/x.md", id="KB-1"),
        article("ko/a/y&<z>.md", id="KB-2"),
    )

    both = {"ko": f"{SITE}ko/a/x/", "en": f"{SITE}en/a/x/"}
    assert found[f"{SITE}ko/a/x/"] == ("2026-11-03", both)
    assert found[f"{SITE}en/a/x/"] == ("", both)
    assert set(found) == {
        f"{SITE}{url}"
        for url in ("ko/", "en/", "ko/a-z/", "en/a-z/", "ko/a/", "en/a/", "ko/a/x/", "en/a/x/",
                    "ko/a/y%26%3Cz%3E/")
    }  # fmt: skip


@given(st.lists(st.text(min_size=1, max_size=6), max_size=4, unique=True))
def test_sitemap_is_well_formed_whatever_the_names(names):
    """Addresses are percent-encoded, so no name breaks the XML."""
    made = [article(f"ko/a/{name}.md", id=f"KB-{n}") for n, name in enumerate(names)]

    ElementTree.fromstring(sitemap(planned(*made), SITE))


def settings(collector, **tools):
    targets = [Target("collector", (collector,))] if collector else []
    targets += [Target(name, addresses) for name, addresses in tools.items()]
    return Settings(root=Path("/nowhere"), events=Events(tuple(targets)))


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("/v1/events", "connect-src 'self';"),
        ("", "connect-src 'self';"),
        (
            "https://votes.ondam.example/v1/events",
            "connect-src 'self' https://votes.ondam.example;",
        ),
        ("http://localhost:8001/v1/events", "connect-src 'self' http://localhost:8001;"),
    ],
)
def test_policy_allows_the_collector_and_nothing_else(endpoint, expected):
    """Strict, with one door for votes where they go elsewhere."""
    found = policy(settings(endpoint))

    assert expected in found
    assert found.startswith("default-src 'self';")
    assert "unsafe" not in found
    assert "*" not in found


@pytest.mark.parametrize(
    ("tools", "expected"),
    [
        (
            {"ga4": ()},
            (
                "script-src 'self' https://*.googletagmanager.com; "
                "img-src 'self' data: https://*.google-analytics.com "
                "https://*.googletagmanager.com; "
                "connect-src 'self' https://*.google-analytics.com https://*.analytics.google.com "
                "https://*.googletagmanager.com;"
            ),
        ),
        (
            {"matomo": ("https://stats.ondam.example",), "plausible": ()},
            (
                "script-src 'self' https://stats.ondam.example https://plausible.io; "
                "img-src 'self' data: https://stats.ondam.example; "
                "connect-src 'self' https://stats.ondam.example https://plausible.io;"
            ),
        ),
        (
            {"umami": ("https://a.example",), "posthog": ("https://a.example",), "matomo": ("/",)},
            (
                "script-src 'self' https://a.example; img-src 'self' data:; "
                "connect-src 'self' https://a.example;"
            ),
        ),
        ({"plausible": ("/",)}, "img-src 'self' data:; connect-src 'self';"),
    ],
)
def test_policy_allows_what_the_named_tools_need(tools, expected):
    """Each host once; an address that is given takes the place of the tool's own."""
    found = policy(settings("", **tools))

    assert f"default-src 'self'; {expected} base-uri 'self'" in found
    assert "unsafe" not in found


def test_headers_carry_the_policy_and_let_hashed_files_be_kept():
    """What GitHub Pages cannot send, Netlify and Cloudflare can."""
    lines = host_headers(settings("/v1/events")).splitlines()

    assert lines[0] == "/*"
    assert f"  Content-Security-Policy: {policy(settings(''))}; frame-ancestors 'self'" in lines
    assert lines[-6:] == [
        "/assets/kbgen-*",
        "  Cache-Control: public, max-age=31536000, immutable",
        "/search/*/manifest.json",
        "  Cache-Control: no-cache",
        "/search/*/*/*",
        "  Cache-Control: public, max-age=31536000, immutable",
    ]


@pytest.mark.parametrize(
    ("old", "url", "file"),
    [
        ("help/12/", "help/12/", "help/12/index.html"),
        ("/help/12/", "help/12/", "help/12/index.html"),
        ("help/12.html", "help/12.html", "help/12.html"),
        ("help/index.html", "help/", "help/index.html"),
        ("index.html", "", ""),  # the home page has it
        ("ko/a/index.html", "ko/a/", ""),  # a category has it
    ],
)
def test_old_addresses_of_every_shape(old, url, file):
    """A site that moved here may have had files, folders and index.html in its addresses."""
    made = planned(article("ko/a/x.md", id="KB-1", redirect_from=(old,)))

    found = {forward.url: forward.file for forward in forwards(made) if forward.is_old}
    assert found == ({url: file} if file else {})
    page = forward_html(Forward(url, "ko/a/x/", "x", "ko"), SITE)
    assert urljoin(f"{SITE}{url}", Page(page).links[0]) == f"{SITE}ko/a/x/"
