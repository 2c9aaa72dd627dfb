"""Reads JSON documents: the objects of their lists, each with the line where it begins."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kbgen.errors import EventError
from kbgen.events.readers.text import open_text

MOST = 64 << 20  # characters of a document, which is in memory as text
_BLANK = " \t\r\n\ufeff"
_KEPT = 2000  # characters of an element that are shown where it is rejected


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a list: where it begins, what stands there, what it is."""

    line: int
    text: str
    value: Any


class Document:
    """A JSON text that is a list, or an object with lists in it.

    The text is read once to see that it is whole, and again wherever its lists are asked for, so
    that it never is in memory as anything but text. Raises JSONDecodeError if it is no JSON.
    """

    def __init__(self, text: str, path: Path) -> None:
        self._path = path
        self._scanner = _Scanner(text)
        self._lists: dict[str, int] = {}  # where they begin; "" is the document itself
        self.values: Mapping[str, Any] = dict(self._read())  # the members that are no lists

    @property
    def is_list(self) -> bool:
        """Whether the document itself is a list."""
        return "" in self._lists

    @property
    def lists(self) -> tuple[str, ...]:
        """The names of the lists in it; "" is the document itself."""
        return tuple(self._lists)

    def objects(self, name: str = "") -> Iterator[Element]:
        """The elements of a list; one that is no object is an empty one, to be rejected.

        Raises EventError if there is no such list.
        """
        if name not in self._lists:
            where = f"under {name!r}" if name else "and no object"
            raise EventError(f"{self._path}: expected a list {where}")
        for found in self._scanner.elements(self._lists[name]):
            yield found if isinstance(found.value, dict) else Element(found.line, found.text, {})

    def _read(self) -> Iterator[tuple[str, Any]]:
        scanner = self._scanner
        sign = scanner.next()
        if sign == "[":
            self._skip("")
        elif sign == "{":
            for _ in scanner.items("}"):
                key = str(scanner.value())
                scanner.expect(":")
                if scanner.next() == "[":
                    self._skip(key)
                else:
                    yield key, scanner.value()
        else:
            scanner.fail("expected a list or an object")
        if scanner.next():
            scanner.fail("something follows the end")

    def _skip(self, name: str) -> None:
        self._lists[name] = self._scanner.at
        for _ in self._scanner.elements(self._scanner.at):
            pass


def read_document(path: Path) -> Document:
    """The document in a file. Raises EventError, with the line, if it is none or is too large."""
    with open_text(path, newline="\n") as file:
        text = file.read(MOST + 1)
    if len(text) > MOST:
        raise EventError(f"{path}: larger than {MOST >> 20} MiB; export shorter periods")
    try:
        return Document(text, path)
    except json.JSONDecodeError as error:
        raise EventError(
            f"{path}:{error.lineno}: not JSON: {error.msg} (column {error.colno})"
        ) from error
    except (RecursionError, ValueError) as error:
        raise EventError(f"{path}: not JSON that kbgen reads: nested too deeply") from error


class _Scanner:
    """Walks through the outermost brackets of a text; what is inside, `json` decodes."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._decode = json.JSONDecoder().raw_decode
        self.at = 0

    def elements(self, start: int) -> Iterator[Element]:
        """The elements of the list that begins at `start`."""
        self.at, counted = start, start
        line = self._text.count("\n", 0, start) + 1
        for _ in self.items("]"):
            start = self.at
            line += self._text.count("\n", counted, start)
            counted = start
            value = self.value()
            yield Element(line, self._text[start : min(self.at, start + _KEPT)], value)

    def items(self, end: str) -> Iterator[None]:
        """Stops at each item between the bracket here and its end."""
        self.at += 1
        if self.next() == end:
            self.at += 1
            return
        while True:
            self.next()  # past white space
            yield
            sign = self.next()
            if sign not in (",", end):
                self.fail(f"expected , or {end}")
            self.at += 1
            if sign == end:
                return

    def value(self) -> Any:
        """The value that begins here; goes past it."""
        value, self.at = self._decode(self._text, self.at)
        return value

    def expect(self, sign: str) -> None:
        """Goes past a sign, which must come next."""
        if self.next() != sign:
            self.fail(f"expected {sign}")
        self.at += 1

    def next(self) -> str:
        """The next sign that is not white space; "" at the end."""
        while self.at < len(self._text) and self._text[self.at] in _BLANK:
            self.at += 1
        return self._text[self.at : self.at + 1]

    def fail(self, what: str) -> None:
        """Raises JSONDecodeError for what is here."""
        raise json.JSONDecodeError(what, self._text, self.at)
