"""DuckDB as kbgen uses it: in memory, in UTC, without the network, with a limit to its memory."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from kbgen.errors import EventError

if TYPE_CHECKING:
    import duckdb

VERSION_KEY = "kbgen_events_version"  # under which the metadata of a Parquet file names it

# The columns of a table of events. What is absent is NULL there.
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "event_id": "VARCHAR",
        "ts": "TIMESTAMPTZ",
        "type": "VARCHAR",
        "article": "VARCHAR",
        "lang": "VARCHAR",
        "rev": "VARCHAR",
        "path": "VARCHAR",
        "vote": "TINYINT",
        "reason": "VARCHAR",
        "comment": "VARCHAR",
        "findable": "TINYINT",
        "query": "VARCHAR",
        "results": "INTEGER",
        "rank": "SMALLINT",
        "voter": "VARCHAR",
        "session": "VARCHAR",
        "source": "VARCHAR",
        "prev": "VARCHAR",
    }
)


@contextmanager
def connected(
    what: str | Path, *, memory: str = "400MB", overflow: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that ends with the block. Its errors become EventError and name `what`.

    Past its `memory` it writes into the folder `overflow`, or fails where there is none.
    """
    import duckdb  # noqa: PLC0415  (slow to load: who needs no table does not wait for it)

    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": memory,
        "temp_directory": str(overflow or ""),
    }
    try:
        with duckdb.connect(":memory:", config=settings) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            yield connection
    except duckdb.Error as error:
        raise EventError(f"{what}: {str(error).splitlines()[0]}") from error


def file_name(path: Path) -> str:
    """A path as SQL text. Brackets and stars in it are letters, no pattern."""
    return literal(glob.escape(path.resolve().as_posix()))


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
