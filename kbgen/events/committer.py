"""Group commit: one thread writes what many requests brought, and wakes them when it is on disk."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from kbgen.events.model import Event
from kbgen.events.store import Counts, Store, StoreError

log = logging.getLogger("kbgen.collect")


class QueueFullError(Exception):
    """More events wait for the disk than may wait."""


@dataclass(slots=True)
class _Job:
    events: Sequence[Event]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Counts]


class Committer:
    """Writes events to a store from its own thread, which starts with the first of them.

    `most` is how many requests may wait. Nothing that was acknowledged is ever only in memory.
    """

    def __init__(self, store: Store, *, most: int = 4096) -> None:
        self._store = store
        self._most = most
        self._jobs: deque[_Job] = deque()
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closing = False
        self.commits = 0

    async def commit(self, events: Sequence[Event]) -> Counts:
        """Returns when the events are on disk. Raises QueueFullError or StoreError."""
        loop = asyncio.get_running_loop()
        job = _Job(events, loop, loop.create_future())
        with self._wake:
            if len(self._jobs) >= self._most or self._closing:
                raise QueueFullError
            self._jobs.append(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="committer", daemon=True)
                self._thread.start()
            self._wake.notify()
        return await job.done

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

    def _run(self) -> None:
        while jobs := self._take():
            results = self._write(jobs)
            # One wake-up for all jobs of a loop: waking each by itself costs more than the disk.
            by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Job, Counts | StoreError]]] = {}
            for job, result in zip(jobs, results, strict=True):
                by_loop.setdefault(job.loop, []).append((job, result))
            for loop, answers in by_loop.items():
                if not loop.is_closed():
                    loop.call_soon_threadsafe(_answer, answers)

    def _take(self) -> list[_Job]:
        """Everything that waits; nothing when it is time to end."""
        with self._wake:
            while not self._jobs and not self._closing:
                self._wake.wait()
            jobs = list(self._jobs)
            self._jobs.clear()
            return jobs

    def _write(self, jobs: Sequence[_Job]) -> list[Counts | StoreError]:
        results: list[Counts | StoreError] = []
        try:
            with self._store.transaction():
                results += [self._store.append(job.events) for job in jobs]
        except StoreError as error:
            log.error("%s", error)  # noqa: TRY400  (its words say all; a traceback hides them)
            return [error] * len(jobs)
        except Exception as error:  # a dead thread would leave every reader waiting
            log.exception("the writing thread stumbled")
            return [StoreError(f"{self._store.path}: {error!r}")] * len(jobs)
        self.commits += 1
        return results


def _answer(answers: Sequence[tuple[_Job, Counts | StoreError]]) -> None:
    for job, result in answers:
        if job.done.cancelled():
            continue
        if isinstance(result, StoreError):
            job.done.set_exception(result)
        else:
            job.done.set_result(result)
