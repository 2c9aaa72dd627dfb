"""The tables of a PostgreSQL store and their versions."""

from __future__ import annotations

from kbgen.errors import EventError
from kbgen.events.store.base import NoStoreError
from kbgen.events.store.server import Connection

SCHEMA = "kbgen"
TABLE = f"{SCHEMA}.event"
TYPES = {
    "event_id": "text",
    "ts": "timestamptz",
    "type": "text",
    "article": "text",
    "lang": "text",
    "rev": "text",
    "path": "text",
    "vote": "smallint",
    "reason": "text",
    "comment": "text",
    "findable": "smallint",
    "query": "text",
    "results": "integer",
    "rank": "integer",
    "voter": "text",
    "session": "text",
    "source": "text",
    "prev": "text",
}

_LOCK = 0x6B626765  # "kbge": who holds it brings the tables up to date

# Forward only. Ids are compared by their bytes, whatever language the database speaks.
_MIGRATIONS = (
    """
    CREATE TABLE kbgen.event (
      event_id text COLLATE "C" PRIMARY KEY,
      ts timestamptz NOT NULL,
      type text NOT NULL,
      article text NOT NULL,
      lang text NOT NULL,
      rev text NOT NULL,
      path text NOT NULL,
      vote smallint,
      reason text NOT NULL,
      comment text NOT NULL,
      findable smallint,
      query text NOT NULL,
      results integer,
      rank integer,
      voter text NOT NULL,
      session text NOT NULL,
      source text NOT NULL,
      prev text NOT NULL
    );
    CREATE INDEX event_by_time ON kbgen.event (ts);
    """,
)


def prepare(connection: Connection, name: str, *, readonly: bool) -> None:
    """Creates the tables or brings them up to date; others may do so at the same time.

    Raises EventError if the schema is somebody else's, or of a newer kbgen; with `readonly`, if
    there is nothing to read.
    """
    version = _version(connection, name)
    if readonly and version is None:
        raise NoStoreError(f"{name}: no event store there")
    if readonly or version == len(_MIGRATIONS):
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        version = _version(connection, name)  # somebody may have been faster
        if version is None:
            connection.execute(_FIRST)
            version = 0
        for number, migration in enumerate(_MIGRATIONS, 1):
            if number > version:
                connection.execute(migration)
                connection.execute("INSERT INTO kbgen.migration (number) VALUES (%s)", [number])


# An administrator may have made the schema, for a user who must not make any.
_FIRST = """
DO $$ BEGIN
  IF to_regnamespace('kbgen') IS NULL THEN CREATE SCHEMA kbgen; END IF;
END $$;
CREATE TABLE kbgen.migration (
  number integer PRIMARY KEY,
  applied timestamptz NOT NULL DEFAULT now()
);
"""
_KIND = """
SELECT
  EXISTS (SELECT FROM pg_class WHERE relnamespace = oid_of.schema),
  EXISTS (SELECT FROM pg_class WHERE relnamespace = oid_of.schema AND relname = 'migration')
FROM (SELECT to_regnamespace('kbgen')::oid AS schema) AS oid_of
"""


def _version(connection: Connection, name: str) -> int | None:
    """How many migrations the tables have seen; None where there are no tables."""
    row = connection.execute(_KIND).fetchone()
    assert row
    holds_something, is_ours = row
    if not holds_something:
        return None
    if not is_ours:
        raise EventError(f"{name}: its schema {SCHEMA} is no event store of kbgen")
    row = connection.execute("SELECT max(number) FROM kbgen.migration").fetchone()
    assert row
    version = int(row[0] or 0)
    if version > len(_MIGRATIONS):
        raise EventError(
            f"{name}: written by a newer kbgen (schema {version}; this kbgen knows "
            f"{len(_MIGRATIONS)}); upgrade kbgen to use it"
        )
    return version
