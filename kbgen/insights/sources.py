"""Events for one report: from stores, exports and addresses, with what could not be read."""

from __future__ import annotations

import shutil
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from kbgen.errors import EventError
from kbgen.events import Event, read_events
from kbgen.events.imports import Rejected

_SHOWN = 5  # complaints that are spelled out per source
_TIMEOUT = 30.0  # seconds without a byte
_USER_AGENT = "kbgen"


@dataclass(slots=True)
class Events:
    """Events as they were read, in no promised order, and the rows that are none."""

    events: list[Event] = field(default_factory=list)
    rejected: dict[str, list[Rejected]] = field(default_factory=dict)  # by source

    def complaints(self) -> list[str]:
        """One line per row that is no event, the first few of each source."""
        lines = []
        for source, rows in self.rejected.items():
            lines += [f"{source}:{row.line}: {row.reason}" for row in rows[:_SHOWN]]
            if len(rows) > _SHOWN:
                lines.append(f"{source}: {len(rows) - _SHOWN:,} more rows are no events")
        return lines


def read_all(sources: Sequence[str], *, now: datetime) -> Events:
    """The events of all sources together. Raises EventError if one cannot be read at all."""
    found = Events()
    for source in sources:
        rejected: list[Rejected] = []
        with _local(source) as place:
            found.events += read_events(place, now=now, on_reject=rejected.append)
        if rejected:
            found.rejected[source] = rejected
    return found


@contextmanager
def _local(source: str) -> Iterator[str | Path]:
    """The source as a file or store: itself, or what its address answers."""
    if not source.startswith(("https://", "http://")):
        yield source
        return
    with TemporaryDirectory() as folder:
        name = Path(urllib.parse.urlsplit(source).path).name or "events.jsonl"
        path = Path(folder) / name
        request = urllib.request.Request(source, headers={"User-Agent": _USER_AGENT})  # noqa: S310
        try:
            with (
                urllib.request.urlopen(request, timeout=_TIMEOUT) as answer,  # noqa: S310
                path.open("wb") as file,
            ):
                shutil.copyfileobj(answer, file)
        except (urllib.error.URLError, TimeoutError, OSError) as error:
            raise EventError(f"{source}: cannot be fetched: {error}") from error
        yield path
