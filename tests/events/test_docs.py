"""docs/events.md and docs/collector.md say what the code does."""

from __future__ import annotations

import io
import re
from datetime import UTC

import pytest
from starlette.applications import Starlette

from kbgen.events import open_store
from kbgen.events.checks import CHANNELS, LIMITS, NO_REASONS, TYPES, YES_REASONS
from kbgen.events.collector import collector
from kbgen.events.daily import write_sums
from kbgen.events.guard import REASONS, Limits
from kbgen.events.imports import OLDEST
from kbgen.events.metrics import _HELP
from kbgen.events.model import FIELDS, NEEDS, Event, from_json
from kbgen.events.readers import READERS, document
from kbgen.events.readers.answers import read_answer
from kbgen.events.readers.completion import MOST_UNITS
from kbgen.events.readers.moments import read_moment
from kbgen.events.readers.pseudonyms import KEY_FILE
from kbgen.events.readers.row import LONGEST_LINE
from kbgen.events.readers.table import ALIASES
from kbgen.events.readers.text import MOST_BYTES
from tests.conftest import ROOT

EVENTS = (ROOT / "docs/events.md").read_text("utf-8")
WAREHOUSE = (ROOT / "docs/warehouse.md").read_text("utf-8")
IMPORTING = (ROOT / "docs/importing.md").read_text("utf-8")
COLLECTOR = (ROOT / "docs/collector.md").read_text("utf-8")


def rows(text: str, heading: str, *, table: int = 1) -> list[list[str]]:
    """The cells of a table below a heading, the first unless said."""
    section = re.split(rf"(?:^|\n)##? {heading}\n", text, maxsplit=1)[1].split("\n## ", 1)[0]
    tables = re.findall(r"(?:^\|.*\n)+", section + "\n", re.MULTILINE)
    lines = tables[table - 1].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def words(cell: str) -> list[str]:
    """The words of a cell that are set as code."""
    return re.findall(r"`([^`]+)`", cell)


def test_every_field_is_documented_in_order_and_no_other() -> None:
    documented = [words(row[0])[0] for row in rows(EVENTS, "Fields")]

    assert ["v", *FIELDS] == documented


def test_documented_lengths_are_the_limits() -> None:
    kinds = {words(row[0])[0]: row[1] for row in rows(EVENTS, "Fields")}

    for name in ("article", "path", "comment", "query", "prev"):
        assert f"text, {LIMITS[name]}" == kinds[name]
    assert f"0 to {LIMITS['results']}" == kinds["results"]
    assert f"1 to {LIMITS['rank']}" == kinds["rank"]


def test_every_type_is_documented_with_what_it_needs() -> None:
    documented = {words(row[0])[0]: words(row[2]) for row in rows(EVENTS, "Types")}

    assert list(TYPES) == list(documented)
    for kind, needs in NEEDS.items():
        assert list(needs) == documented[kind][: len(needs)]


def test_every_reason_is_documented() -> None:
    documented = [tuple(words(row[1])) for row in rows(EVENTS, "Reasons")]

    assert [NO_REASONS, YES_REASONS, CHANNELS] == documented


def test_every_alias_is_documented() -> None:
    documented = {
        alias: words(row[1])[0]
        for row in rows(IMPORTING, "Tables and forms")
        for alias in words(row[0])
    }

    assert ALIASES == documented


def test_every_format_is_documented() -> None:
    documented = [words(row[0])[0] for row in rows(IMPORTING, "Importing")]

    assert list(READERS) == documented


def test_documented_limits_of_imports_are_the_limits() -> None:
    for limit in (
        f"{LONGEST_LINE:,} characters",
        f"{MOST_BYTES >> 30} GiB",
        f"{document.MOST >> 20} MiB",
        f"{MOST_UNITS:,}",
        f"year {OLDEST.year}",
        KEY_FILE,
    ):
        assert limit in IMPORTING


