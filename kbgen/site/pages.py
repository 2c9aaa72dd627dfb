"""Which pages a site has: a pure plan made from the corpus, before anything is rendered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from kbgen.articles import Article, Category, Corpus

Kind = Literal["home", "category", "article", "search", "index"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPage:
    """One page to build.

    `uri` is the Markdown path that MkDocs derives the address from. `lang` is the language of
    the interface; `article.lang` differs from it where a translation is missing.
    """

    uri: str
    kind: Kind
    lang: str
    title: str
    description: str = ""
    article: Article | None = None
    category: Category | None = None
    canonical: str | None = None  # address of the page that search engines should show

    @property
    def url(self) -> str:
        """Address relative to the root of the site; "" is the root itself."""
        return address(self.uri)

    @property
    def is_fallback(self) -> bool:
        """Whether the article stands in for a missing translation."""
        return self.article is not None and self.article.lang != self.lang


@dataclass(frozen=True)
class Plan:
    """All pages of a site and the questions that templates ask about them."""

    corpus: Corpus
    languages: tuple[str, ...]
    pages: tuple[PlannedPage, ...]

    @cached_property
    def by_url(self) -> dict[str, PlannedPage]:
        """Pages by address."""
        return {page.url: page for page in self.pages}

    @cached_property
    def articles(self) -> dict[tuple[str, str], PlannedPage]:
        """Article pages by (id, interface language)."""
        return {
            (page.article.id, page.lang): page for page in self.pages if page.article is not None
        }

    @cached_property
    def categories(self) -> dict[tuple[str, str], PlannedPage]:
        """Category pages by (path, interface language)."""
        return {(p.category.path, p.lang): p for p in self.pages if p.category is not None}

    @cached_property
    def by_category(self) -> dict[tuple[str, str], tuple[PlannedPage, ...]]:
        """Article pages right in a category, by (path, interface language), by title."""
        found: dict[tuple[str, str], list[PlannedPage]] = {}
        for page in self.articles.values():
            assert page.article is not None
            found.setdefault((page.article.category, page.lang), []).append(page)
        return {key: tuple(sorted(group, key=_by_title)) for key, group in found.items()}

    @cached_property
    def by_parent(self) -> dict[tuple[str, str], tuple[PlannedPage, ...]]:
        """Category pages right in a category ("" for the top), by (path, language), in order."""
        found: dict[tuple[str, str], list[PlannedPage]] = {}
        for (path, lang), page in self.categories.items():
            found.setdefault((path.rpartition("/")[0], lang), []).append(page)
        return {key: tuple(sorted(group, key=_by_order)) for key, group in found.items()}

    @cached_property
    def counts(self) -> dict[tuple[str, str], int]:
        """Articles in a category and all below it, by (path, interface language)."""
        found: dict[tuple[str, str], int] = {}
        for (path, lang), group in self.by_category.items():
            for prefix in [*prefixes(path), ""]:
                found[prefix, lang] = found.get((prefix, lang), 0) + len(group)
        return found

    def home(self, lang: str) -> str:
        """Address of the home page in a language."""
        return prefix_of(self.corpus, lang, self.languages)

    def twin(self, page: PlannedPage, lang: str) -> str:
        """Address of the same page in another language, or of its nearest relative there."""
        if page.article is not None and (page.article.id, lang) in self.articles:
            return self.articles[page.article.id, lang].url
        category = page.category or self._category_of(page)
        if category and (category.path, lang) in self.categories:
            return self.categories[category.path, lang].url
        if page.kind in ("search", "index"):
            return f"{self.home(lang)}{_PLACES[page.kind]}/"
        return self.home(lang)

    def _category_of(self, page: PlannedPage) -> Category | None:
        path = page.article.category if page.article else ""
        found = self.categories.get((path, page.lang))
        return found.category if found else None


def plan(corpus: Corpus, languages: Sequence[str], names: Mapping[str, str]) -> Plan:
    """The pages of a site for a corpus that holds only what may be shown.

    `names` holds the site's name by language, the title of a home page that has none.
    """
    pages: list[PlannedPage] = []
    for lang in languages:
        prefix = prefix_of(corpus, lang, languages)
        pages.append(_home(corpus, lang, f"{prefix}index.md", names[lang]))
        for kind, place in _PLACES.items():
            pages.append(PlannedPage(uri=f"{prefix}{place}.md", kind=kind, lang=lang, title=""))
        pages += _article_pages(corpus, lang, languages)
        pages += _category_pages(corpus, lang, languages)
    if prefix_of(corpus, languages[0], languages):
        home = pages[0]
        pages.append(replace(home, uri="index.md", canonical=home.url))
    unique = {page.url: page for page in reversed(pages)}
    return Plan(corpus, tuple(languages), tuple(sorted(unique.values(), key=lambda p: p.uri)))


def address(uri: str) -> str:
    """The address that MkDocs gives a Markdown path: `ko/a/b.md` -> `ko/a/b/`."""
    stem = uri.removesuffix(".md")
    if stem in ("index", "README"):
        return ""
    if stem.endswith(("/index", "/README")):
        return stem.rpartition("/")[0] + "/"
    return f"{stem}/"


def prefix_of(corpus: Corpus, lang: str, languages: Sequence[str]) -> str:
    """The folder of a language, with its slash; "" where a site of one language has none."""
    folder = f"{lang}/"
    if len(languages) > 1:
        return folder
    paths = [article.path for article in corpus.articles]
    return folder if paths and all(path.startswith(folder) for path in paths) else ""


def prefixes(category: str) -> list[str]:
    """A category and its parents, the top one first."""
    parts = category.split("/") if category else []
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]


_PLACES: dict[Kind, str] = {"search": "search", "index": "a-z"}


def _home(corpus: Corpus, lang: str, uri: str, site_name: str) -> PlannedPage:
    texts = next((c for c in corpus.categories if not c.path and c.lang == lang), None)
    return PlannedPage(
        uri=uri,
        kind="home",
        lang=lang,
        title=texts.title if texts else site_name,
        description=texts.description if texts else "",
    )


def _article_pages(
    corpus: Corpus, lang: str, languages: Sequence[str]
) -> Iterator[PlannedPage]:
    """Articles of a language, and those of the source language that it lacks."""
    source = languages[0]
    for article in corpus.articles:
        if article.lang == lang:
            yield _article(article, lang, article.path)
        elif article.lang == source and (article.id, lang) not in corpus.by_key:
            uri = prefix_of(corpus, lang, languages) + article.path.removeprefix(f"{source}/")
            canonical = address(article.path)
            yield replace(_article(article, lang, uri), canonical=canonical)


def _article(article: Article, lang: str, uri: str) -> PlannedPage:
    return PlannedPage(
        uri=uri,
        kind="article",
        lang=lang,
        title=article.title,
        description=article.description,
        article=article,
    )


def _category_pages(
    corpus: Corpus, lang: str, languages: Sequence[str]
) -> Iterator[PlannedPage]:
    """Every category that has an article, with the texts of the language or of the source."""
    source = languages[0]
    texts = {
        category.path: category
        for wanted in (source, lang)
        for category in corpus.categories
        if category.lang == wanted and category.path
    }
    shown = {a.category for a in corpus.articles if a.lang in (lang, source)}
    for path in sorted({prefix for category in shown for prefix in prefixes(category)}):
        category = texts.get(path) or Category(
            path=path, lang=lang, title=path.rpartition("/")[2]
        )
        yield PlannedPage(
            uri=f"{prefix_of(corpus, lang, languages)}{path}/index.md",
            kind="category",
            lang=lang,
            title=category.title,
            description=category.description,
            category=category,
        )


def _by_title(page: PlannedPage) -> tuple[str, str]:
    return page.title.casefold(), page.uri


def _by_order(page: PlannedPage) -> tuple[int, str, str]:
    order = page.category.order if page.category else 0
    return order, page.title.casefold(), page.uri
