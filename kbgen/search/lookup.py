"""The index of a project for the command line: opened in a moment if no file has changed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from kbgen.search.index import Index, build_index
from kbgen.search.store import VERSION, Files, open_unchanged
from kbgen.settings import Settings

if TYPE_CHECKING:  # see documents.py
    from kbgen.articles import Corpus


def open_index(settings: Settings, load: Callable[[Settings], Corpus]) -> Index:
    """The index of all articles of a project, agents-only ones included.

    The articles are loaded only if a file of the content folder was written since the last time.
    """
    folder = settings.cache / "search" / "all"
    note = folder / "stamp"
    now = stamp(settings.content, settings.languages)
    store = open_unchanged(folder, _noted(note, now))
    if store:
        return Index(store)
    index = build_index(load(settings), folder)
    if index.store.files is not None:
        note.write_text(json.dumps({"content": now, "files": index.store.files}), "utf-8")
    return index


def _noted(note: Path, now: str) -> Files:
    """What the index looked like when the articles were as they are now; {} if never."""
    try:
        noted = json.loads(note.read_bytes())
        return dict(noted["files"]) if noted["content"] == now else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def stamp(content: Path, languages: tuple[str, ...]) -> str:
    """A hash of name, size and time of every file of a folder."""
    seen = json.dumps([VERSION, languages, sorted(_files(str(content)))])
    return blake2b(seen.encode(), digest_size=12).hexdigest()


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    """Links to folders are not followed, as reading the articles does not."""
    try:
        entries = os.scandir(folder)
    except OSError:
        return
    with entries:
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    yield from _files(entry.path)
                else:
                    found = entry.stat()
                    yield entry.path, found.st_size, found.st_mtime_ns
            except OSError:
                continue
