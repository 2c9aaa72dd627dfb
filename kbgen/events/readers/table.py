"""Reads CSV: kbgen's own, whose first header cell names the version, and tables like it.

A table made elsewhere, a form for instance, may leave out what can be known otherwise, use the
names in `ALIASES`, or have its columns named by `Options.columns`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kbgen.errors import EventError, did_you_mean
from kbgen.events.cells import unguard
from kbgen.events.checks import CHECKS
from kbgen.events.model import FIELDS, VERSION
from kbgen.events.readers.completion import Completion
from kbgen.events.readers.delimited import Cells, open_table
from kbgen.events.readers.options import URL, Options
from kbgen.events.readers.row import Row
from kbgen.events.readers.text import refuse_huge
from kbgen.events.readers.values import NUMBERS, shown

ALIASES = {
    "id": "event_id",
    "time": "ts",
    "timestamp": "ts",
    "created_at": "ts",
    "date": "ts",
    "타임스탬프": "ts",
    "event": "type",
    "article_id": "article",
    "page": "url",
    "page_url": "url",
    "link": "url",
    "language": "lang",
    "locale": "lang",
    "revision": "rev",
    "helpful": "vote",
    "search": "query",
    "search_term": "query",
    "visitor": "voter",
}

_VERSIONED = re.compile(r"event_id \(v(\d+)\)")


def read(path: Path, options: Options) -> Iterator[Row]:
    """The rows below the header. Raises EventError if the header cannot be used."""
    with open_table(path) as table:
        version = _VERSIONED.fullmatch(table.header[0].strip())
        if not version:
            refuse_huge(path)
            names = _foreign_names(table.header, path, options)
            yield from _foreign(table.rows, names, path, options)
            return
        if int(version[1]) != VERSION:
            raise EventError(
                f"{path}:1: a table of version {version[1]}; this kbgen reads version {VERSION}"
            )
        names = ["event_id", *map(_plain, table.header[1:])]
        _refuse_names(names, path)
        for row in table.rows:
            yield row if isinstance(row, Row) else Row(row.line, row.text, _own(row, names))


def _own(row: Cells, names: Sequence[str]) -> dict[str, Any]:
    data: dict[str, Any] = {"v": VERSION}
    for name, cell in zip(names, row.cells, strict=True):
        if cell:
            text = unguard(cell)
            data[name] = (
                int(text) if name in NUMBERS and text.isdecimal() and len(text) < 20 else text
            )
    return data


def _foreign(
    rows: Iterator[Cells | Row], names: Sequence[str], path: Path, options: Options
) -> Iterator[Row]:
    completion = Completion(options, "csv")
    kind = "vote" if "vote" in names else "search" if "query" in names else "view"
    for row in rows:
        if isinstance(row, Row):
            yield row
            continue
        given = {
            n: unguard(cell) for n, cell in zip(names, row.cells, strict=True) if n and cell.strip()
        }
        given.pop("v", None)
        if not {"type", "vote", "query"} & given.keys():
            given["type"] = kind
        # An id of another kind names the row all the same.
        key = "" if _is_event_id(given.get("event_id")) else given.pop("event_id", "")
        yield completion.row(row.line, given, key=key, text=shown(given))
    completion.finish(path)


def _foreign_names(header: Sequence[str], path: Path, options: Options) -> list[str]:
    """The field that each column holds, "" for one that is left alone."""
    wanted = {_plain(column): name for name, column in options.columns.items()}
    plain = [_plain(cell) for cell in header]
    for column, name in wanted.items():
        if column not in plain:
            hint = did_you_mean(column, plain) or f"columns: {', '.join(header)}"
            raise EventError(f"{path}:1: no column {options.columns[name]!r} ({hint})")
    names = [wanted.get(cell) or ALIASES.get(cell, cell) for cell in plain]
    if wanted:
        # What was named goes before what is only called so; the rest is nobody's business.
        taken = set(wanted.values())
        names = [
            name if cell in wanted or (name in (*FIELDS, URL) and name not in taken) else ""
            for cell, name in zip(plain, names, strict=True)
        ]
    _refuse_names(names, path)
    return names


def _refuse_names(names: Sequence[str], path: Path) -> None:
    known = (*FIELDS, URL)
    for name in filter(None, names):
        if name not in known and name != "v":
            hint = did_you_mean(name, known) or f"known: {', '.join(known)}"
            cure = "other tables are read with --map FIELD=COLUMN"
            raise EventError(f"{path}:1: unknown column {name!r} ({hint}); {cure}")
        if names.count(name) > 1:
            raise EventError(f"{path}:1: column {name!r} stands there twice")


def _is_event_id(text: str | None) -> bool:
    try:
        return bool(text and CHECKS["event_id"](text))
    except ValueError:
        return False


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFC", cell).strip().lower().replace(" ", "_")
