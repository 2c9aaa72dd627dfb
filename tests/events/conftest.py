"""What the tests of events share: stores of both kinds, and the server that one kind needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kbgen.events import Store, open_store
from tests.events.postgres import Cluster, cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server, one for each process that runs tests."""
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new store may be: once a file, once a database."""
    if request.param == "sqlite":
        return str(tmp_path / "new" / "events.db")
    running: Cluster = request.getfixturevalue("postgres")
    return running.empty_database()


@pytest.fixture
def store(place: str) -> Iterator[Store]:
    """A new, empty store, of both kinds."""
    with open_store(place, wait=0.05) as opened:
        yield opened
