"""A limit on the time that a piece of work may take, in any thread."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

LOOK = 0.05  # seconds between looks at the time that was used, at least
AGAIN = 0.5  # seconds of work between strikes, in case one falls where errors are swallowed


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TimeoutError in the calling thread once the block has used `seconds` of its time.

    CPU time of this thread, so a busy machine does not change what comes out; time on the clock
    where a thread has no such count (Windows). It strikes between two steps of the interpreter:
    a single call into C ends first.
    """
    watch = _Watch(seconds)
    watch.start()
    try:
        yield
    finally:
        try:
            watch.end()
        finally:  # it may have struck just before
            watch.end()
            watch.join()


class _Watch(threading.Thread):
    """Watches the thread that makes it.

    A strike may fall into the very call that ends the watch. So that call has nothing but locks
    of the interpreter, which `with` takes and gives back in one step; an Event or a Condition is
    Python itself, and a strike within would leave it locked for ever.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(daemon=True)
        self._seconds = seconds
        self._watched = threading.get_ident()
        self._spent = _spent()
        self._turn = threading.Lock()  # of ending or striking
        self._ended = threading.Lock()  # held until the work has ended
        self._ended.acquire()

    def end(self) -> None:
        """From here on nothing strikes. Ending twice does nothing."""
        with self._turn:
            if self._ended.locked():
                self._ended.release()

    def run(self) -> None:
        """Strikes each time the work has used up its time."""
        last = self._spent() + self._seconds
        while not self._ended.acquire(timeout=max(last - self._spent(), LOOK)):
            if self._spent() >= last:
                last += AGAIN
                self._strike()

    def _strike(self) -> None:
        with self._turn:
            if self._ended.locked():
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(self._watched), ctypes.py_object(TimeoutError)
                )


def _spent() -> Callable[[], float]:
    """The time of this thread, for another one to read."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.monotonic
    clock = time.pthread_getcpuclockid(threading.get_ident())
    return lambda: time.clock_gettime(clock)
