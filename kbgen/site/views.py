"""What each page shows: the values that templates print, made from the plan and the settings.

Addresses are relative to the root of the site; templates make them relative to their page.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from kbgen.articles import Article
from kbgen.articles.improved import Improvement
from kbgen.settings import Settings, in_language
from kbgen.site.assets import Assets
from kbgen.site.contact import contact_view
from kbgen.site.markdown import Heading, Rendered
from kbgen.site.pages import INDEX, SEARCH, Plan, PlannedPage, initial, letters, prefixes
from kbgen.site.structured import structured
from kbgen.strings import strings

LISTED = 6  # articles in each list of the home page
CHIPS = 4
RELATED = 4
COMPARED = 50  # articles of a tag that may become related ones
IMPROVEMENTS = 100  # entries of the page on what readers' answers changed
LISTED_IN_GROUP = 100  # articles of one group on a category page


@dataclass(frozen=True, slots=True)
class Entry:
    """A link to an article or a category."""

    title: str
    url: str
    description: str = ""
    lang: str = ""  # set where it differs from the page's
    note: str = ""
    icon: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under a heading."""

    title: str
    entries: tuple[Entry, ...]
    url: str = ""
    description: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Views:
    """Makes the values of every page. `popular` maps article ids to how much they helped."""

    plan: Plan
    settings: Settings
    popular: Mapping[str, float]
    assets: Assets
    policy: str  # Content-Security-Policy
    improved: Sequence[Improvement] = ()  # what readers' answers changed, newest first

    def page(self, page: PlannedPage, rendered: Rendered | None) -> dict[str, Any]:
        """The variable `kb` of a page's template."""
        view = self._frame(page.lang) | {
            "kind": page.kind,
            "url": page.url,
            "title": page.title,
            "description": page.description,
            "canonical": page.canonical if page.canonical is not None else page.url,
            "noindex": page.kind == "search" or page.is_fallback,
            "languages": self._languages(page),
            "breadcrumb": self._breadcrumb(page),
            "contact": self._contact(page),
        }
        details = {
            "home": self._home,
            "category": self._category,
            "article": self._article,
            "index": self._index,
            "improved": self._improved,
        }
        if page.kind in details:
            view |= details[page.kind](page, rendered or Rendered(""))
        return view

    def missing(self, lang: str) -> dict[str, Any]:
        """The variable `kb` of the page for addresses that lead nowhere."""
        return self._frame(lang) | {
            "kind": "missing",
            "url": "404.html",
            "title": strings(lang)["missing"]["title"],
            "description": "",
            "canonical": None,
            "noindex": True,
            "languages": [
                _language(other, self.plan.homes[other], current=other == lang)
                for other in self.plan.languages
            ],
            "breadcrumb": (),
            "cards": self._cards(lang),
        }

    def _frame(self, lang: str) -> dict[str, Any]:
        home = self.plan.homes[lang]
        return {
            "lang": lang,
            "t": strings(lang),
            "site_name": self.settings.name(lang),
            "product": in_language(self.settings.home, lang),
            "urls": {
                "home": home,
                "search": f"{home}{SEARCH}/",
                "index": f"{home}{INDEX}/",
                "improved": self.plan.improved(lang),
                "contact": "#contact" if self.settings.contact.channels else "",
            },
            "contact": contact_view(self.settings.contact, lang),
            "policy": self.policy,
            "assets": self.assets,
            "events": self.settings.events.collector,
            "targets": [target.name for target in self.settings.events.tools],
            "storage": self.settings.events.storage,
        }

    def _contact(self, page: PlannedPage) -> dict[str, Any]:
        contact, article, site = self.settings.contact, page.article, self.settings.site_url
        if article is None:
            return contact_view(contact, page.lang)
        url = site + page.url if site else ""
        return contact_view(contact, page.lang, article=article.id, title=page.title, url=url)

    def _languages(self, page: PlannedPage) -> list[dict[str, Any]]:
        return [
            _language(lang, self.plan.twin(page, lang), current=lang == page.lang)
            for lang in self.plan.languages
        ]

    def _breadcrumb(self, page: PlannedPage) -> tuple[Entry, ...]:
        if page.kind == "home":
            return ()
        trail = [Entry(strings(page.lang)["site"]["home"], self.plan.homes[page.lang])]
        if page.article:
            above = prefixes(page.article.category)
        else:
            above = prefixes(page.category.path)[:-1] if page.category else []
        for path in above:
            found = self.plan.categories.get((path, page.lang))
            if found:
                trail.append(Entry(found.title, found.url))
        return tuple(trail)

    def _home(self, page: PlannedPage, _rendered: Rendered) -> dict[str, Any]:
        mine = [p for (_, lang), p in self.plan.articles.items() if lang == page.lang]
        shown = [p for p in mine if p.article and not p.article.search_exclude]
        helpful = sorted(
            (p for p in shown if _id(p) in self.popular),
            key=lambda p: (-self.popular[_id(p)], p.uri),
        )
        recent = sorted(shown, key=lambda p: (_changed(p), p.uri), reverse=True)
        asked = [p for p in (helpful or recent) if p.article and p.article.questions]
        return {
            "cards": self._cards(page.lang),
            "helpful": [self._entry(p, page.lang) for p in helpful[:LISTED]],
            "recent": [self._dated(p, page.lang) for p in recent[:LISTED] if _changed(p)],
            "chips": [
                Entry(p.article.questions[0], p.url, lang=_other(p.article.lang, page.lang))
                for p in asked[:CHIPS]
                if p.article
            ],
        }

    def _cards(self, lang: str) -> list[Entry]:
        """The top categories; where there is but one, its sub-categories."""
        top = self.plan.by_parent.get(("", lang), ())
        if len(top) == 1 and top[0].category:
            top = self.plan.by_parent.get((top[0].category.path, lang), ()) or top
        return [
            Entry(
                page.title,
                page.url,
                page.description,
                icon=page.category.icon,
                count=self.plan.counts.get((page.category.path, lang), 0),
            )
            for page in top
            if page.category
        ]

    def _category(self, page: PlannedPage, _rendered: Rendered) -> dict[str, Any]:
        assert page.category is not None
        path, lang = page.category.path, page.lang
        groups = [
            Group(
                below.title,
                self._entries(self._in(below.category.path, lang), lang),
                below.url,
                below.description,
            )
            for below in self.plan.by_parent.get((path, lang), ())
            if below.category
        ]
        articles = self.plan.by_category.get((path, lang), ())
        own = self._entries(articles, lang)
        return {
            "icon": page.category.icon,
            "count": self.plan.counts.get((path, lang), 0),
            "more": len(articles) > len(own),
            "groups": [Group("", own), *groups] if own else groups,
        }

    def _entries(self, pages: Sequence[PlannedPage], lang: str) -> tuple[Entry, ...]:
        """The entries of a group, bounded: a page must not grow with the number of articles."""
        return tuple(self._entry(page, lang) for page in pages[:LISTED_IN_GROUP])

    def _in(self, path: str, lang: str) -> Sequence[PlannedPage]:
        """Articles right in a category, or those of its sub-categories if it has none itself."""
        own = self.plan.by_category.get((path, lang), ())
        if own:
            return own
        below = self.plan.by_parent.get((path, lang), ())
        return tuple(p for b in below if b.category for p in self._in(b.category.path, lang))

    def _article(self, page: PlannedPage, rendered: Rendered) -> dict[str, Any]:
        article = page.article
        assert article is not None
        texts = strings(page.lang)
        home = self.plan.homes[page.lang]
        trail = [(step.title, step.url) for step in self._breadcrumb(page)]
        several = len(self.plan.languages) > 1 and page.lang != self.plan.languages[0]
        return {
            "article": article,
            "fallback": page.is_fallback,
            "permalink": f"{home}{article.permalink}" if several else article.permalink,
            "updated": _date(article.updated, texts),
            "reviewed": _date(article.reviewed, texts),
            "minutes": reading_minutes(article.body),
            "headings": contents(rendered.headings),
            "related": [self._entry(p, page.lang) for p in self._related(page)],
            "structured": structured(page, trail, self.settings),
        }

    def _related(self, page: PlannedPage) -> list[PlannedPage]:
        """Those that the writer named, then those of the same category that share most tags."""
        article = page.article
        assert article is not None
        named = [self.plan.articles.get((other, page.lang)) for other in article.related]
        tags = set(article.tags)
        near = {
            other.url: other
            for tag in ("", *article.tags)
            for other in self._tagged.get((article.category, page.lang, tag), ())
        }
        ordered = sorted(
            near.values(), key=lambda p: (-len(tags.intersection(_article_of(p).tags)), p.uri)
        )
        found = {p.url: p for p in [*named, *ordered[: RELATED + 1]] if p and p.url != page.url}
        return list(found.values())[:RELATED]

    @cached_property
    def _tagged(self) -> dict[tuple[str, str, str], list[PlannedPage]]:
        """The first articles of a category that have a tag ("": any), by (path, language, tag).

        Bounded: comparing each article with all others would take the square of the time.
        """
        found: dict[tuple[str, str, str], list[PlannedPage]] = {}
        for page in sorted(self.plan.articles.values(), key=lambda p: p.uri):
            article = _article_of(page)
            for tag in ("", *article.tags):
                group = found.setdefault((article.category, page.lang, tag), [])
                if len(group) < COMPARED:
                    group.append(page)
        return found

    def _index(self, page: PlannedPage, _rendered: Rendered) -> dict[str, Any]:
        entries = [
            self._entry(p, page.lang)
            for (_, lang), p in self.plan.articles.items()
            if lang == page.lang
        ]
        pages = {
            p.letter: p.url for p in self.plan.pages if p.kind == "index" and p.lang == page.lang
        }
        groups = by_initial(entries)
        shown = [g for g in groups if g.title == page.letter] if len(pages) > 1 else groups
        return {
            "letters": [
                Entry(g.title, pages.get(g.title, "") or f"#{g.anchor}", count=len(g.entries))
                for g in groups
            ],
            "letter": page.letter,
            "groups": shown,
        }

    def _improved(self, page: PlannedPage, _rendered: Rendered) -> dict[str, Any]:
        """The newest entries of the page's language, each with its article."""
        rows = [row for row in self.improved if row.lang == page.lang][:IMPROVEMENTS]
        return {
            "improved": [
                {
                    "article": self._entry(article, page.lang),
                    "date": _date(row.day, strings(page.lang)),
                    "said": _said(row, strings(page.lang)["improved"]),
                    "text": row.text,
                }
                for row in rows
                if (article := self.plan.articles.get((row.article, page.lang)))
            ]
        }

    def _entry(self, page: PlannedPage, lang: str) -> Entry:
        article = _article_of(page)
        return Entry(page.title, page.url, page.description, _other(article.lang, lang))

    def _dated(self, page: PlannedPage, lang: str) -> Entry:
        article = _article_of(page)
        changed = _date(article.updated or article.reviewed, strings(lang))
        return Entry(page.title, page.url, "", _other(article.lang, lang), changed["text"])


