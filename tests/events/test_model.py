"""What is an event, what is none, and that nothing anybody sends makes the parser raise."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.events.checks import LIMITS
from kbgen.events.model import Event, clean, from_json, parse, to_json
from kbgen.events.times import derived_id, format_time, read_time, uuid7
from tests.events.samples import NOW, event, events, vote

GOOD: list[dict[str, Any]] = [
    {},
    {"vote": 0},
    {"vote": 0, "reason": "broken_link"},
    {"vote": 1, "reason": "easy", "comment": "좋아요\n정말"},
    {"lang": "pt-BR"},
    {"rev": ""},
    {"path": None},
    {"article": "returns/환불"},
    {"article": "x" * 128},
    {"comment": "x" * 1000},
    {"source": "import:zendesk"},
    {"ts": "2026-11-03T18:30:00+09:00"},
    {"ts": "2026-11-03 09:30:00.123456z"},
    {"event_id": "0199D0F0-1234-4ABC-8DEF-0123456789AB"},
    {"type": "detail", "reason": "other"},
    {"type": "detail", "vote": 0, "findable": 0},
    {"type": "search", "vote": None, "article": None, "query": "환불", "results": 0},
    {"type": "click", "vote": None, "query": "환불", "rank": 1},
    {"type": "view", "vote": None},
    {"type": "contact", "vote": None, "reason": "chat"},
]


@pytest.mark.parametrize("changes", GOOD, ids=str)
def test_takes_events(changes: dict[str, Any]) -> None:
    found = parse(vote(**changes))

    assert isinstance(found, Event), found


BAD: list[tuple[dict[str, Any], str]] = [
    ({"v": 2}, "v: expected 1, the version of events that this kbgen reads, found 2"),
    ({"v": True}, "v: expected 1, the version of events that this kbgen reads, found True"),
    ({"event_id": "7"}, "event_id: expected a UUID, best a UUIDv7, found '7'"),
    ({"event_id": None}, "event_id: is missing"),
    (
        {"event_id": "01a20089-3b91-7d8a-9830-b5b69a6fe618.1"},
        "event_id: only a detail has a suffix, found '01a20089-3b91-7d8a-9830-b5b69a6fe618.1'",
    ),
    (
        {"ts": "2026-11-03T09:30:00"},
        ("ts: expected a time with its zone such as 2026-11-03T09:30:00Z, "
        "found '2026-11-03T09:30:00'"),
    ),
    (
        {"ts": "2026-02-30T09:30:00Z"},
        ("ts: expected a time with its zone such as 2026-11-03T09:30:00Z "
        "(day is out of range for month), found '2026-02-30T09:30:00Z'"),
    ),
    (
        {"ts": 1762162200},
        "ts: expected a time with its zone such as 2026-11-03T09:30:00Z, found 1762162200",
    ),
    (
        {"type": "votes"},
        ("type: expected one of vote, detail, search, click, view, contact (did you mean vote?), "
        "found 'votes'"),
    ),
    ({"article": None}, "article: is missing; a vote needs it"),
    ({"article": "x" * 129}, f"article: longer than 128 characters, found '{'x' * 58}…"),
    ({"article": "a b"}, "article: holds white space, found 'a b'"),
    ({"lang": "korean"}, "lang: expected a language tag such as ko or en-GB, found 'korean'"),
    ({"rev": "0123"}, "rev: expected 12 hexadecimal digits, found '0123'"),
    (
        {"path": "/a/?q=x"},
        "path: expected a path such as /ko/returns/refund/, without ? and #, found '/a/?q=x'",
    ),
    ({"vote": 2}, "vote: expected a whole number from 0 to 1, found 2"),
    ({"vote": True}, "vote: expected a whole number from 0 to 1, found True"),
    ({"vote": None}, "vote: is missing; a vote needs it"),
    ({"vote": 1, "reason": "outdated"}, ("reason: expected one of accurate, easy, complete, other, "
     "found 'outdated'")),
    ({"comment": "x" * 1001}, f"comment: longer than 1000 characters, found '{'x' * 58}…"),
    ({"comment": "\ud800"}, "comment: holds characters that are no text, found '\\ud800'"),
    ({"comment": " "}, "comment: is blank, found ' '"),
    ({"comment": ["x"]}, "comment: expected text, found ['x']"),
    ({"query": "환불"}, "query: a vote has none"),
    ({"source": "me"}, "source: expected web, agent, mcp or import:NAME, found 'me'"),
    ({"vot": 1}, "unknown field 'vot' (did you mean vote?)"),
    ({"ip": "203.0.113.9"}, "unknown field 'ip'"),
    ({"type": "detail"}, "a detail needs a reason, a comment or findable"),
    ({"type": "search", "vote": None}, "query: is missing; a search needs it"),
    ({"comment": 5, "reason": "call 010-1234-5678"}, "comment: expected text, found 5"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    BAD,
    ids=lambda value: str(value)[:50] if isinstance(value, str) else "",
)
def test_says_what_is_wrong(changes: dict[str, Any], expected: str) -> None:
    found = parse(vote(**changes))

    assert not isinstance(found, Event)
    assert expected == str(found[0])


def test_values_beyond_all_measure_are_named_by_their_kind() -> None:
    found = parse(vote(comment=10**5000))

    assert "comment: expected text, found a huge int" == str(found[0])  # type: ignore[index]


def test_says_everything_at_once() -> None:
    found = parse(vote(vote=7, lang="?", rev="?"))

    assert not isinstance(found, Event)
    assert ["lang", "rev", "vote"] == sorted(fault.field for fault in found)


def test_a_refused_value_is_shown_without_personal_data() -> None:
    found = parse(vote(reason="call 010-1234-5678 now"))

    assert not isinstance(found, Event)
    assert found[0].value == "'call [phone] now'"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(vote())), json_values) | json_values)
def test_never_raises(data: Any) -> None:
    if isinstance(data, dict):
        data = {**vote(), **data}

    found = parse(data)

    assert isinstance(found, Event) or all(str(fault) for fault in found)


@given(st.text() | st.binary())
def test_never_raises_on_text(text: str | bytes) -> None:
    assert not isinstance(from_json(text), Event)


@pytest.mark.parametrize("text", ["[" * 100_000, "1" * 10_000, '{"v": NaN}', b"\xff", "\ud800"])
def test_hostile_json_is_a_fault(text: str | bytes) -> None:
    assert not isinstance(from_json(text), Event)


@given(events)
def test_json_loses_nothing(original: Event) -> None:
    assert original == from_json(to_json(original))


@given(events)
def test_cleaning_twice_changes_nothing_more(original: Event) -> None:
    once = clean(original)

    assert once == clean(once)
    assert once == parse(json.loads(to_json(once)))


def test_cleaning_takes_out_personal_data_and_stray_space() -> None:
    dirty = event(type="search", vote=None, query="  환불\t 010-1234-5678 ", prev="?a@b.co  x")

    found = clean(dirty)

    assert ("환불 [phone]", "?[email] x") == (found.query, found.prev)


def test_cleaning_composes_letters() -> None:
    assert clean(event(comment="한글")).comment == "한글"


def test_a_comment_that_grows_when_scrubbed_stays_within_the_limit() -> None:
    found = clean(event(comment="a@b.co " * 142))

    assert len(found.comment) <= LIMITS["comment"]


def test_an_absent_time_is_the_time_of_arrival() -> None:
    data = vote()
    del data["ts"]

    found = parse(data, received=NOW)

    assert isinstance(found, Event)
    assert found.ts == NOW


def test_a_detail_without_suffix_is_the_first() -> None:
    data = vote(type="detail", reason="other")

    found = parse(data)

    assert isinstance(found, Event)
    assert found.event_id == data["event_id"] + ".1"
    assert found.root == data["event_id"]


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1000, 1, 1)))  # noqa: DTZ001
def test_times_survive(moment: datetime) -> None:
    assert moment == read_time(format_time(moment))


def test_times_are_written_in_utc_and_no_longer_than_they_must_be() -> None:
    seoul = timezone(timedelta(hours=9))

    assert format_time(datetime(2026, 11, 3, 9, tzinfo=seoul)) == "2026-11-03T00:00:00Z"
    assert format_time(NOW + timedelta(milliseconds=5)) == "2026-11-03T09:30:00.005Z"
    assert format_time(NOW + timedelta(microseconds=5)) == "2026-11-03T09:30:00.000005Z"


def test_ids_sort_by_time_and_say_their_version() -> None:
    first = uuid7(NOW, lambda _bits: 2**74 - 1)
    second = uuid7(NOW + timedelta(milliseconds=1), lambda _bits: 0)

    assert first < second
    assert (second[14], second[19]) == ("7", "8")


def test_derived_ids_depend_on_the_parts() -> None:
    assert derived_id(NOW, "a", "b") == derived_id(NOW, "a", "b")
    assert derived_id(NOW, "a", "b") != derived_id(NOW, "ab", "")
