"""Whether the files of a store are still in their place."""

from __future__ import annotations

import os
from pathlib import Path

from kbgen.events.store import StoreError


class StoreFiles:
    """The file of an open SQLite store and its log.

    An open file can be written to after it was deleted or moved: a vote would be answered that
    nobody finds again.
    """

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._known: dict[str, tuple[int, int]] = {}

    def check(self) -> None:
        """Raises StoreError if one of them is another file than at first, or gone."""
        for path in (self._path, f"{self._path}-wal"):
            try:
                stat = os.stat(path)  # noqa: PTH116  (asked at each commit; a Path costs more)
            except OSError:
                found = None
            else:
                found = stat.st_dev, stat.st_ino
            known = self._known.get(path, found)
            if known != found:
                raise StoreError(
                    f"{path}: was moved or deleted while the collector uses it; put it back, or "
                    "restart the collector to begin a new store"
                )
            if known:
                self._known[path] = known