def _said(row: Improvement, texts: Mapping[str, str]) -> str:
    """How many readers said what."""
    if row.votes and row.searches:
        return texts["both"].format(votes=f"{row.votes:,}", searches=f"{row.searches:,}")
    name, count = ("votes", row.votes) if row.votes else ("searches", row.searches)
    return texts[f"{name}_one" if count == 1 else name].format(count=f"{count:,}")


def contents(headings: Iterable[Heading]) -> list[Heading]:
    """The headings that an article's contents list: two levels, if there are three or more."""
    kept = [heading for heading in headings if heading.level <= 3]
    return kept if len(kept) >= 3 else []


def reading_minutes(body: str) -> int:
    """Minutes to read a text: 230 Latin words or 500 syllables of Hangul, kana or Han a minute."""
    dense = len(re.findall(r"[぀-ヿ㐀-鿿가-힣]", body))
    words = len(re.findall(r"[A-Za-z0-9]+", body))
    return max(1, math.ceil(dense / 500 + words / 230))


def by_initial(entries: Iterable[Entry]) -> list[Group]:
    """Entries under their first letter."""
    filed: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda e: (e.title.casefold(), e.url)):
        filed.setdefault(initial(entry.title), []).append(entry)
    ordered = letters(entry.title for found in filed.values() for entry in found)
    return [
        Group(letter, tuple(filed[letter]), anchor=f"letter-{n}")
        for n, letter in enumerate(ordered, 1)
    ]


def _date(value: date | None, texts: Mapping[str, Any]) -> dict[str, str]:
    """A date for people and for machines; both "" if there is none."""
    if value is None:
        return {"text": "", "iso": ""}
    shape = texts["date"]
    text = shape["format"].format(
        year=value.year, month=value.month, name=shape["months"][value.month - 1], day=value.day
    )
    return {"text": text, "iso": value.isoformat()}


def _language(lang: str, url: str, *, current: bool) -> dict[str, Any]:
    name = strings(lang)["site"]["language"] if strings(lang)["site"]["code"] == lang else lang
    return {"lang": lang, "name": name, "url": url, "current": current}


def _article_of(page: PlannedPage) -> Article:
    assert page.article is not None
    return page.article


def _id(page: PlannedPage) -> str:
    return _article_of(page).id


def _changed(page: PlannedPage) -> str:
    article = _article_of(page)
    changed = article.updated or article.reviewed
    return changed.isoformat() if changed else ""


def _other(lang: str, page_lang: str) -> str:
    return lang if lang != page_lang else ""
