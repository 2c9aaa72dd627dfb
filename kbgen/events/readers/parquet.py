"""Reads Parquet: the tables of events that kbgen exports, and any table as JSON objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from kbgen.errors import EventError
from kbgen.events.duck import VERSION_KEY, connected, file_name, literal
from kbgen.events.model import VERSION, Fault, load_json
from kbgen.events.readers.options import Options
from kbgen.events.readers.row import LONGEST_LINE, Row

_BATCH = 1000
_WITH_ZONE = "TIMESTAMP WITH TIME ZONE"


def read(path: Path, _options: Options | None = None) -> Iterator[Row]:
    """The rows of a table that kbgen wrote. Raises EventError if it did not, or not this one."""
    version = _version(path)
    if version != str(VERSION):
        found = f"a table of version {version}" if version else "no table of kbgen's own"
        raise EventError(
            f"{path}: {found}; this kbgen reads version {VERSION}, and with --from what others made"
        )
    for row in read_objects(path):
        yield row if row.problem else row._replace(data={"v": VERSION, **row.data})


def is_own(path: Path) -> bool:
    """Whether kbgen wrote this file of events, and in the version that this kbgen reads."""
    return _version(path) == str(VERSION)


def read_objects(path: Path, *, only: Sequence[str] = ()) -> Iterator[Row]:
    """The rows of any Parquet file as JSON has them: lists, objects, times as RFC 3339 in UTC.

    With `only` these columns of it. Raises EventError if it lacks one, or is damaged.
    """
    with (
        TemporaryDirectory(prefix="kbgen-") as folder,
        connected(path, overflow=Path(folder)) as connection,
    ):
        table = f"read_parquet({file_name(path)})"
        kinds = {n: kind for n, kind, *_ in connection.execute(f"DESCRIBE FROM {table}").fetchall()}
        if absent := [name for name in only if name not in kinds]:
            raise EventError(f"{path}: has no column {', '.join(absent)}")
        names = ", ".join(_as_json(name, kinds[name]) for name in only or kinds)
        query = f"SELECT to_json(row)::VARCHAR FROM (SELECT {names} FROM {table}) row"  # noqa: S608
        texts = connection.execute(query)
        number = 0
        while batch := texts.fetchmany(_BATCH):
            for (text,) in batch:
                number += 1
                yield _row(number, text)


def _as_json(name: str, kind: str) -> str:
    """A column under its name; times with a zone get the form that events have."""
    quoted = '"' + name.replace('"', '""') + '"'
    if kind == _WITH_ZONE:
        return f"strftime({quoted} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') AS {quoted}"
    return quoted


def _row(number: int, text: str) -> Row:
    if len(text) > LONGEST_LINE:
        return Row(number, text[:200], problem=f"longer than {LONGEST_LINE} characters")
    data = load_json(text)
    return (
        Row(number, text, problem=str(data)) if isinstance(data, Fault) else Row(number, text, data)
    )


def _version(path: Path) -> str:
    """The version that the metadata of a file names; "" if there is none."""
    with connected(path) as connection:
        found = connection.execute(
            f"SELECT decode(value) FROM parquet_kv_metadata({file_name(path)}) "  # noqa: S608
            f"WHERE decode(key) = {literal(VERSION_KEY)}"
        ).fetchone()
    return str(found[0]) if found else ""
