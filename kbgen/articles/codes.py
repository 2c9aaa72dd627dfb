"""Every code a problem of an article may carry, with its severity. docs/checks.md explains each."""

from __future__ import annotations

from kbgen.articles.model import Article
from kbgen.errors import Problem, Severity

CODES: dict[str, Severity] = {
    # the file
    "encoding": "error",
    "encoding-read": "warning",
    "not-text": "error",
    "unreadable": "error",
    "too-large": "error",
    "empty": "error",
    "unsafe-name": "error",
    "same-address": "error",
    "same-address-case": "error",
    # front matter
    "front-matter-open": "error",
    "front-matter-large": "error",
    "front-matter-missing": "warning",
    "yaml": "error",
    "yaml-alias": "error",
    "yaml-deep": "error",
    "yaml-shape": "error",
    "duplicate-key": "warning",
    "key-spelling": "warning",
    "unknown-key": "warning",
    "hidden-by-typo": "error",
    "foreign-key": "info",
    "wrong-type": "error",
    "wrong-value": "error",
    "ambiguous-date": "warning",
    "date-style": "warning",
    "duration-unit": "warning",
    "foreign-audience": "info",
    # one article
    "no-title": "warning",
    "no-id": "warning",
    "bad-id": "error",
    "no-category": "warning",
    "heading-anchor": "warning",
    "expired": "warning",
    "passage-date": "warning",
    "passage-expired": "warning",
    "reviewed-future": "warning",
    # articles together
    "duplicate-id": "error",
    "duplicate-title": "warning",
    "unknown-category": "warning",
    "audience-conflict": "error",
    "unlisted-language": "warning",
    "unknown-related": "warning",
    "unknown-product": "warning",
    "translation-source": "warning",
    "translation-behind": "warning",
    "redirect-taken": "error",
    "redirect-twice": "error",
    "redirect-cycle": "error",
    # links
    "dead-link": "error",
    "dead-anchor": "warning",
    "link-outside": "error",
    "link-hidden": "error",
    # links to other sites, if it is asked for
    "dead-address": "warning",
    "moved-address": "warning",
    "private-address": "warning",
    # the search, if it is asked for
    "search": "warning",
    # what readers taught it
    "learned": "warning",
    # what writers decided
    "review": "warning",
    # addresses that readers know
    "address-gone": "error",
    "anchor-gone": "error",
}


def problem(
    code: str, path: str, line: int, message: str, hint: str = "", *, field: str = ""
) -> Problem:
    """A problem with the severity that belongs to its code.

    What concerns a file as a whole is said at its first line, so editors and CI can go there.
    """
    return Problem(path, max(line, 1), code, message, hint, field, CODES[code])


def about(
    article: Article, key: str, code: str, message: str, hint: str, *, prefix: str
) -> Problem:
    """A problem with a key of an article, at the line that gives the key."""
    line = article.lines.get(key, 0)
    return problem(code, prefix + article.path, line, message, hint, field=key)
