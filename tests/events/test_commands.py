"""`kbgen collect` and `kbgen events` as processes: addresses, kills, files in and out."""

from __future__ import annotations

import errno
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from kbgen.cli import cli
from kbgen.errors import ConfigError, KbgenError
from kbgen.events import open_store, read_events, to_json
from tests.events.samples import SITE, event, vote

KBGEN = [sys.executable, "-c", "from kbgen.cli import main; main()"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with settings and a built site, as the working folder."""
    (tmp_path / "mkdocs.yml").write_text(f"site_name: Ondam\nsite_url: {SITE}/\n")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/articles.json").write_text('[{"id": "KB-0042", "lang": "ko"}]')
    monkeypatch.chdir(tmp_path)
    return tmp_path


@contextmanager
def collecting(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running collector and its address."""
    command = [*KBGEN, "collect", "--port", "0", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def send(http: httpx.Client, url: str, **changes: object) -> int:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return http.post(f"{url}/v1/events", json=vote(ts=now, **changes)).status_code


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_collects_until_it_is_told_to_stop(project: Path) -> None:
    with collecting() as (process, url), httpx.Client(headers={"Origin": SITE}) as http:
        assert url.startswith("http://127.0.0.1:")
        assert 204 == send(http, url)
        assert 400 == send(http, url, article="KB-9999")
        assert 403 == http.post(f"{url}/v1/events", headers={"Origin": "null"}).status_code
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate(timeout=10)

    lines = [json.loads(line) for line in told.splitlines()]
    assert 0 == process.returncode
    assert [
        ("info", "started", url),
        ("info", "refused", None),
        ("info", "stopped", None),
    ] == [(line["level"], line["event"], line.get("address")) for line in lines]
    assert {"article": 1, "origin": 1} == lines[1]["reasons"]
    assert not list((project / ".kbgen").glob("*-wal"))
    assert 1 == len(list(read_events(project / ".kbgen/events.db")))


def test_a_built_site_says_where_it_is_published(project: Path) -> None:
    """On a machine that has the site and no project, its sitemap names the address."""
    (project / "mkdocs.yml").unlink()
    sitemap = f"<urlset><url><loc>{SITE}/ko/</loc></url></urlset>"
    (project / "site/sitemap.xml").write_text(sitemap)

    http = httpx.Client(headers={"Origin": SITE})
    with collecting("--site", "site", "--db", "e.db") as (_, url), http:
        assert 204 == send(http, url)


def test_says_why_it_does_not_start(project: Path) -> None:
    with collecting() as (_, url):
        taken = run("collect", "--port", url.rsplit(":", 1)[1])
    assert isinstance(taken.exception, ConfigError)
    assert "Address already in use (another one: --port 0)" in str(taken.exception)

    (project / "mkdocs.yml").write_text("site_name: Ondam\n")
    nowhere = run("collect", "--port", "0")
    assert "no page may send events: set site_url" in str(nowhere.exception)

    absent = run("collect", "--port", "0", "--site", "elsewhere")
    assert "elsewhere/articles.json: cannot be read" in str(absent.exception)


def test_exports_and_imports(project: Path) -> None:
    with open_store(project / ".kbgen/events.db") as store:
        store.append([event(), event(comment="=1+1")])
        kept = list(store.events())

    for name in ("a.jsonl", "a.csv", "a.parquet"):
        written = run("events", "export", "-o", name)
        assert "2 events written to " + name in written.output

        brought = run("events", "import", name, "--db", f"{name}.db")
        assert f"{name}: 2 rows = 2 accepted + 0 duplicates + 0 rejected\n" == brought.output
        assert kept == list(read_events(f"{name}.db"))

    printed = run("events", "export")
    assert [to_json(e) for e in kept] == printed.output.splitlines()
    assert (project / "a.csv").read_bytes().decode() == _bytes(
        run("events", "export", "--format", "csv")
    )


def test_parquet_goes_to_a_file_or_a_pipe_and_says_nothing_else(project: Path) -> None:
    with open_store(project / ".kbgen/events.db") as store:
        store.append([event()])
        kept = list(store.events())

    command = [*KBGEN, "events", "export", "--format", "parquet"]
    piped = subprocess.run(command, capture_output=True, check=True)
    assert b"" == piped.stderr
    (project / "piped.parquet").write_bytes(piped.stdout)
    assert kept == list(read_events(project / "piped.parquet"))

    ours, theirs = pty.openpty()  # a terminal
    try:
        shown = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(ours)
        os.close(theirs)
    assert 2 == shown.returncode
    assert b"kbgen: Parquet is no text for a terminal; name a file with -o\n" == shown.stderr


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet"])
def test_an_export_that_fails_leaves_the_old_file(
    name: str, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(project / ".kbgen/events.db") as store:
        store.append([event()])
    (project / name).write_text("old")

    def disk_full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for step in ("to_json", "_cell", "shutil.copyfileobj"):
        monkeypatch.setattr(f"kbgen.events.writers.{step}", disk_full)
    failed = run("events", "export", "-o", name)

    assert f"{name}: cannot be written: No space left on device" == str(failed.exception)
    assert [name] == [path.name for path in project.glob("a.*")]
    assert "old" == (project / name).read_text()


def _bytes(result: Result) -> str:
    return result.stdout_bytes.decode()


def test_reports_what_it_rejects(project: Path) -> None:
    (project / "votes.jsonl").write_text(f"{to_json(event())}\nnonsense 010-1234-5678\n")

    result = run("events", "import", "votes.jsonl", "--dry-run")

    assert [
        (
            "votes.jsonl:2: not JSON: Expecting value: line 1 column 1 (char 0)  "
            "← 'nonsense [phone]'"
        ),
        (
            "votes.jsonl: 2 rows = 1 accepted + 0 duplicates + 1 rejected "
            "(dry run: nothing was changed)"
        ),
    ] == result.output.splitlines()
    assert not (project / ".kbgen").exists()

    told = json.loads(run("events", "import", "votes.jsonl", "--json").output)
    assert {
        "file": "votes.jsonl", "rows": 2, "accepted": 1, "duplicates": 0, "rejected": 1,
        "ignored": 0, "warnings": {}, "rejected_file": "votes.jsonl.rejected.jsonl",
    } == told  # fmt: skip


def test_says_what_it_cannot_do(project: Path) -> None:
    assert "no event store there" in str(run("events", "export").exception)
    assert "no such file" in str(run("events", "import", "absent.csv").exception)
    with open_store(project / ".kbgen/events.db"):
        pass
    assert "--format jsonl, csv or parquet" in str(run("events", "export", "-o", "x.xls").exception)
    assert isinstance(run("events", "export", "-o", "no/where.csv").exception, KbgenError)
    assert "no such file" in str(run("events", "export", "-f", "absent.yml").exception)
