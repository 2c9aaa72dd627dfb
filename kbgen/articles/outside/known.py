"""What is known of each address, kept in the cache of the project.

A single failure says little: an address is dead when its server says that the page is gone (404,
410), or when it has failed on two days. What answered is believed for some days.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from typing import Any, Literal, get_args

from kbgen.articles.outside.visit import Answer

FILE = "links.json"  # in the cache folder
VERSION = 1
DAYS = 7  # for which an answer is believed

State = Literal["ok", "dead", "failed", "unclear", "private"]
_GONE = (404, 410)
_DAY = 24 * 60 * 60  # seconds
_MONTH = 30  # days; nobody may send us away for longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one address. `asked` is the day of the last answer, `since` that of the
    first failure in a row, `until` one before which it must not be asked again."""

    state: State
    asked: date
    said: str = ""
    since: date | None = None
    until: date | None = None
    moved: str = ""  # where it has gone for ever

    def is_due(self, today: date, days: int = DAYS, *, private: bool = False) -> bool:
        """Whether to ask again today: an answer is believed for `days`, a failure for one."""
        if self.until and self.until > today:
            return False
        if self.state == "private" and private:
            return True
        wait = 1 if self.state in ("failed", "dead") else days
        return abs(today - self.asked) >= timedelta(days=wait)


def after(answer: Answer, before: Known | None, today: date) -> Known:
    """What is known after one more answer."""
    since = before.since if before else None
    if answer.private:
        return Known(state="private", asked=today, said=answer.said)
    if answer.status in _GONE:
        return Known(state="dead", asked=today, said=answer.said, since=since or today)
    if answer.status is not None and answer.status < 400:
        return Known(state="ok", asked=today, said=answer.said, moved=answer.moved)
    if answer.later is None and not answer.refused and (answer.status or 500) >= 500:
        is_second = since is not None and since < today
        return Known(
            state="dead" if is_second else "failed",
            asked=today,
            said=answer.said,
            since=since or today,
        )
    # Nobody knows: what was known of it stays so.
    until = (
        today + timedelta(days=ceil(min(answer.later, 30 * _DAY) / _DAY)) if answer.later else None
    )
    if before and before.state in ("failed", "dead"):
        return replace(before, asked=today, until=until)
    return Known(state="unclear", asked=today, said=answer.said, until=until)


def _days(seconds: float) -> int:
    """Whole days that a server may ask us to stay away for."""
    return ceil(min(seconds, _MONTH * _DAY) / _DAY)


def read_known(cache: Path) -> dict[str, Known]:
    """What is known, by address. A file that cannot be read counts as none: it is only a cache."""
    try:
        data = json.loads((cache / FILE).read_text("utf-8"))
        if data["v"] != VERSION:
            return {}
        return {str(address): _known(row) for address, row in data["links"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_known(cache: Path, known: Mapping[str, Known]) -> None:
    """Keeps what is known, sorted; whoever reads at the same time sees the old file or the new."""
    cache.mkdir(parents=True, exist_ok=True)
    rows = {address: _row(known[address]) for address in sorted(known)}
    aside = cache / f"{FILE}.new"
    text = json.dumps({"v": VERSION, "links": rows}, ensure_ascii=False, indent=1)
    aside.write_text(f"{text}\n", "utf-8")
    aside.replace(cache / FILE)


def dead_addresses(known: Mapping[str, Known], today: date) -> dict[str, date]:
    """The dead addresses that were known so on a day, with the day of their first failure."""
    return {
        address: entry.since
        for address, entry in known.items()
        if entry.state == "dead" and entry.since and entry.since <= today
    }


def _row(entry: Known) -> dict[str, str]:
    return {key: str(value) for key, value in asdict(entry).items() if value}


def _known(row: Mapping[str, Any]) -> Known:
    if row["state"] not in get_args(State):
        raise ValueError(row["state"])
    return Known(
        state=row["state"],
        asked=date.fromisoformat(row["asked"]),
        said=str(row.get("said", "")),
        since=date.fromisoformat(row["since"]) if "since" in row else None,
        until=date.fromisoformat(row["until"]) if "until" in row else None,
        moved=str(row.get("moved", "")),
    )


def places(found: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The first line of each address."""
    first: dict[str, int] = {}
    for address, line in found:
        first.setdefault(address, line)
    return first
