"""A copy of a store, made while a collector writes to it."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from kbgen.errors import EventError
from kbgen.events.store.base import StoreError
from kbgen.events.store.sqlite import SqliteStore, explained, open_unchanging


def backup(source: Path, target: Path, *, now: datetime, replace: bool = False) -> tuple[Path, int]:
    """Copies the store as it is at this moment; returns where to, and how many events there are.

    A `target` that is a folder gets a file named by `now`. The copy appears when it is complete,
    on disk and found to be sound. Raises EventError if there is something already, unless it may
    `replace` it, or if the copy cannot be made.
    """
    path = target / f"events-{now:%Y%m%dT%H%M%SZ}.db" if target.is_dir() else target
    if path.exists() and source.exists() and path.samefile(source):
        raise EventError(f"{path}: is the store itself; name another file")
    if path.exists() and not replace:
        raise EventError(f"{path}: is already there (--force writes over it)")
    draft = path.with_name(path.name + ".part")
    with SqliteStore.open(source, readonly=True) as store:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)
            draft.touch(0o600)
            store.copy_to(draft)
            count = _check(draft, str(path))
            shutil.copymode(source, draft)
            _sync(draft)
            draft.replace(path)
            _sync(path.parent)
        except OSError as error:
            raise EventError(f"{path}: cannot be written: {error.strerror or error}") from error
        finally:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
    return path, count


def _check(copy: Path, name: str) -> int:
    """How many events are in a copy. Raises StoreError if it is damaged."""
    with explained(name):
        connection = open_unchanging(copy)
        try:
            verdict = str(connection.pragma("integrity_check"))
            if verdict == "ok":
                return int(str(connection.execute("SELECT count(*) FROM event").get))
        finally:
            connection.close()
    raise StoreError(f"{name}: the copy is damaged, and so may be the store: {verdict}")


def _sync(path: Path) -> None:
    """Makes sure that a file, or the names in a folder, are on disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
