"""Random events that collide in every way, and their sums by day as plain Python makes them."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kbgen.events import Event, clean, last_details, last_votes
from kbgen.events.checks import CHANNELS, NO_REASONS, YES_REASONS
from kbgen.events.times import uuid7

_NIGHT = datetime(2026, 11, 3, 22, tzinfo=UTC)  # hours in which the day differs from zone to zone
_ARTICLES = (
    "KB-0001",
    "KB-0042",
    "returns/환불",
    "=1+1",
    "it's",
    "';DROP/**/TABLE/**/event;--",
    '"',
)


def random_events(dice: random.Random, count: int) -> list[Event]:
    """Few articles, readers and moments, so that choices, ties and details meet often."""
    found: list[Event] = []
    while len(found) < count:
        event = _event(dice)
        found.append(event)
        if event.type == "vote" and dice.random() < 0.7:
            found += [_detail(event, number, dice) for number in dice.sample(range(1, 13), 3)]
    return [clean(event) for event in found[:count]]


def _event(dice: random.Random) -> Event:
    when = _NIGHT + timedelta(hours=dice.randrange(-4, 5), microseconds=dice.choice((0, 1, 999)))
    common: dict[str, Any] = {
        "event_id": uuid7(when, dice.getrandbits),
        "ts": when,
        "lang": dice.choice(("ko", "en", "pt-BR", "")),
        "rev": dice.choice(("", "0123456789ab", "ba9876543210")),
        "voter": dice.choice(("", "a", "b", "A")),
        "prev": dice.choice(("", "?환불", "KB-0001", "?'")),
        "comment": "",
    }
    article = dice.choice(_ARTICLES)
    match dice.choice(("vote", "vote", "vote", "search", "click", "view", "contact")):
        case "vote":
            vote = dice.choice((0, 1))
            reasons = YES_REASONS if vote else NO_REASONS
            return Event(**{**common, "comment": dice.choice(("", "좋아요\n\"',;"))}, type="vote",
                         article=article, vote=vote, reason=dice.choice(("", *reasons)),
                         findable=dice.choice((None, 0, 1)))  # fmt: skip
        case "search":
            return Event(**common, type="search", query="환불", results=dice.choice((0, 0, 7)))
        case "click":
            return Event(**common, type="click", article=article, query="환불", rank=1)
        case "view":
            return Event(**common, type="view", article=article)
        case _:
            return Event(**common, type="contact", article=dice.choice(("", article)),
                         reason=dice.choice(CHANNELS))  # fmt: skip


def _detail(vote: Event, number: int, dice: random.Random) -> Event:
    reason = dice.choice(("", *(YES_REASONS if vote.vote else NO_REASONS)))
    return Event(
        event_id=f"{vote.event_id}.{number}", type="detail", article=vote.article, lang=vote.lang,
        ts=vote.ts + timedelta(seconds=dice.choice((0, 0, 1, 7200))), rev=vote.rev,
        vote=dice.choice((None, vote.vote)), reason=reason, voter=vote.voter,
        findable=dice.choice((0, 1)) if not reason else dice.choice((None, 0, 1)),
    )  # fmt: skip


def sums(table: str, events: Iterable[Event], zone: str) -> list[dict[str, Any]]:
    """The rows of a table, as `kbgen events daily --format jsonl` prints them."""
    once = list({event.event_id: event for event in events}.values())
    rows: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    columns, keys = (ARTICLES, KEYS) if table == "articles" else (SEARCHES, ("day", "lang"))
    for event, told in _of_articles(once) if table == "articles" else _of_searches(once):
        day = event.ts.astimezone(ZoneInfo(zone)).date().isoformat()
        key = (day, event.lang) if table == "searches" else (
            day, event.article, event.lang, event.rev)  # fmt: skip
        rows[key].update(told)
    return [
        {**dict(zip(keys, key, strict=True)), **{name: rows[key][name] for name in columns}}
        for key in sorted(rows)
    ]


KEYS = ("day", "article", "lang", "rev")
SEARCHES = ("searches", "without_results", "clicks", "contacts")
ARTICLES = (
    "views", "views_from_search", "clicks", "contacts", "yes", "no", "findable_yes", "findable_no",
    *(f"no_{reason}" for reason in NO_REASONS), *(f"yes_{reason}" for reason in YES_REASONS),
)  # fmt: skip


def _of_articles(events: list[Event]) -> Iterable[tuple[Event, list[str]]]:
    details = last_details(events)
    for vote in last_votes(events):
        detail = details.get(vote.root)
        reason = (detail and detail.reason) or vote.reason
        findable = detail.findable if detail and detail.findable is not None else vote.findable
        word = "yes" if vote.vote else "no"
        told = [word, f"{word}_{reason}"]
        if findable is not None:
            told.append("findable_yes" if findable else "findable_no")
        yield vote, told
    for event in events:
        if event.type in ("view", "click", "contact"):
            is_led = event.type == "view" and event.prev.startswith("?")
            yield event, [f"{event.type}s", *(["views_from_search"] if is_led else [])]


def _of_searches(events: list[Event]) -> Iterable[tuple[Event, list[str]]]:
    for event in events:
        if event.type == "search":
            yield event, ["searches", *(["without_results"] if event.results == 0 else [])]
        elif event.type in ("click", "contact"):
            yield event, [f"{event.type}s"]
