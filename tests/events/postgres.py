"""A PostgreSQL server of our own for the length of a test run, in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.serving import free_port

_USER = "postgres"  # who runs the server if root runs the tests: it refuses to run as root
# When the tests are over, even if they were killed, their end of the pipe closes.
_KEEPER = """
"$@" & server=$!
read -r word
if [ "$word" = stop ]; then
  kill -INT $server; wait $server
else
  kill -QUIT $server; wait $server; rm -rf "$KBGEN_TEST_FOLDER"
fi
"""
# Making a database costs more than emptying one.
_EMPTY = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid();
DROP SCHEMA IF EXISTS kbgen CASCADE;
DROP SCHEMA public CASCADE;
CREATE SCHEMA public;
DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' RESET ALL'; END $$;
"""


@dataclass
class Cluster:
    """A running server. Everybody on this machine may connect, to 127.0.0.1 or its socket."""

    folder: Path
    port: int
    _as: dict[str, Any]
    _keeper: subprocess.Popen[str] | None = None
    _databases: int = 0
    _shared: str = ""

    def url(self, database: str = "postgres") -> str:
        """The address of a database."""
        return f"postgresql://kbgen:a-secret@127.0.0.1:{self.port}/{database}"

    def new_database(self, options: str = "") -> str:
        """The address of a new, empty database."""
        self._databases += 1
        name = f"test{self._databases}"
        self.run(f"CREATE DATABASE {name} {options}")
        return self.url(name)

    def empty_database(self) -> str:
        """The address of a database with nothing in it, the same one each time."""
        if not self._shared:
            self._shared = self.new_database()
        with psycopg.connect(self._shared, autocommit=True) as connection:
            connection.execute(_EMPTY)
        return self._shared

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Runs a statement as the superuser."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            found = connection.execute(sql.encode())
            return found.fetchall() if found.description else []

    def start(self) -> None:
        """Starts the server and waits until it takes connections."""
        command = [
            _program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port),
            "-h", "127.0.0.1", "-k", str(self.folder), "-c", "shared_buffers=16MB",
            "-c", "wal_level=minimal", "-c", "max_wal_senders=0",
        ]  # fmt: skip
        with (self.folder / "log").open("ab") as log:
            self._keeper = subprocess.Popen(
                ["sh", "-c", _KEEPER, "sh", *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                text=True,
                start_new_session=True,
                env={**os.environ, "KBGEN_TEST_FOLDER": str(self.folder)},
                **self._as,
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                if self._keeper.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.01)
            else:
                return

    def stop(self) -> None:
        """Stops the server; it may be started again."""
        self._end("stop\n")

    def remove(self) -> None:
        """Stops the server and removes its folder."""
        if self._keeper:
            self._end("")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, word: str) -> None:
        if self._keeper:
            self._keeper.communicate(word)
            self._keeper = None


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A new server, which is gone afterwards; skips the test where PostgreSQL is not installed."""
    if not _program("initdb"):
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="kbgen-pg-"))
    made = Cluster(folder, free_port(), _as_user(folder))
    try:
        subprocess.run(
            [
                _program("initdb"), "-D", str(folder / "data"), "-U", "kbgen", "-A", "trust",
                "-N", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions",
            ],
            check=True, capture_output=True, cwd=folder, **made._as,
        )  # fmt: skip
        made.start()
        yield made
    finally:
        made.remove()


def _program(name: str) -> str:
    """Where a program of PostgreSQL is; Debian keeps them apart. "" if it is nowhere."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parts[-2]))
    path = os.pathsep.join([os.environ.get("PATH", ""), *map(str, reversed(folders))])
    return shutil.which(name, path=path) or ""


def _as_user(folder: Path) -> dict[str, Any]:
    """Who is to run the server, as options of subprocess; the folder is theirs."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam(_USER)
    except KeyError:
        folder.rmdir()
        pytest.skip(f"root cannot run PostgreSQL, and there is no user {_USER}")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
