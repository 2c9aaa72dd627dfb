"""The index of a project for the command line: opened in a moment if no file has changed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path

from kbgen.articles import Corpus
from kbgen.search.index import Index, build_index
from kbgen.search.store import VERSION, open_unchanged
from kbgen.settings import Settings


def open_index(settings: Settings, load: Callable[[Settings], Corpus]) -> Index:
    """The index of all articles of a project, agents-only ones included.

    The articles are loaded only if a file of the content folder was written since the last time.
    """
    folder = settings.cache / "search" / "all"
    note = folder / "stamp"
    now = stamp(settings.content, settings.languages)
    if note.is_file() and note.read_text("utf-8", "replace") == now:
        store = open_unchanged(folder)
        if store:
            return Index(store)
    index = build_index(load(settings), folder)
    note.write_text(now, "utf-8")
    return index


def stamp(content: Path, languages: tuple[str, ...]) -> str:
    """A hash of name, size and time of every file of a folder."""
    seen = blake2b(json.dumps([VERSION, languages]).encode(), digest_size=12)
    for name, size, time in sorted(_files(content)):
        seen.update(f"{name}\0{size}\0{time}\0".encode("utf-8", "surrogateescape"))
    return seen.hexdigest()


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)  # noqa: PTH118  (ten times faster than Path here)
            try:
                found = os.stat(path)  # noqa: PTH116
            except OSError:
                continue
            yield path, found.st_size, found.st_mtime_ns
