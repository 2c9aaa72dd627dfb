"""Events and requests for the tests of this room."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from kbgen.events.checks import CHANNELS, LIMITS, NO_REASONS, YES_REASONS
from kbgen.events.model import Event
from kbgen.events.times import uuid7

NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
SITE = "https://help.ondam.example"
_random = random.Random(20261103)


def new_id(now: datetime = NOW) -> str:
    """A fresh id."""
    return uuid7(now, _random.getrandbits)


def vote(**changes: Any) -> dict[str, Any]:
    """A vote as a page sends it."""
    return {
        "v": 1,
        "event_id": new_id(),
        "ts": "2026-11-03T09:30:00Z",
        "type": "vote",
        "article": "KB-0042",
        "lang": "ko",
        "rev": "0123456789ab",
        "path": "/ko/returns/refund/",
        "vote": 1,
        "session": "s1",
        "source": "web",
        **changes,
    }


def event(**changes: Any) -> Event:
    """A vote as the store keeps it."""
    data = {name: value for name, value in vote().items() if name != "v"}
    return Event(**{**data, "ts": NOW, "voter": "reader", **changes})


# Text as readers and attackers write it: no control characters, no halves of characters.
texts = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters=[*map(chr, range(32)), "\x7f"])
    | st.sampled_from(list("\n\t'\"=+-@,;＝＠가나다ㅋ010-1234")),
    min_size=1,
)


def _texts(limit: int) -> st.SearchStrategy[str]:
    return texts.map(lambda text: text[:limit]).filter(lambda text: bool(text.strip()))


_times = st.datetimes(datetime(2001, 1, 1), datetime(2026, 11, 3), timezones=st.just(UTC))  # noqa: DTZ001
_ids = st.builds(lambda ts, bits: uuid7(ts, lambda _n: bits), _times, st.integers(0, 2**74 - 1))
_codes = st.from_regex(r"\A[A-Za-z0-9_-]{1,20}\Z")
_common = {
    "ts": _times,
    "lang": st.sampled_from(["", "ko", "en", "pt-BR"]),
    "rev": st.just("") | st.from_regex(r"\A[0-9a-f]{12}\Z"),
    "path": st.sampled_from(["", "/", "/ko/returns/refund/", "/ko/%ED%99%98/"]),
    "voter": st.just("") | _codes,
    "session": st.just("") | _codes,
    "source": st.sampled_from(["web", "agent", "mcp", "import:zendesk"]),
    "prev": st.just("") | _texts(LIMITS["query"]).map(lambda text: "?" + text),
}
_articles = st.sampled_from(["KB-0001", "KB-0042", "returns/환불"])
_comments = st.just("") | _texts(LIMITS["comment"])


def _votes(value: int, reasons: tuple[str, ...]) -> st.SearchStrategy[Event]:
    return st.builds(
        Event, event_id=_ids, type=st.just("vote"), article=_articles, vote=st.just(value),
        reason=st.sampled_from(["", *reasons]), comment=_comments, **_common,
    )  # fmt: skip


events = st.one_of(
    _votes(0, NO_REASONS),
    _votes(1, YES_REASONS),
    st.builds(
        Event, event_id=_ids.map(lambda i: f"{i}.3"), type=st.just("detail"), article=_articles,
        reason=st.sampled_from(NO_REASONS), comment=_comments,
        findable=st.sampled_from([None, 0, 1]), **_common,
    ),
    st.builds(
        Event, event_id=_ids, type=st.just("search"), query=_texts(LIMITS["query"]),
        results=st.integers(0, LIMITS["results"]), **_common,
    ),
    st.builds(
        Event, event_id=_ids, type=st.just("click"), article=_articles,
        query=_texts(LIMITS["query"]), rank=st.none() | st.integers(1, LIMITS["rank"]), **_common,
    ),
    st.builds(Event, event_id=_ids, type=st.just("view"), article=_articles, **_common),
    st.builds(
        Event, event_id=_ids, type=st.just("contact"), reason=st.sampled_from(["", *CHANNELS]),
        **_common,
    ),
)  # fmt: skip


class Clock:
    """A clock that tests turn by hand."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)
