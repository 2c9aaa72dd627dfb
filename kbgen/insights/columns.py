"""Plain-text tables that line up, Korean and Chinese characters being two columns wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Literal

Align = Literal["left", "right"]


def display_width(text: str) -> int:
    """How many columns of a terminal a text fills."""
    return sum(_width(letter) for letter in text)


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def shorten(text: str, width: int) -> str:
    """The text, or as much of it as fits with `…` at its end."""
    if display_width(text) <= width:
        return text
    kept, room = "", width - 1
    for letter in text:
        room -= _width(letter)
        if room < 0:
            break
        kept += letter
    return kept.rstrip() + "…"


def pad(text: str, width: int, align: Align = "left") -> str:
    """The text filled up with spaces to a width."""
    space = " " * max(0, width - display_width(text))
    return text + space if align == "left" else space + text


def table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    align: Sequence[Align],
    *,
    width: int,
    flexible: int,
) -> list[str]:
    """The lines of a table at most `width` wide: the `flexible` column gives way, down to 28."""
    lines = [head, *rows]
    widths = [max(display_width(line[n]) for line in lines) for n in range(len(head))]
    others = sum(widths) - widths[flexible] + 2 * (len(head) - 1)
    widths[flexible] = min(widths[flexible], max(28, width - others))
    return [
        "  ".join(
            pad(shorten(cell, room), room, side)
            for cell, room, side in zip(line, widths, align, strict=True)
        ).rstrip()
        for line in lines
    ]
