"""Writes events: JSON Lines and Parquet, which lose nothing, and CSV for spreadsheets."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import BinaryIO

from kbgen.events.cells import guard
from kbgen.events.duck import COLUMNS, VERSION_KEY, connected, file_name, literal
from kbgen.events.model import FIELDS, VERSION, Event, to_json
from kbgen.events.times import format_time

# Writes events to an open file and returns how many there were.
Writer = Callable[[Iterable[Event], BinaryIO], int]

_PART = 100_000  # events that are turned into Parquet at once


def write_jsonl(events: Iterable[Event], out: BinaryIO) -> int:
    """Writes one event a line; returns how many."""
    count = 0
    for event in events:
        out.write(to_json(event).encode() + b"\n")
        count += 1
    return count


def write_csv(events: Iterable[Event], out: BinaryIO) -> int:
    """Writes a table whose first header cell names the version; returns how many rows."""
    text = TextIOWrapper(out, encoding="utf-8", newline="")
    try:
        table = csv.writer(text)
        table.writerow([f"event_id (v{VERSION})", *FIELDS[1:]])
        count = 0
        for event in events:
            table.writerow([_cell(getattr(event, name)) for name in FIELDS])
            count += 1
    finally:
        text.detach()  # flushes; who opened `out` closes it
    return count


def write_parquet(events: Iterable[Event], out: BinaryIO) -> int:
    """Writes a Parquet table whose metadata names the version; returns how many rows.

    It takes shape in a temporary folder, part by part, so that it never needs much memory.
    Raises EventError if there is no room for it.
    """
    count = 0
    with (
        TemporaryDirectory(prefix="kbgen-") as folder,
        connected("cannot write Parquet", overflow=Path(folder)) as connection,
    ):
        lines, whole = Path(folder, "lines"), Path(folder, "whole")
        for number, batch in enumerate(_parts(events)):
            with lines.open("wb") as file:
                count += write_jsonl(batch, file)
            part = Path(folder, f"{number:06}.parquet")
            connection.execute(_copy(f"read_json({file_name(lines)}, {_JSON})", part))
        connection.execute(_copy(f"read_parquet({file_name(Path(folder))} || '/*.parquet')", whole))
        with whole.open("rb") as file:
            shutil.copyfileobj(file, out)
    return count


WRITERS: Mapping[str, Writer] = MappingProxyType(
    {"jsonl": write_jsonl, "csv": write_csv, "parquet": write_parquet}
)

_JSON = (
    "format = 'newline_delimited', columns = {"
    + ", ".join(f"{name}: {kind!r}" for name, kind in COLUMNS.items())
    + "}"
)


def _parts(events: Iterable[Event]) -> Iterator[list[Event]]:
    """The events in lists of a size that memory holds; one empty list if there are none."""
    rest = iter(events)
    yield list(islice(rest, _PART))
    while part := list(islice(rest, _PART)):
        yield part


def _copy(table: str, target: Path) -> str:
    """SQL that writes a table into a Parquet file."""
    return (
        f"COPY (FROM {table}) TO {literal(str(target))} (FORMAT parquet, COMPRESSION zstd, "
        f"KV_METADATA {{{VERSION_KEY}: '{VERSION}'}})"
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guard(value)
    return str(value) if isinstance(value, int) else format_time(value)  # type: ignore[arg-type]
