"""`kbgen insights` and `kbgen simulate` from the outside."""

from __future__ import annotations

import json
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml
from click.testing import CliRunner

from kbgen.cli import cli
from kbgen.errors import EventError
from kbgen.events import Store, read_events

# Whoosh 2.7.4 warns when Python compiles it, which happens on the first use.
pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning")

PAGE = """\
---
id: KB-{number:04}
title: {title}
owner: 배송팀
reviewed: {reviewed}
questions: [{question}]
---
{title}에 대한 답이에요.
"""


@pytest.fixture
def project(tmp_path):
    """A help center with five articles, one of them long overdue."""
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: 작은 가게\nsite_url: https://shop.example/\ndocs_dir: content\n"
        "plugins:\n  - kbgen: {languages: [ko]}\n"
    )
    folder = tmp_path / "content" / "ko" / "delivery"
    folder.mkdir(parents=True)
    for number, title in enumerate(["배송비", "도착일", "송장 번호", "부재중", "도서산간"], 1):
        reviewed = "2024-01-01" if number == 5 else "2026-11-01"
        text = PAGE.format(number=number, title=title, reviewed=reviewed, question=f"{title} 언제")
        (folder / f"a{number}.md").write_text(text)
    return tmp_path


def run(project: Path, *args: str):
    return CliRunner().invoke(
        cli, [args[0], "-f", str(project / "mkdocs.yml"), *args[1:]], catch_exceptions=False
    )


@pytest.fixture
def sample(project):
    file = project / "sample.jsonl"
    run(project, "simulate", "--seed", "3", "--days", "30", "--until", "2026-11-20",
        "--vote-rate", "0.2", "-o", str(file))  # fmt: skip
    return file


def test_simulate_and_insights_make_a_loop(project, sample):
    result = run(project, "insights", "--events", str(sample), "--json")
    data = json.loads(result.stdout)

    assert result.exit_code == 0
    assert data["settings"]["today"] == "2026-11-20"  # simulated files: their own last day
    assert data["site"]["simulated"] == data["site"]["events"] > 1000
    assert {entry["id"] for entry in data["articles"]} == {f"KB-000{n}" for n in range(1, 6)}
    assert "KB-0005" in data["queue"]
    assert all(gap["visitors"] >= 3 for gap in data["gaps"])


def test_the_same_seed_writes_the_same_file(project, sample):
    again = run(project, "simulate", "--seed", "3", "--days", "30", "--until", "2026-11-20",
                "--vote-rate", "0.2").stdout  # fmt: skip

    assert again == sample.read_text("utf-8")


def test_max_size_is_kept_and_truth_is_written(project):
    file, truth = project / "s.jsonl", project / "truth.json"

    run(project, "simulate", "--max-size", "0.05", "-o", str(file), "--truth", str(truth))

    assert 40_000 < file.stat().st_size <= 50_000
    kinds = {entry["kind"] for entry in json.loads(truth.read_text())["articles"]}
    assert kinds <= {"good", "broken", "declined"}


def test_the_store_of_the_project_is_read_unless_told_otherwise(project, sample):
    with Store.open(project / ".kbgen" / "events.db") as store:
        store.append(read_events(sample))

    from_store = run(project, "insights", "--json").stdout
    from_file = run(project, "insights", "--events", str(sample), "--json").stdout
    both = run(project, "insights", "--events", str(sample), "--events",
               str(project / ".kbgen" / "events.db"), "--json").stdout  # fmt: skip

    assert from_store == from_file == both


def test_without_events_the_calendar_speaks_and_the_cure_is_named(project):
    result = run(project, "insights", "--today", "2026-11-20")

    assert result.exit_code == 0
    assert "There are no events yet" in result.stderr
    assert "`kbgen events import FILE`" in result.stderr
    assert "KB-0005 ko 도서산간" in result.stdout


def test_a_missing_file_is_an_error(project):
    with pytest.raises(EventError, match=r"none\.jsonl: no such file"):
        run(project, "insights", "--events", "none.jsonl")


def test_rows_that_are_no_events_cost_only_themselves(project, sample):
    sample.write_text(sample.read_text("utf-8") + '{"v": 1, "type": "vole"}\nnot json\n', "utf-8")

    result = run(project, "insights", "--events", str(sample), "--json")

    assert result.exit_code == 0
    assert result.stderr.count(f"{sample}:") == 2
    assert json.loads(result.stdout)["site"]["events"] > 1000


def test_events_come_from_an_address_too(project, sample):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=sample.parent))
    Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    try:
        fetched = run(project, "insights", "--events", f"{base}/sample.jsonl", "--json").stdout
        with pytest.raises(EventError, match="cannot be fetched: HTTP Error 404"):
            run(project, "insights", "--events", f"{base}/none.jsonl")
    finally:
        server.shutdown()
        server.server_close()

    assert fetched == run(project, "insights", "--events", str(sample), "--json").stdout


def test_pages_and_json_can_be_had_at_once(project, sample):
    result = run(project, "insights", "--events", str(sample), "--json", "--html",
                 str(project / "report"))  # fmt: skip

    assert json.loads(result.stdout) == json.loads((project / "report/insights.json").read_text())
    assert (project / "report" / "index.html").is_file()


def test_save_writes_what_the_home_page_shows(project, sample):
    for _ in range(2):
        result = run(project, "insights", "--events", str(sample), "--save")

    saved = project / "content" / ".kbgen" / "popular.yml"
    found = yaml.safe_load(saved.read_text("utf-8"))
    assert result.stdout == ""
    assert list(found) == ["articles", "readers"]
    assert all(0 < low < 1 for low in found["articles"].values())
    assert max(found["readers"].values()) == 1
    assert all(shares and sorted(shares) == list(shares) for shares in found.values())
    assert [p.name for p in saved.parent.iterdir()] == ["popular.yml"]


def test_an_unknown_language_names_the_known_ones(project):
    result = run(project, "insights", "--lang", "fr")

    assert result.exit_code == 2
    assert "known: en, ko" in result.stderr


def test_each_day_gives_the_report_of_that_day(project, sample):
    """Events after the day do not count, so an old report can be made again."""
    early = json.loads(
        run(project, "insights", "--events", str(sample), "--json", "--today", "2026-11-01").stdout
    )
    late = json.loads(run(project, "insights", "--events", str(sample), "--json").stdout)

    assert early["site"]["events"] < late["site"]["events"]
