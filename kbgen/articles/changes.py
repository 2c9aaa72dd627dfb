"""`changes:` of the front matter: what edits changed, in words for readers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kbgen.articles import times
from kbgen.articles.model import Change
from kbgen.articles.nodes import Items, Node, Pairs, Scalar, show
from kbgen.articles.values import Notes, UnfitError, boolean, line_of_text

_LONGEST = 300  # characters of a sentence
_ENTRY = "write a date and a text: {date: 2026-10-01, text: What is different now.}"


def changes(node: Node, notes: Notes) -> Mapping[str, Any]:
    """The entries that can be used, newest first, or that none is to be shown.

    An entry that cannot be used costs only itself.
    """
    if isinstance(node, Scalar):
        return {"changes_hidden": _hidden(node, notes)}
    entries = node.items if isinstance(node, Items) else (node,)
    found = [change for entry in entries if (change := _change(entry, notes))]
    return {"changes": tuple(sorted(found, key=lambda change: (change.day, change.text))[::-1])}


def _hidden(node: Scalar, notes: Notes) -> bool:
    try:
        shown = boolean(node, notes)
    except UnfitError:
        hint = "write a list of {date, text}, or false to list none; none is listed until then"
        notes.add("wrong-type", node, f"changes: {show(node)} cannot be used", hint)
        return True
    return not shown


def _change(node: Node, notes: Notes) -> Change | None:
    if not isinstance(node, Pairs):
        notes.add("wrong-type", node, f"{show(node)} inside changes is left out", _ENTRY)
        return None
    given = {key.text: value for key, value in node.pairs}
    for key, _ in node.pairs:
        if key.text not in ("date", "text"):
            notes.add("unknown-key", key, f"changes: {key.text} is not read", _ENTRY)
    day, text = _day(given.get("date"), notes), _text(given.get("text"), notes)
    if day and text:
        return Change(day, text)
    if not {"date", "text"} <= given.keys():
        missing = " and ".join(name for name in ("date", "text") if name not in given)
        notes.add("wrong-type", node, f"an entry of changes has no {missing}", _ENTRY)
    return None


def _day(node: Node | None, notes: Notes) -> date | None:
    if node is None:
        return None
    try:
        return times.day(node, notes)
    except UnfitError as unfit:
        notes.add(unfit.code, node, f"changes: {show(node)} is no date", unfit.hint)
        return None


def _text(node: Node | None, notes: Notes) -> str:
    if node is None:
        return ""
    try:
        text = line_of_text(node, notes)
    except UnfitError as unfit:
        notes.add(unfit.code, node, f"changes: {show(node)} cannot be used", unfit.hint)
        return ""
    if not 0 < len(text) <= _LONGEST:
        hint = f"write one sentence of at most {_LONGEST} characters"
        notes.add("wrong-value", node, f"changes: a text of {len(text):,} characters", hint)
        return ""
    return text
