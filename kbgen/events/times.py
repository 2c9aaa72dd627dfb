"""Moments as events write them, and the ids that are made of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TIME = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:?\d\d)"
_TIME = re.compile(TIME, re.ASCII)


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
        moment = datetime.fromisoformat(text.upper())
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
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
