"""Writes events: JSON Lines, which loses nothing, and CSV, which spreadsheets open safely."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TextIO

from kbgen.events.cells import guard
from kbgen.events.model import FIELDS, VERSION, Event, to_json
from kbgen.events.times import format_time

Writer = Callable[[Iterable[Event], TextIO], int]


def write_jsonl(events: Iterable[Event], out: TextIO) -> int:
    """Writes one event a line; returns how many."""
    count = 0
    for event in events:
        out.write(to_json(event) + "\n")
        count += 1
    return count


def write_csv(events: Iterable[Event], out: TextIO) -> int:
    """Writes a table whose first header cell names the version; returns how many rows.

    `out` must leave line ends alone (`newline=""`).
    """
    table = csv.writer(out)
    table.writerow([f"event_id (v{VERSION})", *FIELDS[1:]])
    count = 0
    for event in events:
        table.writerow([_cell(getattr(event, name)) for name in FIELDS])
        count += 1
    return count


WRITERS: Mapping[str, Writer] = MappingProxyType({"jsonl": write_jsonl, "csv": write_csv})


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return guard(value)
    return str(value) if isinstance(value, int) else format_time(value)  # type: ignore[arg-type]
