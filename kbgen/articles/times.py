"""Dates and durations of the front matter."""

from __future__ import annotations

import re
from datetime import date, timedelta

from kbgen.articles.nodes import Node
from kbgen.articles.values import Notes, UnfitError, scalar

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+(?:Z|[+-][\d:]+)?)?")
_YEAR_FIRST = re.compile(
    r"(\d{4})[./] ?(\d{1,2})[./] ?(\d{1,2})\.?|(\d{4})년 ?(\d{1,2})월 ?(\d{1,2})일"
)
_YEAR_LAST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_NAMED = re.compile(
    r"(?:(\d{1,2})\.? ([A-Za-z]{3,9})\.?,? (\d{4})|([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4}))"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def day(node: Node, notes: Notes) -> date | None:
    """A date. Read if it can mean one day only; otherwise reported and left out."""
    value = scalar(node, "a date").strip()
    if match := _ISO.fullmatch(value):
        found = _date(*match.group(1, 2, 3))
        if not re.match(r"\d{4}-\d\d-\d\d", value):
            notes.add("date-style", node, f"{value} is read as {found}", f"write {found}")
        return found
    readings = _readings(value)
    if not readings:
        raise UnfitError("write a date as 2025-06-30")
    if len(readings) > 1:
        both = " or ".join(str(reading) for reading in readings)
        notes.add(
            "ambiguous-date", node, f"{value} can be two days and is left out", f"write {both}"
        )
        return None
    notes.add("date-style", node, f"{value} is read as {readings[0]}", f"write {readings[0]}")
    return readings[0]


def _readings(value: str) -> list[date]:
    """The days that a date not in ISO 8601 can mean."""
    if match := _YEAR_FIRST.fullmatch(value):
        return [_date(*[part for part in match.groups() if part])]
    if match := _NAMED.fullmatch(value):
        number, name, year = (
            [part for part in match.groups() if part]
            if match[1]
            else (match[5], match[4], match[6])
        )
        month = name[:3].lower()
        return [_date(year, str(_MONTHS.index(month) + 1), number)] if month in _MONTHS else []
    if match := _YEAR_LAST.fullmatch(value):
        first, second, year = match.groups()
        pairs = {(first, second), (second, first)}
        return sorted(d for d in (_maybe(year, month, number) for number, month in pairs) if d)
    return []


def _maybe(year: str, month: str, number: str) -> date | None:
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        return None


def _date(year: str, month: str, number: str) -> date:
    found = _maybe(year, month, number)
    if not found:
        raise UnfitError(
            f"there is no day {number} in month {month} of {year}; write a date as 2025-06-30"
        )
    return found


_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_UNITS = {
    "d": ("d", "day", "days", "일"),
    "w": ("w", "week", "weeks", "주", "주일"),
    "m": ("m", "month", "months", "mo", "개월", "달"),
    "y": ("y", "year", "years", "년"),
}
_ISO_DURATION = re.compile(r"P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?")


def duration(node: Node, notes: Notes) -> timedelta:
    """`180d`, `6 months`, `P6M`: a month has 30 days and a year has 365."""
    value = scalar(node, "a duration").strip()
    if match := re.fullmatch(r"(\d{1,5}) ?([^\W\d]*)", value):
        unit = next((key for key, names in _UNITS.items() if match[2].lower() in names), "")
        if not match[2]:
            notes.add("duration-unit", node, f"{value} is read as {value} days", f"write {value}d")
            unit = "d"
        days = int(match[1]) * _DAYS.get(unit, 0)
    elif match := _ISO_DURATION.fullmatch(value.upper()):
        counts = [int(count or 0) for count in match.groups()]
        days = sum(n * size for n, size in zip(counts, (365, 30, 7, 1), strict=True))
    else:
        days = 0
    if not 1 <= days <= 36500:
        raise UnfitError("write a duration such as 180d, 6 months or P6M")
    return timedelta(days=days)
