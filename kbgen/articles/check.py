"""Everything that is wrong with a project today, in one list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from kbgen.articles.codes import about
from kbgen.articles.corpus import load_corpus, prefix_of
from kbgen.articles.model import Corpus
from kbgen.articles.urls import read_ledger, vanished
from kbgen.errors import Problem
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
    return tuple(sorted([*settings.problems, *corpus.problems, *gone, *dated, *more]))


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


def _with_agents(corpus: Corpus) -> Corpus:
    return corpus.only(article for article in corpus.articles if not article.draft)
