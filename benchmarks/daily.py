"""Ten million events summed up by article and day: `kbgen events daily`, as a whole process.

The events lie in Parquet, as `kbgen events export` writes it: 1,000 articles, 300 days, two
languages, in order of time. SQLite, the peer, runs the same text over the first million of them.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import apsw
import duckdb

from benchmarks.common import goal, run
from kbgen.events.daily import sql
from kbgen.events.duck import COLUMNS, VERSION_KEY
from kbgen.events.model import VERSION

ROWS, PEER_ROWS = 10_000_000, 1_000_000
SECONDS = 10  # goal
MADE = ("event_id", "ts", "type", "article", "lang", "rev", "vote", "reason", "findable", "query",
        "results", "voter", "prev")  # fmt: skip
# The same events each time: `hash` of their number decides everything.
EVENTS = """
SELECT
  lpad(to_hex(epoch_ms(ts)), 12, '0') AS head, substr(md5(CAST(i AS VARCHAR)), 1, 18) AS tail,
  substr(head, 1, 8) || '-' || substr(head, 9) || '-7' || substr(tail, 1, 3) || '-8'
    || substr(tail, 4, 3) || '-' || substr(tail, 7)
    || CASE WHEN type = 'detail' THEN '.1' ELSE '' END AS event_id,
  ts, type,
  CASE WHEN type <> 'search' THEN 'KB-' || lpad(CAST(h // 7 % 1000 AS VARCHAR), 4, '0') END
    AS article,
  CASE WHEN h // 11 % 3 = 0 THEN 'en' ELSE 'ko' END AS lang,
  CASE WHEN type <> 'search' THEN lpad(to_hex(h // 7 % 1000), 12, '0') END AS rev,
  CASE WHEN type IN ('vote', 'detail') THEN h // 13 % 2 END AS vote,
  CASE WHEN type = 'detail' THEN 'other' END AS reason,
  CASE WHEN type = 'detail' THEN h // 17 % 2 END AS findable,
  CASE WHEN type = 'search' THEN '환불 언제' END AS query,
  CASE WHEN type = 'search' THEN h // 19 % 4 END AS results,
  md5(CAST(h // 23 % 1000000 AS VARCHAR)) AS voter,
  CASE WHEN h // 29 % 2 = 0 THEN '?환불' END AS prev
FROM (
  SELECT i, hash(i) AS h, TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_milliseconds(i * 2592) AS ts,
    CASE WHEN h % 100 < 45 THEN 'view' WHEN h % 100 < 60 THEN 'vote' WHEN h % 100 < 68 THEN 'detail'
      WHEN h % 100 < 85 THEN 'search' WHEN h % 100 < 98 THEN 'click' ELSE 'contact' END AS type
  FROM range({rows}) AS numbers (i)
)
"""


def main() -> None:
    """Measures and prints."""
    with tempfile.TemporaryDirectory(prefix="kbgen-bench-") as name:
        folder = Path(name)
        _write(folder / "events.parquet", ROWS)
        size = (folder / "events.parquet").stat().st_size / 1e6
        print(f"  {ROWS:,} events, {size:.0f} MB of Parquet", flush=True)
        took = {}
        for table in ("articles", "searches"):
            took[table] = run("kbgen", "events", "daily", "events.parquet", "--table", table,
                              "-o", f"{table}.parquet", cwd=folder)  # fmt: skip
            rows = duckdb.execute(f"SELECT count(*) FROM '{folder}/{table}.parquet'").fetchone()
            assert rows
            print(f"  {table}: {took[table].seconds:.1f} s, {rows[0]:,} rows, "
                  f"{took[table].megabytes:.0f} MB of memory", flush=True)  # fmt: skip
        peer = _sqlite(folder)
        ours = took["articles"].seconds / ROWS * PEER_ROWS
        print(f"  SQLite {apsw.sqlite_lib_version()} over {PEER_ROWS:,} of them: {peer:.1f} s, "
              f"{peer / ours:.0f} times as long for each event")  # fmt: skip
        seconds = took["articles"].seconds
        goal(f"{ROWS:,} events by article and day within {SECONDS} s: {seconds:.1f} s",
             met=seconds <= SECONDS)  # fmt: skip


def _write(path: Path, rows: int) -> None:
    columns = ", ".join(
        f"CAST({name if name in MADE else 'NULL'} AS {kind}) AS {name}"
        for name, kind in COLUMNS.items()
    )
    with duckdb.connect(config={"temp_directory": str(path.parent)}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            f"COPY (SELECT {columns} FROM ({EVENTS.format(rows=rows)})) TO '{path}' "
            f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{VERSION_KEY}: '{VERSION}'}})"
        )


def _sqlite(folder: Path) -> float:
    """Seconds that SQLite takes for the same text; only the function of the day is its own."""
    day = "DATE(ts / 1000000, 'unixepoch')"
    text = sql().replace("CAST(ts AT TIME ZONE 'UTC' AS DATE)", day)
    assert day in text
    store = apsw.Connection(str(folder / "peer.db"))
    store.execute(f"CREATE TABLE event ({', '.join(COLUMNS)})")
    names = ", ".join(COLUMNS).replace("ts,", "epoch_us(ts),", 1)
    with duckdb.connect() as connection, store:
        rows = connection.execute(
            f"SELECT {names} FROM '{folder}/events.parquet' LIMIT {PEER_ROWS}"
        )
        while batch := rows.fetchmany(10_000):
            store.executemany(f"INSERT INTO event VALUES ({','.join('?' * len(COLUMNS))})", batch)
    started = time.perf_counter()
    count = sum(1 for _ in store.execute(text))
    seconds = time.perf_counter() - started
    store.close()
    if not count:
        sys.exit("SQLite found nothing")
    return seconds
