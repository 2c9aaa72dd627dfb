"""Brings files of events into a store, all or nothing, and says what became of each row."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Self, TextIO

from kbgen.errors import EventError
from kbgen.events.model import Event, clean, parse
from kbgen.events.readers import Options, Row, read_rows
from kbgen.events.scrub import scrub
from kbgen.events.store import Counts, Store

OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)  # clocks differ
REJECTED = ".rejected.jsonl"  # what the name of a file of rejected rows ends in
SHOWN = 20  # rejected rows, and warnings, that a report names
_MOST_WARNINGS = 1000
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row that is no event: where, why, and what stood there (without personal data)."""

    line: int
    reason: str
    value: str


@dataclass(slots=True)
class ImportReport:
    """What became of the rows of one file: `accepted + duplicates + rejected == rows`.

    `ignored` rows come on top: they are whole, and about something that kbgen does not count.
    `warnings` says what was guessed, and for how many rows.
    """

    path: Path
    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    ignored: int = 0
    warnings: Counter[str] = field(default_factory=Counter)
    shown: list[Rejected] = field(default_factory=list)  # the first of the rejected rows
    rejected_path: Path | None = None  # where all of them are


def import_file(
    store: Store,
    path: Path,
    *,
    now: datetime | None = None,
    form: str = "auto",
    options: Options | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """Adds the events of a file to the store in one transaction.

    Rows that are no event do not stop it: they go into `FILE.rejected.jsonl`. A dry run counts
    the same and changes nothing. `options` are for files that kbgen did not write. `now` is the
    time of the call unless told. Raises EventError if the file or the store cannot be used.
    """
    now = now or datetime.now(UTC)
    report = ImportReport(path)
    rejects = path.with_name(path.name + REJECTED)
    with _RejectFile(rejects, enabled=not dry_run) as file:
        counts = Counts()
        with store.transaction(keep=not dry_run):
            events = _accepted(read_rows(path, form, options), now, report, file)
            while batch := list(islice(events, _BATCH)):
                counts += store.append(batch)
        report.accepted, report.duplicates = counts.accepted, counts.duplicates
        report.rejected_path = file.keep()
    return report


def check_row(row: Row, now: datetime) -> Event | Rejected:
    """The event of a row, ready for the store, or why it is none."""
    if row.problem:
        return _rejected(row, row.problem)
    event = parse(row.data)
    if not isinstance(event, Event):
        return _rejected(row, "; ".join(str(fault) for fault in event))
    if not OLDEST <= event.ts <= now + AHEAD:
        return _rejected(row, f"ts: expected a time from {OLDEST:%Y} until now, found {event.ts}")
    return clean(event)


def _accepted(
    rows: Iterable[Row], now: datetime, report: ImportReport, file: _RejectFile
) -> Iterator[Event]:
    for row in rows:
        if row.ignored:
            report.ignored += 1
            continue
        report.rows += 1
        found = check_row(row, now)
        for warning in row.warnings:
            if warning in report.warnings or len(report.warnings) < _MOST_WARNINGS:
                report.warnings[warning] += 1
        if isinstance(found, Event):
            yield found
            continue
        report.rejected += 1
        file.write(found)
        if len(report.shown) < SHOWN:
            report.shown.append(found)


def _rejected(row: Row, reason: str) -> Rejected:
    return Rejected(row.line, reason, scrub(row.text[:2000]))


class _RejectFile:
    """The file of rejected rows, which appears only when the import has ended well."""

    def __init__(self, path: Path, *, enabled: bool) -> None:
        self._path = path
        self._draft = path.with_name(path.name + ".part")
        self._enabled = enabled
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def write(self, rejected: Rejected) -> None:
        if not self._enabled:
            return
        with self._explained():
            if not self._file:
                self._file = self._draft.open("w", encoding="utf-8", errors="backslashreplace")
            self._file.write(json.dumps(asdict(rejected), ensure_ascii=False) + "\n")

    def keep(self) -> Path | None:
        """Puts the file in its place, or takes an old one away if nothing was rejected."""
        if not self._enabled:
            return None
        with self._explained():
            if not self._file:
                self._path.unlink(missing_ok=True)
                self._draft.unlink(missing_ok=True)  # of an import that was killed
                return None
            self._file.close()
            self._draft.replace(self._path)
        return self._path

    def __exit__(self, *_: object) -> None:
        if self._file:
            self._file.close()
            self._draft.unlink(missing_ok=True)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise EventError(
                f"{self._path}: cannot be written: {error.strerror} "
                "(rejected rows go beside the file; copy it to a folder of your own)"
            ) from error