def test_documented_times_are_read() -> None:
    for row in rows(IMPORTING, "When"):
        for written in words(row[0]):
            assert read_moment(written, UTC, "mdy")


def test_documented_answers_are_read() -> None:
    told = re.search(r"\*\*Yes or no\*\* is (.+), or (.+), and the like", IMPORTING)

    assert told
    for number, vote in ((1, 1), (2, 0)):
        assert {vote} == {read_answer(word) for word in told[number].split(", ")}


def test_the_example_is_an_event() -> None:
    example = re.search(r"```json\n(.+)\n```", EVENTS)

    assert example
    assert isinstance(from_json(example[1]), Event)


@pytest.mark.parametrize(("heading", "table"), [("Articles", "articles"), ("Searches", "searches")])
def test_every_column_of_the_sums_is_documented_in_order(heading: str, table: str) -> None:
    out = io.BytesIO()
    write_sums([[]], out, table=table, form="csv")

    documented = [name for row in rows(WAREHOUSE, heading) for name in words(row[0])]
    assert out.getvalue().decode().strip().split(",") == documented


def test_every_refusal_is_documented_with_its_status() -> None:
    documented = {words(row[0])[0]: int(row[1]) for row in rows(COLLECTOR, "What it answers")}

    assert dict(REASONS) == documented


def test_every_metric_is_documented() -> None:
    documented = [words(row[0])[0].partition("{")[0] for row in rows(COLLECTOR, "Watching it")]

    assert sorted(_HELP) == sorted(documented)


def test_every_line_of_the_log_is_documented() -> None:
    documented = [words(row[0])[0] for row in rows(COLLECTOR, "Watching it", table=2)]
    told = {
        event
        for path in [*(ROOT / "kbgen/events").glob("*.py"), ROOT / "kbgen/cli/events.py"]
        for event in re.findall(r'\btell\(\s*"(\w+)"', path.read_text("utf-8"))
    }

    assert sorted(told | {"message"}) == sorted(documented)


def test_documented_numbers_are_the_limits() -> None:
    limits = Limits()
    told = "\n".join(row[1] for row in rows(COLLECTOR, "Limits"))

    for number, unit in (
        (limits.votes_per_minute, "a minute"),
        (limits.votes_burst, "at once"),
        (limits.others_per_minute, "a minute"),
        (limits.others_burst, "at once"),
        (limits.ceiling_per_second, "a second"),
        (limits.waiting, ""),
    ):
        assert f"{number:.0f} {unit}".strip() in told
    assert f"at most {limits.batch}" in COLLECTOR
    assert f"{limits.body // 1024} KiB" in COLLECTOR
    assert f"{limits.body_seconds:.0f} seconds" in COLLECTOR


def test_the_page_says_the_same_numbers() -> None:
    """Limits that the browser keeps too are the same there."""
    sender = (ROOT / "theme/components/events/events.js").read_text("utf-8")
    widget = (ROOT / "theme/components/vote/vote.js").read_text("utf-8")
    template = (ROOT / "theme/components/vote/vote.html").read_text("utf-8")

    assert f"query: {LIMITS['query']}," in sender
    assert f"comment: {LIMITS['comment']}," in sender
    assert f"comment: {LIMITS['comment']}," in widget
    assert f'maxlength="{LIMITS["comment"]}"' in template
    for reasons in (NO_REASONS, YES_REASONS):
        assert "[" + ", ".join(f'"{reason}"' for reason in reasons) + "]" in template
    names = re.search(r"const FIELDS = \[(.+?)\];", sender, re.DOTALL)
    assert names
    in_page = re.findall(r'"(\w+)"', names[1])
    assert set(FIELDS) - {"voter"} == set(in_page)


def test_every_address_is_documented() -> None:
    """The documents name paths; the collector serves these and no others."""
    with open_store(":memory:") as store:
        app = collector(store, same_origin=True)

    assert isinstance(app, Starlette)
    for route in app.routes:
        assert getattr(route, "path", "") in COLLECTOR
