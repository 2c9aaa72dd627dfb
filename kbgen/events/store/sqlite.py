"""The event store of one machine: a SQLite file (write-ahead log, synchronous=FULL).

One connection writes.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Self, cast

import apsw

from kbgen.errors import EventError
from kbgen.events.model import FIELDS, Event, EventType
from kbgen.events.store import sql
from kbgen.events.store.base import Counts, NoStoreError, StoreError
from kbgen.events.store.sqlite_schema import check_kind, migrate

log = logging.getLogger("kbgen.events")

_WRITABLE = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
_WIPE_SECONDS = 0.25
_COPIED = 10_000  # pages at a time


class SqliteStore:
    """A `Store` in a file. Make it with `SqliteStore.open`; use it as a context manager.

    It may pass from thread to thread, but one thread uses it at a time.
    """

    def __init__(self, connection: apsw.Connection, name: str, wait: float) -> None:
        self._connection = connection
        self._wait = wait
        self.name = name
        self._traces = False  # of forgotten events, in the log

    @classmethod
    def open(cls, path: str | Path, *, readonly: bool = False, wait: float = 5.0) -> Self:
        """Opens the store at `path` and creates it if need be; ":memory:" keeps nothing.

        `wait` is how many seconds to wait for another program that writes to it. Raises
        EventError if the file is something else, or was written by a newer kbgen.
        """
        refuse_unsafe_sqlite(apsw.sqlite_lib_version())
        if not readonly and str(path) != ":memory:":
            _make_folder(Path(path).parent)
        with explained(str(path)):
            connection = _connect(Path(path), readonly=readonly, wait=wait)
            try:
                check_kind(connection, str(path), readonly=readonly)
                if not readonly:
                    connection.pragma("journal_mode", "wal")
                    connection.pragma("synchronous", "full")
                    connection.pragma("secure_delete", "on")  # what goes is overwritten
                    migrate(connection)
            except BaseException:
                connection.close()
                raise
        return cls(connection, str(path), wait)

    def close(self) -> None:
        """As `Store.close`."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, events: Iterable[Event]) -> Counts:
        """As `Store.append`."""
        rows = [_to_row(event) for event in events]
        with explained(self.name):
            accepted = self._change(_INSERT, rows)
        return Counts(accepted, len(rows) - accepted)

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[None]:
        """As `Store.transaction`."""
        with explained(self.name):
            with self._begin(keep=keep):
                yield
            self._wipe_log()

    def events(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        types: Sequence[EventType] | None = None,
    ) -> Iterator[Event]:
        """As `Store.events`."""
        where, values = _where(since=since, until=until)
        if types is not None:
            where = f"{where} AND" if where else "WHERE"
            where += " type IN (SELECT value FROM json_each(:types))"
            values["types"] = json.dumps(list(types))
        yield from self._select(f"{_SELECT} {where} ORDER BY ts, event_id", values)

    def votes(self) -> Iterator[Event]:
        """As `Store.votes`."""
        yield from self._select(sql.last_votes(_TABLE), {})

    def count(self, *, before: datetime | None = None, voter: str = "", article: str = "") -> int:
        """As `Store.count`."""
        where, values = _where(before=before, voter=voter, article=article)
        with explained(self.name):
            found = self._connection.execute(f"SELECT count(*) FROM event {where}", values)  # noqa: S608
            return cast("int", found.get)

    def forget(
        self,
        *,
        before: datetime | None = None,
        voter: str = "",
        article: str = "",
        limit: int | None = None,
    ) -> int:
        """As `Store.forget`; what goes is overwritten in the file and its log.

        Rarely, SQLite has a copy of a row left in a page where it stood before; `compact`
        removes that too.
        """
        where, values = _where(before=before, voter=voter, article=article)
        if not where:
            raise ValueError("forget needs a condition: before, voter or article")
        # What only shares a vote with the voter goes first, else nothing would lead to it.
        order = "ORDER BY voter = :voter" if voter else ""
        values["limit"] = -1 if limit is None else limit
        with explained(self.name):
            # Looked for outside of the transaction: other writers wait only for the deletion.
            text = f"SELECT rowid FROM event {where} {order} LIMIT :limit"  # noqa: S608
            found = list(self._connection.execute(text, values))
            gone = self._change("DELETE FROM event WHERE rowid = ?", found) if found else 0
            self._traces = self._traces or gone > 0
            if limit is None or len(found) < limit:
                self._wipe_log()
        return gone

    def compact(self) -> None:
        """As `Store.compact`."""
        with explained(self.name):
            self._connection.execute("VACUUM")
            self._traces = True
            self._wipe_log()

    def copy_to(self, target: Path) -> None:
        """Copies everything as it is at this moment into a file, while others go on writing.

        Who wants to rely on the file makes sure that it is on disk.
        """
        with explained(self.name):
            copy = apsw.Connection(str(target))
            try:
                copy.execute("PRAGMA synchronous = off; PRAGMA journal_mode = off")
                self._connection.execute("BEGIN; SELECT count(*) FROM sqlite_schema")
                try:
                    with copy.backup("main", self._connection, "main") as copying:
                        while not copying.step(_COPIED):
                            pass
                finally:
                    self._connection.execute("ROLLBACK")
            finally:
                copy.close()

    def _wipe_log(self) -> None:
        """Brings the log into the file and empties it, as soon as no reader needs it."""
        if not self._traces or self._connection.in_transaction:
            return
        _set_wait(self._connection, min(self._wait, _WIPE_SECONDS))  # meanwhile nobody can write
        try:
            busy = next(self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"))[0]
        finally:
            _set_wait(self._connection, self._wait)
        self._traces = bool(busy)
        if busy:
            log.warning(
                "%s: forgotten events are still in its log, which another program reads; "
                "they go when something is forgotten again, or the last program closes it",
                self.name,
            )

    def _change(self, text: str, rows: Iterable[Sequence[str | int | None]]) -> int:
        """Runs one statement for each row, and returns how many rows of the table it changed."""
        before = self._connection.total_changes()
        with self._step() if self._connection.in_transaction else self._begin():
            self._connection.executemany(text, rows)
        return self._connection.total_changes() - before

    def _select(self, text: str, values: dict[str, str | int]) -> Iterator[Event]:
        with explained(self.name):
            for row in self._connection.execute(text, values):
                yield _to_event(row)

    @contextmanager
    def _begin(self, *, keep: bool = True) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT" if keep else "ROLLBACK")
        except BaseException:
            if self._connection.in_transaction:  # SQLite may have given up by itself
                self._connection.execute("ROLLBACK")
            raise

    @contextmanager
    def _step(self) -> Iterator[None]:
        """A part of a transaction: what fails half-way leaves no half behind."""
        self._connection.execute("SAVEPOINT step")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:  # SQLite may have given up all of it
                self._connection.execute("ROLLBACK TO step; RELEASE step")
            raise
        self._connection.execute("RELEASE step")


def refuse_unsafe_sqlite(version: str) -> None:
    """Raises EventError for a SQLite that may damage a database in WAL mode.

    From 3.7.0 to 3.51.2, two connections that write and checkpoint at once could reset the log
    under each other; 3.44.6 and 3.50.7 carry the repair too.
    """
    number = tuple(int(part) for part in version.split(".")[:3])
    repaired = number >= (3, 51, 3) or any(
        number[:2] == branch[:2] and number >= branch for branch in ((3, 44, 6), (3, 50, 7))
    )
    if not repaired:
        raise EventError(
            f"SQLite {version} can damage an event store (repaired in 3.51.3); "
            "install a newer apsw: pip install --upgrade apsw"
        )


_TABLE, _MARK = "event", ":{}"
_SELECT = f"SELECT {sql.COLUMNS} FROM {_TABLE}"  # noqa: S608  (the names are our own)
_INSERT = f"""
INSERT INTO {_TABLE} ({sql.COLUMNS}) VALUES ({", ".join("?" * len(FIELDS))})
ON CONFLICT (event_id) DO NOTHING
"""  # noqa: S608

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TS = FIELDS.index("ts")
_values = attrgetter(*FIELDS)


def _to_number(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _to_row(event: Event) -> list[str | int | None]:
    row = list(_values(event))
    row[_TS] = _to_number(event.ts)
    return row


def _to_event(row: Sequence[object]) -> Event:
    values = dict(zip(FIELDS, row, strict=True))
    values["ts"] = _EPOCH + timedelta(microseconds=cast("int", values["ts"]))
    return Event(**values)  # type: ignore[arg-type]  # the table has the types of the fields


def _set_wait(connection: apsw.Connection, seconds: float) -> None:
    connection.set_busy_timeout(round(seconds * 1000))


def _where(**given: datetime | str | None) -> tuple[str, dict[str, str | int]]:
    numbers = {
        name: _to_number(value) if isinstance(value, datetime) else value
        for name, value in given.items()
    }
    return sql.where(_TABLE, _MARK, **numbers)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be made: {error.strerror or error}") from error


def _connect(path: Path, *, readonly: bool, wait: float) -> apsw.Connection:
    if not readonly:
        return _open(str(path), wait)
    if not path.is_file():
        raise NoStoreError(f"{path}: no event store there")
    connection = _open(str(path), wait, apsw.SQLITE_OPEN_READONLY)
    try:
        connection.pragma("user_version")
    except apsw.CantOpenError:
        # In a folder where nothing can be written, a log cannot be opened. If there is none,
        # nobody writes, and the file can be read as it stands.
        connection.close()
        if path.with_name(path.name + "-wal").exists():
            raise
        return open_unchanging(path)
    except apsw.Error:
        connection.close()
        raise
    return connection


def open_unchanging(path: Path) -> apsw.Connection:
    """Reads a file that nobody writes to, without a lock or a log beside it."""
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    return _open(f"{path.resolve().as_uri()}?immutable=1", 0, flags)


def _open(place: str, wait: float, flags: int = _WRITABLE) -> apsw.Connection:
    connection = apsw.Connection(place, flags=flags)
    _set_wait(connection, wait)  # before anything else: even a first look may meet a lock
    return connection


_EXPLANATIONS: tuple[tuple[type[apsw.Error], str], ...] = (
    (apsw.FullError, "the disk is full"),
    (apsw.BusyError, "another program is writing to it and did not finish in time"),
    (apsw.LockedError, "another program holds it"),
    (apsw.ReadOnlyError, "it cannot be written; check its permissions"),
    (apsw.CantOpenError, "it cannot be opened; check that its folder exists and can be written"),
    (apsw.NotADBError, "no event store: not a SQLite file"),
    (apsw.CorruptError, "the file is damaged; restore it from a backup"),
)


@contextmanager
def explained(path: str) -> Iterator[None]:
    """Errors of SQLite as StoreError, in words."""
    try:
        yield
    except apsw.Error as error:
        words = next((text for kind, text in _EXPLANATIONS if isinstance(error, kind)), str(error))
        raise StoreError(f"{path}: {words}") from error
