"""What goes out to a file comes back the same, and a bad row costs only itself."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbgen.errors import EventError
from kbgen.events import Event, Store, clean, import_file, open_store, read_events, to_json
from kbgen.events.cells import guard, unguard
from kbgen.events.duck import COLUMNS
from kbgen.events.imports import ImportReport, Rejected
from kbgen.events.model import FIELDS
from kbgen.events.readers.text import encoding_of
from kbgen.events.writers import WRITERS
from tests.events.samples import NOW, event, events, texts, vote

HEADER = "event_id,ts,type,article,vote,comment"


TEXTS = ["jsonl", "csv"]


def export(batch: list[Event], form: str) -> bytes:
    out = io.BytesIO()
    assert len(batch) == WRITERS[form](batch, out)
    return out.getvalue()


def export_text(batch: list[Event], form: str) -> str:
    return export(batch, form).decode()


def bring(path: Path, store: Store, **options: Any) -> ImportReport:
    report = import_file(store, path, now=NOW, **options)
    assert report.rows == report.accepted + report.duplicates + report.rejected
    return report


def by_id(batch: list[Event]) -> list[Event]:
    return sorted(batch, key=lambda e: e.event_id)


def batches(size: int) -> st.SearchStrategy[list[Event]]:
    return st.lists(events.map(clean), max_size=size, unique_by=lambda e: e.event_id)


@pytest.mark.parametrize("form", TEXTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(batches(6))
def test_export_and_import_give_the_same(form: str, tmp_path: Path, batch: list[Event]) -> None:
    _there_and_back(form, tmp_path, batch)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15
)
@given(batches(30))
def test_parquet_and_import_give_the_same(tmp_path: Path, batch: list[Event]) -> None:
    _there_and_back("parquet", tmp_path, batch)


def _there_and_back(form: str, folder: Path, batch: list[Event]) -> None:
    path = folder / f"events.{form}"
    path.write_bytes(export(batch, form))
    with open_store(":memory:") as store:
        report = bring(path, store)

        assert (len(batch), 0) == (report.accepted, report.rejected), report.shown
        assert by_id(batch) == by_id(list(store.events()))
        assert export(by_id(batch), form) == export(by_id(list(store.events())), form)


def test_a_parquet_file_has_the_types_that_warehouses_expect(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    late = NOW.replace(microsecond=123456)
    path.write_bytes(
        export([event(ts=late, vote=0, findable=1), event(lang="", voter="")], "parquet")
    )

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        table = "read_parquet(?)"
        columns = connection.execute(f"DESCRIBE FROM {table}", [str(path)]).fetchall()
        rows = connection.execute(
            f"SELECT epoch_us(ts), vote, findable, lang, voter, rank FROM {table}", [str(path)]
        ).fetchall()
        told = connection.execute("FROM parquet_kv_metadata(?)", [str(path)]).fetchall()

    kinds = {name: kind for name, kind, *_ in columns}
    assert FIELDS == tuple(kinds) == tuple(COLUMNS)
    assert {**COLUMNS, "ts": "TIMESTAMP WITH TIME ZONE"} == kinds
    assert [
        (round(late.timestamp() * 1_000_000), 0, 1, "ko", "reader", None),
        (round(NOW.timestamp() * 1_000_000), 1, None, None, None, None),
    ] == rows
    assert (b"kbgen_events_version", b"1") in [row[1:] for row in told]


def test_a_parquet_file_is_made_of_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kbgen.events.writers._PART", 3)
    batch = [event(comment=str(number)) for number in range(10)]
    path = tmp_path / "it's [all] of *.parquet"
    path.write_bytes(export(batch, "parquet"))

    assert batch == list(read_events(path, now=NOW))


def _parquet(path: Path, table: str, metadata: str = "kbgen_events_version: 1") -> Path:
    """A file that kbgen did not write, though it may say so."""
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({table}) TO '{path}' (KV_METADATA {{{metadata}}})")
    return path


ROW = (
    "SELECT '019a49f0-6f40-7d8a-9830-b5b69a6fe618' event_id, 'view' AS type, 'KB-1' article, "
    "'2026-11-03T09:00:00+09:00'::TIMESTAMPTZ ts"
)
PARQUET_ROWS: list[tuple[str, str]] = [
    (f"{ROW}, 1 colour", "unknown field 'colour'"),
    (f"{ROW}, 1.5 vote", "vote: expected a whole number from 0 to 1, found 1.5"),
    (f"{ROW}, 'nan'::DOUBLE vote", "not JSON: NaN is no JSON"),
    (f"{ROW}, [1] lang", "lang: expected a language tag such as ko or en-GB, found [1]"),
    (f"{ROW}, repeat('x', 70000) AS comment", "longer than 65536 characters"),
    (ROW.replace("TIMESTAMPTZ", "TIMESTAMP"), "ts: expected a time with its zone such as"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "reason"), PARQUET_ROWS, ids=[text for _, text in PARQUET_ROWS])
def test_a_bad_row_of_parquet_costs_only_itself(table: str, reason: str, tmp_path: Path) -> None:
    with open_store(":memory:") as store:
        report = bring(_parquet(tmp_path / "events.parquet", table), store)

    assert (0, 1) == (report.accepted, report.rejected)
    assert 1 == report.shown[0].line
    assert reason in report.shown[0].reason


def test_says_which_parquet_it_cannot_read(tmp_path: Path) -> None:
    def refusal(path: Path) -> str:
        with open_store(":memory:") as store, pytest.raises(EventError) as error:
            bring(path, store)
        return str(error.value)

    path = tmp_path / "events.parquet"
    foreign = refusal(_parquet(path, ROW, "made_by: 'others'"))
    assert "events.parquet: no table of kbgen's own; this kbgen reads version 1, and" in foreign
    future = refusal(_parquet(path, ROW, "kbgen_events_version: 2"))
    assert "events.parquet: a table of version 2; this kbgen reads version 1" in future
    path.write_bytes(export([event()] * 50, "parquet")[:-9])
    assert "events.parquet: Invalid Input Error: " in refusal(path)
    path.write_bytes(b"")
    assert "events.parquet: Invalid Input Error: " in refusal(path)


@given(texts)
def test_guarded_cells_come_back(text: str) -> None:
    guarded = guard(text)

    assert text == unguard(guarded)
    assert guarded[0] not in "=+-@\t\r\n＝＋－＠"


def test_no_cell_of_a_table_is_a_formula() -> None:
    wicked = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x", "'=1", "''+1",
              "\t=1", "\r=1", "\n=1", "\t＝1"]  # fmt: skip
    table = export_text([event(comment=text) for text in wicked], "csv")

    cells = [row["comment"] for row in csv.DictReader(io.StringIO(table))]
    assert [f"'{text}" for text in wicked] == cells


def test_a_table_names_its_version(tmp_path: Path) -> None:
    path = tmp_path / "future.csv"
    path.write_text(export_text([event()], "csv").replace("(v1)", "(v2)"))

    with (
        open_store(":memory:") as store,
        pytest.raises(EventError, match=r"future.csv:1: a table of version 2; this kbgen reads"),
    ):
        bring(path, store)


def test_importing_twice_adds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(export([event(), event()], "jsonl"))
    with open_store(":memory:") as store:
        assert 2 == bring(path, store).accepted
        before = list(store.events())
        again = bring(path, store)

        assert (0, 2) == (again.accepted, again.duplicates)
        assert before == list(store.events())


JSONL_ROWS: list[tuple[str, str]] = [
    ("nonsense", "not JSON: Expecting value: line 1 column 1 (char 0)"),
    ("[1]", "expected an object in braces"),
    ('{"v":1', "not JSON: Expecting ',' delimiter: line 1 column 7 (char 6)"),
    ("{}", "v: expected 1, the version of events that this kbgen reads, found None"),
    (json.dumps(vote(vote=5)), "vote: expected a whole number from 0 to 1, found 5"),
    (json.dumps(vote(ts="2031-01-01T00:00:00Z")), ("ts: expected a time from 2000 until now, found "
     "2031-01-01 00:00:00+00:00")),
    (json.dumps(vote(ts="1999-01-01T00:00:00Z")), ("ts: expected a time from 2000 until now, found "
     "1999-01-01 00:00:00+00:00")),
    (json.dumps(vote(comment="\ud800")), ("comment: holds characters that are no text, found "
     "'\\ud800'")),
    ("x" * 70_000, "longer than 65536 characters"),
    ("[" * 30_000, "not JSON that kbgen reads: nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "reason"), JSONL_ROWS, ids=[text[:30] for _, text in JSONL_ROWS])
def test_a_bad_line_costs_only_itself(row: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(f"{to_json(event())}\n\n{row}\r\n{to_json(event())}\n")
    with open_store(":memory:") as store:
        report = bring(path, store)

    assert (2, 1) == (report.accepted, report.rejected)
    assert (3, reason) == (report.shown[0].line, report.shown[0].reason)


CSV_ROWS: list[tuple[str, str]] = [
    ("a,b", "2 cells under 6 columns"),
    (",yesterday,vote,KB-1,1,", ("ts: expected a time such as 2026-11-03 18:00 or "
     "2026. 11. 3 오후 6:00:00, found 'yesterday'")),
    (",2026-11-03T09:00:00Z,vote,KB-1,maybe,", ("vote: expected yes or no (say what else counts: "
     "--yes WORD, --no WORD), found 'maybe'")),
    (",2026-11-03T09:00:00Z,vote,,1,", "article: is missing; a vote needs it"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "reason"), CSV_ROWS)
def test_a_bad_row_costs_only_itself(row: str, reason: str, tmp_path: Path) -> None:
    good = ",2026-11-03T09:00:00Z,vote,KB-1,yes,"
    path = tmp_path / "votes.csv"
    path.write_text(f'{HEADER}\n{good}"two\nlines"\n{row}\n{good}\n')
    with open_store(":memory:") as store:
        report = bring(path, store)

    assert (2, 1) == (report.accepted, report.rejected)
    assert 4 == report.shown[0].line
    assert reason in report.shown[0].reason


def test_rejected_rows_are_kept_beside_the_file_without_personal_data(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text('{"v":1,"comment":"010-1234-5678"}\n')
    with open_store(":memory:") as store:
        report = bring(path, store)

        assert report.rejected_path == tmp_path / "events.jsonl.rejected.jsonl"
        assert {
            "line": 1,
            "reason": "event_id: is missing; ts: is missing; type: is missing",
            "value": '{"v":1,"comment":"[phone]"}',
        } == json.loads(report.rejected_path.read_text())

        path.write_text(to_json(event()))
        bring(path, store)
        assert not report.rejected_path.exists()


def test_many_rejected_rows_are_all_kept_and_some_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text("x\n" * 50)
    with open_store(":memory:") as store:
        report = bring(path, store)

    assert (50, 20) == (report.rejected, len(report.shown))
    assert report.rejected_path
    assert 50 == len(report.rejected_path.read_text().splitlines())


def test_a_rehearsal_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(f"{to_json(event())}\nx\n")
    with open_store(tmp_path / "e.db") as store:
        report = bring(path, store, dry_run=True)

        assert (1, 1, 0) == (report.accepted, report.rejected, store.count())
    assert not list(tmp_path.glob("*.rejected*"))


def test_a_file_comes_in_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kbgen.events.imports._BATCH", 1)
    path = tmp_path / "events.jsonl"
    path.write_text("".join(f"{to_json(event(comment='x' * 900))}\n" for _ in range(100)))
    with open_store(tmp_path / "e.db") as store:
        store._connection.pragma("max_page_count", 12)
        with pytest.raises(EventError, match="the disk is full"):
            bring(path, store)

        assert 0 == store.count()
    assert not list(tmp_path.glob("*.rejected*"))


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp949"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("form", TEXTS)
def test_reads_the_encodings_of_spreadsheets(encoding: str, form: str, tmp_path: Path) -> None:
    batch = [event(comment="환불이 늦어요"), event(comment="쏙 빠졌어요")]
    path = tmp_path / f"events.{form}"
    path.write_bytes(export_text(batch, form).encode(encoding))
    with open_store(":memory:") as store:
        bring(path, store)

        assert by_id(batch) == by_id(list(store.events()))


def test_broken_bytes_cost_their_own_row(tmp_path: Path) -> None:
    good = to_json(event(comment="좋아요")).encode()
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\n".join([good, to_json(event(comment="XX")).encode(), good]))
    path.write_bytes(path.read_bytes().replace(b"XX", b"\xff\x81"))
    with open_store(":memory:") as store:
        report = bring(path, store)

    assert "utf-8" == encoding_of(path)
    assert (1, 1, 1) == (report.accepted, report.duplicates, report.rejected)
    assert 2 == report.shown[0].line


def test_a_table_made_elsewhere_may_leave_out_what_is_known(tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text("Timestamp,Article ID,Helpful\n2026-11-03T18:00:00+09:00,KB-7,No\n")
    with open_store(":memory:") as store:
        bring(path, store)
        again = bring(path, store)
        found = next(store.events())

    assert 1 == again.duplicates
    assert ("vote", "KB-7", 0, "import:csv", "2026-11-03T09:00:00+00:00") == (
        found.type, found.article, found.vote, found.source, found.ts.isoformat(),
    )  # fmt: skip


HEADERS: list[tuple[str, str]] = [
    ("", "empty; expected a header such as"),
    ("event_id,artcle\n", "unknown column 'artcle' (did you mean article?)"),
    ("time,ts\n", "column 'ts' stands there twice"),
]


@pytest.mark.parametrize(("text", "message"), HEADERS)
def test_says_why_a_header_cannot_be_used(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "votes.csv"
    path.write_text(text)
    with open_store(":memory:") as store, pytest.raises(EventError) as error:
        bring(path, store)

    assert message in str(error.value)


def test_says_when_there_is_nothing_to_read(tmp_path: Path) -> None:
    (tmp_path / "events.xls").touch()
    with open_store(":memory:") as store:
        with pytest.raises(EventError, match="no such file"):
            bring(tmp_path / "absent.csv", store)
        with pytest.raises(EventError, match="cannot tell its format; name one with --from"):
            bring(tmp_path / "events.xls", store)
    with pytest.raises(EventError, match="no such file"):
        next(read_events(tmp_path / "absent.db"))


def _as_store(path: Path, batch: list[Event]) -> Path:
    with open_store(path / "events.db") as store:
        store.append(batch)
    return path / "events.db"


def _as_file(form: str) -> Callable[[Path, list[Event]], Path]:
    def write(path: Path, batch: list[Event]) -> Path:
        file = path / f"events.{form}"
        file.write_bytes(export(batch + batch, form))
        return file

    return write


@pytest.mark.parametrize("write", [_as_store, *map(_as_file, WRITERS)])
def test_reads_events_wherever_they_are(
    write: Callable[[Path, list[Event]], Path], tmp_path: Path
) -> None:
    batch = [event(), event(vote=0), event(type="view", vote=None)]

    assert by_id(batch) == by_id(list(read_events(str(write(tmp_path, batch)), now=NOW)))


def test_reading_tells_what_it_left_out(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(f"x\n{to_json(event())}\n")
    left_out: list[Rejected] = []

    assert 1 == len(list(read_events(path, now=NOW, on_reject=left_out.append)))
    assert [1] == [row.line for row in left_out]
