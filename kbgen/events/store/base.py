"""What an event store does, wherever it keeps its events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

from kbgen.errors import EventError
from kbgen.events.model import Event, EventType


class StoreError(EventError):
    """The store cannot be read or written now; what was asked for did not happen."""


class NoStoreError(EventError):
    """There is nothing where a store was to be read."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of events that were appended."""

    accepted: int = 0
    duplicates: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.accepted + other.accepted, self.duplicates + other.duplicates)


class Store(Protocol):
    """An open event store, which keeps every event as it came, once. Made by `open_store`.

    Events are added and, when their time is over, forgotten, but never changed; an `event_id`
    that is already there adds nothing. It may pass from thread to thread, but one thread uses it
    at a time. `name` is how messages call it. Whatever fails raises StoreError.
    """

    name: str

    def append(self, events: Iterable[Event]) -> Counts:
        """Adds the events that are new, all or none; they are on disk when it returns.

        Inside of `transaction` they are on disk when that ends.
        """
        ...

    def transaction(self, *, keep: bool = True) -> AbstractContextManager[None]:
        """Everything appended inside goes to disk together, or not at all if it raises.

        With `keep=False` it is taken back at the end: a rehearsal.
        """
        ...

    def events(
        self,
        since: datetime | None = None,
        until: datetime | None = None,
        types: Sequence[EventType] | None = None,
    ) -> Iterator[Event]:
        """Events from `since` (included) to `until` (left out), in order of time and id."""
        ...

    def votes(self) -> Iterator[Event]:
        """The vote that counts of each reader and text: the last one."""
        ...

    def count(self, *, before: datetime | None = None, voter: str = "", article: str = "") -> int:
        """How many events there are, or would go by `forget` with the same conditions."""
        ...

    def forget(
        self,
        *,
        before: datetime | None = None,
        voter: str = "",
        article: str = "",
        limit: int | None = None,
    ) -> int:
        """Deletes the events that meet all conditions, and returns how many went.

        An event at `before` itself stays. With `voter` goes what belongs to the same vote, even
        if it came under another pseudonym. `limit` is how many go at most, so that writers need
        not wait long: call again until fewer went. Raises ValueError without any condition.
        """
        ...

    def compact(self) -> None:
        """Writes the store anew without gaps, so that no trace of what was forgotten is left.

        It takes a while, and as much room again; writers wait.
        """
        ...

    def close(self) -> None:
        """Closes the store. Closing twice does nothing."""
        ...

    def __enter__(self) -> Self:
        """The store itself."""
        ...

    def __exit__(self, *_: object) -> None:
        """Closes the store."""
        ...
