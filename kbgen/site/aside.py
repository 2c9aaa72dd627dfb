"""Work that goes on in a process of its own while this one builds pages."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable


def start(task: Callable[[], None]) -> Callable[[], None]:
    """Starts a task in a fork of this process and returns a function that waits for its end.

    The task must leave its result in files. Where a fork is not possible or not safe, or if the
    fork failed, the waiting function does the task itself, so its errors are raised there.
    """
    can_fork = "fork" in multiprocessing.get_all_start_methods()
    if not can_fork or threading.active_count() > 1:  # a lock of another thread would stay shut
        return task
    process = multiprocessing.get_context("fork").Process(target=task, daemon=True)
    process.start()

    def finish() -> None:
        process.join()
        if process.exitcode != 0:
            task()

    return finish
