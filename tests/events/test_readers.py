"""Dirty files of other tools: what is taken, what is rejected and why, and what is guessed.

Each case of cases/imports/cases.json is a file there with the options of the command line.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kbgen.cli.events import import_
from kbgen.cli.imports import read_options
from kbgen.errors import EventError
from kbgen.events import Event, import_file, last_votes, open_store
from kbgen.events.imports import ImportReport
from kbgen.events.model import to_dict
from kbgen.events.readers import READERS, Options
from kbgen.events.readers.shapes import format_of
from kbgen.settings import Settings
from tests.events.samples import NOW

CASES = Path(__file__).parent / "cases/imports"
GOLDEN: list[dict[str, Any]] = json.loads((CASES / "cases.json").read_text("utf-8"))
OURS = ("web", "agent", "mcp")  # sources of events that come back as they were sent


def options_of(arguments: list[str], key_file: Path) -> tuple[str, Options]:
    """The format and the options that a command line stands for."""
    context = import_.make_context("import", ["FILE", *arguments, "--site", str(CASES / "site")])
    said = {
        name: value
        for name, value in context.params.items()
        if name not in ("files", "config", "db", "form", "dry_run", "as_json")
    }
    settings = Settings(root=key_file.parent, site=key_file.parent / "site")
    return context.params["form"], read_options(
        settings, key_file.parent / "e.db", dry_run=False, **said
    )


def bring(
    name: str, arguments: list[str], folder: Path, *, times: int = 1
) -> tuple[ImportReport, list[dict[str, Any]], list[Event]]:
    """The report of an import, all rejected rows, and the events that are there afterwards."""
    path = folder / name
    path.write_bytes((CASES / name).read_bytes())
    form, options = options_of(arguments, folder / "pseudonyms.key")
    with open_store(":memory:") as store:
        for _ in range(times):
            report = import_file(store, path, now=NOW, form=form, options=options)
        events = list(store.events())
    assert report.rows == report.accepted + report.duplicates + report.rejected
    rejected = []
    if report.rejected_path:
        lines = report.rejected_path.read_text("utf-8").splitlines()
        rejected = [json.loads(line) for line in lines]
    return report, rejected, events


def brief(event: Event) -> dict[str, Any]:
    """What a case says of an event: no ids that are made here, and no long texts."""
    made = () if event.source in OURS else ("event_id", "session")
    kept = {n: v for n, v in to_dict(event).items() if n not in ("v", "voter", *made)}
    return {n: f"{v[:20]}… {len(v)}" if len(str(v)) > 80 else v for n, v in kept.items()}


def outcome(name: str, arguments: list[str], folder: Path) -> dict[str, Any]:
    """What a case expects, as it is."""
    report, rejected, events = bring(name, arguments, folder)
    return {
        "file": name,
        "options": arguments,
        "accepted": report.accepted,
        "duplicates": report.duplicates,
        "ignored": report.ignored,
        "rejected": [[row["line"], row["reason"]] for row in rejected],
        "warnings": dict(report.warnings),
        "events": sorted((brief(event) for event in events), key=json.dumps),
    }


@pytest.mark.parametrize("case", GOLDEN, ids=[" ".join([c["file"], *c["options"]]) for c in GOLDEN])
def test_takes_what_it_can_and_says_why_not_the_rest(case: dict[str, Any], tmp_path: Path) -> None:
    assert case == outcome(case["file"], case["options"], tmp_path)


def test_there_is_a_dirty_file_for_each_format_and_twenty_in_all() -> None:
    files = {case["file"] for case in GOLDEN}

    assert len(files) >= 20
    assert set(READERS) == {format_of(CASES / name) for name in files} | {"parquet"}


@pytest.mark.parametrize("case", GOLDEN, ids=[case["file"] for case in GOLDEN])
def test_a_second_time_adds_nothing(case: dict[str, Any], tmp_path: Path) -> None:
    _, _, once = bring(case["file"], case["options"], tmp_path)
    report, _, twice = bring(case["file"], case["options"], tmp_path, times=2)

    assert once == twice
    assert (0, len(once)) == (report.accepted, report.duplicates - case["duplicates"])


def test_no_person_is_kept_or_shown(tmp_path: Path) -> None:
    """Addresses, user ids and visitor ids of other tools are neither in events nor in rejects."""
    planted = ["@example.com", "360998877", "c0ffee", "1234567.89", "203.0.0.0", "mobile", "South"]
    for case in GOLDEN:
        _, rejected, events = bring(case["file"], case["options"], tmp_path)
        kept = json.dumps([to_dict(e) for e in events]) + json.dumps(rejected)
        assert [text for text in planted if text in kept] == []


def test_a_column_that_is_mistaken_for_another_shows_nobody(tmp_path: Path) -> None:
    for field in ("vote", "article", "ts", "results", "type", "lang"):
        said = ["--map", f"{field}=이메일 주소", "--zone", "Asia/Seoul", "--set", "article=KB-0007"]
        report, rejected, _ = bring("forms-ko.csv", said, tmp_path)

        assert 8 == report.rejected
        assert "[email]" in rejected[0]["reason"]
        assert "@" not in json.dumps(rejected)


def test_one_person_counts_once_on_an_article_and_is_nobody_elsewhere(tmp_path: Path) -> None:
    _, _, events = bring("zendesk.json", [], tmp_path)

    voters = {(e.article, e.voter) for e in events if e.voter}
    assert 2 == len(voters) == len({voter for _, voter in voters})
    assert [1, 0] == [e.vote for e in events if e.article == "KB-0042"]
    assert [0] == [e.vote for e in last_votes(events) if e.article == "KB-0042"]


def test_stars_are_not_taken_for_answers(tmp_path: Path) -> None:
    with pytest.raises(EventError, match=r"stars\.csv: vote: holds 1 and 5: stars, or yes and no"):
        bring("stars.csv", [], tmp_path)

    assert not list(tmp_path.glob("*.rejected*"))


UNFIT: list[tuple[str, bytes, list[str], str]] = [
    ("a.xlsx", b"PK\x03\x04rest", [], "a workbook or an archive; save the sheet as CSV"),
    ("a.parquet", b"PAR1 and nothing more", ["--from", "ga4"], "No magic bytes"),
    ("a.json", b'{"votes": [1, 2', ["--from", "zendesk"], "a.json:1: not JSON: expected , or ]"),
    ("a.json", b"[\n1,\n}", ["--from", "matomo"], "a.json:3: not JSON: Expecting value"),
    ("a.json", b"[1] 2", ["--from", "matomo"], "something follows the end"),
    ("a.json", b'[{"a": ' + b"[" * 100_000, ["--from", "matomo"], "nested too deeply"),
    ("a.json", b'{"result":"error","message":"token"}', ["--from", "matomo"], "an error: token"),
    ("a.json", b'{"results": []}', ["--from", "plausible"], "expected an answer of /api/v2/query"),
    ("a.json", b'{"results":[],"query":{"metrics":["bounce_rate"]}}', [], "ask for the metric ev"),
    ("a.json", b'{"votes": null}', ["--from", "zendesk"], "expected a list under 'votes'"),
    ("a.json", b'{"a": []}', ["--from", "ga4"], "a.json: expected a list and no object"),
    ("a.csv", b"date,name,visitors,events\n", [], "Plausible's export of totals"),
    ("a.csv", b"x,y\nvote,3\n", [], "Umami's export of totals"),
    ("a.csv", b"when,what\n", ["--map", "ts=When,vote=helpful"], "no column 'helpful' (columns: w"),
    ("a.csv", b"time,date,vote\n", ["--map", "vote=vote"], "column 'ts' stands there twice"),
    ("a.csv.gz", b"\x1f\x8b\x08 broken", [], "no gzip to the end"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "arguments", "message"), UNFIT)
def test_says_why_a_file_cannot_be_used(
    name: str, content: bytes, arguments: list[str], message: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    form, options = options_of(arguments, tmp_path / "key")
    with open_store(":memory:") as store, pytest.raises(EventError) as error:
        import_file(store, path, now=NOW, form=form, options=options)

    assert message in str(error.value)
    assert str(path) in str(error.value)
