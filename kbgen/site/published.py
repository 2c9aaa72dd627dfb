"""Which files of the content folder that are no articles the site may show.

Closed by default: a picture is published if an article on the site shows it, or if the `assets`
setting names it and no hidden article is the only one to use it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kbgen.articles import Corpus
from kbgen.articles.links import links
from kbgen.errors import Problem
from kbgen.settings import Settings


def published_files(
    settings: Settings, everything: Corpus, shown: Corpus
) -> tuple[frozenset[str], tuple[Problem, ...]]:
    """Paths below content to copy, and problems with them."""
    files = _files(settings.content)
    used = _used(shown, files)
    visible = {article.path for article in shown.articles}
    hidden_users = everything.only(a for a in everything.articles if a.path not in visible)
    only_hidden = _used(hidden_users, files) - used
    named = {path for path in files if any(fnmatch(path, rule) for rule in settings.assets)}
    return frozenset(used | (named - only_hidden)), ()


def _files(content: Path) -> frozenset[str]:
    """Files below content that are no Markdown; hidden folders only if they are `.well-known`."""
    found = (path.relative_to(content) for path in content.rglob("*") if path.is_file())
    return frozenset(
        path.as_posix()
        for path in found
        if path.suffix.lower() != ".md"
        and not any(part.startswith(".") and part != ".well-known" for part in path.parts)
    )


def _used(corpus: Corpus, files: frozenset[str]) -> set[str]:
    bodies = [(article.path, article.body) for article in corpus.articles]
    bodies += [(c.source, c.body) for c in corpus.categories if c.source]
    return {path for source, body in bodies for path in _targets(source, body) if path in files}


def _targets(source: str, body: str) -> Iterator[str]:
    for link in links(body):
        yield from _places(source, link.target)


def _places(source: str, target: str) -> Iterable[str]:
    path = unquote(urlsplit(target).path)
    if path.startswith("/"):
        bare = path.lstrip("/")
        return (bare, f"{source.partition('/')[0]}/{bare}")
    return (posixpath.normpath(posixpath.join(posixpath.dirname(source), path)),)
