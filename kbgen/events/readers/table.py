"""Reads CSV: kbgen's own, whose first header cell names the version, and tables like it.

A table made elsewhere may leave out what can be known otherwise and use the names in `ALIASES`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from kbgen.errors import EventError, did_you_mean
from kbgen.events.cells import unguard
from kbgen.events.model import FIELDS, VERSION
from kbgen.events.readers.row import Row
from kbgen.events.readers.text import open_text
from kbgen.events.times import derived_id, read_time

ALIASES = {
    "id": "event_id",
    "time": "ts",
    "timestamp": "ts",
    "created_at": "ts",
    "date": "ts",
    "event": "type",
    "article_id": "article",
    "language": "lang",
    "locale": "lang",
    "revision": "rev",
    "helpful": "vote",
    "search": "query",
    "search_term": "query",
    "visitor": "voter",
}
VOTES = {"yes": 1, "y": 1, "true": 1, "1": 1, "no": 0, "n": 0, "false": 0, "0": 0, "-1": 0}

_VERSIONED = re.compile(r"event_id \(v(\d+)\)")
_NUMBERS = ("results", "rank")


def read(path: Path) -> Iterator[Row]:
    """The rows below the header. Raises EventError if the header cannot be used."""
    with open_text(path, newline="") as file:
        dialect = csv.excel_tab if path.suffix.lower() == ".tsv" else csv.excel
        reader = csv.reader(file, dialect)
        header = _cells(reader)
        if not isinstance(header, list) or not header:
            raise EventError(f"{path}: empty; expected a header such as event_id,ts,type,article")
        names, is_own = _names(header, path)
        before = reader.line_num
        while (cells := _cells(reader)) is not None:
            line, before = before + 1, reader.line_num
            if isinstance(cells, csv.Error):
                yield Row(line, "", problem=f"no CSV: {cells}")
            elif cells:
                yield _row(line, cells, names, is_own=is_own)


def _cells(reader: Iterator[list[str]]) -> list[str] | csv.Error | None:
    """The next row, or what is wrong with it; None at the end."""
    try:
        return next(reader, None)
    except csv.Error as error:
        return error


def _names(header: Sequence[str], path: Path) -> tuple[list[str], bool]:
    """The fields that the columns hold, and whether kbgen wrote the table."""
    versioned = _VERSIONED.fullmatch(header[0].strip())
    if versioned and int(versioned[1]) != VERSION:
        raise EventError(
            f"{path}:1: a table of version {versioned[1]}; this kbgen reads version {VERSION}"
        )
    names = [cell.strip().lower().replace(" ", "_") for cell in header]
    names = [ALIASES.get(name, name) for name in names]
    if versioned:
        names[0] = "event_id"
    _refuse_names(names, path)
    return names, bool(versioned)


def _refuse_names(names: Sequence[str], path: Path) -> None:
    for name in names:
        if name not in FIELDS and name != "v":
            hint = did_you_mean(name, FIELDS) or f"known: {', '.join(FIELDS)}"
            raise EventError(f"{path}:1: unknown column {name!r} ({hint})")
        if names.count(name) > 1:
            raise EventError(f"{path}:1: column {name!r} stands there twice")


def _row(line: int, cells: list[str], names: Sequence[str], *, is_own: bool) -> Row:
    text = ",".join(cells)
    if len(cells) != len(names):
        return Row(line, text, problem=f"{len(cells)} cells under {len(names)} columns")
    data = {
        name: _value(name, unguard(cell)) for name, cell in zip(names, cells, strict=True) if cell
    }
    return Row(line, text, {"v": VERSION, **data} if is_own else _with_defaults(data))


def _value(name: str, cell: str) -> Any:
    if name == "vote":
        return VOTES.get(cell.strip().lower(), cell)
    if name in (*_NUMBERS, "v") and cell.strip().isdecimal() and len(cell) < 20:
        return int(cell)
    return cell


def _with_defaults(data: dict[str, Any]) -> dict[str, Any]:
    """Fills in what a table made elsewhere need not say."""
    data = {"v": VERSION, "source": "import:csv", **data}
    if "type" not in data:
        data["type"] = "vote" if "vote" in data else "search" if "query" in data else "view"
    if "event_id" not in data:
        parts = [f"{name}={data[name]}" for name in sorted(data)]
        with suppress(ValueError):  # `parse` says what is wrong with the time
            data["event_id"] = derived_id(read_time(data.get("ts")), *parts)
    return data
