"""Which votes and details count: the last word of each reader on each text."""

from __future__ import annotations

from collections.abc import Iterable

from kbgen.events.model import Event


def last_votes(events: Iterable[Event]) -> list[Event]:
    """The last vote of each (article, lang, rev, voter), in order of time and id.

    The same answer as `Store.votes`, for events that come from a file, in any order and any
    number of times. A vote without a voter stands for itself.
    """
    last: dict[tuple[str, ...], Event] = {}
    for event in events:
        if event.type == "vote":
            key = (event.article, event.lang, event.rev, event.voter or event.event_id)
            last[key] = max(last.get(key, event), event, key=_when)
    return sorted(last.values(), key=_when)


def last_details(events: Iterable[Event]) -> dict[str, Event]:
    """The last detail of each vote that has one, by the root of its id."""
    last: dict[str, Event] = {}
    for event in events:
        if event.type == "detail":
            last[event.root] = max(last.get(event.root, event), event, key=_when)
    return last


def _when(event: Event) -> tuple[object, ...]:
    # Suffixes count by number: .10 comes after .9.
    suffix = event.event_id.partition(".")[2]
    return event.ts, event.root, int(suffix or 0)
