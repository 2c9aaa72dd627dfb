"""Sums by day are those that plain Python makes, in any order and however often events come."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from kbgen.cli import cli
from kbgen.errors import ConfigError, EventError
from kbgen.events import Event, open_store, to_json
from kbgen.events.daily import TABLES, sql, write_sums
from kbgen.events.writers import write_parquet
from tests.events.samples import event
from tests.events.sums import random_events, sums

BATCH = random_events(random.Random(7), 300)


def summed(events: list[Event], **options: Any) -> list[dict[str, Any]]:
    out = io.BytesIO()
    count = write_sums([events], out, form="jsonl", **options)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert count == len(rows)
    return rows


@pytest.mark.parametrize("zone", ["UTC", "Asia/Seoul", "America/St_Johns"])
@pytest.mark.parametrize("table", TABLES)
def test_sums_are_those_of_plain_python(table: str, zone: str) -> None:
    assert sums(table, BATCH, zone) == summed(BATCH, table=table, zone=zone)


@settings(max_examples=10)
@given(st.randoms(use_true_random=False), st.integers(1, 60))
def test_order_and_repetition_change_nothing(dice: random.Random, count: int) -> None:
    events = random_events(dice, count)
    again = events + dice.choices(events, k=count)
    dice.shuffle(again)

    for table in TABLES:
        assert sums(table, events, "UTC") == summed(again, table=table)


def test_nothing_gives_no_rows() -> None:
    assert [] == summed([])


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["events", "daily", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the same events in a store and in files of each kind."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "e.jsonl").write_text("".join(f"{to_json(e)}\n" for e in BATCH))
    with (tmp_path / "e.parquet").open("wb") as out:
        write_parquet(BATCH, out)
    with open_store(tmp_path / ".kbgen/events.db") as store:
        store.append(BATCH)
    return tmp_path


def test_sums_up_the_store_or_files_each_event_once(folder: Path) -> None:
    expected = sums("articles", BATCH, "Asia/Seoul")
    for sources in ([], ["e.jsonl"], ["e.parquet"], ["e.parquet", "e.jsonl", "e.parquet"]):
        found = run(*sources, "--zone", "Asia/Seoul", "--format", "jsonl")
        assert expected == [json.loads(line) for line in found.stdout.splitlines()], found


def test_writes_each_format(folder: Path) -> None:
    expected = sums("articles", BATCH, "UTC")
    for name in ("s.csv", "s.jsonl", "s.parquet"):
        assert f"{len(expected)} rows written to {name}\n" == run("-o", name).output

    with Path("s.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert {"'=1+1", "';DROP/**/TABLE/**/event;--"} <= {row["article"] for row in table}
    assert [row["yes"] for row in table] == [str(row["yes"]) for row in expected]
    with duckdb.connect() as connection:
        found = connection.execute(
            "SELECT day::VARCHAR, article, lang, rev, yes FROM 's.parquet'"
        ).fetchall()
    keys = ("day", "article", "lang", "rev", "yes")
    assert [tuple(row[key] for key in keys) for row in expected] == found


def test_says_what_it_left_out(folder: Path) -> None:
    Path("e.jsonl").write_text(f"x\n{to_json(event())}\n")

    found = run("e.jsonl", "--table", "searches")

    assert "day,lang,searches,without_results,clicks,contacts\r\n" == found.stdout_bytes.decode()
    assert (
        "kbgen: e.jsonl: rows that are no event and were left out: 1 (kbgen events import says why)"
        in found.stderr
    )


def test_prints_the_sql(folder: Path) -> None:
    found = run("--sql", "--zone", "Asia/Seoul")

    assert sql(zone="Asia/Seoul") == found.output
    assert "AT TIME ZONE 'Asia/Seoul'" in found.output
    assert "AT TIME ZONE 'UTC'" in run("--sql", "--table", "searches").output


def test_says_what_it_cannot_do(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusal(kind: type[Exception], *arguments: str) -> str:
        error = run(*arguments).exception
        assert isinstance(error, kind), error
        return str(error)

    assert "unknown time zone 'Asia/Soul' (did you mean Asia/Seoul?)" == refusal(
        ConfigError, "--zone", "Asia/Soul"
    )
    assert "unknown time zone '../UTC'" in refusal(ConfigError, "--zone", "../UTC")
    assert "x.xls: cannot tell its format; name one with --format csv, jsonl or parquet" == refusal(
        ConfigError, "-o", "x.xls"
    )
    assert "either files or --db: both were named" == refusal(
        ConfigError, "e.jsonl", "--db", "e.db"
    )
    assert "absent.jsonl: no such file" in refusal(EventError, "absent.jsonl")
    Path("e.parquet").write_bytes(Path("e.parquet").read_bytes()[:-9])
    assert "e.parquet: Invalid Input Error" in refusal(EventError, "e.parquet", "-o", "s.csv")
    assert not list(folder.glob("s.csv*"))
    monkeypatch.setitem(__import__("sys").modules, "sqlglot", None)
    assert "other dialects than duckdb need sqlglot: pip install 'kbgen[warehouse]'" == refusal(
        ConfigError, "--sql", "--dialect", "spark"
    )
