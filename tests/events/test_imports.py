"""`kbgen events import` as its users meet it: several files, kills, rehearsals, folders."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import apsw
import pytest
from click.testing import CliRunner, Result

from kbgen.cli import cli
from kbgen.errors import EventError
from kbgen.events import import_file, open_store, to_json
from tests.events.samples import NOW, event, new_id

KBGEN = [sys.executable, "-c", "from kbgen.cli import main; main()"]
SITE = [
    {"id": "KB-0042", "lang": "ko", "title": "환불은 언제?", "url": "ko/refund/", "old": ["old/1/"]}
]
FORM = (
    "타임스탬프,이메일 주소,글,도움이 되었나요?\n"
    "2026. 11. 3 오후 6:00:00,lee@example.com,환불은 언제?,예\n"
    "2026. 11. 3 오후 6:01:00,kim@example.com,https://help.ondam.example/help/old/1,아니요\n"
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project below a folder of its host, with a built site, as the working folder."""
    (tmp_path / "mkdocs.yml").write_text("site_url: https://help.ondam.example/help/\n")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/articles.json").write_text(json.dumps(SITE))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["events", "import", *arguments])


def test_brings_a_form_in_with_a_warning_for_what_was_guessed(project: Path) -> None:
    (project / "form.csv").write_text(FORM, "utf-8-sig")
    said = ("--map", "article=글,vote=도움이 되었나요?,voter=이메일 주소", "--zone", "Asia/Seoul")

    rehearsed = run("form.csv", *said, "--dry-run")
    assert not (project / ".kbgen").exists()

    done = run("form.csv", *said)
    assert "form.csv: 2 rows = 2 accepted + 0 duplicates + 0 rejected\n" == done.stdout
    assert done.stdout.replace("\n", " (dry run: nothing was changed)\n") == rehearsed.stdout
    assert "form.csv: warning: title '환불은 언제?' taken for KB-0042 (1 row)\n" == done.stderr
    with open_store(project / ".kbgen/events.db") as store:
        votes = list(store.events())
    assert [("KB-0042", "ko", 1), ("KB-0042", "ko", 0)] == [
        (e.article, e.lang, e.vote) for e in votes
    ]
    assert 2 == len({e.voter for e in votes})
    assert (project / ".kbgen/pseudonyms.key").is_file()

    again = json.loads(run("form.csv", *said, "--json").stdout)
    assert (2, {"title '환불은 언제?' taken for KB-0042": 1}) == (
        again["duplicates"], again["warnings"],
    )  # fmt: skip


def test_own_files_come_in_as_they_are(project: Path) -> None:
    """Lossless: articles that the site no longer has stay, and no key of pseudonyms is made."""
    gone = event(article="KB-GONE")
    (project / "a.jsonl").write_text(to_json(gone))

    assert "1 accepted" in run("a.jsonl").output
    with open_store(project / ".kbgen/events.db") as store:
        assert [gone] == list(store.events())
    assert ["events.db"] == [file.name for file in (project / ".kbgen").iterdir()]


def test_a_file_that_cannot_be_used_does_not_stop_the_others(project: Path) -> None:
    (project / "a.jsonl").write_text(to_json(event()))
    (project / "b.csv").write_text("one,two\n")
    (project / "c.jsonl").write_text(to_json(event()))

    result = run("absent.csv", "a.jsonl", "b.csv", "c.jsonl")

    assert 2 == result.stdout.count("1 accepted")
    assert isinstance(result.exception, EventError)
    told = str(result.exception).splitlines()
    assert ["absent.csv: no such file", "kbgen: b.csv:1: unknown column 'one'"] == [
        line.split(" (")[0] for line in told
    ]


def test_rejected_rows_are_not_imported_by_a_pattern(project: Path) -> None:
    (project / "a.jsonl").write_text(f"{to_json(event())}\nnonsense\n")
    run("a.jsonl")

    again = run("a.jsonl", "a.jsonl.rejected.jsonl")

    assert 0 == again.exit_code
    assert "a.jsonl.rejected.jsonl: rows that were rejected before; left alone\n" == again.stderr
    assert 2 == len(list(project.glob("*.jsonl")))


def test_more_about_another_kind_is_told_beside_the_sum(project: Path) -> None:
    (project / "ga4.jsonl").write_text('{"event_name": "scroll", "event_timestamp": "1"}\n')

    told = run("ga4.jsonl").output

    assert "0 rows = 0 accepted + 0 duplicates + 0 rejected; 1 row about something else" in told


def test_many_warnings_are_counted(project: Path) -> None:
    articles = [
        {"id": f"K-{n}", "lang": "ko", "title": f"글 {n}", "url": f"{n}/"} for n in range(30)
    ]
    (project / "site/articles.json").write_text(json.dumps(articles))
    rows = (f"2026-11-03T09:00:{n:02}Z,글 {n},yes\n" for n in range(30))
    (project / "a.csv").write_text("time,article,vote\n" + "".join(rows))

    told = run("a.csv").stderr.splitlines()

    assert 21 == len(told)
    assert "… and 10 more warnings" == told[-1]


def test_says_what_it_does_not_understand(project: Path) -> None:
    assert "there is no field 'artcle'" in str(run("a.csv", "--map", "artcle=x").exception)
    assert "no time zone such as" in str(run("a.csv", "--zone", "Soul").exception)
    assert "absent/articles.json: cannot be read" in str(run("a.csv", "--site", "absent").exception)


def test_a_folder_that_cannot_be_written_costs_no_event(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where rejected rows cannot be kept, nothing is taken: they would be lost without a word."""
    (project / "a.jsonl").write_text(f"{to_json(event())}\nnonsense\n")
    (project / "a.jsonl.rejected.jsonl.part").mkdir()
    with open_store(":memory:") as store:
        with pytest.raises(EventError, match=r"a\.jsonl\.rejected\.jsonl: cannot be written"):
            import_file(store, project / "a.jsonl", now=NOW)

        assert 0 == store.count()


def test_a_killed_import_leaves_nothing_and_goes_on_when_it_is_run_again(project: Path) -> None:
    first, big = project / "first.jsonl", project / "big.jsonl"
    first.write_text(to_json(event()) + "\n")
    pattern = event(comment="x" * 900)
    rows = (to_json(replace(pattern, event_id=new_id())) + "\n" for _ in range(20_000))
    big.write_text("nonsense\n" + "".join(rows))
    wal = project / ".kbgen/events.db-wal"

    with subprocess.Popen(
        [*KBGEN, "events", "import", "first.jsonl", "big.jsonl"], stdout=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            if wal.exists() and wal.stat().st_size > 4 << 20:  # in the middle of the big file
                process.kill()
                break
            time.sleep(0.002)
        process.wait()

    assert -9 == process.returncode
    with open_store(project / ".kbgen/events.db") as store:
        assert 1 == store.count()
    assert not (project / "big.jsonl.rejected.jsonl").exists()

    told = run("first.jsonl", "big.jsonl").stdout
    assert "first.jsonl: 1 rows = 0 accepted + 1 duplicates + 0 rejected" in told
    assert "big.jsonl: 20001 rows = 20000 accepted + 0 duplicates + 1 rejected" in told
    assert ["big.jsonl.rejected.jsonl"] == [f.name for f in project.glob("*.rejected.jsonl*")]
    connection = apsw.Connection(str(project / ".kbgen/events.db"))
    assert "ok" == connection.pragma("integrity_check")
    connection.close()
