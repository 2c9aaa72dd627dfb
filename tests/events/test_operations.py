"""Logs, the summary of refusals, and retention."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import apsw
import pytest
from click.testing import CliRunner

from kbgen.cli import cli
from kbgen.events import Counts, Store, open_store, upkeep
from kbgen.events.committer import Committer, QueueFullError
from kbgen.events.guard import REASONS
from kbgen.events.logs import Form, Json, Text, set_up, tell
from kbgen.events.metrics import Metrics
from tests.events.samples import NOW, Clock, event, new_id


@pytest.fixture
def hear(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Form], io.StringIO]]:
    """Sets logging up, as the command does, to write into what it returns."""
    level = logging.getLogger("kbgen.collect").level

    def hear(form: Form) -> io.StringIO:
        monkeypatch.setattr(logging.getLogger(), "handlers", [])  # those of pytest
        stream = io.StringIO()
        set_up(form, stream)
        return stream

    yield hear
    logging.getLogger("kbgen.collect").setLevel(level)


def test_a_line_is_an_object(hear: Callable[[Form], io.StringIO]) -> None:
    stream = hear("json")

    tell("storage_failed", logging.ERROR, error='a "b"\nc', at=NOW)

    line = json.loads(stream.getvalue())
    assert 1 == stream.getvalue().count("\n")
    assert line.pop("time").endswith("Z")
    expected = {"level": "error", "event": "storage_failed", "error": 'a "b"\nc', "at": str(NOW)}
    assert expected == line


def test_a_line_is_readable_on_a_terminal(hear: Callable[[Form], io.StringIO]) -> None:
    stream = hear("text")

    tell("refused", reasons={"rate": 3})
    tell("storage_failed", logging.ERROR, error="the disk is full")

    lines = [line.partition("Z ")[2] for line in stream.getvalue().splitlines()]
    assert [
        'info    refused reasons={"rate": 3}',
        'error   storage_failed error="the disk is full"',
    ] == lines


@pytest.mark.parametrize("form", [Json(), Text()])
def test_what_an_error_says_is_left_out(form: logging.Formatter) -> None:
    """A message may hold what somebody sent."""
    try:
        int("010-1234-5678")
    except ValueError as error:
        info = (ValueError, error, error.__traceback__)
    record = logging.LogRecord(
        "asyncio", logging.ERROR, "x.py", 1, "Task failed\nfuture: 010-1234-5678", (), info
    )

    line = form.format(record)

    assert "010-1234" not in line
    assert "Task failed" in line
    assert "ValueError" in line
    assert "test_operations.py:" in line


async def until(condition: Callable[[], bool]) -> None:
    """Lets other tasks work until something is the case."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.001)


