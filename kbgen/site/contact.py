"""How and when to reach people, as templates and the clock in the browser need it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from typing import Any
from urllib.parse import quote

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from kbgen.settings import PLACEHOLDERS, Channel, Contact, in_language
from kbgen.strings import strings

# What a mail says before the reader has written a word, where the address does not say otherwise.
_MAIL = "?subject={title}%20({article})&body=%0D%0A%0D%0A{url}%0D%0A{query}"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def contact_view(
    contact: Contact, lang: str, *, article: str = "", title: str = "", url: str = ""
) -> dict[str, Any]:
    """Channels and opening hours in a language; `clock` lets a script say "open now".

    `article`, `title` and `url` (absolute) are those of the article that is shown, if one is.
    """
    known = {"article": article, "title": title, "url": url}
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
        "channels": [_channel(channel, lang, known) for channel in contact.channels],
        "hours": [
            {"days": days[a] if a == b else f"{days[a]}–{days[b]}", "text": text}
            for a, b, text in rows
        ],
        "clock": _in_single_quotes(clock) if contact.hours else "",
    }


def _channel(channel: Channel, lang: str, known: Mapping[str, str]) -> dict[str, Any]:
    """One way to reach people.

    Only the browser knows the query: then `kept` characters of `href` stay, and `tail` follows.
    """
    is_plain_mail = channel.href.startswith("mailto:") and "?" not in channel.href
    href = channel.href + _MAIL if is_plain_mail else channel.href
    without, waiting = filled(href, {**known, "query": ""}), filled(href, known)
    pairs = enumerate(zip(without, waiting, strict=False))
    kept = next((at for at, (one, other) in pairs if one != other), len(without))
    return {
        "kind": channel.kind,
        "href": without,
        "kept": kept,
        "tail": waiting[kept:] if "{query}" in href else "",
        "label": in_language(channel.label, lang) or _shown(channel.href),
        "note": in_language(channel.note, lang),
    }


def filled(href: str, values: Mapping[str, str]) -> str:
    """An address with its placeholders filled in; those without a value here stay.

    A parameter all of whose placeholders are empty is left out: nobody wants "?article=&q=".
    """
    address, hash_mark, fragment = href.partition("#")
    path, _, parameters = address.partition("?")
    kept = [each for each in parameters.split("&") if _has_something(each, values)]
    query = "?" + "&".join(_filled(each, values) for each in kept) if any(kept) else ""
    return _filled(path, values) + query + hash_mark + _filled(fragment, values)


def _has_something(parameter: str, values: Mapping[str, str]) -> bool:
    names = _PLACEHOLDER.findall(parameter)
    return not names or any(values.get(name, name) for name in names)


def _filled(text: str, values: Mapping[str, str]) -> str:
    def fill(place: re.Match[str]) -> str:
        return quote(values[place[1]], safe="") if place[1] in values else place[0]

    return _PLACEHOLDER.sub(fill, text)


def _shown(href: str) -> str:
    """An address as people write it down."""
    return re.sub(
        r"^(https?://|mailto:|tel:)|[?#].*", "", filled(href, dict.fromkeys(PLACEHOLDERS, ""))
    )


def _in_single_quotes(data: object) -> Markup:
    """JSON for an attribute in single quotes: a third shorter than with each quote escaped."""
    return htmlsafe_json_dumps(data, sort_keys=True, separators=(",", ":"))


def _clock(value: time) -> str:
    return value.strftime("%H:%M")
