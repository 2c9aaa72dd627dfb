"""Sums of events by day: one text of SQL, run here by DuckDB, and by warehouses where they are.

`articles.sql` and `searches.sql` beside this file are the texts. They read a table `event` with the
columns of an export.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO
from zoneinfo import available_timezones

from kbgen.errors import ConfigError, did_you_mean
from kbgen.events.cells import guard
from kbgen.events.duck import COLUMNS, connected, file_name, literal
from kbgen.events.model import Event
from kbgen.events.readers.parquet import is_own
from kbgen.events.writers import write_parquet

if TYPE_CHECKING:
    import duckdb

TABLES = ("articles", "searches")

_UTC = "AT TIME ZONE 'UTC'"
_FETCH = 10_000
_MEMORY = "1GB"  # ten million events need about 700 MB; what is more goes to disk


def sql(table: str = "articles", *, zone: str = "UTC", dialect: str = "duckdb") -> str:
    """The text that makes a table of sums, for days of a time zone such as Asia/Seoul.

    `dialect` is what sqlglot calls the database that shall run it. Raises ConfigError for an
    unknown zone or dialect, or if there is no sqlglot to translate with.
    """
    if zone not in available_timezones():
        hint = did_you_mean(zone, sorted(available_timezones())) or "such as Asia/Seoul"
        raise ConfigError(f"unknown time zone {zone!r} ({hint})")
    text = (Path(__file__).parent / f"{table}.sql").read_text("utf-8")
    text = text.replace(_UTC, f"AT TIME ZONE {literal(zone)}")
    return text if dialect == "duckdb" else _translated(text, dialect)


def write_sums(
    sources: Sequence[Path | Iterable[Event]],
    out: BinaryIO,
    *,
    table: str = "articles",
    zone: str = "UTC",
    form: str = "csv",
) -> int:
    """Writes the sums of some events as CSV, JSON Lines or Parquet; returns how many rows.

    A source is a Parquet file that kbgen wrote, which is read as it is, or events. The same event
    may come from several of them; it counts once. Raises EventError if a file cannot be read.
    """
    with _database(sources) as connection:
        return _WRITERS[form](connection, sql(table, zone=zone), out)


@contextmanager
def _database(
    sources: Sequence[Path | Iterable[Event]],
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database with the table `event`."""
    with TemporaryDirectory(prefix="kbgen-") as folder:
        files = [
            source if isinstance(source, Path) else _kept(source, Path(folder, f"{n}.parquet"))
            for n, source in enumerate(sources)
        ]
        what = ", ".join(str(source) for source in sources if isinstance(source, Path))
        overflow = Path(folder, "overflow")
        with connected(what or "events", memory=_MEMORY, overflow=overflow) as connection:
            columns = ", ".join(f"{name}::{kind} AS {name}" for name, kind in COLUMNS.items())
            tables = " UNION ALL ".join(
                f"SELECT {columns} FROM read_parquet({file_name(file)})"  # noqa: S608
                for file in files
            )
            connection.execute(f"CREATE VIEW event AS {tables}")
            yield connection


def _kept(events: Iterable[Event], path: Path) -> Path:
    with path.open("wb") as file:
        write_parquet(events, file)
    return path


def _rows(connection: duckdb.DuckDBPyConnection, text: str) -> Iterator[list[Any]]:
    """The names of the columns, then the rows, with days as text."""
    found = connection.execute(text)
    yield [column[0] for column in found.description or ()]
    while rows := found.fetchmany(_FETCH):
        for day, *rest in rows:
            yield [day.isoformat(), *rest]


def _write_csv(connection: duckdb.DuckDBPyConnection, text: str, out: BinaryIO) -> int:
    count = -1  # the header
    file = TextIOWrapper(out, encoding="utf-8", newline="")
    try:
        table = csv.writer(file)
        for row in _rows(connection, text):
            table.writerow([guard(cell) if isinstance(cell, str) else cell for cell in row])
            count += 1
    finally:
        file.detach()  # who opened `out` closes it
    return count


def _write_jsonl(connection: duckdb.DuckDBPyConnection, text: str, out: BinaryIO) -> int:
    rows, count = _rows(connection, text), 0
    names = next(rows)
    for count, row in enumerate(rows, 1):  # noqa: B007
        line = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False)
        out.write(line.encode() + b"\n")
    return count


def _write_parquet(connection: duckdb.DuckDBPyConnection, text: str, out: BinaryIO) -> int:
    with TemporaryDirectory(prefix="kbgen-") as folder:
        path = Path(folder, "sums.parquet")
        count = connection.execute(
            f"COPY ({text}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)"
        ).fetchone()
        with path.open("rb") as file:
            shutil.copyfileobj(file, out)
    return int(count[0]) if count else 0


_WRITERS: Mapping[str, Callable[[duckdb.DuckDBPyConnection, str, BinaryIO], int]]
_WRITERS = MappingProxyType({"csv": _write_csv, "jsonl": _write_jsonl, "parquet": _write_parquet})
FORMATS = tuple(_WRITERS)


def _translated(text: str, dialect: str) -> str:
    try:
        import sqlglot  # noqa: PLC0415  (only with the extra `warehouse`)
    except ImportError:
        raise ConfigError(
            "other dialects than duckdb need sqlglot: pip install 'kbgen[warehouse]'"
        ) from None
    try:
        (translated,) = sqlglot.transpile(text, read="duckdb", write=dialect, pretty=True)
    except ValueError as error:
        raise ConfigError(f"no SQL for {dialect!r}: {error}") from error
    return f"{translated}\n"


__all__ = ["FORMATS", "TABLES", "is_own", "sql", "write_sums"]
