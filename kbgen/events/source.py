"""Events from wherever they are: a store, or a file that somebody exported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from kbgen.errors import EventError
from kbgen.events.imports import Rejected, check_row
from kbgen.events.model import Event
from kbgen.events.readers import read_rows
from kbgen.events.store import is_address, open_store

_SQLITE = b"SQLite format 3\0"


def read_events(
    source: str | Path,
    *,
    now: datetime | None = None,
    on_reject: Callable[[Rejected], None] | None = None,
) -> Iterator[Event]:
    """The events of a store (.db, .sqlite, postgresql://…) or of an exported file.

    A store gives them in order of time, a file in its own order, without those that came
    before. Rows that are no event go to `on_reject`. Raises EventError if there is nothing to
    read at `source`.
    """
    if is_address(source):
        yield from _stored(source)
        return
    path = Path(source)
    if not path.is_file():
        kinds = "an event store, .jsonl, .csv or .parquet"
        raise EventError(f"{path}: no such file (expected {kinds})")
    if _is_store(path):
        yield from _stored(path)
        return
    seen: set[str] = set()
    for row in read_rows(path):
        if row.ignored:
            continue
        found = check_row(row, now or datetime.now(UTC))
        if isinstance(found, Rejected):
            if on_reject:
                on_reject(found)
        elif found.event_id not in seen:
            seen.add(found.event_id)
            yield found


def _stored(place: str | Path) -> Iterator[Event]:
    with open_store(place, readonly=True) as store:
        yield from store.events()


def _is_store(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(len(_SQLITE))
    return head == _SQLITE or path.suffix.lower() in {".db", ".sqlite", ".sqlite3"}
