"""One row of an event file, as every reader yields it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

LONGEST_LINE = 65_536  # characters of one row; longer ones are no event
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Row(NamedTuple):
    """The fields that one row gives, or in `problem` why it gives none.

    `line` is where the row begins, from 1, or its number where a file has no lines; `text` is
    what stands there. `warnings` tell what was guessed. An `ignored` row is whole and is about
    something that kbgen does not count.
    """

    line: int
    text: str
    data: Mapping[str, Any] = _NOTHING
    problem: str = ""
    warnings: tuple[str, ...] = ()
    ignored: bool = False
