"""Event stores: what they promise, and how one is opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kbgen.errors import EventError
from kbgen.events.store.base import Counts, NoStoreError, Store, StoreError
from kbgen.events.store.sqlite import SqliteStore


def open_store(place: str | Path, *, readonly: bool = False, wait: float = 5.0) -> Store:
    """Opens the store at `place`, a file or `postgresql://…`, and creates it if need be.

    ":memory:" keeps nothing. `wait` is how many seconds to wait for another program that writes
    to it. Raises EventError if something else is there, or it was written by a newer kbgen.
    """
    if not is_address(place):
        return SqliteStore.open(place, readonly=readonly, wait=wait)
    with _needs_psycopg():
        from kbgen.events.store.postgres import PostgresStore  # noqa: PLC0415  (an extra)
    return PostgresStore.open(str(place), readonly=readonly, wait=wait)


def name_of(place: str | Path) -> str:
    """How messages call a store: its file, or its address without the password."""
    if not is_address(place):
        return str(place)
    with _needs_psycopg():
        from kbgen.events.store.server import Server  # noqa: PLC0415  (an extra)
    return Server(str(place)).name


def is_address(place: str | Path) -> bool:
    """Whether a store is on a server rather than in a file."""
    return str(place).startswith(("postgresql://", "postgres://"))


@contextmanager
def _needs_psycopg() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise EventError(
            "a store in PostgreSQL needs psycopg: pip install 'kbgen[postgresql]'"
        ) from error


__all__ = ["Counts", "NoStoreError", "Store", "StoreError", "is_address", "name_of", "open_store"]
