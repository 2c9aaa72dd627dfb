"""The event store of several collectors: a PostgreSQL database, in a schema of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Self, TypeVar

import psycopg
from psycopg import errors

from kbgen.events.model import FIELDS, Event, EventType
from kbgen.events.store import sql
from kbgen.events.store.base import Counts, StoreError
from kbgen.events.store.postgres_schema import TABLE, TYPES, prepare
from kbgen.events.store.server import Connection, Server

T = TypeVar("T")

_TRIES = 3
_FETCHED = 2000  # rows that are in memory at once


class PostgresStore:
    """A `Store` in a database. Make it with `PostgresStore.open`; use it as a context manager.

    It connects anew by itself when the server has gone and come back.
    """

    def __init__(self, server: Server, *, readonly: bool, wait: float) -> None:
        self._server = server
        self._readonly = readonly
        self._wait = wait
        self._connection: Connection | None = None
        self._transaction: Connection | None = None  # while one is open
        self._is_closed = False
        self.name = server.name

    @classmethod
    def open(cls, url: str, *, readonly: bool = False, wait: float = 5.0) -> Self:
        """Opens the store at `url` and creates its tables if need be.

        `wait` is how many seconds to wait for the server, and for others who write the same
        events. Raises EventError if the database cannot be used, something else is there, or it
        was written by a newer kbgen.
        """
        store = cls(Server(url), readonly=readonly, wait=wait)
        store._connected()
        return store

    def close(self) -> None:
        """As `Store.close`."""
        self._is_closed = True
        self._disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, events: Iterable[Event]) -> Counts:
        """As `Store.append`; one round trip, however many events."""
        # In the same order everywhere, so that those who write the same events do not wait for
        # each other in a circle. Of two with one id the first stays.
        given = sorted(events, key=attrgetter("event_id"))
        if not given:
            return Counts()
        columns = [list(column) for column in zip(*map(_values, given), strict=True)]
        accepted = self._run(lambda connection: connection.execute(_INSERT, columns).rowcount)
        return Counts(accepted, len(given) - accepted)

    @contextmanager
    def transaction(self, *, keep: bool = True) -> Iterator[None]:
        """As `Store.transaction`."""
        connection = self._transaction = self._run(_begin)
        try:
            yield
            self._end(connection, "COMMIT" if keep else "ROLLBACK")
        except BaseException:
            with suppress(psycopg.Error):
                connection.rollback()
            raise
        finally:
            self._transaction = None

    def events(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        types: Sequence[EventType] | None = None,
    ) -> Iterator[Event]:
        """As `Store.events`."""
        where, values = sql.where(TABLE, _MARK, since=since, until=until)
        if types is not None:
            where = f"{where} AND" if where else "WHERE"
            where += " type = ANY(%(types)s)"
            values["types"] = list(types)
        yield from self._select(f"{_SELECT} {where} ORDER BY ts, event_id", values)

    def votes(self) -> Iterator[Event]:
        """As `Store.votes`."""
        yield from self._select(sql.last_votes(TABLE), {})

    def count(self, *, before: datetime | None = None, voter: str = "", article: str = "") -> int:
        """As `Store.count`."""
        where, values = sql.where(TABLE, _MARK, before=before, voter=voter, article=article)
        text = f"SELECT count(*) FROM {TABLE} {where}"  # noqa: S608
        row = self._run(lambda connection: connection.execute(text.encode(), values).fetchone())
        assert row
        return int(row[0])

    def forget(
        self,
        *,
        before: datetime | None = None,
        voter: str = "",
        article: str = "",
        limit: int | None = None,
    ) -> int:
        """As `Store.forget`. Its bytes go with `compact`, and as the server's log is recycled."""
        where, values = sql.where(TABLE, _MARK, before=before, voter=voter, article=article)
        if not where:
            raise ValueError("forget needs a condition: before, voter or article")
        # What only shares a vote with the voter goes first, else nothing would lead to it.
        order = "ORDER BY voter = %(voter)s" if voter else ""
        values["limit"] = limit
        text = f"""
        DELETE FROM {TABLE} WHERE event_id IN
          (SELECT event_id FROM {TABLE} {where} {order} LIMIT %(limit)s)
        """  # noqa: S608
        return self._run(lambda connection: connection.execute(text.encode(), values).rowcount)

    def compact(self) -> None:
        """As `Store.compact`. Only the owner of the table may."""
        self._run(lambda connection: connection.execute(f"VACUUM (FULL) {TABLE}".encode()))

    def _run(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns: at once inside of a transaction, else also at a second attempt.

        Nothing that is done here does harm when it is done twice, so it does not matter whether
        a connection broke before or after the server had done it.
        """
        for tries_left in reversed(range(_TRIES)):
            connection = self._transaction or self._connected()
            try:
                with self._server.explained():
                    return work(connection)
            except StoreError as error:
                if self._is_gone(error.__cause__):
                    self._disconnect()
                elif not isinstance(error.__cause__, _COLLISIONS):
                    raise
                if self._transaction or not tries_left:
                    raise
        raise AssertionError

    def _is_gone(self, error: BaseException | None) -> bool:
        """Whether an error means that the connection is of no use any more."""
        if isinstance(error, errors.ReadOnlySqlTransaction):
            return not self._readonly  # another server writes now, and this one only follows
        if not isinstance(error, psycopg.OperationalError):
            return False
        return error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))

    def _end(self, connection: Connection, command: str) -> None:
        with self._server.explained():
            done = connection.execute(command.encode()).statusmessage
        if done != command:  # a transaction is rolled back if something inside of it had failed
            raise StoreError(f"{self.name}: nothing was kept, because a part of it failed")

    def _select(self, text: str, values: dict[str, Any]) -> Iterator[Event]:
        with (
            self._server.explained(),
            self._reading() as connection,
            connection.cursor("kbgen", binary=True) as cursor,
        ):
            cursor.itersize = _FETCHED
            cursor.execute(text.encode(), values)
            for row in cursor:
                yield _to_event(row)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A connection inside of a transaction, which a cursor needs: the one that is open.

        Otherwise another one: what is appended while somebody reads must not wait for the end
        of the reading to be on disk.
        """
        if self._transaction:
            yield self._transaction
            return
        with (
            self._server.connect(readonly=True, wait=self._wait) as connection,
            connection.transaction(),
        ):
            yield connection

    def _connected(self) -> Connection:
        if self._is_closed:
            raise StoreError(f"{self.name}: is closed")
        if self._connection is None or self._connection.closed:
            connection = self._server.connect(readonly=self._readonly, wait=self._wait)
            try:
                with self._server.explained():
                    prepare(connection, self.name, readonly=self._readonly)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


_COLLISIONS = (errors.DeadlockDetected, errors.SerializationFailure)
_MARK = "%({})s"
_SELECT = f"SELECT {sql.COLUMNS} FROM {TABLE}"  # noqa: S608  (the names are our own)
_ARRAYS = ", ".join(f"%b::{TYPES[name]}[]" for name in FIELDS)
_INSERT = f"""
INSERT INTO {TABLE} ({sql.COLUMNS}) SELECT * FROM unnest({_ARRAYS})
ON CONFLICT (event_id) DO NOTHING
""".encode()  # noqa: S608

_values = attrgetter(*FIELDS)


def _begin(connection: Connection) -> Connection:
    connection.execute("BEGIN")
    return connection


def _to_event(row: Sequence[Any]) -> Event:
    values = dict(zip(FIELDS, row, strict=True))
    values["ts"] = values["ts"].replace(tzinfo=UTC)  # the session's time zone is UTC
    return Event(**values)
