"""`kbgen events backup` and `kbgen events forget`."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path

import apsw
import pytest
from click.testing import CliRunner, Result

from kbgen.cli import cli
from kbgen.errors import ConfigError, EventError
from kbgen.events import StoreError, open_store
from kbgen.events.store.backup import backup
from tests.events.postgres import Cluster
from tests.events.samples import NOW, event, new_id


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a store of three events, as the working folder."""
    monkeypatch.chdir(tmp_path)
    with open_store(".kbgen/events.db") as store:
        store.append([event(comment="planted"), event(voter="b"), event(article="KB-0001")])
    return tmp_path


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli, ["events", *arguments], input=typed)


# Backups


def test_copies_the_store(project: Path) -> None:
    result = run("backup", "copies/first.db")

    assert "3 events copied to copies/first.db\n" == result.output
    with open_store("copies/first.db") as copy, open_store(".kbgen/events.db") as store:
        assert list(store.events()) == list(copy.events())
        copy.append([event()])
        assert (3, 4) == (store.count(), copy.count())
    assert ["first.db"] == [file.name for file in (project / "copies").iterdir()]


def test_a_folder_gets_copies_with_the_time_in_their_names(project: Path) -> None:
    (project / "copies").mkdir()

    path, count = backup(Path(".kbgen/events.db"), Path("copies"), now=NOW)

    assert (Path("copies/events-20261103T093000Z.db"), 3) == (path, count)
    with pytest.raises(EventError, match="is already there"):
        backup(Path(".kbgen/events.db"), Path("copies"), now=NOW)


def test_a_copy_is_as_private_as_the_store(project: Path) -> None:
    Path(".kbgen/events.db").chmod(0o640)
    run("backup", "copy.db")

    assert 0o640 == Path("copy.db").stat().st_mode & 0o777


def test_writes_over_nothing_unless_told(project: Path) -> None:
    Path("copy.db").write_text("precious")

    assert "copy.db: is already there (--force" in str(run("backup", "copy.db").exception)
    assert "precious" == Path("copy.db").read_text()
    told = json.loads(run("backup", "copy.db", "--force", "--json").output)
    assert {"file": "copy.db", "events": 3, "bytes": Path("copy.db").stat().st_size} == told
    own = run("backup", ".kbgen/events.db", "--force")
    assert "is the store itself" in str(own.exception)
    with open_store(".kbgen/events.db") as store:
        assert 3 == store.count()


def test_copies_while_a_collector_writes(tmp_path: Path) -> None:
    """Everything that was on disk before is in the copy, and the copy is sound."""
    source, ended = tmp_path / "events.db", threading.Event()
    with open_store(source) as store:
        store.append([event(comment="x" * 900) for _ in range(3000)])

    def write() -> None:
        with open_store(source) as store:
            while not ended.is_set():
                store.append([event(comment="y" * 900)])

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            with open_store(source, readonly=True) as store:
                before = {one.event_id for one in store.events()}
            path, count = backup(source, tmp_path / f"{number}.db", now=NOW)
            with open_store(path, readonly=True) as copy:
                assert before <= {one.event_id for one in copy.events()}
                assert count == copy.count()
    finally:
        ended.set()
        writer.join()


def test_a_copy_of_a_damaged_store_is_none(project: Path) -> None:
    path = Path(".kbgen/events.db")
    with open_store(path) as store:
        store.append([event(comment="x" * 900) for _ in range(100)])
    connection = apsw.Connection(str(path))
    root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'event_by_time'").get
    size = connection.pragma("page_size")
    connection.close()
    data = bytearray(path.read_bytes())
    start = (root - 1) * size
    data[start + 100 : start + 900] = b"\xff" * 800
    path.write_bytes(data)

    result = run("backup", "copy.db")

    assert isinstance(result.exception, StoreError)
    assert str(result.exception).startswith("copy.db: the ")
    assert [] == list(project.glob("copy.db*"))


def test_says_why_there_is_no_copy(project: Path) -> None:
    Path("file").touch()

    assert "cannot be written" in str(run("backup", "file/copy.db").exception)
    assert "no event store there" in str(run("backup", "c.db", "--db", "absent.db").exception)
    assert not list(project.glob("*.part"))


