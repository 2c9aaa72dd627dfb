"""A limit on the time that a piece of work may take, in any thread."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK = 0.05  # seconds between looks at the time that was used, at least
AGAIN = 0.5  # seconds between strikes, in case one falls where errors are swallowed


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TimeoutError in the calling thread once the block has used `seconds` of its time.

    CPU time of this thread, so a busy machine does not change what comes out; time on the clock
    where a thread has no such count (Windows). It strikes between two steps of the interpreter:
    a single call into C ends first.
    """
    done = threading.Event()
    watch = threading.Thread(
        target=_strike, args=(threading.get_ident(), seconds, _spent(), done), daemon=True
    )
    watch.start()
    try:
        yield
    finally:
        try:
            done.set()
        finally:  # it may have struck just before
            done.set()
            watch.join()


def _spent() -> Callable[[], float]:
    """The time of this thread, for another one to read."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.monotonic
    clock = time.pthread_getcpuclockid(threading.get_ident())
    return lambda: time.clock_gettime(clock)


def _strike(thread: int, seconds: float, spent: Callable[[], float], done: threading.Event) -> None:
    end = spent() + seconds
    while (left := end - spent()) > 0:  # it may wait for something meanwhile
        if done.wait(max(left, LOOK)):
            return
    while not done.is_set():
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread), ctypes.py_object(TimeoutError)
        )
        done.wait(AGAIN)
