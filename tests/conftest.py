"""What the tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, expect

from kbgen.search import browser

# Machines are noisy: how long an example takes says nothing about the code. The same examples each
# time, so that a run tells of the change at hand; KBGEN_TEST_EXAMPLES=new looks for others.
settings.register_profile(
    "kbgen",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("KBGEN_TEST_EXAMPLES") != "new",
)
settings.load_profile("kbgen")

ROOT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser test that fails is tried once more, and the summary says so.

    A browser is a dozen processes on a machine that does other things as well; Playwright's own
    runner advises the same. KBGEN_TEST_DELAY=0.6, the seconds that each answer of a test server
    may take, finds the tests and the scripts that cannot wait.

    What may take longest goes first, so that nobody waits for it in the end.
    """
    items.sort(key=_longest, reverse=True)
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.flaky(reruns=1))


def _longest(item: pytest.Item) -> float:
    limit = item.get_closest_marker("timeout")
    return float(limit.args[0]) if limit else 0.0


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real help centers and questions, which lie beside the checkout and not in it."""
    data = Path(os.environ.get("KBGEN_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not data.is_dir():
        pytest.skip(f"no test data at {data}; set KBGEN_TEST_DATA to its folder")
    return data


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One headless Chromium: Debian's if it is installed, else Playwright's own."""
    expect.set_options(timeout=30_000)  # a busy machine takes its time
    with browser.chromium() as started:
        yield started
