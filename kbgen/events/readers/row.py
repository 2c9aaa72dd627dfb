"""One row of an event file, as every reader yields it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """The fields that one row gives, or in `problem` why it gives none.

    `line` is where the row begins, from 1; `text` is what stands there.
    """

    line: int
    text: str
    data: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""
