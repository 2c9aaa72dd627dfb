"""What an event is, and the one door through which events come in.

`parse` checks what anybody sent and returns an `Event` or every reason against it; nothing it is
given makes it raise. `clean` then takes personal data and untidy text out. All limits are below.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any, Literal

from kbgen.events.scrub import scrub

EventType = Literal["vote", "detail", "search", "click", "view", "contact"]

VERSION = 1
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
    "comment": 1000,
    "query": 300,
    "prev": 301,  # a query and the question mark in front of it
    "results": 1_000_000,
    "rank": 1000,
    "fault": 60,  # of a refused value, as it is shown
}

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
_CARRIES: Mapping[str, frozenset[str]] = {
    "vote": _COMMON | {"vote", "reason", "comment"},
    "detail": _COMMON | {"vote", "reason", "comment"},
    "search": _COMMON | {"query", "results"},
    "click": _COMMON | {"query", "results", "rank"},
    "view": _COMMON,
    "contact": _COMMON | {"query", "reason"},
}
_NEEDS: Mapping[str, tuple[str, ...]] = {
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
        return json.loads(text, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        return Fault("", f"not UTF-8: byte {error.start} cannot be read")
    except RecursionError:
        return Fault("", "not JSON that kbgen reads: nested too deeply")
    except ValueError as error:
        return Fault("", f"not JSON: {error}")


def format_time(moment: datetime) -> str:
    """RFC 3339 in UTC, with as many digits after the second as it needs: 0, 3 or 6."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    digits = "auto" if utc.microsecond % 1000 else "milliseconds"
    return utc.isoformat(timespec=digits if utc.microsecond else "seconds") + "Z"


def read_time(text: object) -> datetime:
    """The moment that an RFC 3339 text names, in UTC. Raises ValueError with the cure."""
    example = "expected a time with its zone such as 2026-11-03T09:30:00Z"
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise ValueError(example)
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{example} ({error})") from error


def uuid7(now: datetime, bits: Callable[[int], int]) -> str:
    """A new UUIDv7 (RFC 9562). `bits(n)` gives n random bits, such as `secrets.randbits`."""
    return _uuid7(now, bits(74))


def derived_id(now: datetime, *parts: str) -> str:
    """The UUIDv7 that the same moment and parts always get: importing twice adds nothing."""
    text = "\0".join((format_time(now), *parts)).encode("utf-8", "surrogatepass")
    return _uuid7(now, int.from_bytes(hashlib.blake2b(text, digest_size=10).digest()) >> 6)


def _uuid7(now: datetime, random: int) -> str:
    milliseconds = (now - _EPOCH) // timedelta(milliseconds=1)
    high, low = random >> 62, random & ((1 << 62) - 1)
    number = (milliseconds & ((1 << 48) - 1)) << 80 | 7 << 76 | high << 64 | 2 << 62 | low
    digits = f"{number:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII
)
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}(\.[1-9][0-9]?)?")
# Control characters and halves of a character: no text holds them, SQLite and CSV stumble on them.
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SPACES = re.compile(r"\s+")


def _read_fields(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, value in data.items():
        check = _CHECKS.get(name)
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
    missing = [name for name in ("event_id", "ts", "type") if name not in values]
    if missing:
        return [Fault(name, "is missing") for name in missing]
    kind = values["type"]
    faults = [Fault(n, f"is missing; a {kind} needs it") for n in _NEEDS[kind] if n not in values]
    faults += [Fault(n, f"a {kind} has none") for n in values.keys() - _CARRIES[kind]]
    if kind == "detail" and not ("reason" in values or "comment" in values):
        faults.append(Fault("", "a detail needs a reason or a comment"))
    if kind != "detail" and "." in values["event_id"]:
        faults.append(Fault("event_id", "only a detail has a suffix", _shown(values["event_id"])))
    if "reason" in values and values["reason"] not in (known := _reasons(kind, values.get("vote"))):
        faults.append(
            Fault("reason", f"expected one of {', '.join(known)}", _shown(values["reason"]))
        )
    return sorted(faults, key=lambda fault: fault.field)


def _reasons(kind: str, vote: int | None) -> tuple[str, ...]:
    if kind == "contact":
        return CHANNELS
    if vote is None:
        return tuple(dict.fromkeys(NO_REASONS + YES_REASONS))
    return YES_REASONS if vote else NO_REASONS


def _unknown(name: object) -> Fault:
    near = get_close_matches(str(name)[:40], FIELDS, 1)
    return Fault(
        "", f"unknown field {_shown(name)}" + (f" (did you mean {near[0]}?)" if near else "")
    )


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
    return isinstance(value, str) and bool(_NO_TEXT.search(value))


def _text(limit: int) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError("expected text")  # noqa: TRY004  (one way to report)
        if len(value) > limit:
            raise ValueError(f"longer than {limit} characters")
        if _NO_TEXT.search(value):
            raise ValueError("holds characters that are no text")
        if not value.strip():
            raise ValueError("is blank")
        return value

    return check


def _shaped(pattern: str, expected: str) -> Callable[[Any], str]:
    shape = re.compile(pattern, re.ASCII)

    def check(value: Any) -> str:
        if not isinstance(value, str) or not shape.fullmatch(value):
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
    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            near = get_close_matches(str(value)[:40], choices, 1) if isinstance(value, str) else []
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise ValueError(f"expected one of {', '.join(choices)}{hint}")
        return value

    return check


def _event_id(value: Any) -> str:
    if not isinstance(value, str) or not _UUID.fullmatch(value.lower()):
        raise ValueError("expected a UUID, best a UUIDv7")
    return value.lower()


def _code(limit: int) -> Callable[[Any], str]:
    """Text without any white space."""
    text = _text(limit)

    def check(value: Any) -> str:
        if _SPACES.search(text(value)):
            raise ValueError("holds white space")
        return str(value)

    return check


def _path(value: Any) -> str:
    path = _code(LIMITS["path"])(value)
    if not path.startswith("/") or "?" in path or "#" in path:
        raise ValueError("expected a path such as /ko/returns/refund/, without ? and #")
    return path


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _tidy(text: str, limit: int) -> str:
    return _cut(_SPACES.sub(" ", text).strip(), limit)


def _cut(text: str, limit: int) -> str:
    """In NFC, scrubbed and within the limit, and so that doing it again changes nothing."""
    text = unicodedata.normalize("NFC", text)
    while (shorter := scrub(text)[:limit].rstrip()) != text:
        text = shorter
    return text


_CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "event_id": _event_id,
    "ts": read_time,
    "type": _one_of(TYPES),
    "article": _code(LIMITS["article"]),
    "lang": _shaped(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", "a language tag such as ko or en-GB"),
    "rev": _shaped(r"[0-9a-f]{12}", "12 hexadecimal digits"),
    "path": _path,
    "vote": _number(0, 1),
    "reason": _text(20),
    "comment": _text(LIMITS["comment"]),
    "query": _text(LIMITS["query"]),
    "results": _number(0, LIMITS["results"]),
    "rank": _number(1, LIMITS["rank"]),
    "voter": _shaped(r"[A-Za-z0-9_-]{1,64}", "up to 64 letters, digits, - or _"),
    "session": _shaped(r"[A-Za-z0-9_-]{1,64}", "up to 64 letters, digits, - or _"),
    "source": _shaped(r"web|agent|mcp|import:[a-z0-9_.-]{1,40}", "web, agent, mcp or import:NAME"),
    "prev": _text(LIMITS["prev"]),
}
