"""What a collector does without being asked: it counts refusals, and forgets what is old."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from kbgen.events.committer import Committer, QueueFullError
from kbgen.events.logs import tell
from kbgen.events.metrics import Metrics
from kbgen.events.store import StoreError
from kbgen.events.times import format_time

SUMMARY_SECONDS = 60.0
FORGET_SECONDS = 24 * 3600.0
FORGET_AGAIN_SECONDS = 600.0  # after it failed
FORGET_AT_ONCE = 500  # events; votes wait for as long as it takes to delete them


@asynccontextmanager
async def upkeep(
    committer: Committer,
    metrics: Metrics,
    *,
    retention: timedelta | None,
    clock: Callable[[], datetime],
) -> AsyncIterator[None]:
    """Does it while the context is open."""
    tasks = [asyncio.create_task(_summarize(metrics))]
    if retention is not None:
        tasks.append(asyncio.create_task(_forget_daily(committer, metrics, retention, clock)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def forget(committer: Committer, before: datetime) -> int:
    """Deletes events from before a moment, some at a time. Raises StoreError."""
    gone = 0
    while True:
        some = await committer.run(lambda store: store.forget(before=before, limit=FORGET_AT_ONCE))
        gone += some
        if some < FORGET_AT_ONCE:
            return gone


async def _forget_daily(
    committer: Committer,
    metrics: Metrics,
    retention: timedelta,
    clock: Callable[[], datetime],
) -> None:
    while True:
        before = clock() - retention
        pause = FORGET_SECONDS
        try:
            gone = await forget(committer, before)
        except QueueFullError:  # it is being closed
            return
        except StoreError as error:
            tell("forgetting_failed", logging.ERROR, error=str(error))
            pause = FORGET_AGAIN_SECONDS
        else:
            metrics.add("kbgen_forgotten_total", gone)
            tell("forgotten", events=gone, before=format_time(before))
        await asyncio.sleep(pause)


async def _summarize(metrics: Metrics) -> None:
    """Each minute, how much was refused for which reason; nothing if nothing was."""
    before: dict[str, int] = {}
    try:
        while True:
            await asyncio.sleep(SUMMARY_SECONDS)
            before = _tell_refusals(metrics, before)
    finally:  # the last minute counts too
        _tell_refusals(metrics, before)


def _tell_refusals(metrics: Metrics, before: dict[str, int]) -> dict[str, int]:
    now = metrics.by_label("kbgen_refused_total")
    new = {reason: n - before.get(reason, 0) for reason, n in now.items()}
    if any(new.values()):
        tell("refused", reasons={reason: n for reason, n in sorted(new.items()) if n})
    return now
