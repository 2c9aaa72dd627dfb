"""Searches as readers meant them: settled queries, what they clicked, whether it helped.

A field that searches while one types leaves a trail (환, 환부, 환불). Within a session, a query
that only continues the one before it replaces it, and a query asked again is the same search.
theme/components/search/chains.js does as much before it sends anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from kbgen.insights.stream import AGENTS, Key, Seen

Outcome = Literal["nothing", "unhelped", "no_click", "refined", "helped"]

_TYPING = timedelta(seconds=60)  # a longer pause means that the first query was meant
_LAUGHTER = re.compile(r"([ㅋㅎㅠㅜㅡ])\1+")  # ㅋㅋ, ㅠㅠ; single ones may be initials of a word
# A final consonant becomes the next initial while one types (간, 가나): both read the same here.
_INITIALS = (
    "ᄀ ᄁ ᄀᄉ ᄂ ᄂᄌ ᄂᄒ ᄃ ᄅ ᄅᄀ ᄅᄆ ᄅᄇ ᄅᄉ ᄅᄐ ᄅᄑ "
    "ᄅᄒ ᄆ ᄇ ᄇᄉ ᄉ ᄊ ᄋ ᄌ ᄎ ᄏ ᄐ ᄑ ᄒ"
)
_FINALS = dict(zip(range(0x11A8, 0x11C3), _INITIALS.split(), strict=True))
_VOWELS = dict(zip(map(ord, "ᅪᅫᅬᅯᅰᅱᅴ"), ["ᅩᅡ", "ᅩᅢ", "ᅩᅵ", "ᅮᅥ", "ᅮᅦ", "ᅮᅵ", "ᅳᅵ"], strict=True))  # 호, 화


def query_key(query: str) -> str:
    """What makes two spellings one query: NFKC, lower case, without spaces and punctuation."""
    text = unicodedata.normalize("NFKC", _LAUGHTER.sub("", query)).lower()
    return re.sub(r"[\W_]+", "", text) or " ".join(query.split())


@dataclass(slots=True)
class Search:
    """One settled query of one session, and what came of it."""

    query: str
    key: str
    at: datetime
    visitor: str
    lang: str = ""
    source: str = "web"
    results: int | None = None  # None: the export does not say
    clicked: list[Key] = field(default_factory=list)
    voted_no: bool = False  # on an article that was opened from these results
    refined: bool = False  # not clicked itself, but a later query of the session was
    contacted: bool = False  # wrote to a person after this search

    @property
    def outcome(self) -> Outcome:
        """How it ended for the reader."""
        if self.results == 0 and not self.clicked:
            return "nothing"
        if self.voted_no:
            return "unhelped"
        if self.clicked or self.source in AGENTS:
            return "helped"
        return "refined" if self.refined else "no_click"

    @property
    def failed(self) -> bool:
        """Whether the reader left this search without an answer."""
        return self.outcome in ("nothing", "unhelped", "no_click")


def searches(seen: Iterable[Seen]) -> list[Search]:
    """The settled searches of all sessions, by time. `seen` comes ordered by time."""
    sessions: dict[str, list[Seen]] = defaultdict(list)
    for entry in seen:
        if entry.event.type in ("search", "click", "vote", "contact"):
            sessions[entry.event.session or entry.event.event_id].append(entry)
    found = [search for entries in sessions.values() for search in _session(entries)]
    return sorted(found, key=lambda s: (s.at, s.visitor, s.key))


def _session(entries: list[Seen]) -> list[Search]:
    asked: dict[str, Search] = {}  # by key; the last one is what the reader is at
    votes: dict[Key, bool] = {}
    for entry in entries:
        event = entry.event
        if event.type in ("search", "click") and event.query:
            _ask(asked, entry)
        if event.type == "click" and asked and entry.key:
            next(reversed(asked.values())).clicked.append(entry.key)
        elif event.type == "contact" and asked:
            next(reversed(asked.values())).contacted = True
        elif event.type == "vote" and entry.key:
            votes[entry.key] = event.vote == 1
    _settle(list(asked.values()), votes)
    return list(asked.values())


def _ask(asked: dict[str, Search], entry: Seen) -> None:
    event, key = entry.event, query_key(entry.event.query)
    last = next(reversed(asked.values())) if asked else None
    if last and _continues(last, key, entry.at):
        del asked[last.key]
    search = asked.pop(key, None) or Search(
        query=" ".join(event.query.split()),
        key=key,
        at=entry.at,
        visitor=entry.visitor,
        lang=event.lang,
        source=event.source,
    )
    if event.type == "search":
        search.results = event.results
    asked[key] = search


def _continues(last: Search, key: str, at: datetime) -> bool:
    """Whether the query only types on; compared letter by letter, so 환부 continues to 환불."""
    typed_on = _letters(key).startswith(_letters(last.key)) and key != last.key
    return typed_on and not last.clicked and at - last.at <= _TYPING


def _letters(key: str) -> str:
    return unicodedata.normalize("NFD", key).translate(_FINALS | _VOWELS)


def _settle(asked: list[Search], votes: dict[Key, bool]) -> None:
    answered = False
    for search in reversed(asked):
        search.voted_no = any(votes.get(key) is False for key in search.clicked)
        search.refined = answered and not search.clicked
        answered = answered or bool(search.clicked)
