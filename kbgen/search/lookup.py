"""The index of a project for the command line: opened in a moment if no file has changed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from kbgen.search.index import Index, build_index
from kbgen.search.store import VERSION, Files, open_unchanged
from kbgen.settings import Settings

if TYPE_CHECKING:  # see documents.py
    from kbgen.articles import Corpus
    from kbgen.search.knowledge import Shares


def open_index(settings: Settings, load: Callable[[Settings], Corpus]) -> Index:
    """The index of all articles of a project, agents-only ones included.

    The articles are loaded only if a file of the content folder was written since the last time.
    """
    folder = settings.cache / "search" / "all"
    note = folder / "stamp"
    now = stamp(settings.content, (*settings.languages, settings.search.prior))
    files, prior = _noted(note, now)
    store = open_unchanged(folder, files)
    if store:
        return Index(store, prior)
    from kbgen.search.knowledge import read_knowledge  # noqa: PLC0415  (only to make an index)

    knowledge = read_knowledge(settings.content)
    prior = knowledge.prior if settings.search.prior == "readers" else {}
    index = build_index(load(settings), folder, learned=knowledge.learned, prior=prior)
    if index.store.files is not None:
        noted = {"content": now, "files": index.store.files, "prior": prior}
        note.write_text(json.dumps(noted), "utf-8")
    return index


def _noted(note: Path, now: str) -> tuple[Files, Shares]:
    """What the index looked like when the content was as it is, and what speaks for articles."""
    try:
        noted = json.loads(note.read_bytes())
        if noted["content"] == now:
            return dict(noted["files"]), dict(noted["prior"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return {}, {}


def stamp(content: Path, languages: tuple[str, ...]) -> str:
    """A hash of name, size and time of every file of a folder."""
    seen = json.dumps([VERSION, languages, sorted(_files(str(content)))])
    return blake2b(seen.encode(), digest_size=12).hexdigest()


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    """Links to folders are not followed, as reading the articles does not."""
    folders = [folder]
    while folders:
        with suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                    continue
                try:
                    found = entry.stat()
                except OSError:  # a link that leads nowhere
                    continue
                yield entry.path, found.st_size, found.st_mtime_ns
