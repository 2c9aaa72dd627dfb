"""What an article is: the values every other part of kbgen works on."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Literal

from kbgen.errors import Problem

Audience = Literal["public", "agents"]


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit changed, as its writer tells readers."""

    day: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article in one language: one Markdown file.

    Texts are NFC with LF line ends. `path` is relative to the content folder, with forward
    slashes. `body` is the Markdown after the front matter, without a leading `# title`;
    `body_line` is the line of the file at which `body` begins.
    """

    path: str
    id: str
    lang: str
    category: str  # "returns" or "returns/exchange"; "" at the top
    slug: str
    title: str
    body: str
    body_line: int
    rev: str  # 12 hex digits over title and body
    description: str = ""
    audience: Audience = "public"
    tags: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    owner: str = ""
    reviewed: date | None = None
    review_every: timedelta = timedelta(days=180)
    expires: date | None = None
    translated_from: str = ""  # the source revision that this translation follows
    related: tuple[str, ...] = ()  # ids
    redirect_from: tuple[str, ...] = ()  # old site-relative addresses
    reply: str = ""
    product: tuple[str, ...] = ()
    draft: bool = False
    feedback: bool = True
    changes: tuple[Change, ...] = ()  # newest first
    changes_hidden: bool = False  # the public list of improvements leaves it out
    search_boost: float = 1.0
    search_exclude: bool = False
    updated: date | None = None  # last commit that touched the file
    id_derived: bool = False  # the file has no id; this one comes from its path
    meta: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, hash=False, compare=False)  # of keys

    @property
    def url(self) -> str:
        """Address relative to the root of the site: `ko/returns/refund-when/`.

        Unencoded, in NFC: `Store Support/Returns/` keeps its space.
        """
        return unicodedata.normalize("NFC", self.path.removesuffix(".md")) + "/"

    @property
    def permalink(self) -> str:
        """Address for ever, relative to the root of the site: `a/KB-0042/`."""
        return f"a/{self.id}/"

    @property
    def is_public(self) -> bool:
        """Whether the public site may show it."""
        return self.audience == "public" and not self.draft

    @property
    def review_due(self) -> date | None:
        """The day on which somebody should read it again; None if it was never reviewed."""
        return self.reviewed + self.review_every if self.reviewed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One category in one language: a folder, and its `index.md` if it has one.

    The front page of a language that has an `index.md` is here too, with the path "".
    """

    path: str  # "returns" or "returns/exchange"
    lang: str
    title: str
    description: str = ""
    icon: str = ""
    order: int = 1000
    body: str = ""
    body_line: int = 1
    source: str = ""  # path of the index.md, "" if there is none
    folder: str = ""  # "ko/returns", or "returns" on a site without language folders
    audience: Audience = "public"

    @property
    def url(self) -> str:
        """Address relative to the root of the site: `ko/returns/`; "" for its front page."""
        return f"{self.folder}/" if self.folder else ""


@dataclass(frozen=True)
class Corpus:
    """All articles of a project, and what was wrong with the files."""

    articles: tuple[Article, ...]  # sorted by path
    categories: tuple[Category, ...] = ()  # sorted by lang, order, title
    problems: tuple[Problem, ...] = ()  # sorted
    languages: tuple[str, ...] = ()  # the first is the source language

    @cached_property
    def by_key(self) -> dict[tuple[str, str], Article]:
        """Articles by (id, lang)."""
        return {(article.id, article.lang): article for article in self.articles}

    @cached_property
    def by_id(self) -> dict[str, tuple[Article, ...]]:
        """All languages of an article, in the order of `languages`."""
        found: dict[str, list[Article]] = {}
        for article in self.articles:
            found.setdefault(article.id, []).append(article)
        rank = {lang: place for place, lang in enumerate(self.languages)}
        return {
            key: tuple(sorted(group, key=lambda a: (rank.get(a.lang, len(rank)), a.path)))
            for key, group in found.items()
        }

    @cached_property
    def by_path(self) -> dict[str, Article]:
        """Articles by path."""
        return {article.path: article for article in self.articles}

    def only(self, articles: Iterable[Article]) -> Corpus:
        """The same corpus with these articles and without the categories that they leave empty."""
        kept = tuple(sorted(articles, key=lambda a: a.path))
        used = {(a.lang, prefix) for a in kept for prefix in ["", *_prefixes(a.category)]}
        return Corpus(
            articles=kept,
            categories=tuple(c for c in self.categories if (c.lang, c.path) in used or not c.path),
            problems=self.problems,
            languages=self.languages,
        )

    @cached_property
    def public(self) -> Corpus:
        """What the public site may show: no agents-only article, no draft."""
        return self.only(article for article in self.articles if article.is_public)


def _prefixes(category: str) -> list[str]:
    parts = category.split("/") if category else []
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]
