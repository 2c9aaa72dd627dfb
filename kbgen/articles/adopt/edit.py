"""Front matter edited as text: lines are added, and not one of the writer's is changed.

The one exception is an `id` that cannot be an id here: its key becomes `source_id`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

_KEY_LINE = re.compile(r"^(id)(\s*:)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file as it is on disk: order mark and line ends untouched."""

    text: str
    mark: str  # "\\ufeff" or ""
    newline: str

    def encode(self) -> bytes:
        """The bytes, in UTF-8."""
        return (self.mark + self.text).encode("utf-8")


def as_source(data: bytes) -> Source:
    """The bytes of a file that is known to decode; UTF-16 becomes UTF-8."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _source(data.decode("utf-16"), "")
    text = data.decode("utf-8")
    return _source(text.removeprefix("\ufeff"), "\ufeff" if text.startswith("\ufeff") else "")


def _source(text: str, mark: str) -> Source:
    first = re.search(r"\r\n|\r|\n", text)
    return Source(text, mark, first[0] if first else "\n")


def with_lines(source: Source, block_line: int, lines: Sequence[str]) -> Source:
    """The source with lines at the top of its front matter, which begins at line `block_line`.

    A `block_line` of 0 means that there is no front matter: a new block is put on top.
    """
    if not lines:
        return source
    added = "".join(line + source.newline for line in lines)
    if not block_line:
        fence = "---" + source.newline
        return Source(fence + added + fence + source.text, source.mark, source.newline)
    kept = _lines(source.text)
    head, tail = kept[: block_line - 1], kept[block_line - 1 :]
    return Source("".join(head) + added + "".join(tail), source.mark, source.newline)


def without_id(source: Source, line: int) -> Source:
    """The source with the key `id` of that line renamed to `source_id`."""
    lines = _lines(source.text)
    lines[line - 1] = _KEY_LINE.sub(r"source_id\2", lines[line - 1], count=1)
    return Source("".join(lines), source.mark, source.newline)


def _lines(text: str) -> list[str]:
    """Lines with their ends, counted as the reader counts them: CRLF, CR and LF end a line."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", text)
