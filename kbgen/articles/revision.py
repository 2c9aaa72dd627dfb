"""The revision of an article: which text a vote judged."""

from __future__ import annotations

import unicodedata
from hashlib import blake2b

from kbgen.articles.expiry import COMMENT


def rev_of(title: str, body: str) -> str:
    """The first 12 hex digits of BLAKE2b over title and body.

    Whitespace, Unicode form and the end dates of passages do not count: a reader cannot see them.
    """
    return _digest(f"{_words(title)}\n{_words(COMMENT.sub('', body))}")[:12]


def derived_id(path: str) -> str:
    """The id of an article that has none: the same for all languages of `path` without language."""
    return "P-" + _digest(unicodedata.normalize("NFC", path))[:10]


def _words(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass")).hexdigest()
