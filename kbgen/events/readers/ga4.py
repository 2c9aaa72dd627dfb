"""Reads the export of Google Analytics 4 to BigQuery: JSON Lines, a JSON list, or Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kbgen.events.readers import jsonl, parquet
from kbgen.events.readers.completion import Completion, path_of
from kbgen.events.readers.document import read_document
from kbgen.events.readers.moments import told
from kbgen.events.readers.options import URL, Options
from kbgen.events.readers.row import Row
from kbgen.events.readers.shapes import is_document, is_parquet
from kbgen.events.readers.text import refuse_huge
from kbgen.events.readers.values import NUMBERS, joined, picked, shown

_OWN = "kbgen_"
_VALUES = ("string_value", "int_value", "float_value", "double_value")
# Fields whose names GA4 keeps for itself.
_RENAMED = {"kbgen_source": "source", "kbgen_session": "session"}
# What themes and GA4 itself send: the type of the event and the parameters that hold its fields.
_KINDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "feedback": ("vote", {"vote": "data", URL: "page"}),  # Material for MkDocs
    "article_vote": ("vote", {"vote": "vote"}),  # Kitsune
    "search": ("search", {"query": "search_term"}),
    "view_search_results": ("search", {"query": "search_term"}),
    "page_view": ("view", {}),
}
_COUNTS = ("results", "search_results", "results_count", "number_of_results")
_COLUMNS = ("event_timestamp", "event_name", "event_params", "user_pseudo_id")


def read(path: Path, options: Options) -> Iterator[Row]:
    """Events of kbgen as they were sent, votes and searches of other tools, and page views.

    Events of other kinds are ignored. Raises EventError if the file cannot be used.
    """
    refuse_huge(path)
    completion = Completion(options, "ga4")
    for row in _records(path):
        yield row if row.problem else _row(completion, options, row)
    completion.finish(path)


def _records(path: Path) -> Iterator[Row]:
    if is_parquet(path):
        yield from parquet.read_objects(path, only=_COLUMNS)
    elif is_document(path):
        for element in read_document(path).objects():
            yield Row(element.line, element.text, element.value)
    else:
        yield from jsonl.read(path)


def _row(completion: Completion, options: Options, row: Row) -> Row:
    name = row.data.get("event_name")
    if not isinstance(name, str):
        problem = "no event of GA4: event_name is missing"
        return Row(row.line, row.text and shown({"event_name": name}), problem=problem)
    params = _params(row.data.get("event_params"))
    person = str(row.data.get("user_pseudo_id") or "")
    if name.startswith(_OWN):
        fields = {"type": name.removeprefix(_OWN), **_sent(params)}
        fields.setdefault("ts", told(row.data.get("event_timestamp")))
        if "path" not in fields and (page := params.get("page_location")):
            fields["path"] = path_of(str(page))  # there was no room for it as a whole
        return completion.own(row.line, fields, person=person)
    given = _given(name, params, options)
    if given is None:
        return Row(row.line, name, ignored=True)
    visit = str(params.get("ga_session_id") or "")
    given |= {
        "ts": told(row.data.get("event_timestamp")),
        "voter": person if given["type"] == "vote" else "",
        "session": completion.session(f"{person}.{visit}") if visit else "",
    }
    key = json.dumps([name, given["ts"], params], sort_keys=True, default=str)
    return completion.row(row.line, given, key=key, anywhere=name == "page_view")


def _sent(params: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a page of kbgen has sent; texts that look like numbers come as numbers."""
    fields = joined({_RENAMED.get(key, key): value for key, value in params.items()})
    return {n: v if n in NUMBERS or isinstance(v, str) else str(v) for n, v in fields.items()}


def _given(name: str, params: Mapping[str, Any], options: Options) -> dict[str, Any] | None:
    """The fields of an event that kbgen has not sent; None if it is about something else."""
    mapped = picked(params, options)
    if name == "page_view" and not options.page_views:
        return None
    if name in _KINDS:
        kind, names = _KINDS[name]
        found = {field: params.get(param) for field, param in names.items()}
        if kind == "search":
            found["results"] = next((params[n] for n in _COUNTS if n in params), None)
    elif mapped and mapped.keys() == options.columns.keys():
        kind, found = "vote" if "vote" in mapped else "search" if "query" in mapped else "view", {}
    else:
        return None
    url = found.get(URL) or params.get("page_location")
    return {"type": kind, **found, URL: url, **mapped}


def _params(value: Any) -> dict[str, Any]:
    """The parameters of an event by name; older Parquet wraps each of them once or twice."""
    found: dict[str, Any] = {}
    for item in _unwrapped(value, "list") or ():
        param = _unwrapped(_unwrapped(item, "element"), "item")
        if not isinstance(param, dict) or not isinstance(param.get("value"), dict):
            continue
        for kind in _VALUES:
            if (content := param["value"].get(kind)) is not None:
                is_number = kind == "int_value" and str(content).lstrip("-").isdecimal()
                found[str(param.get("key"))] = int(content) if is_number else content
                break
    return found


def _unwrapped(value: Any, name: str) -> Any:
    return value[name] if isinstance(value, dict) and name in value else value
