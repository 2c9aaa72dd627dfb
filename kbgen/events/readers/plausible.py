"""Reads answers of Plausible's Stats API v2: counts of events, grouped by their properties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from kbgen.errors import EventError
from kbgen.events.readers.completion import Completion
from kbgen.events.readers.document import Element, read_document
from kbgen.events.readers.options import URL, Options
from kbgen.events.readers.row import Row
from kbgen.events.readers.values import joined, picked

_PROPERTY = "event:props:"
_GOALS = ("event:goal", "event:name")
_OWN = "kbgen_"
_COUNTS = ("events", "visitors", "pageviews")
_NOTHING = ("(none)", "(not set)")


def read(path: Path, options: Options) -> Iterator[Row]:
    """As many events as each group counts; one with its `event_id` as it was sent.

    Raises EventError if the answer does not say what its columns are.
    """
    document = read_document(path)
    query = document.values.get("query")
    if not isinstance(query, dict):
        raise EventError(f"{path}: expected an answer of /api/v2/query, with its results and query")
    dimensions, metrics = _names(query, "dimensions"), _names(query, "metrics")
    count = next((name for name in _COUNTS if name in metrics), "")
    if not count:
        raise EventError(f"{path}: counts nothing that kbgen can use; ask for the metric events")
    if options.zone is None:
        options = replace(options, zone=_zone_of(query))
    group = _Group(options, _only_goal(query), count)
    for element in document.objects("results"):
        cells, numbers = element.value.get("dimensions"), element.value.get("metrics")
        if _fit(cells, dimensions) and _fit(numbers, metrics):
            values = dict(zip((*dimensions, *metrics), (*cells, *numbers), strict=True))
            yield from group.rows(element, values)
        else:
            problem = f"expected {len(dimensions)} dimensions and {len(metrics)} metrics"
            yield Row(element.line, element.text, problem=problem)
    group.completion.finish(path)


class _Group:
    """Turns the groups of one answer into events. `goal` is what all of them are about, if any."""

    def __init__(self, options: Options, goal: str, count: str) -> None:
        self._options = options
        self._goal = goal
        self._count = count
        self.completion = Completion(options, "plausible")

    def rows(self, element: Element, values: Mapping[str, Any]) -> Iterator[Row]:
        """The events that one group stands for."""
        line, text = element.line, element.text
        known = {name: value for name, value in values.items() if value not in _NOTHING}
        props = {n.removeprefix(_PROPERTY): v for n, v in known.items() if n.startswith(_PROPERTY)}
        fields = {**joined(props), **picked({**known, **props}, self._options)}
        goal = next((str(known[name]) for name in _GOALS if name in known), self._goal)
        if goal.startswith(_OWN):
            fields.setdefault("type", goal.removeprefix(_OWN))
        if not fields and not self._options.page_views:
            yield Row(line, text, ignored=True)
        elif {"event_id", "ts", "type"} <= fields.keys():
            yield self.completion.own(line, fields, text=text)
        else:
            when = next((v for name, v in known.items() if name.partition(":")[0] == "time"), None)
            given = {"ts": when, URL: known.get("event:page"), **fields}
            count, is_page = values[self._count], not fields
            yield from self.completion.units(line, given, count, text=text, anywhere=is_page)


def _names(query: Mapping[str, Any], key: str) -> list[str]:
    names = query.get(key)
    return [str(name) for name in names] if isinstance(names, list) else []


def _fit(values: Any, names: list[str]) -> bool:
    return isinstance(values, list) and len(values) == len(names)


def _only_goal(query: Mapping[str, Any]) -> str:
    """The goal that the question was limited to, if it was one."""
    filters = query.get("filters")
    for item in filters if isinstance(filters, list) else ():
        match item:
            case ["is", "event:goal" | "event:name", [str(name)], *_]:
                return name
    return ""


def _zone_of(query: Mapping[str, Any]) -> timezone | None:
    """The zone of the site, if it had the same offset from beginning to end."""
    try:
        ends = [datetime.fromisoformat(text).utcoffset() for text in _names(query, "date_range")]
    except ValueError:
        return None
    same = len(ends) == 2 and ends[0] == ends[1] and isinstance(ends[0], timedelta)
    return timezone(ends[0]) if same and ends[0] is not None else None
