"""Times as forms, spreadsheets and analytics write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

from kbgen.events.times import format_time

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = ((11, timedelta(seconds=1)), (14, timedelta(milliseconds=1)), (17, timedelta.resolution))

_DATE = (
    r"(?:(?P<year>\d{4}) ?[-./년] ?(?P<month>\d{1,2}) ?[-./월] ?(?P<day>\d{1,2})(?:[.일]|(?!\d))"
    r"|(?P<first>\d{1,2})[-./](?P<second>\d{1,2})[-./](?P<last>\d{4}))"
)
_CLOCK = (
    r"(?:[T ,]{1,2}(?P<before>오전|오후|[AaPp]\.?[Mm]\.?)? ?(?P<hour>\d{1,2})"
    r"(?:(?::(?P<minute>\d{2})(?::(?P<second_>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?)"
    r"|시(?: ?(?P<분>\d{1,2})분(?: ?(?P<초>\d{1,2})초)?)?)"
    r" ?(?P<after>오전|오후|[AaPp]\.?[Mm]\.?)?)?"
)
_ZONE = r" ?(?:(?P<utc>Z|z|UTC|GMT)?(?P<offset>[+-]\d{1,2}(?::?\d{2})?)?)"
_MOMENT = re.compile(_DATE + _CLOCK + _ZONE)
_DIGITS = re.compile(r"\d{9,17}", re.ASCII)
_SPACES = re.compile(r"\s+")


def read_moment(value: Any, zone: tzinfo | None = None, dates: str = "") -> tuple[datetime, bool]:
    """The moment in UTC, and whether only its day was said.

    `zone` is where a time without a zone was taken. An hour that a clock shows twice is the
    first one; one that it skips is counted on from the hour before. `dates` is "dmy" or "mdy",
    the order of dates that end in the year. Raises ValueError with the cure.
    """
    if isinstance(value, datetime):
        return _placed(value, zone), False
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = _SPACES.sub(" ", str(value)).strip()
    if _DIGITS.fullmatch(text):
        return _since_epoch(text), False
    match = _MOMENT.fullmatch(text)
    if not match:
        raise ValueError("expected a time such as 2026-11-03 18:00 or 2026. 11. 3 오후 6:00:00")
    parts = match.groupdict()
    try:
        year, month, day = _date(parts, dates)
        hour, minute, second = _clock(parts)
        micro = int((parts["fraction"] or "")[:6].ljust(6, "0"))
        naive = datetime(year, month, day, hour, minute, second, micro)  # noqa: DTZ001
        own = _zone(parts)
        moment = _placed(naive.replace(tzinfo=own) if own else naive, zone)
    except OverflowError as error:
        raise ValueError(f"no time that there is ({error})") from error
    return moment, parts["hour"] is None


def told(value: Any) -> Any:
    """A time as kbgen writes it, where it is one and names its zone; anything else as it is."""
    try:
        return format_time(read_moment(value)[0])
    except ValueError:
        return value


def _placed(moment: datetime, zone: tzinfo | None) -> datetime:
    if moment.tzinfo is None:
        if zone is None:
            raise ValueError("names no time zone (say where it was taken: --zone Asia/Seoul)")
        moment = moment.replace(tzinfo=zone)
    return moment.astimezone(UTC)


def _since_epoch(digits: str) -> datetime:
    unit = next(unit for most, unit in _UNITS if len(digits) <= most)
    return _EPOCH + int(digits) * unit


def _date(parts: dict[str, Any], dates: str) -> tuple[int, int, int]:
    if parts["year"]:
        return int(parts["year"]), int(parts["month"]), int(parts["day"])
    first, second = int(parts["first"]), int(parts["second"])
    if not dates and first <= 12 and second <= 12 and first != second:
        raise ValueError("could be two days (say which comes first: --dates dmy or --dates mdy)")
    day_first = dates == "dmy" if dates else first > 12
    return int(parts["last"]), *((second, first) if day_first else (first, second))


def _clock(parts: dict[str, Any]) -> tuple[int, int, int]:
    hour = int(parts["hour"] or 0)
    half = parts["before"] or parts["after"]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"there is no {hour} o'clock {half}")
        hour = hour % 12 + (12 if half[0] in "Pp" or half == "오후" else 0)
    return hour, int(parts["minute"] or parts["분"] or 0), int(parts["second_"] or parts["초"] or 0)


def _zone(parts: dict[str, Any]) -> tzinfo | None:
    if offset := parts["offset"]:
        hours, minutes = re.fullmatch(r"[+-](\d{1,2}):?(\d{2})?", offset).groups()  # type: ignore[union-attr]
        span = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-span if offset[0] == "-" else span)
    return UTC if parts["utc"] else None
