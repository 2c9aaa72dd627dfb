"""Everything that is wrong with a project today, in one list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from kbgen.articles.codes import about, problem
from kbgen.articles.corpus import load_corpus, prefix_of
from kbgen.articles.drift import drifts
from kbgen.articles.expiry import passages
from kbgen.articles.model import Article, Corpus
from kbgen.articles.products import read
from kbgen.articles.urls import read_ledger, vanished
from kbgen.errors import Problem, nearest
from kbgen.settings import Settings

Judge = Callable[[Corpus, str], Iterable[Problem]]


def check(settings: Settings, *, today: date, also: Judge | None = None) -> tuple[Problem, ...]:
    """All problems of mkdocs.yml and of all files, sorted.

    `also` finds more in the articles; problems are to name files with the prefix it is given.
    Raises ContentError if there is no content folder or its ledger cannot be read.
    """
    corpus = load_corpus(settings, history=False)
    prefix = prefix_of(settings)
    shown = corpus.public if settings.audience == "public" else _with_agents(corpus)
    gone = vanished(read_ledger(settings.content), shown, prefix)
    dated = date_problems(corpus, today, prefix)
    more = also(corpus, prefix) if also else ()
    products = product_problems(corpus, settings.products, prefix)
    known = translation_problems(corpus.problems, corpus, settings.content, prefix)
    return tuple(sorted([*settings.problems, *known, *gone, *dated, *products, *more]))


def date_problems(corpus: Corpus, today: date, prefix: str = "content/") -> Iterator[Problem]:
    """Articles past their date, and reviews said to be in the future."""
    for article in corpus.articles:
        if article.expires and article.expires < today:
            message = f"the article expired on {article.expires}"
            hint = "renew it and its date, or remove it and redirect its address"
            yield about(article, "expires", "expired", message, hint, prefix=prefix)
        if article.reviewed and article.reviewed > today:
            message = f"reviewed on {article.reviewed}, which is still to come"
            hint = f"write the day of the last review, {today} at the latest"
            yield about(article, "reviewed", "reviewed-future", message, hint, prefix=prefix)
        yield from _passages(article, today, prefix + article.path)


def _passages(article: Article, today: date, path: str) -> Iterator[Problem]:
    """Passages past their own end date, and end dates that are none."""
    for passage in passages(article.body):
        line = article.body_line + passage.line - 1
        if passage.until is None:
            message = f"expires: {passage.written!r:.40} is no date, so the passage has no end"
            hint = "write <!-- expires: 2026-12-31 -->"
            yield problem("passage-date", path, line, message, hint)
        elif passage.until < today:
            message = f"this passage expired on {passage.until}"
            hint = "renew it and its date, or remove both"
            yield problem("passage-expired", path, line, message, hint)


def product_problems(
    corpus: Corpus, products: Mapping[str, str], prefix: str = "content/"
) -> Iterator[Problem]:
    """Versions of a product that is named nearly like one of mkdocs.yml, and so never compared."""
    names = {name.casefold(): name for name in products}
    for article in corpus.articles:
        for entry in article.product:
            name, version = read(entry)
            near = nearest(name, names, 0.7) if version and name not in names else ""
            if near:
                message = f"{entry!r:.60} names no product of mkdocs.yml"
                hint = f"did you mean {names[near]}?"
                yield about(article, "product", "unknown-product", message, hint, prefix=prefix)


def translation_problems(
    problems: Iterable[Problem], corpus: Corpus, content: Path, prefix: str
) -> Iterator[Problem]:
    """The problems, with the sections that changed in those about translations left behind."""
    found = list(problems)
    if not any(entry.code == "translation-behind" for entry in found):
        yield from found
        return
    changed = {prefix + drift.article.path: drift.sections for drift in drifts(corpus, content)}
    for entry in found:
        titles = changed.get(entry.path) if entry.code == "translation-behind" else None
        if titles:
            said = ", ".join(f"'{title:.60}'" if title else "the opening" for title in titles)
            yield replace(entry, message=f"{entry.message}; changed since: {said}")
        else:
            yield entry


def _with_agents(corpus: Corpus) -> Corpus:
    return corpus.only(article for article in corpus.articles if not article.draft)
