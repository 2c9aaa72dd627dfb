"""Which pages a site has: a pure plan made from the corpus, before anything is rendered."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from kbgen.articles import Article, Category, Corpus
from kbgen.strings import strings

SEARCH, INDEX, IMPROVED = "search", "a-z", "improved"  # places below the home page
INDEX_LIMIT = 400  # articles on one index page
_INITIALS = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"

Kind = Literal["home", "category", "article", "search", "index", "improved"]


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
    letter: str = ""  # of an index that is split by first letter
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
    homes: Mapping[str, str]  # address of the home page by language, the source language first
    pages: tuple[PlannedPage, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the interface; the first is the source language."""
        return tuple(self.homes)

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

    def twin(self, page: PlannedPage, lang: str) -> str:
        """Address of the same page in another language, or of its nearest relative there."""
        if page.article is not None and (page.article.id, lang) in self.articles:
            return self.articles[page.article.id, lang].url
        category = page.category or self._category_of(page)
        if category and (category.path, lang) in self.categories:
            return self.categories[category.path, lang].url
        if page.kind == "search":
            return f"{self.homes[lang]}{SEARCH}/"
        if page.kind == "index":
            return f"{self.homes[lang]}{INDEX}/"
        if page.kind == "improved" and self.improved(lang):
            return self.improved(lang)
        return self.homes[lang]

    def improved(self, lang: str) -> str:
        """Address of the page on what readers' answers changed; "" if a language has none."""
        address = f"{self.homes[lang]}{IMPROVED}/"
        page = self.by_url.get(address)
        return address if page and page.kind == "improved" else ""

    def _category_of(self, page: PlannedPage) -> Category | None:
        path = page.article.category if page.article else ""
        found = self.categories.get((path, page.lang))
        return found.category if found else None


def plan(
    corpus: Corpus,
    languages: Sequence[str],
    names: Mapping[str, str],
    improved: Collection[str] = (),
) -> Plan:
    """The pages of a site for a corpus that holds only what may be shown.

    `names` holds the site's name by language, the title of a home page that has none; `improved`
    the languages in which readers can be told what their answers changed.
    """
    homes = {lang: _prefix(corpus, lang, languages) for lang in languages}
    pages: list[PlannedPage] = []
    for lang, prefix in homes.items():
        pages.append(_home(corpus, lang, f"{prefix}index.md", names[lang]))
        articles = list(_article_pages(corpus, lang, homes))
        pages += articles
        pages.append(_page("search", lang, f"{prefix}{SEARCH}.md"))
        pages += _index_pages(articles, lang, f"{prefix}{INDEX}")
        pages += _category_pages(corpus, lang, homes)
        if lang in improved:  # after the categories: one of that name keeps its address
            pages.append(_page("improved", lang, f"{prefix}{IMPROVED}.md"))
    if homes[languages[0]]:
        pages.append(replace(pages[0], uri="index.md", canonical=pages[0].url))
    unique = {page.url: page for page in reversed(pages)}
    return Plan(corpus, homes, tuple(sorted(unique.values(), key=lambda p: p.uri)))


def address(uri: str) -> str:
    """The address that MkDocs gives a Markdown path: `ko/a/b.md` -> `ko/a/b/`."""
    stem = uri.removesuffix(".md")
    if stem in ("index", "README"):
        return ""
    if stem.endswith(("/index", "/README")):
        return stem.rpartition("/")[0] + "/"
    return f"{stem}/"


def _prefix(corpus: Corpus, lang: str, languages: Sequence[str]) -> str:
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


def initial(title: str) -> str:
    """The letter under which a title is filed; `#` for digits and signs.

    Hangul is filed by initial consonant, as dictionaries do; other scripts by letter.
    """
    for char in unicodedata.normalize("NFC", title):
        if "가" <= char <= "힣":
            return _INITIALS[(ord(char) - ord("가")) // 588]
        if char.isalpha():
            return unicodedata.normalize("NFD", char)[0].upper()
        if char.isdigit():
            break
    return "#"


def letters(titles: Iterable[str]) -> list[str]:
    """The first letters of titles: Hangul, then other scripts, then digits and signs."""
    found = {initial(title) for title in titles}
    return sorted(found, key=lambda letter: (letter == "#", not _is_hangul(letter), letter))


def _index_pages(articles: Sequence[PlannedPage], lang: str, place: str) -> Iterator[PlannedPage]:
    """One page with every article, or one a letter where that page would grow too long."""
    yield _page("index", lang, f"{place}.md")
    if len(articles) > INDEX_LIMIT:
        for letter in letters(page.title for page in articles):
            name = "0-9" if letter == "#" else letter.lower()
            yield replace(_page("index", lang, f"{place}/{name}.md"), letter=letter)


def _page(kind: Kind, lang: str, uri: str) -> PlannedPage:
    texts = strings(lang)[kind]
    return PlannedPage(
        uri=uri,
        kind=kind,
        lang=lang,
        title=texts["title"],
        description=texts.get("description", ""),
    )


def _is_hangul(letter: str) -> bool:
    return "ㄱ" <= letter <= "ㅎ"


def _home(corpus: Corpus, lang: str, uri: str, site_name: str) -> PlannedPage:
    texts = next((c for c in corpus.categories if not c.path and c.lang == lang), None)
    return PlannedPage(
        uri=uri,
        kind="home",
        lang=lang,
        title=texts.title if texts else site_name,
        description=texts.description if texts else "",
    )


def _article_pages(corpus: Corpus, lang: str, homes: Mapping[str, str]) -> Iterator[PlannedPage]:
    """Articles of a language, then those of the source language that it lacks.

    Its own come first: where two want the same address, the first has it.
    """
    source = next(iter(homes))
    for article in corpus.articles:
        if article.lang == lang:
            yield _article(article, lang, article.path)
    for article in corpus.articles:
        if lang != source == article.lang and (article.id, lang) not in corpus.by_key:
            uri = homes[lang] + article.path.removeprefix(f"{source}/")
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


def _category_pages(corpus: Corpus, lang: str, homes: Mapping[str, str]) -> Iterator[PlannedPage]:
    """Every category that has an article, with the texts of the language or of the source."""
    source = next(iter(homes))
    texts = {
        category.path: category
        for wanted in (source, lang)
        for category in corpus.categories
        if category.lang == wanted and category.path
    }
    shown = {a.category for a in corpus.articles if a.lang in (lang, source)}
    for path in sorted({prefix for category in shown for prefix in prefixes(category)}):
        category = texts.get(path) or Category(path=path, lang=lang, title=path.rpartition("/")[2])
        yield PlannedPage(
            uri=f"{homes[lang]}{path}/index.md",
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
