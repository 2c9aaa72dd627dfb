"""Where a PostgreSQL server is, safe sessions on it, and its errors in words.

A password reaches neither a name nor a message.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from kbgen.errors import EventError
from kbgen.events.store.base import StoreError

Connection = psycopg.Connection[tuple[Any, ...]]

# What an address may set otherwise. A server that does not answer is noticed within half a minute.
_USUAL: Mapping[str, Any] = MappingProxyType(
    {
        "application_name": "kbgen",
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,  # milliseconds
    }
)


class Server:
    """A database by its address, `postgresql://USER:PASSWORD@HOST:PORT/DATABASE`.

    `name` is the address without the password. Raises EventError if it is none.
    """

    def __init__(self, url: str) -> None:
        self._given = _read(url)
        self.name = _name(self._given)

    def connect(self, *, readonly: bool, wait: float) -> Connection:
        """A session in which a commit means that it is on disk. Raises EventError.

        It waits at most `wait` seconds for somebody else's lock, and about as long for the server.
        """
        usual = {**_USUAL, "connect_timeout": max(2, math.ceil(wait)), **self._given}
        with self.explained():
            connection: Connection = psycopg.connect(
                **{**usual, "client_encoding": "utf8"}, autocommit=True
            )
        try:
            with self.explained():
                self._secure(connection, readonly=readonly, wait=wait)
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Errors of PostgreSQL as StoreError, in words."""
        try:
            yield
        except psycopg.Error as error:
            words = _words(error)
            if password := self._given.get("password"):
                words = words.replace(str(password), "…")
            raise StoreError(f"{self.name}: {words}") from error

    def _secure(self, connection: Connection, *, readonly: bool, wait: float) -> None:
        row = connection.execute(
            _SESSION, {"wait": f"{max(1, round(wait * 1000))}ms", "readonly": readonly}
        ).fetchone()
        assert row
        fsync, encoding, *_ = row
        if encoding != "UTF8":
            raise EventError(
                f"{self.name}: holds text as {encoding}, not as UTF8; make another database: "
                "createdb --encoding=UTF8 --template=template0 NAME"
            )
        if fsync != "on" and not readonly:
            raise EventError(
                f"{self.name}: the server runs with fsync = {fsync}, so a vote that was confirmed "
                "could be lost; set fsync = on in postgresql.conf and reload the server"
            )


# Whatever the server, the database or the user has as its default.
_SESSION = """
SELECT current_setting('fsync'), current_setting('server_encoding'),
  set_config('TimeZone', 'UTC', false),
  set_config('DateStyle', 'ISO', false),
  set_config('lock_timeout', %(wait)s, false),
  CASE current_setting('synchronous_commit')
    WHEN 'off' THEN set_config('synchronous_commit', 'on', false) END,
  CASE WHEN %(readonly)s THEN set_config('default_transaction_read_only', 'on', false) END
"""

_SHAPE = re.compile(r"postgres(ql)?://([^@/]*@)?[^@]*")


def _read(url: str) -> dict[str, Any]:
    """The parts of an address.

    A password with a sign that separates parts would end up in other parts, and in messages.
    """
    try:
        given = conninfo_to_dict(url)
    except psycopg.Error:
        given = None
    port = str((given or {}).get("port", "") or "")
    if given is None or not _SHAPE.fullmatch(url) or not re.fullmatch(r"[\d,]*", port):
        raise EventError(
            "the address of the store cannot be read; expected "
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE, with %40 for @, %2F for /, %3A for : "
            "and %3F for ? in the password"
        ) from None
    return given


def _name(given: Mapping[str, Any]) -> str:
    user, host = given.get("user"), str(given.get("host") or "")
    before = f"{quote(str(user), safe='')}@" if user else ""
    port = f":{given['port']}" if given.get("port") else ""
    folder = f"?{urlencode({'host': host})}" if host.startswith("/") else ""
    shown = "" if folder else f"[{host}]" if ":" in host else host
    database = quote(str(given.get("dbname") or ""), safe="")
    return f"postgresql://{before}{shown}{port}/{database}{folder}"


_EXPLANATIONS: tuple[tuple[type[psycopg.Error], str], ...] = (
    (errors.DiskFull, "the disk of the server is full"),
    (errors.LockNotAvailable, "another program is writing to it and did not finish in time"),
    (errors.QueryCanceled, "the server gave up: {message}"),
    (errors.DeadlockDetected, "another program wrote the same events at once; try again"),
    (errors.SerializationFailure, "another program wrote the same events at once; try again"),
    (errors.ReadOnlySqlTransaction, "it cannot be written: {message}"),
    (errors.InsufficientPrivilege, "its user may not do that: {message}"),
    (errors.OperationalError, "no connection to the server: {message}"),
)


def _words(error: psycopg.Error) -> str:
    message = error.diag.message_primary or _first_line(str(error))
    kind = next((text for kind, text in _EXPLANATIONS if isinstance(error, kind)), "{message}")
    return kind.format(message=message)


def _first_line(text: str) -> str:
    """What matters of a message of the client library, which names the address first."""
    line = text.strip().partition("\n")[0]
    return re.sub(r"FATAL: +", "", line.rpartition("failed: ")[2])
