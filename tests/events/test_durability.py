"""What was answered with 204 is there: after kills, power failures, and disks that fail."""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw
import httpx
import pytest

from kbgen.events import open_store
from kbgen.events.committer import Committer
from tests.events.disks import disk
from tests.events.samples import SITE, event, new_id, vote
from tests.events.test_collector import OPEN, reason, running
from tests.events.votes import Voting

KBGEN = [sys.executable, "-c", "from kbgen.cli import main; main()"]


@contextmanager
def collecting(
    folder: Path, *, under: tuple[str, ...] = ()
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A collector as a process of its own, and its port."""
    command = [
        *under, *KBGEN, "collect", "--port", "0", "--db", str(folder / "e.db"),
        "--origin", SITE, "--trusted-proxy", "127.0.0.1",
    ]  # fmt: skip
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout
            yield process, int(process.stdout.readline().strip().rpartition(":")[2])
        finally:
            # The whole group: what strace watches outlives it otherwise.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def kept(path: Path) -> set[str]:
    """The ids in a store whose file is whole."""
    with open_store(path) as store:
        ids = {e.event_id for e in store.events()}
    connection = apsw.Connection(str(path))
    assert "ok" == connection.pragma("integrity_check")
    connection.close()
    return ids


@pytest.mark.parametrize("round_", range(20))
def test_a_kill_loses_no_acknowledged_vote(tmp_path: Path, round_: int) -> None:
    """SIGKILL under load, at a moment that differs each time."""
    chance = random.Random(round_)

    async def load(process: subprocess.Popen[str], port: int) -> set[str]:
        voting = Voting(port)
        async with voting.under_way(connections=8):
            await voting.until(chance.randrange(1, 200))
            process.kill()
        return voting.acknowledged

    with collecting(tmp_path) as (process, port):
        acknowledged = asyncio.run(load(process, port))

    assert acknowledged
    assert acknowledged <= kept(tmp_path / "e.db")


def test_a_stop_under_load_answers_all_that_is_under_way(tmp_path: Path) -> None:
    """No vote is kept whose sender was not told so, and none is lost that was acknowledged."""

    async def load(process: subprocess.Popen[str], port: int) -> set[str]:
        voting = Voting(port)
        async with voting.under_way(connections=16):
            await voting.until(200)
            process.terminate()
        await asyncio.to_thread(process.wait, 20)
        return voting.acknowledged

    with collecting(tmp_path) as (process, port):
        acknowledged = asyncio.run(load(process, port))

    assert 0 == process.returncode
    assert acknowledged == kept(tmp_path / "e.db")


@pytest.mark.parametrize(("synchronous", "survives"), [("full", True), ("normal", False)])
def test_a_power_failure_loses_no_acknowledged_vote(
    tmp_path: Path, synchronous: str, survives: bool
) -> None:
    """The same with NORMAL shows that the test would notice."""
    moments: list[tuple[set[str], dict[str, bytes]]] = []

    async def votes(committer: Committer) -> None:
        acknowledged: set[str] = set()
        for number in range(40):
            some = [event(event_id=new_id()) for _ in range(1 + number % 3)]
            await committer.commit(some)
            acknowledged |= {e.event_id for e in some}
            moments.append((set(acknowledged), dict(made.synced)))

    with disk() as made, open_store(tmp_path / "e.db") as store:
        store._connection.pragma("synchronous", synchronous)
        committer = Committer(store)
        asyncio.run(votes(committer))
        committer.close()

    lost = 0
    for number, (acknowledged, synced) in enumerate(moments[::4]):
        made.after_power_failure(tmp_path / str(number), synced)
        lost += len(acknowledged - kept(tmp_path / str(number) / "e.db"))
    assert survives == (lost == 0)


def test_a_confirmation_waits_for_the_disk(tmp_path: Path) -> None:
    """One fsync at least for each answer when votes come one after another."""
    strace = shutil.which("strace")
    if not strace:
        pytest.skip("needs strace")
    trace = tmp_path / "trace"
    under = (strace, "-f", "-q", "-e", "trace=fsync,fdatasync", "-o", str(trace))

    async def load(port: int) -> tuple[int, int]:
        voting = Voting(port)
        before = syncs()
        async with voting.under_way(connections=1):
            await voting.until(50)
        return len(voting.acknowledged), syncs() - before

    def syncs() -> int:
        return len(re.findall(r"f(?:data)?sync\(", trace.read_text()))

    with collecting(tmp_path, under=under) as (_, port):
        acknowledged, count = asyncio.run(load(port))

    assert acknowledged <= count <= acknowledged * 2


@pytest.mark.parametrize("fault", [apsw.FullError, apsw.ReadOnlyError, apsw.IOError])
def test_a_disk_that_fails_costs_no_vote(tmp_path: Path, fault: type[apsw.Error]) -> None:
    """503 with Retry-After as long as it fails; then the same process goes on."""
    first, second = vote(), vote()
    with disk() as made, running(tmp_path, limits=OPEN) as room:
        assert 204 == room.post(first).status_code
        made.fault = fault
        refused = room.post(second)
        made.fault = None
        taken = room.post(second)

        assert (503, "storage") == reason(refused)
        assert 5 <= int(refused.headers["Retry-After"]) <= 10
        assert (204, "") == reason(taken)
    assert {first["event_id"], second["event_id"]} == kept(tmp_path / "events.db")


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux")
def test_a_file_that_may_not_grow_costs_no_vote(tmp_path: Path) -> None:
    """The real thing: the system refuses to write, and later writes again."""
    with collecting(tmp_path) as (process, port):
        sender = Voting(port)
        assert [204] == asyncio.run(sender.send(1))
        _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        size = (tmp_path / "e.db-wal").stat().st_size
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size + 2048, hard))
        refused = asyncio.run(sender.send(20))
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        taken = asyncio.run(sender.send(1))
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=20)

    assert {503} == set(refused)
    assert [204] == taken
    assert sender.acknowledged == kept(tmp_path / "e.db")
    assert [
        "any_article", "started", "storage_failed", "storage_recovered", "refused", "stopped",
    ] == [json.loads(line)["event"] for line in told.splitlines()]  # fmt: skip


@pytest.mark.parametrize("names", [["e.db", "e.db-wal", "e.db-shm"], ["e.db"], ["e.db-wal"]])
def test_takes_nothing_while_its_files_are_elsewhere(tmp_path: Path, names: list[str]) -> None:
    """An open file can be written to after it was moved or deleted; nobody would find the votes."""
    (tmp_path / "old").mkdir()
    with collecting(tmp_path) as (process, port):
        sender = Voting(port)
        assert [204, 204] == asyncio.run(sender.send(2))
        for name in names:
            (tmp_path / name).rename(tmp_path / "old" / name)
        away = asyncio.run(sender.send(2))
        for name in names:
            (tmp_path / "old" / name).rename(tmp_path / name)
        back = asyncio.run(sender.send(2))
        process.terminate()
        _, told = process.communicate(timeout=20)

    assert ([503, 503], [204, 204]) == (away, back)
    assert sender.acknowledged == kept(tmp_path / "e.db")
    assert f"{names[0]}: was moved or deleted while the collector uses it; put it back" in told


def test_a_folder_that_was_made_anew_takes_nothing_until_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with collecting(folder) as (_, port):
        assert [204] == asyncio.run(Voting(port).send(1))
        shutil.rmtree(folder)
        folder.mkdir()
        with open_store(folder / "e.db"):
            assert [503] == asyncio.run(Voting(port).send(1))
    with collecting(folder) as (_, port):
        sender = Voting(port)
        assert [204] == asyncio.run(sender.send(1))
    assert sender.acknowledged == kept(folder / "e.db")


def test_every_vote_of_many_readers_counts_once(tmp_path: Path) -> None:
    """64 clients, each with 100 votes of other readers, each vote sent three times."""
    with collecting(tmp_path) as (_, port):
        voting = Voting(port)
        statuses = asyncio.run(voting.send(64 * 100, times=3, connections=64))
        counted = httpx.get(f"http://127.0.0.1:{port}/metrics").text

    assert [204] * (64 * 100 * 3) == statuses
    with open_store(tmp_path / "e.db") as store:
        assert 6_400 == store.count()
        assert 6_400 == len(list(store.votes()))
    assert "kbgen_duplicates_total 12800\n" in counted
