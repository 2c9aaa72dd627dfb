"""The files of a site that are no pages: forwards, lists for machines, rules for hosts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any
from urllib.parse import quote

from kbgen.settings import Settings
from kbgen.site.pages import Plan, PlannedPage
from kbgen.site.policy import policy
from kbgen.strings import strings

MOST_RULES = 2000  # what Cloudflare Pages takes


@dataclass(frozen=True, slots=True)
class Forward:
    """An address that leads to a page. `others` are the page's other languages.

    `is_old` if a writer named it in `redirect_from`, rather than the permanent address.
    """

    url: str
    target: str
    title: str
    lang: str
    others: tuple[tuple[str, str], ...] = ()
    is_old: bool = False

    @property
    def file(self) -> str:
        """The file that answers at this address; an old one may be `help/12.html`."""
        return self.url if self.url.endswith((".html", ".htm")) else f"{self.url}index.html"


def forwards(plan: Plan) -> list[Forward]:
    """Permanent addresses and old addresses of all articles, without those that pages took."""
    found: dict[str, Forward] = {}
    for (_, lang), page in sorted(plan.articles.items()):
        article = page.article
        assert article is not None
        others = tuple(
            (other, plan.articles[article.id, other].url)
            for other in plan.languages
            if other != lang and (article.id, other) in plan.articles
        )
        urls = [f"{plan.homes[lang]}{article.permalink}"]
        old = list(map(_bare, article.redirect_from)) if article.lang == lang else []
        if lang == plan.languages[0] or (article.id, plan.languages[0]) not in plan.articles:
            urls.append(article.permalink)
        for url in [*urls, *old]:
            made = Forward(url, page.url, page.title, lang, others, url in old)
            found.setdefault(url, made)
    return [forward for url, forward in sorted(found.items()) if url not in plan.by_url]


def forward_html(forward: Forward, site_url: str) -> str:
    """A page that leads on at once, with a link for readers whose browser does not."""
    texts = strings(forward.lang)["forward"]
    target = escape(_up(forward.url) + quote(forward.target))
    canonical = escape(site_url + quote(forward.target)) if site_url else target
    links = "".join(
        f'<li><a href="{escape(_up(forward.url) + quote(url))}" hreflang="{lang}" lang="{lang}">'
        f"{escape(strings(lang)['site']['language'])}</a></li>"
        for lang, url in forward.others
    )
    return (
        f'<!doctype html>\n<html lang="{forward.lang}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(forward.title)}</title>\n"
        f'<meta http-equiv="refresh" content="0; url={target}">\n'
        f'<link rel="canonical" href="{canonical}">\n<meta name="robots" content="noindex">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<link rel="icon" href="data:,">\n</head>\n'
        f"<body>\n<main>\n<h1>{escape(texts['title'])}</h1>\n<p>{escape(texts['text'])}</p>\n"
        f'<p><a href="{target}">{escape(forward.title)}</a></p>\n'
        f"{f'<ul>{links}</ul>' if links else ''}\n</main>\n</body>\n</html>\n"
    )


def redirect_rules(found: Iterable[Forward]) -> str:
    """The `_redirects` file that Netlify and Cloudflare Pages read.

    Old addresses come first: past the cap, permanent ones still have their page that forwards.
    """
    ordered = sorted(found, key=lambda f: not f.is_old)
    rules = [f"/{quote(f.url)} /{quote(f.target)} 301\n" for f in ordered]
    return "".join(rules[:MOST_RULES])


def article_rows(plan: Plan) -> list[dict[str, Any]]:
    """What the collector and imports must know of each article: id, lang, title, url, rev.

    `old` holds its old addresses, if it has any.
    """
    articles = {page.url: page.article for page in plan.pages if not page.is_fallback}
    rows = [
        {
            "id": article.id,
            "lang": article.lang,
            "title": article.title,
            "url": url,
            "rev": article.rev,
        }
        | ({"old": [_bare(old) for old in article.redirect_from]} if article.redirect_from else {})
        for url, article in articles.items()
        if article
    ]
    return sorted(rows, key=lambda row: (row["id"], row["lang"]))


def article_list(plan: Plan) -> str:
    """`articles.json`, one article a line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in article_rows(plan))
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def sitemap(plan: Plan, site_url: str) -> str:
    """The sitemap: every page that search engines should know, with its languages."""
    groups: dict[tuple[str, str], list[PlannedPage]] = {}
    for page in plan.pages:
        if not is_hidden(page):
            groups.setdefault(_identity(page), []).append(page)
    entries = (_sitemap_entry(page, groups[_identity(page)], site_url) for page in plan.pages
               if not is_hidden(page))  # fmt: skip
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n' + "".join(entries) + "</urlset>\n"
    )


def is_hidden(page: PlannedPage) -> bool:
    """Whether search engines should not list a page."""
    return page.kind == "search" or page.canonical not in (None, page.url)


def host_headers(settings: Settings) -> str:
    """The `_headers` file that Netlify and Cloudflare Pages read."""
    return (
        "/*\n"
        f"  Content-Security-Policy: {policy(settings)}; frame-ancestors 'self'\n"
        "  X-Content-Type-Options: nosniff\n"
        "  Referrer-Policy: strict-origin-when-cross-origin\n"
        "/assets/kbgen-*\n"
        "  Cache-Control: public, max-age=31536000, immutable\n"
        "/search/*/manifest.json\n"
        "  Cache-Control: no-cache\n"
        "/search/*/*/*\n"
        "  Cache-Control: public, max-age=31536000, immutable\n"
    )


def _identity(page: PlannedPage) -> tuple[str, str]:
    if page.article:
        return "article", page.article.id
    return page.kind, page.category.path if page.category else ""


def _sitemap_entry(page: PlannedPage, group: list[PlannedPage], site_url: str) -> str:
    def full(url: str) -> str:
        return escape(site_url + quote(url))

    changed: date | None = page.article.updated if page.article else None
    return (
        f"<url><loc>{full(page.url)}</loc>"
        + (f"<lastmod>{changed}</lastmod>" if changed else "")
        + "".join(_alternates(group, full) if len(group) > 1 else ())
        + "</url>\n"
    )


def _alternates(group: list[PlannedPage], full: Callable[[str], str]) -> Iterator[str]:
    for page in group:
        yield f'<xhtml:link rel="alternate" hreflang="{page.lang}" href="{full(page.url)}"/>'


def _bare(url: str) -> str:
    """An old address as addresses are written here: `/help/index.html` is `help/`."""
    bare = url.lstrip("/")
    return bare.removesuffix("index.html") if f"/{bare}".endswith("/index.html") else bare


def _up(url: str) -> str:
    return "../" * url.count("/")
