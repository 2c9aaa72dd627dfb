"""The event store: one SQLite file that keeps every event as it came, once.

Events are only ever added; an `event_id` that is already there adds nothing. What `append` has
returned from is on disk (write-ahead log, synchronous=FULL). One connection writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from typing import Self, cast

import apsw

from kbgen.errors import EventError
from kbgen.events.model import FIELDS, Event, EventType

APPLICATION_ID = 0x6B626765  # "kbge": tells an event store from any other SQLite file


class StoreError(EventError):
    """The store cannot be read or written now; what was asked for did not happen."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of events that were appended."""

    accepted: int = 0
    duplicates: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.accepted + other.accepted, self.duplicates + other.duplicates)


class Store:
    """An open event store. Make it with `Store.open`; use it as a context manager.

    It may pass from thread to thread, but one thread uses it at a time.
    """

    def __init__(self, connection: apsw.Connection, path: str) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def open(cls, path: str | Path, *, readonly: bool = False, wait: float = 5.0) -> Self:
        """Opens the store at `path` and creates it if need be; ":memory:" keeps nothing.

        `wait` is how many seconds to wait for another program that writes to it. Raises
        EventError if the file is something else, or was written by a newer kbgen.
        """
        refuse_unsafe_sqlite(apsw.sqlite_lib_version())
        if not readonly and str(path) != ":memory:":
            _make_folder(Path(path).parent)
        with _explained(str(path)):
            connection = _connect(Path(path), readonly=readonly)
            connection.set_busy_timeout(round(wait * 1000))
            try:
                _check_kind(connection, str(path), readonly=readonly)
                if not readonly:
                    connection.pragma("journal_mode", "wal")
                    connection.pragma("synchronous", "full")
                    _migrate(connection)
            except BaseException:
                connection.close()
                raise
        return cls(connection, str(path))

    def close(self) -> None:
        """Closes the file. Closing twice does nothing."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, events: Iterable[Event]) -> Counts:
        """Adds the events that are new, all or none; they are on disk when it returns.

        Inside of `transaction` they are on disk when that ends. Raises StoreError.
        """
        rows = [_to_row(event) for event in events]
        with _explained(self.path):
            before = self._connection.total_changes()
            if self._connection.in_transaction:
                self._connection.executemany(_INSERT, rows)
            else:
                with self._begin():
                    self._connection.executemany(_INSERT, rows)
            accepted = self._connection.total_changes() - before
        return Counts(accepted, len(rows) - accepted)

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[None]:
        """Everything appended inside goes to disk together, or not at all if it raises.

        With `keep=False` it is taken back at the end: a rehearsal.
        """
        with _explained(self.path), self._begin(keep=keep):
            yield

    def events(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        types: Sequence[EventType] | None = None,
    ) -> Iterator[Event]:
        """Events from `since` (included) to `until` (left out), in order of time and id."""
        conditions: list[str] = []
        values: list[int | str] = []
        for limit, operator in ((since, ">="), (until, "<")):
            if limit is not None:
                conditions.append(f"ts {operator} ?")
                values.append(_to_number(limit))
        if types is not None:
            conditions.append(f"type IN ({','.join('?' * len(types))})")
            values += types
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        yield from self._select(f"{_SELECT} {where} ORDER BY ts, event_id", values)

    def votes(self) -> Iterator[Event]:
        """The vote that counts of each reader and text: the last one."""
        yield from self._select(_LAST_VOTES, ())

    def count(self) -> int:
        """How many events there are."""
        with _explained(self.path):
            return cast("int", self._connection.execute("SELECT count(*) FROM event").get)

    def _select(self, sql: str, values: Sequence[int | str]) -> Iterator[Event]:
        with _explained(self.path):
            for row in self._connection.execute(sql, values):
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


def _create_events(connection: apsw.Connection) -> None:
    """Version 1: events as they came, by id."""
    connection.execute(
        """
        CREATE TABLE event (
          event_id TEXT PRIMARY KEY,
          ts INTEGER NOT NULL, -- microseconds since 1970, UTC
          type TEXT NOT NULL,
          article TEXT NOT NULL,
          lang TEXT NOT NULL,
          rev TEXT NOT NULL,
          path TEXT NOT NULL,
          vote INTEGER,
          reason TEXT NOT NULL,
          comment TEXT NOT NULL,
          query TEXT NOT NULL,
          results INTEGER,
          rank INTEGER,
          voter TEXT NOT NULL,
          session TEXT NOT NULL,
          source TEXT NOT NULL,
          prev TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX event_by_time ON event (ts);
        """
    )


# Forward only. `PRAGMA user_version` is how many of them a file has seen.
_MIGRATIONS: tuple[Callable[[apsw.Connection], None], ...] = (_create_events,)

_COLUMNS = ", ".join(FIELDS)
_SELECT = f"SELECT {_COLUMNS} FROM event"  # noqa: S608  (the columns are our own names)
_INSERT = f"""
INSERT INTO event ({_COLUMNS}) VALUES ({", ".join("?" * len(FIELDS))})
ON CONFLICT (event_id) DO NOTHING
"""  # noqa: S608
# A vote without a voter stands for itself.
_LAST_VOTES = f"""
SELECT {_COLUMNS} FROM (
  SELECT *, row_number() OVER (
    PARTITION BY article, lang, rev, iif(voter = '', event_id, voter)
    ORDER BY ts DESC, event_id DESC
  ) AS place
  FROM event WHERE type = 'vote'
) WHERE place = 1 ORDER BY ts, event_id
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


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be made: {error.strerror or error}") from error


def _connect(path: Path, *, readonly: bool) -> apsw.Connection:
    if not readonly:
        return apsw.Connection(str(path))
    if not path.is_file():
        raise EventError(f"{path}: no event store there")
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        connection.pragma("user_version")
    except apsw.CantOpenError:
        # In a folder where nothing can be written, a log cannot be opened. If there is none,
        # nobody writes, and the file can be read as it stands.
        connection.close()
        if path.with_name(path.name + "-wal").exists():
            raise
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        return apsw.Connection(f"{path.resolve().as_uri()}?immutable=1", flags=flags)
    except apsw.Error:
        connection.close()
        raise
    return connection


def _check_kind(connection: apsw.Connection, path: str, *, readonly: bool) -> None:
    kind, version = connection.pragma("application_id"), connection.pragma("user_version")
    is_empty = connection.execute("SELECT count(*) FROM sqlite_schema").get == 0
    if kind != APPLICATION_ID and (readonly or not is_empty):
        raise EventError(f"{path}: a SQLite file, but no event store of kbgen")
    if cast("int", version) > len(_MIGRATIONS):
        raise EventError(
            f"{path}: written by a newer kbgen (schema {version}; this kbgen knows "
            f"{len(_MIGRATIONS)}); upgrade kbgen to use it"
        )


def _migrate(connection: apsw.Connection) -> None:
    for number, migration in enumerate(_MIGRATIONS, 1):
        if cast("int", connection.pragma("user_version")) >= number:
            continue
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have been faster while this one waited for the lock.
            if cast("int", connection.pragma("user_version")) < number:
                migration(connection)
                connection.pragma("application_id", APPLICATION_ID)
                connection.pragma("user_version", number)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


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
def _explained(path: str) -> Iterator[None]:
    """Errors of SQLite as StoreError, in words."""
    try:
        yield
    except apsw.Error as error:
        words = next((text for kind, text in _EXPLANATIONS if isinstance(error, kind)), str(error))
        raise StoreError(f"{path}: {words}") from error
