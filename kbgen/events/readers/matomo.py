"""Reads what Matomo exports: its log of visits, its reports of events and of site searches."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kbgen.errors import EventError
from kbgen.events.model import Fault, load_json
from kbgen.events.readers.completion import Completion
from kbgen.events.readers.delimited import open_table
from kbgen.events.readers.document import Element, read_document
from kbgen.events.readers.moments import told
from kbgen.events.readers.options import URL, Options
from kbgen.events.readers.row import Row
from kbgen.events.readers.shapes import is_table
from kbgen.events.readers.text import refuse_huge
from kbgen.events.readers.values import blank, picked, shown

_OWN = "kbgen"  # the category of events and searches that pages of kbgen send
_CELL = re.compile(r"actiondetails_(\d+)_(\w+)")
_COUNTS = ("nb_events", "nb_hits", "nb_searches", "nb_visits")
_OTHERS = ("-1", "others", "기타")
_PERSON = ("userId", "visitorId")


def read(path: Path, options: Options) -> Iterator[Row]:
    """The events and searches of visits (Live.getLastVisitsDetails) or of reports.

    Actions of other kinds are ignored. Raises EventError if the file cannot be used.
    """
    refuse_huge(path)
    reader = _Reader(options)
    for day, element in _elements(path):
        if isinstance(element, Row):
            yield element
        elif "actionDetails" in element.value:
            yield from reader.visit(element)
        else:
            yield from reader.report(day, element)
    reader.completion.finish(path)


def _elements(path: Path) -> Iterator[tuple[str, Element | Row]]:
    """The visits or rows of a report, with the period that stands above them."""
    if is_table(path):
        yield from _cells(path)
        return
    document = read_document(path)
    if document.values.get("result") == "error":
        raise EventError(f"{path}: Matomo answered with an error: {document.values.get('message')}")
    for period in document.lists:
        yield from ((period, element) for element in document.objects(period))


def _cells(path: Path) -> Iterator[tuple[str, Element | Row]]:
    with open_table(path) as table:
        names = [name.strip() for name in table.header]
        for row in table.rows:
            if isinstance(row, Row):
                yield "", row
                continue
            values: dict[str, Any] = dict(zip(names, row.cells, strict=True))
            actions: dict[int, dict[str, Any]] = {}
            for name, cell in list(values.items()):
                if match := _CELL.fullmatch(name.lower()):
                    key = name.rpartition("_")[2]
                    actions.setdefault(int(match[1]), {})[key] = cell
                    del values[name]
            if actions or any(name.lower().startswith("actiondetails") for name in names):
                values["actionDetails"] = [a for _, a in sorted(actions.items()) if any(a.values())]
            yield str(values.pop("date", "")), Element(row.line, row.text, values)


class _Reader:
    def __init__(self, options: Options) -> None:
        self._options = options
        self.completion = Completion(options, "matomo")

    def visit(self, element: Element) -> Iterator[Row]:
        """The actions of a visit."""
        visit, actions = element.value, element.value["actionDetails"]
        for number, action in enumerate(actions if isinstance(actions, list) else ()):
            if isinstance(action, dict):
                yield self._action(element.line, action, visit, number)

    def _action(
        self, line: int, action: Mapping[str, Any], visit: Mapping[str, Any], number: int
    ) -> Row:
        text, mapped = _shown(action), picked(action, self._options)
        person = next((str(visit[name]) for name in _PERSON if not blank(visit.get(name))), "")
        if action.get("type") == "event" and action.get("eventCategory") == _OWN:
            sent = {"type": action.get("eventAction"), "ts": action.get("timestamp")}
            return self._own(line, action.get("eventName"), sent, person=person, text=text)
        given = self._given(action, mapped)
        if given is None:
            return Row(line, text, ignored=True)
        name = str(visit.get("idVisit") or "")
        given |= {
            URL: action.get("url"),
            "ts": action.get("timestamp"),
            "voter": person if "vote" in mapped else "",
            "session": self.completion.session(name) if name else "",
            **mapped,
        }
        key = f"{name}.{action.get('pageId') or action.get('idlink_va') or number}" if name else ""
        is_page = action.get("type") == "action"
        return self.completion.row(line, given, key=key, text=text, anywhere=is_page)

    def _given(self, action: Mapping[str, Any], mapped: Mapping[str, Any]) -> dict[str, Any] | None:
        """The fields of an action that kbgen has not sent; None if it is about something else."""
        kind = action.get("type")
        # Searches of this category are there as events too.
        if kind == "search" and action.get("siteSearchCategory") != _OWN:
            return {
                "type": "search",
                "query": _plain(action.get("siteSearchKeyword")),
                "results": action.get("siteSearchCount"),
            }
        if kind == "action" and self._options.page_views:
            return {"type": "view"}
        is_mapped = mapped and mapped.keys() == self._options.columns.keys()
        return {} if kind == "event" and is_mapped else None

    def report(self, day: str, element: Element) -> Iterator[Row]:
        """A row of a report: an event of kbgen, or so many searches."""
        values, text = element.value, element.text
        label = _plain(values.get("label"))
        count = next((values[name] for name in _COUNTS if not blank(values.get(name))), None)
        if blank(label) or count is None:
            problem = "no visit and no row of a report: expected actionDetails, or label and nb_…"
            yield Row(element.line, text, problem=problem)
        elif str(label).lower() in _OTHERS:
            problem = "sums up what Matomo has not kept; export visits (Live.getLastVisitsDetails)"
            yield Row(element.line, text, problem=problem)
        elif "{" in str(label) and "event_id" in str(label):
            sent = {"type": values.get("Events_EventAction")}
            yield self._own(element.line, label[label.index("{") :], sent, text=text)
        elif "nb_events" in values:
            yield Row(element.line, text, ignored=True)
        else:
            given = {"type": "search", "query": label, "ts": _first_day(day)}
            yield from self.completion.units(element.line, given, count, text=text)

    def _own(
        self, line: int, name: Any, sent: Mapping[str, Any], *, text: str, person: str = ""
    ) -> Row:
        """An event that a page of kbgen has sent to Matomo, as JSON in the name of its event."""
        data = load_json(str(name))
        if isinstance(data, Fault):
            data = load_json(html.unescape(str(name)))
        if not isinstance(data, dict):
            return Row(line, text, problem=f"no event of kbgen: {data}")
        data["type"] = sent.get("type") or data.get("type") or _type_of(data)
        data.setdefault("ts", told(sent.get("ts")))
        return self.completion.own(line, data, person=person, text=text)


def _type_of(data: Mapping[str, Any]) -> str:
    """The type of an event in a report by name, which does not say it."""
    if "." in str(data.get("event_id")):
        return "detail"
    if "vote" in data:
        return "vote"
    if "query" in data:
        return "click" if "article" in data and "rank" in data else "search"
    return "contact" if "reason" in data else "view"


def _first_day(period: str) -> str:
    """The first day of `2026-11-02,2026-11-08`, `2026-11` or `2026-11-03`."""
    day = period.partition(",")[0]
    return f"{day}-01" if re.fullmatch(r"\d{4}-\d\d", day) else day


def _shown(action: Mapping[str, Any]) -> str:
    names = ("type", "url", "eventCategory", "eventAction", "eventName",
             "siteSearchKeyword", "siteSearchCount")  # fmt: skip
    told_at = {"ts": told(action.get("timestamp"))}
    return shown(told_at | {name: action[name] for name in names if name in action})


def _plain(value: Any) -> Any:
    return html.unescape(value) if isinstance(value, str) else value
