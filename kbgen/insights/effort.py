"""How long an edit takes a writer, about: enough to tell a quick one from a long one."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from kbgen.articles.model import Article
from kbgen.articles.sections import plain_text
from kbgen.insights.reasons import Reason, ReasonCode

SMALL = 5  # minutes for a date, a link, a passage: look, decide, write
BEGIN = 10  # minutes before the first word is rewritten
WORDS_A_MINUTE = 20  # read, compared and rewritten

_REWRITTEN: tuple[ReasonCode, ...] = (
    "readers-say-no",
    "readers-say-worse",
    "readers-say-outdated",
    "agents-use-it",
    "translation-differs",
    "product-behind",
    "translation-behind",
)


def effort_minutes(article: Article, reasons: Iterable[Reason]) -> int:
    """5 minutes for each date, link or passage; where the text itself is in question, once 10
    minutes and one more for every 20 words. Rounded up to 5."""
    codes = [reason.code for reason in reasons]
    minutes = SMALL * sum(code not in _REWRITTEN for code in codes)
    if any(code in _REWRITTEN for code in codes):
        minutes += BEGIN + ceil(len(plain_text(article.body).split()) / WORDS_A_MINUTE)
    return SMALL * ceil(minutes / SMALL)
