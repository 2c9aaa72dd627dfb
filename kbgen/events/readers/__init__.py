"""Readers of event files: each turns a file into rows, and a row into the fields of an event.

A reader is a function from a path and the user's options to rows. What it yields goes through
`model.parse` like anything else that comes from outside. To add a format, write one and name it
in `READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from kbgen.errors import EventError
from kbgen.events.readers import ga4, jsonl, matomo, parquet, plausible, table, zendesk
from kbgen.events.readers.options import Options
from kbgen.events.readers.row import Row
from kbgen.events.readers.shapes import format_of

Reader = Callable[[Path, Options], Iterator[Row]]

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "jsonl": jsonl.read,
        "csv": table.read,
        "parquet": parquet.read,
        "ga4": ga4.read,
        "plausible": plausible.read,
        "matomo": matomo.read,
        "zendesk": zendesk.read,
    }
)


def read_rows(path: Path, form: str = "auto", options: Options | None = None) -> Iterator[Row]:
    """The rows of a file in a named format, or in the one that it is in.

    Raises EventError if there is no such file or no such format.
    """
    if not path.is_file():
        raise EventError(f"{path}: no such file")
    name = format_of(path) if form == "auto" else form
    if name not in READERS:
        known = ", ".join(READERS)
        raise EventError(f"{path}: cannot tell its format; name one with --from: {known}")
    return READERS[name](path, options or Options())


__all__ = ["READERS", "Options", "Reader", "Row", "read_rows"]
