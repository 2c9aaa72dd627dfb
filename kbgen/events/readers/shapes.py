"""What a file looks like from its first characters: whose it is, and in which form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from kbgen.errors import EventError
from kbgen.events.readers.delimited import separator_of
from kbgen.events.readers.text import head_of, open_bytes

_HEAD = 65_536
_KEY = re.compile(r'(?<!\\)"([A-Za-z_]\w*)"\s*:')
_PARQUET = b"PAR1"

# The keys that only a tool's own exports have; the first that fits is it.
_KEYS = (
    ("ga4", frozenset(("event_name", "event_timestamp"))),
    ("ga4", frozenset(("event_name", "event_params"))),
    ("zendesk", frozenset(("item_id", "item_type", "value"))),
    ("plausible", frozenset(("results", "metrics", "dimensions"))),
    ("plausible", frozenset(("results", "query"))),
    ("matomo", frozenset(("actiondetails",))),
    ("matomo", frozenset(("label", "nb_visits"))),
    ("matomo", frozenset(("label", "nb_events"))),
    ("matomo", frozenset(("label", "nb_hits"))),
)
_COLUMNS = tuple((tool, signs) for tool, signs in _KEYS if tool in ("zendesk", "matomo"))
_TOTALS = (
    (frozenset(("date", "name", "visitors", "events")), "Plausible's export of totals"),
    (frozenset(("x", "y")), "Umami's export of totals"),
)
_BY_SUFFIX = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
}


def format_of(path: Path) -> str:
    """The name of the format of a file, by what it holds and then by its name; "" if unknown.

    Raises EventError for files that are known to hold no events.
    """
    start = first_bytes(path)
    if start == _PARQUET:
        return "ga4" if _footer_names(path, b"event_params") else "parquet"
    if start == b"PK\x03\x04":
        raise EventError(f"{path}: a workbook or an archive; save the sheet as CSV, or unpack it")
    suffix = Path(path.stem).suffix if path.suffix.lower() == ".gz" else path.suffix
    by_name = _BY_SUFFIX.get(suffix.lower(), "")
    head = head_of(path, _HEAD).lstrip("\ufeff \t\r\n")
    if head[:1] in ("{", "["):
        names = frozenset(name.lower() for name in _KEY.findall(head))
        is_own = "event_id" in names and "v" in names
        return "jsonl" if is_own else _whose(names, _KEYS) or by_name or "jsonl"
    columns = frozenset(_columns(head))
    for signs, what in _TOTALS:
        if columns == signs or (len(signs) > 2 and signs <= columns):
            raise EventError(f"{path}: {what}: it does not say which page each vote was for")
    # Matomo's tables of visits have a column for each action of each visit.
    if any(name.startswith("actiondetails_") for name in columns):
        return "matomo"
    return _whose(columns, _COLUMNS) or by_name


def is_document(path: Path) -> bool:
    """Whether a file of JSON is one document rather than one object a line."""
    head = head_of(path, _HEAD).lstrip("\ufeff \t\r\n")
    line = head.partition("\n")[0].strip()
    if head[:1] != "{":
        return head[:1] == "["
    try:
        return not {"event_name", "item_type"} & json.loads(line).keys()
    except (ValueError, RecursionError):
        # A line that breaks off may be a bad row; a document goes on with the next line.
        return line in ("{", "") or not line.endswith("}")


def is_table(path: Path) -> bool:
    """Whether a file is a table of cells rather than JSON."""
    return head_of(path, _HEAD).lstrip("\ufeff \t\r\n")[:1] not in ("{", "[")


def is_parquet(path: Path) -> bool:
    """Whether a file is Parquet."""
    return first_bytes(path) == _PARQUET


def first_bytes(path: Path) -> bytes:
    """The four bytes that tell formats apart."""
    with open_bytes(path) as file:
        return file.read(4)


def _whose(names: frozenset[str], tools: Iterable[tuple[str, frozenset[str]]]) -> str:
    return next((tool for tool, signs in tools if signs <= names), "")


def _columns(head: str) -> list[str]:
    line = head.partition("\n")[0].strip()
    return [cell.strip(' "').lower() for cell in line.split(separator_of(line))]


def _footer_names(path: Path, column: bytes) -> bool:
    """Whether the description at the end of a Parquet file names a column."""
    with path.open("rb") as file:
        file.seek(0, 2)
        size = file.tell()
        file.seek(max(size - 8, 0))
        length = int.from_bytes(file.read(4), "little")
        file.seek(max(size - 8 - min(length, 1 << 24), 0))
        return column in file.read(1 << 24)
