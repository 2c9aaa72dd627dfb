"""The tables of a SQLite store and their versions."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import apsw

from kbgen.errors import EventError

APPLICATION_ID = 0x6B626765  # "kbge": tells an event store from any other SQLite file
_READABLE = 2  # versions before had other columns


def check_kind(connection: apsw.Connection, path: str, *, readonly: bool) -> None:
    """Raises EventError for a file of somebody else, or of a kbgen that is too new or too old."""
    kind, version = connection.pragma("application_id"), connection.pragma("user_version")
    is_empty = connection.execute("SELECT count(*) FROM sqlite_schema").get == 0
    if kind != APPLICATION_ID and (readonly or not is_empty):
        raise EventError(f"{path}: a SQLite file, but no event store of kbgen")
    if cast("int", version) > len(_MIGRATIONS):
        raise EventError(
            f"{path}: written by a newer kbgen (schema {version}; this kbgen knows "
            f"{len(_MIGRATIONS)}); upgrade kbgen to use it"
        )
    if readonly and cast("int", version) < _READABLE:
        raise EventError(
            f"{path}: written by an older kbgen (schema {version}); a command that writes to it "
            "brings it up to date, such as kbgen collect"
        )


def migrate(connection: apsw.Connection) -> None:
    """Brings the tables up to date; another program may do so at the same time."""
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


def _add_findable(connection: apsw.Connection) -> None:
    """Version 2: whether the article was easy to find."""
    connection.execute("ALTER TABLE event ADD COLUMN findable INTEGER")


def _keep_in_order_of_arrival(connection: apsw.Connection) -> None:
    """Version 3: rows stay where they are put.

    A table in order of ids moves its rows about, and leaves copies of them in its gaps.
    """
    connection.execute(
        """
        CREATE TABLE moved (
          number INTEGER PRIMARY KEY,
          event_id TEXT NOT NULL UNIQUE,
          ts INTEGER NOT NULL, -- microseconds since 1970, UTC
          type TEXT NOT NULL,
          article TEXT NOT NULL,
          lang TEXT NOT NULL,
          rev TEXT NOT NULL,
          path TEXT NOT NULL,
          vote INTEGER,
          reason TEXT NOT NULL,
          comment TEXT NOT NULL,
          findable INTEGER,
          query TEXT NOT NULL,
          results INTEGER,
          rank INTEGER,
          voter TEXT NOT NULL,
          session TEXT NOT NULL,
          source TEXT NOT NULL,
          prev TEXT NOT NULL
        ) STRICT;
        INSERT INTO moved
          SELECT NULL, event_id, ts, type, article, lang, rev, path, vote, reason, comment,
            findable, query, results, rank, voter, session, source, prev
          FROM event ORDER BY ts;
        DROP TABLE event;
        ALTER TABLE moved RENAME TO event;
        CREATE INDEX event_by_time ON event (ts);
        """
    )


# Forward only. `PRAGMA user_version` is how many of them a file has seen.
_MIGRATIONS: tuple[Callable[[apsw.Connection], None], ...] = (
    _create_events,
    _add_findable,
    _keep_in_order_of_arrival,
)
