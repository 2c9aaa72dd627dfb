"""What each field of an event may hold. A check returns the value or raises ValueError with why.

Checks see every event of the collector and every row of a file. So each first asks, without a
search, whether the value is as nearly all are: `str.isprintable` rules out whatever is no text,
and any white space but the blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from kbgen.errors import did_you_mean
from kbgen.events.times import read_time

TYPES = ("vote", "detail", "search", "click", "view", "contact")
NO_REASONS = (
    "inaccurate",
    "outdated",
    "incomplete",
    "confusing",
    "visuals",
    "broken_link",
    "translation",
    "other",
)
YES_REASONS = ("accurate", "easy", "complete", "other")
CHANNELS = ("chat", "email", "phone", "form", "link")

# Characters, or the highest number.
LIMITS = {
    "article": 128,
    "lang": 35,
    "path": 2048,
    "reason": 20,
    "comment": 1000,
    "query": 300,
    "prev": 301,  # a query and the question mark in front of it
    "results": 1_000_000,
    "rank": 1000,
    "fault": 60,  # of a refused value, as it is shown
}

# Control characters and halves of a character: no text holds them, SQLite and CSV stumble on them.
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CODE = "[A-Za-z0-9_-]{1,64}"
# What the whole of a field must match; in upper case for an event_id, too.
SHAPES: Mapping[str, str] = {
    "event_id": r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}(\.[1-9][0-9]?)?",
    "lang": r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}",
    "rev": "[0-9a-f]{12}",
    "voter": _CODE,
    "session": _CODE,
    "source": "web|agent|mcp|import:[a-z0-9_.-]{1,40}",
}
_UUID = re.compile(SHAPES["event_id"])
_SPACES = re.compile(r"\s+")


def _text(limit: int) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if type(value) is str and len(value) <= limit and value.isprintable() and value.strip():
            return value
        if not isinstance(value, str):
            raise ValueError("expected text")  # noqa: TRY004  (one way to report)
        if len(value) > limit:
            raise ValueError(f"longer than {limit} characters")
        if NO_TEXT.search(value):
            raise ValueError("holds characters that are no text")
        if not value.strip():
            raise ValueError("is blank")
        return value

    return check


def _shaped(name: str, expected: str) -> Callable[[Any], str]:
    fullmatch = re.compile(SHAPES[name], re.ASCII).fullmatch

    def check(value: Any) -> str:
        if not isinstance(value, str) or not fullmatch(value):
            raise ValueError(f"expected {expected}")
        return value

    return check


def _number(low: int, high: int) -> Callable[[Any], int]:
    def check(value: Any) -> int:
        if type(value) is not int or not low <= value <= high:
            raise ValueError(f"expected a whole number from {low} to {high}")
        return value

    return check


def _one_of(choices: tuple[str, ...]) -> Callable[[Any], str]:
    known = frozenset(choices)

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            hint = did_you_mean(value[:40], choices) if isinstance(value, str) else ""
            raise ValueError(
                f"expected one of {', '.join(choices)}" + (f" ({hint})" if hint else "")
            )
        return value

    return check


def _event_id(value: Any) -> str:
    if isinstance(value, str) and _UUID.fullmatch(name := value.lower()):
        return name
    raise ValueError("expected a UUID, best a UUIDv7")


def _code(limit: int) -> Callable[[Any], str]:
    """Text without any white space."""
    text = _text(limit)

    def check(value: Any) -> str:
        if " " in text(value) or (not value.isprintable() and _SPACES.search(value)):
            raise ValueError("holds white space")
        return str(value)

    return check


_path_text = _code(LIMITS["path"])


def _path(value: Any) -> str:
    path = _path_text(value)
    if not path.startswith("/") or "?" in path or "#" in path:
        raise ValueError("expected a path such as /ko/returns/refund/, without ? and #")
    return path


CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "event_id": _event_id,
    "ts": read_time,
    "type": _one_of(TYPES),
    "article": _code(LIMITS["article"]),
    "lang": _shaped("lang", "a language tag such as ko or en-GB"),
    "rev": _shaped("rev", "12 hexadecimal digits"),
    "path": _path,
    "vote": _number(0, 1),
    "reason": _text(LIMITS["reason"]),
    "comment": _text(LIMITS["comment"]),
    "findable": _number(0, 1),
    "query": _text(LIMITS["query"]),
    "results": _number(0, LIMITS["results"]),
    "rank": _number(1, LIMITS["rank"]),
    "voter": _shaped("voter", "up to 64 letters, digits, - or _"),
    "session": _shaped("session", "up to 64 letters, digits, - or _"),
    "source": _shaped("source", "web, agent, mcp or import:NAME"),
    "prev": _text(LIMITS["prev"]),
}