def test_refusals_are_summed_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Each minute in which there were any, and at the end."""
    caplog.set_level(logging.INFO, "kbgen.collect")
    monkeypatch.setattr(upkeep, "SUMMARY_SECONDS", 0.001)
    metrics = Metrics()

    async def work() -> None:
        async with upkeep.upkeep(committer, metrics, retention=None, clock=Clock()):
            metrics.add("kbgen_refused_total", 3, reason="rate")
            metrics.add("kbgen_refused_total", 1, reason="origin")
            await until(lambda: len(caplog.messages) == 1)
            metrics.add("kbgen_refused_total", 2, reason="rate")

    with open_store(tmp_path / "e.db") as store:
        committer = Committer(store)
        asyncio.run(work())
        committer.close()

    assert [
        'refused reasons={"origin": 1, "rate": 3}',
        'refused reasons={"rate": 2}',
    ] == caplog.messages


def test_what_is_too_old_goes_each_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "kbgen.collect")
    monkeypatch.setattr(upkeep, "FORGET_SECONDS", 0.001)
    monkeypatch.setattr(upkeep, "FORGET_AT_ONCE", 10)
    clock, metrics = Clock(), Metrics()
    days = [0, 89, 90, *[91] * 25]

    async def work() -> None:
        retention = timedelta(days=90)
        async with upkeep.upkeep(committer, metrics, retention=retention, clock=clock):
            await until(lambda: metrics.get("kbgen_forgotten_total") == 25)
            assert 3 == await committer.run(lambda store: store.count())
            clock.forward(days=1)
            await until(lambda: metrics.get("kbgen_forgotten_total") == 26)
            assert 2 == await committer.run(lambda store: store.count())

    with open_store(tmp_path / "e.db") as store:
        store.append([event(event_id=new_id(), ts=NOW - timedelta(days=age)) for age in days])
        committer = Committer(store)
        asyncio.run(work())
        committer.close()

    assert "forgotten events=25 before=2026-08-05T09:30:00Z" == caplog.messages[0]


def test_votes_do_not_wait_until_all_is_forgotten() -> None:
    done: list[str] = []

    class Slow:
        name = "slow"

        def append(self, events: object) -> Counts:
            done.append("append")
            return Counts(1)

        def forget(self, *, before: datetime, limit: int) -> int:
            done.append("forget")
            return limit if done.count("forget") < 50 else 0

    async def work() -> None:
        forgetting = asyncio.create_task(upkeep.forget(committer, NOW))
        await until(lambda: "forget" in done)
        await committer.commit([event()])
        await forgetting

    committer = Committer(cast("Store", Slow()))
    asyncio.run(work())
    committer.close()

    assert done.index("append") < 49
    assert 50 == done.count("forget")


def test_what_could_not_be_forgotten_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "kbgen.collect")
    monkeypatch.setattr(upkeep, "FORGET_AGAIN_SECONDS", 0.001)
    metrics = Metrics()

    async def work() -> None:
        retention = timedelta(days=90)
        async with upkeep.upkeep(committer, metrics, retention=retention, clock=Clock()):
            await until(lambda: len(caplog.messages) == 2)
            holder.close()
            await until(lambda: metrics.get("kbgen_forgotten_total") == 1)

    with open_store(tmp_path / "e.db", wait=0.01) as store:
        store.append([event(event_id=new_id(), ts=NOW - timedelta(days=91))])
        holder = apsw.Connection(str(tmp_path / "e.db"))
        holder.execute("BEGIN IMMEDIATE")
        committer = Committer(store)
        asyncio.run(work())
        committer.close()

    assert caplog.messages[0].startswith("forgetting_failed error=")
    assert "another program is writing to it" in caplog.messages[0]
    assert caplog.messages[-1].startswith("forgotten events=1 ")


def test_a_collector_that_ends_while_it_forgets_ends(tmp_path: Path) -> None:
    async def work() -> None:
        committer.close()
        with pytest.raises(QueueFullError):
            await upkeep.forget(committer, NOW)

    with open_store(tmp_path / "e.db") as store:
        committer = Committer(store)
        asyncio.run(work())


@pytest.mark.parametrize("text", ["90", "0d", "-1d", "1.5d", "90 days", "3m", "９d", ""])
def test_a_retention_is_a_number_of_days(text: str) -> None:
    result = CliRunner().invoke(cli, ["collect", "--retention", text])

    assert 2 == result.exit_code
    assert f"expected a number of days such as 90d, found {text!r}" in result.output


LABEL = r'[a-zA-Z_]\w*="[^"\\\n]*"'
SAMPLE = re.compile(rf"(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{{{LABEL}(,{LABEL})*\}})? \d+")


def test_counters_are_in_the_format_of_prometheus() -> None:
    """Each family once, with its help and type in front, and no series twice."""
    metrics = Metrics()
    for reason in REASONS:
        metrics.add("kbgen_refused_total", reason=reason)
    metrics.add("kbgen_requests_total", status="204")
    metrics.add("kbgen_events_total", 3, type="vote")
    text = metrics.text(kbgen_commits_total=1, kbgen_waiting_requests=0)

    assert text.endswith("\n")
    families: list[str] = []
    series: list[str] = []
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("# HELP "):
            family = line.split()[2]
            families.append(family)
            kind = "gauge" if family == "kbgen_waiting_requests" else "counter"
            assert f"# TYPE {family} {kind}" == next(lines)
            assert (kind == "counter") == family.endswith("_total")
        else:
            sample = SAMPLE.fullmatch(line)
            assert sample, line
            assert families[-1] == sample["name"]
            series.append(line.rpartition(" ")[0])
    assert len(families) == len(set(families)) == 5
    assert len(series) == len(set(series)) == len(REASONS) + 4
