"""What time does to a text: dead links, older versions, a source that has moved on.

Like dates these are reasons to look, and never mixed into a probability.
"""

from __future__ import annotations

from collections.abc import Iterator

from kbgen.articles.model import Article
from kbgen.articles.outside.addresses import addresses
from kbgen.articles.products import behind
from kbgen.insights.beside import Beside
from kbgen.insights.reasons import Reason


def wear_reasons(article: Article, beside: Beside) -> list[Reason]:
    """Why a text may no longer fit what it speaks of."""
    return [*_dead_links(article, beside), *_products(article, beside), *_drift(article, beside)]


def _dead_links(article: Article, beside: Beside) -> Iterator[Reason]:
    if not beside.dead:
        return
    told = set()
    for address, line in addresses(article.body):
        if address in beside.dead and address not in told:
            told.add(address)
            place = article.body_line + line - 1
            yield Reason("dead-link", since=beside.dead[address], line=place, names=(address,))


def _products(article: Article, beside: Beside) -> Iterator[Reason]:
    line = article.lines.get("product", 0)
    for found in behind(article.product, beside.products):
        current = f"{found.product} {found.current}"
        yield Reason("product-behind", line=line, names=(found.said, current))


def _drift(article: Article, beside: Beside) -> Iterator[Reason]:
    drift = beside.drifts.get((article.id, article.lang))
    if drift:
        line = article.lines.get("translated_from", 0)
        since = drift.source.updated
        yield Reason("translation-behind", since=since, line=line, names=drift.sections or ())
