"""Which files of the content folder that are no articles the site may show.

Closed by default: a picture is published if an article on the site shows it, or if the `assets`
setting names it and no hidden article is the only one to use it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path

from kbgen.articles import Corpus
from kbgen.articles.links import links, places
from kbgen.settings import Settings


def published_files(settings: Settings, everything: Corpus, shown: Corpus) -> frozenset[str]:
    """Paths below content to copy."""
    files = _files(settings.content)
    visible = _texts(shown)
    hidden = {path: body for path, body in _texts(everything).items() if path not in visible}
    used = _used(visible, files)
    only_hidden = _used(hidden, files) - used
    named = {
        path for path in files.values() if any(fnmatch(path, rule) for rule in settings.assets)
    }
    return frozenset(used | (named - only_hidden))


def _files(content: Path) -> dict[str, str]:
    """Files below content that are no Markdown, by their NFC path: on disk it may be NFD.

    Hidden files and folders are left out, but for `.well-known`.
    """
    found = (path.relative_to(content) for path in content.rglob("*") if path.is_file())
    return {
        unicodedata.normalize("NFC", path.as_posix()): path.as_posix()
        for path in found
        if path.suffix.lower() != ".md"
        and not any(part.startswith(".") and part != ".well-known" for part in path.parts)
    }


def _texts(corpus: Corpus) -> dict[str, str]:
    texts = {article.path: article.body for article in corpus.articles}
    return texts | {c.source: c.body for c in corpus.categories if c.source}


def _used(texts: Mapping[str, str], files: Mapping[str, str]) -> set[str]:
    """The files that texts name: decoded, relative to the text or from the root."""
    return {
        files[place]
        for source, body in texts.items()
        for link in links(body)
        if not link.is_external
        for place in places(source, link.path)
        if place in files
    }
