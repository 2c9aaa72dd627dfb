"""The store keeps each event once, for good, and says so when it cannot."""

from __future__ import annotations

import io
import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbgen.events import (
    Counts,
    Event,
    Store,
    StoreError,
    import_file,
    last_details,
    last_votes,
    open_store,
    to_json,
)  # fmt: skip
from kbgen.events.writers import WRITERS
from tests.events.samples import NOW, event, events, new_id


def empty(store: Store) -> None:
    """For the next example of a property test."""
    store.forget(before=datetime(2100, 1, 1, tzinfo=UTC))


def test_keeps_events_over_a_restart(place: str) -> None:
    kept = [event(), event(vote=0, comment="안 돼요"), event(type="view", vote=None)]
    with open_store(place) as store:
        store.append(kept)

    with open_store(place, readonly=True) as store:
        found = list(store.events())
    assert sorted(kept, key=lambda e: e.event_id) == found
    assert {UTC} == {one.ts.tzinfo for one in found}


def test_an_id_counts_once_and_the_first_one_stays(store: Store) -> None:
    first = event(vote=1)
    other = event(event_id=first.event_id, vote=0)

    assert Counts(1, 0) == store.append([first])
    assert Counts(1, 2) == store.append([other, first, event()])
    assert 2 == store.count()
    assert first in list(store.events())


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(events, max_size=12, unique_by=lambda e: e.event_id), st.randoms())
def test_order_and_repetition_do_not_matter(
    store: Store, batch: list[Event], rng: random.Random
) -> None:
    """Whatever arrives how often and in which order, every store holds the same."""
    shuffled = batch + batch
    rng.shuffle(shuffled)
    empty(store)
    with open_store(":memory:") as other:
        other.append(batch)
        store.append(shuffled[:3])
        for single in shuffled[3:]:
            store.append([single])

        assert list(other.events()) == list(store.events())
        assert list(other.votes()) == list(store.votes())
        assert sorted(batch, key=lambda e: (e.ts, e.event_id)) == list(store.events())


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


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(few, max_size=12))
def test_files_and_stores_agree_on_which_votes_count(store: Store, batch: list[Event]) -> None:
    empty(store)
    store.append(batch)

    assert last_votes(batch + batch) == list(store.votes())


def test_the_last_detail_of_a_vote_counts() -> None:
    root = new_id()
    details = [
        event(event_id=f"{root}.{n}", type="detail", reason="other", comment=str(n))
        for n in (9, 10, 2)
    ]

    assert {root: details[1]} == last_details(details)


def test_forgets_what_meets_all_conditions(store: Store) -> None:
    old, new = event(), event(ts=NOW + timedelta(hours=1))
    other, elsewhere = event(voter="other"), event(article="KB-0001", voter="third")
    store.append([old, new, other, elsewhere])

    assert 2 == store.count(before=new.ts, article="KB-0042")
    assert 1 == store.forget(before=new.ts, voter="reader", article="KB-0042")
    assert 0 == store.forget(voter="nobody")
    assert {new, other, elsewhere} == set(store.events())
    assert 2 == store.forget(before=new.ts)
    assert [new] == list(store.events())
    assert 1 == store.forget(article="KB-0042")
    with pytest.raises(ValueError, match="needs a condition"):
        store.forget()


def test_what_belongs_to_a_vote_is_forgotten_with_it(store: Store) -> None:
    """A comment that came after midnight, or from another network, has another pseudonym."""
    root = new_id()
    late = event(event_id=f"{root}.1", type="detail", vote=None, comment="x", voter="tomorrow")
    store.append([event(event_id=root), late, event(voter="other")])

    assert 2 == store.count(voter="reader") == store.count(voter="tomorrow")
    assert 1 == store.forget(voter="reader", limit=1)
    assert 1 == store.forget(voter="reader", limit=1)
    assert 0 == store.forget(voter="reader", limit=1)
    assert ["other"] == [one.voter for one in store.events()]


def test_forgets_a_little_at_a_time(store: Store) -> None:
    store.append([event(ts=NOW + timedelta(seconds=n)) for n in range(5)])

    gone = [store.forget(before=NOW + timedelta(seconds=4), limit=3) for _ in range(3)]

    assert [3, 1, 0] == gone
    assert 1 == store.count()


def test_a_rehearsal_of_forgetting_leaves_everything(store: Store) -> None:
    store.append([event()])
    with store.transaction(keep=False):
        assert 1 == store.forget(voter="reader")

    assert 1 == store.count()


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


def test_a_locked_store_is_said_and_over_when_it_is_free(store: Store, place: str) -> None:
    one = event()
    with open_store(place) as holder:
        with holder.transaction():
            holder.append([one])
            with pytest.raises(StoreError, match="did not finish in time"):
                store.append([one])

        assert Counts(0, 1) == store.append([one])


def test_readers_and_one_writer_do_not_disturb_each_other(store: Store, place: str) -> None:
    store.append([event(), event()])
    with open_store(place, readonly=True) as reader:
        seen = reader.events()
        next(seen)
        store.append([event()])

        assert 1 == len(list(seen))


def test_what_is_appended_while_reading_is_on_disk_at_once(store: Store, place: str) -> None:
    store.append([event(), event()])
    seen = store.events()
    next(seen)
    store.append([event()])

    with open_store(place, readonly=True) as other:
        assert 3 == other.count()
    seen.close()


def test_a_transaction_sees_what_it_has_brought(store: Store) -> None:
    with store.transaction(keep=False):
        store.append([event()])

        assert 1 == len(list(store.events())) == len(list(store.votes())) == store.count()


def test_a_reader_cannot_write(store: Store, place: str) -> None:
    with open_store(place, readonly=True) as reader:
        with pytest.raises(StoreError, match="cannot be written"):
            reader.append([event()])
        store.append([event()])
        with pytest.raises(StoreError, match="cannot be written"):
            reader.forget(voter="reader")


def test_what_a_file_brings_comes_out_again(store: Store, tmp_path: Path) -> None:
    made = [event(ts=NOW - timedelta(seconds=n), comment=f"{n}: 환불 ✓") for n in range(1500)]
    file, copy = tmp_path / "events.jsonl", io.BytesIO()
    file.write_text("".join(to_json(one) + "\n" for one in reversed(made)), "utf-8")

    reports = [import_file(store, file, now=NOW) for _ in range(2)]

    assert [(1500, 0), (0, 1500)] == [(one.accepted, one.duplicates) for one in reports]
    assert 1500 == WRITERS["jsonl"](store.events(), copy)
    assert file.read_bytes() == copy.getvalue()


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()

    with pytest.raises(StoreError, match="closed"):
        store.append([event()])


def test_what_failed_inside_of_a_transaction_takes_everything_with_it(
    store: Store, place: str
) -> None:
    """Even if whoever wrote it went on."""
    one = event()

    def go_on() -> None:
        with store.transaction():
            with suppress(StoreError):
                store.append([one])
            with suppress(StoreError):
                store.append([event()])

    with open_store(place) as holder, holder.transaction():
        holder.append([one])
        with pytest.raises(StoreError):
            go_on()

    assert 1 == store.count()
