"""Rows of cells: CSV with commas, semicolons or tabs, and where each row begins."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kbgen.errors import EventError
from kbgen.events.readers.row import LONGEST_LINE, Row
from kbgen.events.readers.text import head_of, open_text

_SEPARATORS = ",\t;"
_KEPT = 2000  # characters of a row that cannot be read


class _Reader(Protocol):
    line_num: int

    def __next__(self) -> list[str]: ...
    def __iter__(self) -> Iterator[list[str]]: ...


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row."""

    line: int
    cells: list[str]

    @property
    def text(self) -> str:
        """The row as one text."""
        return ",".join(self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it; a Row stands for one that cannot be used."""

    header: list[str]
    rows: Iterator[Cells | Row]


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """The table in a file. Raises EventError if it has no header."""
    separator = separator_of(head_of(path))
    with open_text(path, newline="") as file:
        tape = _Tape(file)
        reader = csv.reader(tape, delimiter=separator, strict=True)
        header = _next(reader, tape)
        if not isinstance(header, list) or not header:
            raise EventError(f"{path}: empty; expected a header such as event_id,ts,type,article")
        yield Table(header, _rows(reader, tape, len(header)))


def separator_of(text: str) -> str:
    """What separates the cells of a table: the sign that its first line has most often."""
    line = text.partition("\n")[0]
    return max(_SEPARATORS, key=line.count)


def _rows(reader: _Reader, tape: _Tape, width: int) -> Iterator[Cells | Row]:
    before = reader.line_num
    while (cells := _next(reader, tape)) is not None:
        line, before = before + 1, reader.line_num
        if isinstance(cells, csv.Error):
            yield Row(line, tape.text, problem=f"no CSV: {cells}")
        elif len(cells) > width and not any(cells[width:]):
            yield Cells(line, cells[:width])  # spreadsheets pad rows
        elif not any(cells):
            continue  # a blank line, or one of spreadsheets
        elif len(cells) != width:
            yield Row(line, ",".join(cells), problem=f"{len(cells)} cells under {width} columns")
        elif sum(map(len, cells)) > LONGEST_LINE:
            yield Row(line, ",".join(cells)[:200], problem=f"longer than {LONGEST_LINE} characters")
        else:
            yield Cells(line, cells)


class _Tape:
    """The lines of a file; keeps the beginning of those that make up one row."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.text = ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if len(self.text) < _KEPT:
            self.text += line[:_KEPT]
        return line


def _next(reader: _Reader, tape: _Tape) -> list[str] | csv.Error | None:
    """The next row, or what is wrong with it; None at the end."""
    tape.text = ""
    try:
        return next(reader, None)
    except csv.Error as error:
        return error
