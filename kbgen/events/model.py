"""What an event is, and the one door through which events come in.

`parse` checks what anybody sent and returns an `Event` or every reason against it; nothing it is
given makes it raise. `clean` then takes personal data and untidy text out.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from kbgen.errors import did_you_mean
from kbgen.events.checks import (
    CHANNELS,
    CHECKS,
    LIMITS,
    NO_REASONS,
    NO_TEXT,
    YES_REASONS,
)
from kbgen.events.scrub import scrub
from kbgen.events.times import format_time

EventType = Literal["vote", "detail", "search", "click", "view", "contact"]

VERSION = 1

# What events of each type may carry besides the fields that all may carry.
_COMMON = frozenset(
    (
        "event_id",
        "ts",
        "type",
        "article",
        "lang",
        "rev",
        "path",
        "voter",
        "session",
        "source",
        "prev",
    )
)
_NEEDED = frozenset(("event_id", "ts", "type"))
CARRIES: Mapping[str, frozenset[str]] = {
    "vote": _COMMON | {"vote", "reason", "comment", "findable"},
    "detail": _COMMON | {"vote", "reason", "comment", "findable"},
    "search": _COMMON | {"query", "results"},
    "click": _COMMON | {"query", "results", "rank"},
    "view": _COMMON,
    "contact": _COMMON | {"query", "reason"},
}
NEEDS: Mapping[str, tuple[str, ...]] = {
    "vote": ("article", "vote"),
    "detail": ("article",),
    "search": ("query", "results"),
    "click": ("article",),
    "view": ("article",),
    "contact": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing a reader did. Absent texts are "", absent numbers None; docs/events.md has more.

    `event_id` is a UUID, for a detail the UUID of its vote with a suffix: `….2`.
    """

    event_id: str
    ts: datetime  # UTC
    type: EventType
    article: str = ""
    lang: str = ""
    rev: str = ""
    path: str = ""
    vote: int | None = None  # 1 yes, 0 no
    reason: str = ""
    comment: str = ""
    findable: int | None = None  # 1 it was easy to find, 0 it was not
    query: str = ""
    results: int | None = None
    rank: int | None = None  # 1 is the first result
    voter: str = ""
    session: str = ""
    source: str = "web"
    prev: str = ""  # an article, or "?" and a query

    @property
    def root(self) -> str:
        """The id that a vote and its details share."""
        return self.event_id.partition(".")[0]


