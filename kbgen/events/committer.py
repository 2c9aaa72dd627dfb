"""Group commit: one thread writes what many requests brought, and wakes them when it is on disk."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from kbgen.events.logs import log, tell
from kbgen.events.model import Event
from kbgen.events.store import Store, StoreError

T = TypeVar("T")


class QueueFullError(Exception):
    """More events wait for the disk than may wait."""


@dataclass(slots=True)
class _Job:
    events: Sequence[Event]
    done: asyncio.Future[None]


@dataclass(slots=True)
class _Errand:
    work: Callable[[Store], Any]
    done: asyncio.Future[Any]


class Committer:
    """Writes events to a store from its own thread, which starts with the first of them.

    It belongs to the event loop that uses it first. `most` is how many requests may wait. `check`
    is asked before each commit and raises StoreError if it would be in vain. Nothing that was
    acknowledged is ever only in memory.
    """

    def __init__(
        self, store: Store, *, most: int = 4096, check: Callable[[], None] = lambda: None
    ) -> None:
        self._store = store
        self._most = most
        self._check = check
        self._jobs: list[_Job] = []
        self._errands: deque[_Errand] = deque()
        self._wake = threading.Condition()
        self._is_waking = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closing = False
        self.commits = 0
        self.failed_commits = 0
        self.is_failing = False  # whether the latest commit failed
        self.duplicates = 0  # events that were there already

    async def commit(self, events: Sequence[Event]) -> None:
        """Returns when the events are on disk. Raises QueueFullError or StoreError."""
        loop = asyncio.get_running_loop()
        job = _Job(events, loop.create_future())
        with self._wake:
            if len(self._jobs) >= self._most or self._closing:
                raise QueueFullError
            self._jobs.append(job)
        self._call(loop)
        await job.done

    async def run(self, work: Callable[[Store], T]) -> T:
        """What `work` returns; it runs on the writing thread, between two commits.

        What waits for the disk waits for it too, so it should take no longer than a commit.
        Raises what it raises, and QueueFullError when the thread has ended.
        """
        loop = asyncio.get_running_loop()
        errand = _Errand(work, loop.create_future())
        with self._wake:
            if self._closing:
                raise QueueFullError
            self._errands.append(errand)
        self._call(loop)
        result: T = await errand.done
        return result

    @property
    def waiting(self) -> int:
        """How many requests wait for the disk."""
        return len(self._jobs)

    def close(self) -> None:
        """Writes what waits and ends the thread. Closing twice does nothing."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()

    def _call(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wakes the thread, once all requests are read that have arrived until now.

        Together they cost one commit; and two threads that wake each other for every single
        request keep each other from working.
        """
        if self._thread is None:
            self._loop = loop
            self._thread = threading.Thread(target=self._work, name="committer", daemon=True)
            self._thread.start()
        if not self._is_waking:
            self._is_waking = True
            loop.call_soon(self._wake_up)

    def _wake_up(self) -> None:
        self._is_waking = False
        with self._wake:
            self._wake.notify()

    def _work(self) -> None:
        while True:
            jobs, errand = self._take()
            if jobs:
                self._answer([job.done for job in jobs], None, self._write(jobs))
            if errand:
                self._answer([errand.done], *self._attempt(errand))
            if not jobs and not errand:
                return

    def _take(self) -> tuple[list[_Job], _Errand | None]:
        """All events that wait and one errand; nothing when it is time to end."""
        with self._wake:
            while not self._jobs and not self._errands and not self._closing:
                self._wake.wait()
            jobs, self._jobs = self._jobs, []
            return jobs, self._errands.popleft() if self._errands else None

    def _write(self, jobs: Sequence[_Job]) -> StoreError | None:
        try:
            self._check()
            counts = self._store.append([event for job in jobs for event in job.events])
        except StoreError as error:
            return self._failed(error)
        except Exception as error:  # noqa: BLE001  (a dead thread would leave readers waiting)
            log.exception("the writing thread stumbled")
            return self._failed(StoreError(f"{self._store.name}: {type(error).__name__}"))
        if self.is_failing:
            self.is_failing = False
            tell("storage_recovered", store=self._store.name)
        self.commits += 1
        self.duplicates += counts.duplicates
        return None

    def _failed(self, error: StoreError) -> StoreError:
        """Tells the first failure of a row; thousands a second would bury it."""
        if not self.is_failing:
            self.is_failing = True
            tell("storage_failed", logging.ERROR, error=str(error))
        self.failed_commits += 1
        return error

    def _attempt(self, errand: _Errand) -> tuple[Any, Exception | None]:
        try:
            return errand.work(self._store), None
        except Exception as error:  # noqa: BLE001  (goes to who asked for it)
            return None, error

    def _answer(
        self, waiting: Sequence[asyncio.Future[Any]], result: Any, error: Exception | None
    ) -> None:
        """Wakes all of them at once: waking each by itself costs more than the disk."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(_resolve, waiting, result, error)


def _resolve(waiting: Sequence[asyncio.Future[Any]], result: Any, error: Exception | None) -> None:
    for done in waiting:
        if done.cancelled():
            continue
        if error is None:
            done.set_result(result)
        else:
            done.set_exception(error)