def test_says_how_postgresql_makes_copies() -> None:
    result = run("backup", "my votes.dump", "--db", "postgresql://u:secret@db.example/kb")

    assert isinstance(result.exception, ConfigError)
    assert (
        "PostgreSQL makes its own copies: pg_dump --format=custom --schema=kbgen "
        "'--file=my votes.dump' postgresql://u@db.example/kb"
    ) == str(result.exception)


# Forgetting


def test_forgets_a_voter(project: Path) -> None:
    rehearsed = run("forget", "--voter", "b", "--dry-run")
    refused = run("forget", "--voter", "b", typed="n\n")
    with open_store(".kbgen/events.db") as store:
        assert 3 == store.count()
    done = run("forget", "--voter", "b", "--yes")

    name = Path(".kbgen/events.db")
    where = project / name
    assert f"1 events of {where} would go (dry run: nothing was changed)\n" == rehearsed.output
    assert 1 == refused.exit_code
    assert f"Delete 1 events of {where} for good? [y/N]" in refused.output
    assert (
        f"1 events of {where} are deleted. "
        "Exports and backups that were made before may still hold them.\n"
    ) == done.output
    with open_store(name) as store:
        assert {"reader"} == {one.voter for one in store.events()}


def test_what_was_forgotten_is_gone_from_the_disk(project: Path) -> None:
    with open_store(".kbgen/events.db"):  # as a collector has it open
        run("forget", "--article", "KB-0042", "--yes")
        data = b"".join(file.read_bytes() for file in (project / ".kbgen").iterdir())

    assert b"KB-0001" in data
    assert b"planted" not in data


def test_forgets_what_is_old_without_writing_the_store_anew(project: Path) -> None:
    new = NOW + timedelta(days=1)
    with open_store(".kbgen/events.db") as store:
        store.append([event(ts=new)])

    told = run("forget", "--before", "2026-11-04T18:30:00+09:00", "--yes", "--no-compact", "--json")

    assert {"store": str(project / ".kbgen/events.db"), "found": 3, "deleted": 3} == json.loads(
        told.output
    )
    with open_store(".kbgen/events.db") as store:
        assert [new] == [one.ts for one in store.events()]


def test_a_day_begins_at_midnight_utc(project: Path) -> None:
    with open_store(".kbgen/events.db") as store:
        store.append([event(ts=NOW.replace(hour=0, minute=0))])

    assert "0 events" in run("forget", "--before", "2026-11-03", "--dry-run").output
    assert "4 events" in run("forget", "--before", "2026-11-04", "--dry-run").output


def test_forgets_nothing_by_mistake(project: Path) -> None:
    nothing = run("forget", "--yes")
    unknown = run("forget", "--voter", "b", "--db", "absent.db", "--yes")

    assert 2 == nothing.exit_code
    assert "say what to forget: --voter, --before or --article" in nothing.output
    assert "no event store there" in str(unknown.exception)
    assert not Path("absent.db").exists()


def test_says_when_traces_may_be_left(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise StoreError("events.db: the disk is full")

    monkeypatch.setattr("kbgen.events.store.sqlite.SqliteStore.compact", fail)
    result = run("forget", "--voter", "b", "--yes")

    assert (
        "events.db: the disk is full (1 events are deleted, but traces may be left in the store; "
        "the same command takes them away later)"
    ) == str(result.exception)


def test_forgets_in_a_database_named_by_the_environment(
    postgres: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.empty_database()
    monkeypatch.setenv("KBGEN_DB", url)
    root = new_id()
    with open_store(url) as store:
        store.append([event(event_id=root), event(event_id=f"{root}.1", type="detail", vote=None)])
        store.append([event(voter="b")])

    result = run("forget", "--voter", "reader", "--yes")

    assert result.output.startswith(f"2 events of postgresql://kbgen@127.0.0.1:{postgres.port}/")
    with open_store(url) as store:
        assert ["b"] == [one.voter for one in store.events()]
