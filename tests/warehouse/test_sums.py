"""The text of the sums gives the same rows on DuckDB, on PostgreSQL and on Spark.

Not part of `make test`, because Spark weighs 400 MB and needs Java: `make test-warehouse`.
"""

from __future__ import annotations

import io
import json
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import ibis
import pytest
import sqlglot
from ibis.backends.sql import SQLBackend

from kbgen.errors import ConfigError
from kbgen.events import Event, open_store, read_events
from kbgen.events.daily import TABLES, sql, write_sums
from kbgen.events.writers import write_parquet
from tests.events.postgres import cluster
from tests.events.sums import random_events, sums

pytestmark = pytest.mark.filterwarnings("default")  # of Ibis and Spark about each other

ZONES = ["UTC", "Asia/Seoul", "America/St_Johns"]

# The same events in each; a third of them twice, in any order, where nothing keeps them apart.
ONCE = random_events(random.Random(2026), 3000)


def repeated() -> list[Event]:
    dice = random.Random(11)
    events = ONCE + dice.choices(ONCE, k=1000)
    dice.shuffle(events)
    return events


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("warehouse") / "events.parquet"
    with path.open("wb") as out:
        write_parquet(repeated(), out)
    return path


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A store as collectors fill it, on a server of our own."""
    with cluster() as running:
        place = running.new_database()
        with open_store(place) as store:
            store.append(repeated())
        yield place


@pytest.fixture(scope="module")
def postgres(address: str) -> Iterator[SQLBackend]:
    url = urlsplit(address)
    warehouse = ibis.postgres.connect(
        host=url.hostname, port=url.port, user=url.username, database=url.path[1:], schema="kbgen"
    )
    yield warehouse
    warehouse.disconnect()


@pytest.fixture(scope="module")
def spark(parquet: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SQLBackend]:
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Java is not installed (Debian: apt-get install default-jre-headless)")
    from pyspark.sql import SparkSession  # noqa: PLC0415  (after the look for Java)

    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("spark")))
        .getOrCreate()
    )
    warehouse = ibis.pyspark.connect(session)
    session.read.parquet(str(parquet)).createOrReplaceTempView("event")
    yield warehouse
    session.stop()


@pytest.fixture(params=["postgres", "spark"])
def warehouse(request: pytest.FixtureRequest) -> SQLBackend:
    """Each kind, by way of Ibis."""
    found: SQLBackend = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("table", TABLES)
def test_every_warehouse_gives_the_same_rows(warehouse: SQLBackend, table: str, zone: str) -> None:
    found = warehouse.sql(sql(table, zone=zone), dialect="duckdb")

    assert sums(table, ONCE, zone) == _rows(found)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("table", TABLES)
def test_so_does_duckdb(parquet: Path, table: str, zone: str) -> None:
    out = io.BytesIO()
    write_sums([parquet], out, table=table, zone=zone, form="jsonl")

    assert sums(table, ONCE, zone) == [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("table", TABLES)
def test_so_does_a_store_that_duckdb_reads(address: str, table: str) -> None:
    out = io.BytesIO()
    write_sums([read_events(address)], out, table=table, form="jsonl")

    assert sums(table, ONCE, "UTC") == [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("dialect", ["postgres", "spark", "bigquery", "clickhouse", "snowflake"])
@pytest.mark.parametrize("table", TABLES)
def test_the_text_is_translated_and_can_be_parsed(table: str, dialect: str) -> None:
    text = sql(table, zone="Asia/Seoul", dialect=dialect)

    assert "Asia/Seoul" in text
    assert len(sqlglot.parse(text, read=dialect)) == 1


def test_says_whose_sql_it_does_not_know() -> None:
    with pytest.raises(ConfigError, match=r"no SQL for 'oracel': Unknown dialect 'oracel'\. Did"):
        sql(dialect="oracel")


def _rows(table: ibis.Table) -> list[dict[str, Any]]:
    """The rows as JSON has them, in an order that no collation decides."""
    found = table.execute().to_dict("records")
    rows = [{**row, "day": str(row["day"])[:10]} for row in found]
    return sorted(rows, key=lambda row: tuple(row.values())[:4])
