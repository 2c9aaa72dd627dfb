"""Work that goes on in a process of its own while this one builds pages."""

from __future__ import annotations

import multiprocessing
import os
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

    def work() -> None:
        end_with_parent()
        task()

    process = multiprocessing.get_context("fork").Process(target=work, daemon=True)
    process.start()

    def finish() -> None:
        process.join()
        if process.exitcode != 0:
            task()

    return finish


def end_with_parent() -> None:
    """Lets this process end when the one that started it is gone, however that ended.

    A killed build would otherwise leave its helpers waiting for work for ever.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None, "only a process that another one started has a parent"

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
