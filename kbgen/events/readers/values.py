"""Values as tools write them, and how a row of them is told and shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from kbgen.events.checks import LIMITS
from kbgen.events.model import FIELDS
from kbgen.events.readers.options import Options
from kbgen.events.readers.row import LONGEST_LINE
from kbgen.events.scrub import scrub

PERSONAL = ("voter", "session")
NUMBERS = ("vote", "findable", "results", "rank")


def blank(value: Any) -> bool:
    """Whether a value says nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def whole(value: Any) -> Any:
    """A whole number that is written as text or as 3.0; anything else as it is."""
    if isinstance(value, str):
        text = value.strip()
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def text_of(value: Any) -> Any:
    """A text or a number as text; anything else as it is, for `parse` to refuse."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    return str(whole(value) if isinstance(value, float) else value).strip()


def short(value: Any) -> str:
    """A value as a message may show it, without personal data."""
    text = repr(scrub(value) if isinstance(value, str) else value)
    return text if len(text) <= LIMITS["fault"] else text[: LIMITS["fault"] - 1] + "…"


def fingerprint(given: Mapping[str, Any]) -> str:
    """What a row says, without who said it."""
    said = {name: value for name, value in given.items() if not _is_silent(name, value)}
    return "\0".join(f"{name}={said[name]}" for name in sorted(said))


def shown(given: Mapping[str, Any]) -> str:
    """A row as the file of rejected rows shows it: what kbgen would take, and no person."""
    kept = {name: value for name, value in given.items() if not _is_silent(name, value)}
    return json.dumps(kept, ensure_ascii=False, default=str)[:LONGEST_LINE]


def picked(values: Mapping[str, Any], options: Options) -> dict[str, Any]:
    """The fields that --map names in the values of a tool."""
    return {n: values[c] for n, c in options.columns.items() if not blank(values.get(c))}


def joined(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an event whose long texts were sent in pieces: `comment`, `comment_2`."""
    return {name: _joined(name, values) for name in FIELDS if not blank(values.get(name))}


def _joined(name: str, values: Mapping[str, Any]) -> Any:
    whole_value, number = values[name], 2
    while (piece := values.get(f"{name}_{number}")) not in (None, ""):
        whole_value, number = f"{whole_value}{piece}", number + 1
    return whole_value


def _is_silent(name: str, value: Any) -> bool:
    return name in PERSONAL or blank(value)