FIELDS = tuple(field.name for field in fields(Event))


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why something is no event. `field` is "" when it is not about one field."""

    field: str
    message: str
    value: str = ""

    def __str__(self) -> str:
        where = f"{self.field}: " if self.field else ""
        found = f", found {self.value}" if self.value else ""
        return f"{where}{self.message}{found}"


Faults = tuple[Fault, ...]


def parse(data: object, *, received: datetime | None = None) -> Event | Faults:
    """The event that `data` describes, or everything that is wrong with it. Never raises.

    `received` stands in for an absent `ts`.
    """
    if not isinstance(data, Mapping):
        return (Fault("", "expected an object with the fields of an event", _shown(data)),)
    version = data.get("v")
    if type(version) is not int or version != VERSION:
        hint = f"expected {VERSION}, the version of events that this kbgen reads"
        return (Fault("v", hint, _shown(version)),)
    values, faults = _read_fields(data)
    if received and "ts" not in data:
        values["ts"] = received
    if not values.keys() >= _NEEDED:
        named = {fault.field for fault in faults}
        faults += [
            Fault(name, "is missing")
            for name in ("event_id", "ts", "type")
            if name not in values and name not in named
        ]
    if not faults:
        faults = _faults_of_whole(values)
    if faults:
        return tuple(faults)
    if values["type"] == "detail" and "." not in values["event_id"]:
        values["event_id"] += ".1"  # a sender with a single detail may leave the suffix out
    return Event(**values)


def clean(event: Event) -> Event:
    """The event without personal data, in NFC, without stray white space; idempotent."""
    query, comment, prev = event.query, event.comment, event.prev
    if query:
        query = _tidy(query, LIMITS["query"])
    if comment:
        lines = comment.replace("\r\n", "\n").replace("\r", "\n").strip()
        comment = _cut(lines, LIMITS["comment"])
    if prev.startswith("?"):
        prev = "?" + _tidy(prev[1:], LIMITS["query"])
    if (query, comment, prev) == (event.query, event.comment, event.prev):
        return event
    return replace(event, query=query, comment=comment, prev=prev)


def to_dict(event: Event) -> dict[str, Any]:
    """The event as JSON knows it: version first, absent fields left out."""
    data: dict[str, Any] = {"v": VERSION}
    for name in FIELDS:
        value = getattr(event, name)
        if value is not None and value != "":
            data[name] = format_time(value) if name == "ts" else value
    return data


def to_json(event: Event) -> str:
    """One line of JSON; `from_json` gives the same event back."""
    return json.dumps(to_dict(event), ensure_ascii=False, separators=(",", ":"))


def from_json(text: str | bytes, *, received: datetime | None = None) -> Event | Faults:
    """The event in one JSON text, or everything that is wrong with it. Never raises."""
    data = load_json(text)
    return (data,) if isinstance(data, Fault) else parse(data, received=received)


def load_json(text: str | bytes) -> Any | Fault:
    """The value of a JSON text from anywhere, or the fault of the text."""
    try:
        if isinstance(text, bytes):
            text = text.decode(json.detect_encoding(text), "surrogatepass")
        return _DECODER.decode(text)
    except UnicodeDecodeError as error:
        return Fault("", f"not UTF-8: byte {error.start} cannot be read")
    except RecursionError:
        return Fault("", "not JSON that kbgen reads: nested too deeply")
    except ValueError as error:
        return Fault("", f"not JSON: {error}")


def _read_fields(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in data.items():
        check = CHECKS.get(name)
        if check is None:
            if name != "v":
                faults.append(_unknown(name))
        elif value is not None and value != "":
            try:
                values[name] = check(value)
            except ValueError as error:
                faults.append(Fault(name, str(error), _shown(value)))
    return values, faults


def _faults_of_whole(values: dict[str, Any]) -> list[Fault]:
    """What only shows when all fields are seen together."""
    kind = values["type"]
    faults = list(_faults_of_shape(kind, tuple(values)))
    if kind != "detail" and "." in values["event_id"]:
        faults.append(Fault("event_id", "only a detail has a suffix", _shown(values["event_id"])))
    if "reason" in values and values["reason"] not in (known := _reasons(kind, values.get("vote"))):
        faults.append(
            Fault("reason", f"expected one of {', '.join(known)}", _shown(values["reason"]))
        )
    return sorted(faults, key=lambda fault: fault.field) if faults else faults


@lru_cache(maxsize=1024)  # events come in a few dozen shapes
def _faults_of_shape(kind: str, names: tuple[str, ...]) -> Faults:
    """What is wrong with the fields that an event of this type has, whatever they hold."""
    faults = [Fault(n, f"is missing; a {kind} needs it") for n in NEEDS[kind] if n not in names]
    faults += [Fault(n, f"a {kind} has none") for n in names if n not in CARRIES[kind]]
    if kind == "detail" and not {"reason", "comment", "findable"}.intersection(names):
        faults.append(Fault("", "a detail needs a reason, a comment or findable"))
    return tuple(faults)


def _reasons(kind: str, vote: int | None) -> tuple[str, ...]:
    if kind == "contact":
        return CHANNELS
    if vote is None:
        return tuple(dict.fromkeys(NO_REASONS + YES_REASONS))
    return YES_REASONS if vote else NO_REASONS


def _unknown(name: object) -> Fault:
    hint = did_you_mean(str(name)[:40], FIELDS)
    return Fault("", f"unknown field {_shown(name)}" + (f" ({hint})" if hint else ""))


def _shown(value: object) -> str:
    """A value as a message may show it: short, printable, without personal data."""
    try:
        text = scrub(value) if isinstance(value, str) else value
        shown = ascii(text) if _has_halves(text) else repr(text)
    except (ValueError, RecursionError):  # numbers and lists beyond all measure
        return f"a huge {type(value).__name__}"
    most = LIMITS["fault"]
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _has_halves(value: object) -> bool:
    return isinstance(value, str) and bool(NO_TEXT.search(value))


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_constant)  # making one takes as long as using it


def _tidy(text: str, limit: int) -> str:
    return _cut(" ".join(text.split()), limit)


def _cut(text: str, limit: int) -> str:
    """In NFC, scrubbed and within the limit, and so that doing it again changes nothing."""
    text = unicodedata.normalize("NFC", text)
    while (shorter := scrub(text)[:limit].rstrip()) != text:
        text = shorter
    return text
