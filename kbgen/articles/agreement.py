"""Whether articles agree with each other: titles, related ids, translations, redirects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kbgen.articles.codes import problem
from kbgen.articles.model import Article, Corpus
from kbgen.articles.place import nearest
from kbgen.errors import Problem

# (article, key) -> path and line at which the file gives the key
Where = Callable[[Article, str], tuple[str, int]]


def problems(corpus: Corpus, where: Where) -> list[Problem]:
    """Everything about the articles that no single file shows."""
    return [
        *_titles(corpus.articles, where),
        *_related(corpus, where),
        *_translations(corpus, where),
        *_redirects(corpus, where),
    ]


def _titles(articles: Sequence[Article], where: Where) -> Iterator[Problem]:
    first: dict[tuple[str, str], Article] = {}
    for article in articles:
        twin = first.setdefault((article.lang, article.title.casefold()), article)
        if twin is not article:
            message = f"'{article.title:.60}' is the title of {where(twin, 'title')[0]} too"
            hint = "say in the title what sets them apart, or make one article of both"
            yield problem("duplicate-title", *where(article, "title"), message, hint, field="title")


def _related(corpus: Corpus, where: Where) -> Iterator[Problem]:
    for article in corpus.articles:
        for other in article.related:
            if other not in corpus.by_id:
                hint = nearest(other, corpus.by_id) or "remove it, or write the id of an article"
                message = f"no article has the id {other}"
                yield problem(
                    "unknown-related", *where(article, "related"), message, hint, field="related"
                )


def _translations(corpus: Corpus, where: Where) -> Iterator[Problem]:
    source_lang = corpus.languages[0] if corpus.languages else ""
    for article in corpus.articles:
        if not article.translated_from or article.lang == source_lang:
            continue
        source = corpus.by_key.get((article.id, source_lang))
        if source is None:
            message = f"{article.id} has no article in {source_lang} to be translated from"
            hint = "give both languages the same id, or remove translated_from"
            yield problem(
                "translation-source",
                *where(article, "translated_from"),
                message,
                hint,
                field="translated_from",
            )
        elif source.rev != article.translated_from:
            file = where(source, "title")[0]
            message = f"follows revision {article.translated_from}; {file} is now {source.rev}"
            hint = f"compare the two, then write translated_from: '{source.rev}'"
            yield problem(
                "translation-behind",
                *where(article, "translated_from"),
                message,
                hint,
                field="translated_from",
            )


def _redirects(corpus: Corpus, where: Where) -> Iterator[Problem]:
    """Old addresses that a page or another article still has."""
    pages = {article.url: article for article in corpus.articles}
    taken = {category.url for category in corpus.categories}
    claimed: dict[str, Article] = {}
    for article in corpus.articles:
        for raw in article.redirect_from:
            old = raw.removesuffix("index.html")
            owner = claimed.setdefault(old, article)
            if old in pages and _leads_back(article.url, old, pages):
                message = f"/{old} leads to /{article.url}, which leads back to it"
                hint = "remove it: only an address without a page may redirect"
                code = "redirect-cycle"
            elif old in pages or old in taken:
                message = f"/{old} is the address of a page"
                hint = "remove it, or remove or rename that page"
                code = "redirect-taken"
            elif owner is not article:
                message = f"/{old} already leads to {where(owner, 'title')[0]}"
                hint = "keep it in one of the two"
                code = "redirect-twice"
            else:
                continue
            yield problem(
                code, *where(article, "redirect_from"), message, hint, field="redirect_from"
            )


def _leads_back(url: str, old: str, pages: dict[str, Article]) -> bool:
    """Whether following redirect_from from the page at `old` arrives at `url` again."""
    seen: set[str] = set()
    todo = [old]
    while todo:
        at = todo.pop()
        if at == url:
            return True
        if at in pages and at not in seen:
            seen.add(at)
            todo += [address.removesuffix("index.html") for address in pages[at].redirect_from]
    return False
