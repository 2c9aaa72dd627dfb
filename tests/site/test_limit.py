"""A limit on time: work that takes too long is ended, in any thread, and nothing else is."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from kbgen.site import limit
from kbgen.site.limit import time_limit


def spin(seconds):
    """Works for that long, by its own count."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass
    return "done"


def limited(limit, seconds):
    with time_limit(limit):
        return spin(seconds)


def stubborn():
    """Swallows the first errors that strike it."""
    with time_limit(0.05):
        for _ in range(2):
            with suppress(TimeoutError):
                spin(60)
        return spin(60)


def in_main(work, *given):
    return work(*given)


def in_thread(work, *given):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work, *given).result()


where = pytest.mark.parametrize("run", [in_main, in_thread])


@where
def test_what_takes_too_long_is_ended(run):
    with pytest.raises(TimeoutError):
        run(limited, 0.05, 60)


@where
def test_it_strikes_again(run):
    """Somebody's `except Exception` is no way out."""
    with pytest.raises(TimeoutError):
        run(stubborn)


@where
def test_what_ends_in_time_is_left_alone(run):
    """Also afterwards, and no watch is left behind."""
    before = threading.active_count()

    assert run(limited, 0.2, 0.01) == "done"
    assert run(spin, 0.4) == "done"
    assert threading.active_count() == before


def test_waiting_is_not_working():
    """A busy machine, or a slow disk, changes nothing."""
    with time_limit(0.1):
        time.sleep(0.5)


def test_others_are_not_struck():
    """Two threads at once: only the slow one is ended."""
    with ThreadPoolExecutor(2) as pool:
        slow, quick = pool.submit(limited, 0.05, 60), pool.submit(limited, 60, 0.5)

        assert quick.result() == "done"
        with pytest.raises(TimeoutError):
            slow.result()


def test_its_own_errors_come_through():
    with pytest.raises(KeyError), time_limit(1):
        raise KeyError("x")


@pytest.mark.timeout(60)
def test_a_strike_at_the_very_end_leaves_nothing_locked(monkeypatch):
    """Work that takes as long as it may, many times: it ends, or is ended, and that is all."""
    monkeypatch.setattr(limit, "LOOK", 0.0005)
    monkeypatch.setattr(limit, "AGAIN", 0.0005)
    rng, ends = random.Random(7), Counter()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(2000):
            try:
                ends[limited(0.002, 0.002 + rng.uniform(-4e-4, 4e-4))] += 1
            except TimeoutError:
                ends["struck"] += 1
            spin(0.0001)  # nothing may strike any more
    finally:
        sys.setswitchinterval(before)

    assert set(ends) == {"done", "struck"}
    assert ends.total() == 2000
