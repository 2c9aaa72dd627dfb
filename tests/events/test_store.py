"""The store keeps each event once, for good, and says so when it cannot."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbgen.errors import EventError
from kbgen.events import Counts, Event, Store, StoreError, last_details, last_votes
from kbgen.events.store import refuse_unsafe_sqlite
from tests.events.samples import NOW, event, events, new_id


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "events.db") as opened:
        yield opened


def test_keeps_events_over_a_restart(tmp_path: Path) -> None:
    kept = [event(), event(vote=0, comment="안 돼요"), event(type="view", vote=None)]
    with Store.open(tmp_path / "new" / "events.db") as store:
        store.append(kept)

    with Store.open(tmp_path / "new" / "events.db", readonly=True) as store:
        assert sorted(kept, key=lambda e: e.event_id) == list(store.events())


def test_an_id_counts_once_and_the_first_one_stays(store: Store) -> None:
    first = event(vote=1)
    other = event(event_id=first.event_id, vote=0)

    assert Counts(1, 0) == store.append([first])
    assert Counts(1, 2) == store.append([other, first, event()])
    assert 2 == store.count()
    assert first in list(store.events())


@settings(max_examples=30)
@given(st.lists(events, max_size=12, unique_by=lambda e: e.event_id), st.randoms())
def test_order_and_repetition_do_not_matter(batch: list[Event], rng: random.Random) -> None:
    shuffled = batch + batch
    rng.shuffle(shuffled)
    with Store.open(":memory:") as one, Store.open(":memory:") as two:
        one.append(batch)
        for single in shuffled:
            two.append([single])

        assert list(one.events()) == list(two.events())
        assert list(one.votes()) == list(two.votes())
        assert sorted(batch, key=lambda e: (e.ts, e.event_id)) == list(one.events())


def test_selects_by_time_and_type(store: Store) -> None:
    early, late = event(ts=NOW), event(ts=NOW + timedelta(hours=1), type="view", vote=None)
    store.append([late, early])

    assert [early] == list(store.events(until=late.ts))
    assert [late] == list(store.events(since=late.ts))
    assert [late] == list(store.events(types=["view", "click"]))
    assert [] == list(store.events(types=[]))


def test_the_last_choice_of_a_reader_counts(store: Store) -> None:
    yes, no = event(vote=1), event(vote=0, ts=NOW + timedelta(seconds=1))
    others = [
        event(rev="ffffffffffff"), event(article="KB-0001"), event(lang="en"), event(voter="other"),
    ]  # fmt: skip

    store.append([no, yes, *others])

    assert {no, *others} == set(store.votes())


def test_votes_without_a_voter_stand_for_themselves(store: Store) -> None:
    store.append([event(voter=""), event(voter="")])

    assert 2 == len(list(store.votes()))


few = st.builds(
    event,
    event_id=st.integers(0, 2**74 - 1).map(lambda _n: new_id()),
    ts=st.integers(0, 3).map(lambda s: NOW + timedelta(seconds=s)),
    article=st.sampled_from(["KB-1", "KB-2"]),
    vote=st.integers(0, 1),
    voter=st.sampled_from(["", "a", "b"]),
)


@settings(max_examples=50)
@given(st.lists(few, max_size=12))
def test_files_and_stores_agree_on_which_votes_count(batch: list[Event]) -> None:
    with Store.open(":memory:") as store:
        store.append(batch)

        assert last_votes(batch + batch) == list(store.votes())


def test_the_last_detail_of_a_vote_counts() -> None:
    root = new_id()
    details = [
        event(event_id=f"{root}.{n}", type="detail", reason="other", comment=str(n))
        for n in (9, 10, 2)
    ]

    assert {root: details[1]} == last_details(details)


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def break_off() -> None:
        with store.transaction():
            store.append([event()])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()

    assert 0 == store.count()


def test_a_rehearsal_counts_and_leaves_nothing(store: Store) -> None:
    with store.transaction(keep=False):
        assert Counts(1, 0) == store.append([event()])

    assert 0 == store.count()


def test_a_full_disk_is_said_and_over_when_there_is_room(store: Store) -> None:
    store._connection.pragma("max_page_count", 8)
    with pytest.raises(StoreError, match="the disk is full"):
        store.append([event(comment="x" * 1000) for _ in range(100)])
    before = store.count()

    store._connection.pragma("max_page_count", 100_000)

    assert 0 == before
    assert Counts(1, 0) == store.append([event()])


def test_a_locked_store_is_said_and_over_when_it_is_free(tmp_path: Path) -> None:
    path = tmp_path / "events.db"
    with Store.open(path) as holder, Store.open(path, wait=0.05) as store:
        with holder.transaction(), pytest.raises(StoreError, match="did not finish in time"):
            store.append([event()])

        assert Counts(1, 0) == store.append([event()])


def test_readers_and_one_writer_do_not_disturb_each_other(store: Store) -> None:
    store.append([event(), event()])
    with Store.open(store.path, readonly=True) as reader:
        seen = iter(reader.events())
        next(seen)
        store.append([event()])

        assert 1 == len(list(seen))


def test_a_reader_cannot_write(store: Store) -> None:
    with (
        Store.open(store.path, readonly=True) as reader,
        pytest.raises(StoreError, match="cannot be written"),
    ):
        reader.append([event()])


def test_refuses_a_store_of_a_newer_kbgen(store: Store) -> None:
    store._connection.pragma("user_version", 99)
    with pytest.raises(EventError, match="written by a newer kbgen"):
        Store.open(store.path)


def test_refuses_other_files(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
    connection.close()
    (tmp_path / "text.db").write_text("x" * 5000)
    (tmp_path / "empty.db").touch()

    with pytest.raises(EventError, match="no event store of kbgen"):
        Store.open(foreign)
    with pytest.raises(EventError, match="not a SQLite file"):
        Store.open(tmp_path / "text.db")
    with pytest.raises(EventError, match="no event store"):
        Store.open(tmp_path / "empty.db", readonly=True)
    with pytest.raises(EventError, match="no event store there"):
        Store.open(tmp_path / "absent.db", readonly=True)
    with pytest.raises(EventError, match="cannot be made"):
        Store.open(tmp_path / "text.db" / "events.db")


def test_commits_reach_the_disk(store: Store) -> None:
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
