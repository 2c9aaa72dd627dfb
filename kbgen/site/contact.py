"""How and when to reach people, as templates and the clock in the browser need it."""

from __future__ import annotations

import json
from datetime import time
from typing import Any

from kbgen.settings import Contact, in_language
from kbgen.strings import strings


def contact_view(contact: Contact, lang: str) -> dict[str, Any]:
    """Channels and opening hours in a language; `clock` lets a script say "open now"."""
    days = strings(lang)["contact"]["days"]
    rows: list[tuple[int, int, str]] = []
    for day, spans in contact.hours.items():
        text = ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in spans)
        if rows and rows[-1][1] == day - 1 and rows[-1][2] == text:
            rows[-1] = (rows[-1][0], day, text)
        else:
            rows.append((day, day, text))
    clock = {
        "zone": contact.timezone,
        "hours": {
            str(day): [[_clock(start), _clock(end)] for start, end in spans]
            for day, spans in contact.hours.items()
        },
        "holidays": [day.isoformat() for day in contact.holidays],
    }
    return {
        "channels": [
            {
                "kind": channel.kind,
                "href": channel.href,
                "label": in_language(channel.label, lang) or channel.href.partition(":")[2],
                "note": in_language(channel.note, lang),
            }
            for channel in contact.channels
        ],
        "hours": [
            {"days": days[a] if a == b else f"{days[a]}–{days[b]}", "text": text}
            for a, b, text in rows
        ],
        "clock": json.dumps(clock, sort_keys=True) if contact.hours else "",
    }


def _clock(value: time) -> str:
    return value.strftime("%H:%M")
