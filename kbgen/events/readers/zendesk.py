"""Reads the votes of Zendesk's help center: pages of its API, JSON Lines, CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kbgen.events.readers import jsonl
from kbgen.events.readers.completion import Completion
from kbgen.events.readers.delimited import open_table
from kbgen.events.readers.document import Element, read_document
from kbgen.events.readers.options import Options
from kbgen.events.readers.row import Row
from kbgen.events.readers.shapes import is_document, is_table
from kbgen.events.readers.text import refuse_huge
from kbgen.events.readers.values import short, shown

_VALUES = {"1": 1, "-1": 0}


def read(path: Path, options: Options) -> Iterator[Row]:
    """The votes on articles. Votes on posts and comments are ignored."""
    refuse_huge(path)
    completion = Completion(options, "zendesk")
    addresses: dict[str, str] = {}
    for row in _records(path, addresses):
        yield row if row.problem else _row(completion, row, addresses)


def _records(path: Path, addresses: dict[str, str]) -> Iterator[Row]:
    """The votes as they are; fills `addresses` with those of articles that came along."""
    if is_table(path):
        yield from _cells(path)
    elif is_document(path):
        document = read_document(path)
        if "articles" in document.lists:
            for article in document.objects("articles"):
                address = str(article.value.get("html_url") or "")
                addresses[str(article.value.get("id"))] = address
        yield from map(_element, document.objects("" if document.is_list else "votes"))
    else:
        yield from jsonl.read(path)


def _element(element: Element) -> Row:
    return Row(element.line, element.text, element.value)


def _cells(path: Path) -> Iterator[Row]:
    with open_table(path) as table:
        names = [name.strip() for name in table.header]
        for row in table.rows:
            if isinstance(row, Row):
                yield row
            else:
                yield Row(row.line, row.text, dict(zip(names, row.cells, strict=True)))


def _row(completion: Completion, row: Row, addresses: Mapping[str, str]) -> Row:
    vote = row.data
    kept = {name: value for name, value in vote.items() if name not in ("user_id", "url")}
    text = shown(kept) if vote else row.text
    if vote.get("item_type", "Article") != "Article":
        return Row(row.line, text, ignored=True)
    if not {"item_id", "value"} <= vote.keys():
        return Row(row.line, text, problem="no vote: expected at least item_id, value, created_at")
    value = _VALUES.get(str(vote["value"]).strip())
    if value is None:
        return Row(row.line, text, problem=f"value: expected 1 or -1, found {short(vote['value'])}")
    given: dict[str, Any] = {
        # A vote that was changed keeps its id: the change is a choice of its own.
        "ts": vote.get("updated_at") or vote.get("created_at"),
        "type": "vote",
        "article": str(vote["item_id"]),
        "vote": value,
        "voter": str(vote.get("user_id") or ""),
    }
    if address := addresses.get(given["article"]):
        given["article"] = address
    key = str(vote.get("id") or "")
    return completion.row(row.line, given, key=key, text=text)
