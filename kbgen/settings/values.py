"""Values of mkdocs.yml turned into their types. Each raises ValueError with the cure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any

from kbgen.errors import did_you_mean
from kbgen.settings.model import PLACEHOLDERS, Text

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def languages(value: Any) -> tuple[str, ...]:
    """Language tags, at least one; the first is the source language."""
    found = strings(value)
    if not found or not all(
        re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", lang) for lang in found
    ):
        raise ValueError("expected a list of language tags such as [ko, en]")
    return found


def strings(value: Any) -> tuple[str, ...]:
    """A list of texts; one text is a list of one."""
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise ValueError("expected a list of texts")  # noqa: TRY004  (one way to report)
    return tuple(str(entry) for entry in value)


def mapping(value: Any) -> Mapping[str, Any]:
    """Keys and values."""
    if not isinstance(value, dict):
        raise ValueError("expected keys and values")  # noqa: TRY004
    return value


def mappings(value: Any) -> tuple[Mapping[str, Any], ...]:
    """A list of entries with keys and values."""
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise ValueError("expected a list of entries with keys and values")
    return tuple(value)


def entries(value: Any) -> tuple[tuple[str, Any], ...]:
    """A list of names, some of them with a value: `[collector, matomo: https://…]`."""
    if isinstance(value, str | dict):
        value = [value]
    if not isinstance(value, list):
        raise ValueError("expected a list such as [collector, ga4]")  # noqa: TRY004
    found: list[tuple[str, Any]] = []
    for entry in value:
        found += entry.items() if isinstance(entry, dict) else [(str(entry), None)]
    return tuple(found)


def text(value: Any) -> Text:
    """A text by language, or one text for all of them."""
    if isinstance(value, dict):
        return {str(lang): str(text) for lang, text in value.items()}
    return {"": str(value)}


def one_of(*choices: str) -> Callable[[Any], str]:
    """A function that takes just these values."""

    def convert(value: Any) -> str:
        if value not in choices:
            hint = did_you_mean(str(value), choices)
            raise ValueError(hint or f"expected one of {', '.join(choices)}")
        return str(value)

    return convert


def numbers(value: Any) -> Mapping[str, float]:
    """Numbers by name."""
    if not isinstance(value, dict) or not all(
        isinstance(number, int | float) and not isinstance(number, bool)
        for number in value.values()
    ):
        raise ValueError("expected names with numbers, such as {target: 0.65}")
    return {str(name): number for name, number in value.items()}


def versions(value: Any) -> Mapping[str, str]:
    """The current version of each product."""
    found = {}
    for name, version in mapping(value).items():
        if isinstance(version, float) or not re.match(r"v?\d", str(version)):
            raise ValueError(f'expected a version in quotes such as {name}: "5.10"')
        found[str(name)] = str(version)
    return found


def hue(value: Any) -> int:
    """A hue in degrees."""
    if not isinstance(value, int) or not 0 <= value < 360:
        raise ValueError("expected a hue from 0 to 359")
    return value


def href(value: Any) -> str:
    """An address that a reader can follow; what stands in braces is filled in later."""
    text = str(value)
    # What decides where the address leads, and must not come from a reader.
    target = re.match(r"https?://[^/?#]*|mailto:[^?]*|tel:.*|/", text)
    if not target:
        raise ValueError("expected an address that begins with https://, mailto:, tel: or /")
    known = tuple(f"{{{name}}}" for name in PLACEHOLDERS)
    for found in re.finditer(r"\{[^{}]*\}", text):
        name = found[0]
        if name not in known:
            hint = did_you_mean(name, known) or f"known: {', '.join(known)}"
            raise ValueError(f"{name} is not a placeholder; {hint}")
        if found.start() < target.end():
            raise ValueError(f"{name} cannot stand in {target[0]}; put it after the / or the ?")
    return text


def endpoint(value: Any) -> str:
    """Where a collector takes events."""
    if not re.fullmatch(r"(https?:/)?/[^\s;,'\"]+", str(value)):
        raise ValueError("expected https://… or a path such as /v1/events")
    return str(value)


def hosts(value: Any) -> tuple[str, ...]:
    """Addresses that a page may load from and send to; "/" is its own host, which needs none."""
    found = strings(value)
    for address in found:
        if address != "/" and not re.fullmatch(r"https?://[A-Za-z0-9.*-]+(:\d+)?/?", address):
            raise ValueError(
                f"expected a host such as https://stats.example.com, or /, found {address}"
            )
    return tuple(address.rstrip("/") for address in found if address != "/") or ("/",)


def timezone(value: Any) -> str:
    """A time zone that this machine knows."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415  (slow to load, and only sites with hours need it)

    try:
        ZoneInfo(str(value))
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("expected a time zone such as Asia/Seoul") from error
    return str(value)


def hours(value: Any) -> Mapping[int, tuple[tuple[time, time], ...]]:
    """`{mon-fri: "09:00-18:00", sat: "10:00-12:00, 13:00-15:00"}` as weekday -> spans."""
    found: dict[int, tuple[tuple[time, time], ...]] = {}
    for days, spans in mapping(value).items():
        open_spans = tuple(_span(span) for span in str(spans).split(","))
        found.update(dict.fromkeys(_days(str(days)), open_spans))
    return dict(sorted(found.items()))


def _days(text: str) -> range:
    first, _, last = (part.strip() for part in text.lower().partition("-"))
    if first not in DAYS or (last or first) not in DAYS:
        raise ValueError(f"expected days such as mon or mon-fri, found {text}")
    start, end = DAYS.index(first), DAYS.index(last or first)
    if start > end:
        raise ValueError(f"expected the earlier day first (the week begins on mon), found {text}")
    return range(start, end + 1)


def _span(text: str) -> tuple[time, time]:
    start, _, end = (part.strip() for part in text.partition("-"))
    try:
        opens, closes = time.fromisoformat(start), time.fromisoformat(end)
    except ValueError as error:
        raise ValueError(f'expected hours such as "09:00-18:00", found {text.strip()}') from error
    if opens >= closes:
        raise ValueError(f"expected the earlier hour first, found {text.strip()}")
    return opens, closes


def dates(value: Any) -> tuple[date, ...]:
    """Days, sorted."""
    if not isinstance(value, list):
        raise ValueError("expected a list of days such as [2026-12-25]")  # noqa: TRY004
    return tuple(sorted(_date(day) for day in value))


def _date(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise ValueError(f"expected days such as 2026-12-25, found {value}") from error
