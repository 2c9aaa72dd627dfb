"""Who wrote to a person after reading a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from kbgen.insights.stream import Key, Seen

# A text (article and revision) -> day and visitor of each click on a way to reach people.
Contacts = Mapping[tuple[Key, str], Sequence[tuple[date, str]]]


def contacts(seen: Iterable[Seen]) -> Contacts:
    """The contacts that name the text they came from."""
    found: dict[tuple[Key, str], list[tuple[date, str]]] = defaultdict(list)
    for entry in seen:
        if entry.event.type == "contact" and entry.key:
            found[entry.key, entry.event.rev].append((entry.day, entry.visitor))
    return dict(found)


def since(known: Contacts, text: tuple[Key, str], first: date) -> int:
    """How many people have done so since a day."""
    return len({visitor for day, visitor in known.get(text, ()) if day >= first})
