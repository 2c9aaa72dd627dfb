"""Reads JSON Lines: one event a line, the lossless format of kbgen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from kbgen.events.model import Fault, load_json
from kbgen.events.readers.options import Options
from kbgen.events.readers.row import LONGEST_LINE, Row
from kbgen.events.readers.text import open_text


def read(path: Path, _options: Options | None = None) -> Iterator[Row]:
    """The objects of the lines; empty lines count as no row."""
    with open_text(path, newline="\n") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE and not line.endswith("\n"):
                _skip_line(file)
                problem = f"longer than {LONGEST_LINE} characters"
                yield Row(number, line[:200], problem=problem)
            elif text := line.strip("\r\n\t "):
                yield _row(number, text)


def _row(number: int, text: str) -> Row:
    data = load_json(text)
    if isinstance(data, Fault):
        return Row(number, text, problem=str(data))
    if not isinstance(data, dict):
        return Row(number, text, problem="expected an object in braces")
    return Row(number, text, data)


def _skip_line(file: TextIO) -> None:
    while part := file.readline(LONGEST_LINE):
        if part.endswith("\n"):
            break
