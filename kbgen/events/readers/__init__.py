"""Readers of event files: each turns a file into rows, and a row into the fields of an event.

A reader is a function from a path to rows. What it yields goes through `model.parse` like
anything else that comes from outside. To add a format, write one and name it in `READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from kbgen.errors import EventError
from kbgen.events.readers import jsonl, table
from kbgen.events.readers.row import Row

Reader = Callable[[Path], Iterator[Row]]

READERS: Mapping[str, Reader] = MappingProxyType({"jsonl": jsonl.read, "csv": table.read})

_BY_SUFFIX = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv", ".tsv": "csv"}


def read_rows(path: Path, form: str = "auto") -> Iterator[Row]:
    """The rows of a file in a named format, or in the one that its name ends in.

    Raises EventError if there is no such file or no such format.
    """
    if not path.is_file():
        raise EventError(f"{path}: no such file")
    name = _BY_SUFFIX.get(path.suffix.lower(), "") if form == "auto" else form
    if name not in READERS:
        known = ", ".join(READERS)
        raise EventError(f"{path}: cannot tell its format; name one with --from: {known}")
    return READERS[name](path)


__all__ = ["READERS", "Reader", "Row", "read_rows"]
