"""The store in a SQLite file: what only a file can be."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from kbgen.errors import EventError
from kbgen.events import Counts, StoreError, open_store
from kbgen.events.model import FIELDS
from kbgen.events.store.sqlite import SqliteStore, refuse_unsafe_sqlite
from kbgen.events.store.sqlite_schema import _MIGRATIONS, APPLICATION_ID
from tests.events.samples import NOW, event, new_id


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with SqliteStore.open(tmp_path / "events.db") as opened:
        yield opened


def _bytes_of(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))


def test_what_was_forgotten_by_its_age_is_gone_from_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    rng = random.Random(1)
    made = [
        event(ts=NOW + timedelta(seconds=n), voter=f"<{n}>", comment="x" * rng.randrange(1000))
        for n in range(3000)
    ]
    with open_store(path) as store:
        for first in range(0, 3000, 100):
            store.append(made[first : first + 100])
        assert b"<17>" in _bytes_of(path)
        for kept in (700, 701, 1500, 2900):
            while store.forget(before=made[kept].ts, limit=300) == 300:
                pass
            found = {int(name) for name in re.findall(rb"<(\d+)>", _bytes_of(path))}
            assert set(range(kept, 3000)) == found


def test_a_compact_store_holds_no_trace_of_what_was_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    made = [event(voter=f"<{n}>", comment="x" * 300) for n in range(2000)]
    with open_store(path) as store:
        store.append(made)
        with store.transaction():
            for one in made[::2] + made[1::8]:
                store.forget(voter=one.voter)
        store.compact()

        found = {int(name) for name in re.findall(rb"<(\d+)>", _bytes_of(path))}
        assert 750 == store.count() == len(found)
        assert found <= {n for n in range(2000) if n % 2 and n % 8 != 1}
        assert store.append([event()]) == Counts(1, 0)


def test_says_that_a_reader_keeps_what_was_forgotten(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "events.db"
    with open_store(path, wait=0.01) as store, open_store(path, readonly=True) as reader:
        store.append([event(comment="a secret"), event()])
        seen = iter(reader.events())
        next(seen)
        store.forget(voter="reader")
        assert "forgotten events are still in its log" in caplog.text
        assert 1 == len(list(seen))

        assert 0 == store.forget(voter="reader")
        assert b"a secret" not in _bytes_of(path)


def test_a_full_disk_is_said_and_over_when_there_is_room(store: SqliteStore) -> None:
    store._connection.pragma("max_page_count", 8)
    with pytest.raises(StoreError, match="the disk is full"):
        store.append([event(comment="x" * 1000) for _ in range(100)])
    before = store.count()

    store._connection.pragma("max_page_count", 100_000)

    assert 0 == before
    assert Counts(1, 0) == store.append([event()])


def test_what_fails_half_way_inside_of_a_transaction_leaves_no_half(store: SqliteStore) -> None:
    kept, other = event(), event()
    store._connection.execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON event WHEN NEW.comment = 'bad'"
        " BEGIN SELECT RAISE(ABORT, 'a bad comment'); END"
    )
    with store.transaction():
        store.append([kept])
        with pytest.raises(StoreError, match="a bad comment"):
            store.append([other, event(comment="bad")])

    assert [kept] == list(store.events())


def test_refuses_a_store_of_a_newer_kbgen(store: SqliteStore) -> None:
    store._connection.pragma("user_version", 99)
    with pytest.raises(EventError, match="written by a newer kbgen"):
        open_store(store.name)


def test_a_store_of_an_older_kbgen_goes_on(tmp_path: Path) -> None:
    """Files of the first version had no column for `findable`, and were in order of ids."""
    kept, new = event(), event(type="detail", vote=None, event_id=f"{new_id()}.1", findable=0)
    columns = [name for name in FIELDS if name != "findable"]
    row = [getattr(kept, name) for name in columns]
    row[1] = int(kept.ts.timestamp()) * 1_000_000
    old = apsw.Connection(str(tmp_path / "events.db"))
    _MIGRATIONS[0](old)
    old.execute(f"INSERT INTO event ({', '.join(columns)}) VALUES ({', '.join('?' * 17)})", row)
    old.execute(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1")
    old.close()

    with pytest.raises(EventError, match="written by an older kbgen"):
        open_store(tmp_path / "events.db", readonly=True)
    with open_store(tmp_path / "events.db") as store:
        store.append([new])

        assert {kept, new} == set(store.events())
        assert Counts(0, 1) == store.append([kept])


def test_refuses_other_files(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
    connection.close()
    (tmp_path / "text.db").write_text("x" * 5000)
    (tmp_path / "empty.db").touch()

    with pytest.raises(EventError, match="no event store of kbgen"):
        open_store(foreign)
    with pytest.raises(EventError, match="not a SQLite file"):
        open_store(tmp_path / "text.db")
    with pytest.raises(EventError, match="no event store"):
        open_store(tmp_path / "empty.db", readonly=True)
    with pytest.raises(EventError, match="no event store there"):
        open_store(tmp_path / "absent.db", readonly=True)
    with pytest.raises(EventError, match="cannot be made"):
        open_store(tmp_path / "text.db" / "events.db")


def test_commits_reach_the_disk(store: SqliteStore) -> None:
    """Write-ahead log with synchronous=FULL: an answer means an fsync."""
    assert "wal" == store._connection.pragma("journal_mode")
    assert 2 == store._connection.pragma("synchronous")


@pytest.mark.parametrize("version", ["3.51.3", "3.52.0", "3.44.6", "3.50.7", "4.0.0"])
def test_takes_repaired_sqlite(version: str) -> None:
    refuse_unsafe_sqlite(version)


@pytest.mark.parametrize("version", ["3.40.1", "3.44.5", "3.45.0", "3.50.6", "3.51.2"])
def test_refuses_sqlite_that_may_damage_a_store(version: str) -> None:
    with pytest.raises(EventError, match=f"SQLite {version} can damage"):
        refuse_unsafe_sqlite(version)
