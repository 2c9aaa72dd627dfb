"""Whether articles agree with each other: titles, related ids, translations, redirects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kbgen.articles.codes import about
from kbgen.articles.model import Article, Corpus
from kbgen.errors import Problem, did_you_mean


def problems(corpus: Corpus, prefix: str) -> list[Problem]:
    """Everything about the articles that no single file shows."""
    return [
        *_titles(corpus.articles, prefix),
        *_related(corpus, prefix),
        *_translations(corpus, prefix),
        *_redirects(corpus, prefix),
    ]


def _titles(articles: Sequence[Article], prefix: str) -> Iterator[Problem]:
    first: dict[tuple[str, str], Article] = {}
    for article in articles:
        twin = first.setdefault((article.lang, article.title.casefold()), article)
        if twin is not article:
            message = f"'{article.title:.60}' is the title of {prefix}{twin.path} too"
            hint = "say in the title what sets them apart, or make one article of both"
            yield about(article, "title", "duplicate-title", message, hint, prefix=prefix)


def _related(corpus: Corpus, prefix: str) -> Iterator[Problem]:
    for article in corpus.articles:
        for other in article.related:
            if other not in corpus.by_id:
                hint = (
                    did_you_mean(other, corpus.by_id) or "remove it, or write the id of an article"
                )
                message = f"no article has the id {other}"
                yield about(article, "related", "unknown-related", message, hint, prefix=prefix)


def _translations(corpus: Corpus, prefix: str) -> Iterator[Problem]:
    source_lang = corpus.languages[0] if corpus.languages else ""
    for article in corpus.articles:
        if not article.translated_from or article.lang == source_lang:
            continue
        source = corpus.by_key.get((article.id, source_lang))
        if source is None:
            message = f"{article.id} has no article in {source_lang} to be translated from"
            hint = "give both languages the same id, or remove translated_from"
            yield about(
                article, "translated_from", "translation-source", message, hint, prefix=prefix
            )
        elif source.rev != article.translated_from:
            file = prefix + source.path
            message = f"follows revision {article.translated_from}; {file} is now {source.rev}"
            hint = f"compare the two, then write translated_from: '{source.rev}'"
            yield about(
                article, "translated_from", "translation-behind", message, hint, prefix=prefix
            )


def _redirects(corpus: Corpus, prefix: str) -> Iterator[Problem]:
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
                message = f"/{old} already leads to {prefix}{owner.path}"
                hint = "keep it in one of the two"
                code = "redirect-twice"
            else:
                continue
            yield about(article, "redirect_from", code, message, hint, prefix=prefix)


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
