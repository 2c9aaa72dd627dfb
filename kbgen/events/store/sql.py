"""The SQL that all stores share."""

from __future__ import annotations

from typing import Any

from kbgen.events.model import FIELDS

COLUMNS = ", ".join(FIELDS)

_ROOT = "substr(event_id, 1, 36)"  # as Event.root: ids are UUIDs, those of details go on
_CONDITIONS = {
    "since": "ts >= {0}",
    "until": "ts < {0}",
    "before": "ts < {0}",
    "voter": f"{_ROOT} IN (SELECT {_ROOT} FROM {{1}} WHERE voter = {{0}})",  # noqa: S608
    "article": "article = {0}",
}


def where(table: str, mark: str, **given: Any) -> tuple[str, dict[str, Any]]:
    """The WHERE of all conditions that are given, "" if there is none, and their values.

    `mark` is how the database marks a value: ":{}" or "%({})s".
    """
    values = {name: value for name, value in given.items() if value is not None and value != ""}
    found = [_CONDITIONS[name].format(mark.format(name), table) for name in values]
    return ("WHERE " + " AND ".join(found) if found else ""), values


def last_votes(table: str) -> str:
    """The vote that counts of each reader and text; one without a voter stands for itself."""
    return f"""
    SELECT {COLUMNS} FROM (
      SELECT *, row_number() OVER (
        PARTITION BY article, lang, rev, CASE voter WHEN '' THEN event_id ELSE voter END
        ORDER BY ts DESC, event_id DESC
      ) AS place
      FROM {table} WHERE type = 'vote'
    ) AS ranked WHERE place = 1 ORDER BY ts, event_id
    """  # noqa: S608  (the names are our own)
