"""The store in PostgreSQL: what only a server can do, or do wrong."""

from __future__ import annotations

import random
import socket
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from click.testing import CliRunner, Result

from kbgen.cli import cli
from kbgen.errors import EventError
from kbgen.events import Counts, Event, StoreError, open_store, read_events, to_json
from kbgen.events.collector import collector
from kbgen.events.guard import Limits
from kbgen.events.store.postgres import PostgresStore
from kbgen.events.store.server import Server
from kbgen.insights.sources import read_all
from tests.events.postgres import Cluster
from tests.events.samples import NOW, SITE, event, new_id, vote
from tests.events.serving import serving


@pytest.fixture
def url(postgres: Cluster) -> str:
    """The address of an empty database."""
    return postgres.empty_database()


def do(url: str, sql: str) -> list[tuple[Any, ...]]:
    """Runs a statement in a database, as another program would."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(sql.encode())
        return found.fetchall() if found.description else []


# Addresses


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("postgresql://u:pw@db.example:5433/kb", "postgresql://u@db.example:5433/kb"),
        ("postgres://u:p%40w@db.example/kb", "postgresql://u@db.example/kb"),
        ("postgresql://db.example/kb?password=pw&user=u", "postgresql://u@db.example/kb"),
        ("postgresql://u:pw@[::1]/kb", "postgresql://u@[::1]/kb"),
        ("postgresql://a.example:1,b.example:2/kb", "postgresql://a.example,b.example:1,2/kb"),
        ("postgresql:///kb?host=/run/postgresql", "postgresql:///kb?host=%2Frun%2Fpostgresql"),
        ("postgresql://", "postgresql:///"),
    ],
)
def test_messages_name_a_store_without_its_password(url: str, name: str) -> None:
    assert name == Server(url).name


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:sec@ret@db.example/kb",
        "postgresql://u:sec/ret@db.example/kb",
        "postgresql://u:12/secret@db.example/kb",
        "postgresql://u:sec:ret@db.example:port/kb",
        "postgresql://u:secret@db.example/kb?sslmod=secret",
    ],
)
def test_says_nothing_of_an_address_that_is_none(url: str) -> None:
    """Half of a password with a sign that separates parts would pass for a host or a port."""
    with pytest.raises(EventError, match=r"expected postgresql://USER:PASSWORD@HOST") as told:
        open_store(url)

    assert "sec" not in str(told.value)


def test_what_cannot_be_reached_is_said_without_the_password(postgres: Cluster) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        port = deaf.getsockname()[1]
        with pytest.raises(StoreError, match=r"no connection to the server: .*timeout") as silent:
            open_store(f"postgresql://u:s3cret@127.0.0.1:{port}/kb", wait=0.1)
    with pytest.raises(
        StoreError, match="no connection to the server: Connection refused"
    ) as closed:
        open_store(f"postgresql://u:s3cret@127.0.0.1:{port}/kb")
    with pytest.raises(StoreError, match='database "absent" does not exist') as absent:
        open_store(postgres.url("absent"))

    for told in (silent, closed, absent):
        assert "s3cret" not in str(told.value)
        assert "a-secret" not in str(told.value)


def test_a_refused_password_is_not_repeated(postgres: Cluster) -> None:
    rules = postgres.folder / "data" / "pg_hba.conf"
    before = rules.read_bytes()
    try:
        rules.write_bytes(b"host all strict all scram-sha-256\n" + before)
        postgres.run("CREATE USER strict PASSWORD 'right'")
        postgres.run("SELECT pg_reload_conf()")
        wrong = postgres.url().replace("kbgen:a-secret", "strict:wr0ng")
        with pytest.raises(StoreError, match="password authentication failed") as told:
            open_store(wrong)
    finally:
        rules.write_bytes(before)
        postgres.run("SELECT pg_reload_conf()")

    assert "wr0ng" not in str(told.value)


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "kbgen.events.store.postgres", raising=False)
    monkeypatch.delitem(sys.modules, "kbgen.events.store.server", raising=False)
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(EventError, match=r"pip install 'kbgen\[postgresql\]'"):
        open_store("postgresql://db.example/kb")


# Tables


def test_several_collectors_may_start_at_once(url: str) -> None:
    ready = threading.Barrier(8)

    def start(_: int) -> Counts:
        ready.wait()
        with open_store(url) as store:
            return store.append([event()])

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(start, range(8)))

    assert [Counts(1, 0)] * 8 == counts
    assert [(1,)] == do(url, "SELECT number FROM kbgen.migration")


def test_refuses_what_is_not_its_own(url: str) -> None:
    with pytest.raises(EventError, match="no event store there"):
        open_store(url, readonly=True)
    do(url, "CREATE SCHEMA kbgen; CREATE TABLE kbgen.bookmarks (url text)")

    with pytest.raises(EventError, match="its schema kbgen is no event store of kbgen"):
        open_store(url)
    assert [("bookmarks",)] == do(
        url, "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('kbgen')"
    )


def test_leaves_everything_else_in_the_database_alone(url: str) -> None:
    do(url, "CREATE TABLE event (event_id int); CREATE TABLE migration (number int)")
    with open_store(url) as store:
        store.append([event()])

    assert [] == do(url, "SELECT * FROM public.event")


def test_refuses_a_store_of_a_newer_kbgen(url: str) -> None:
    open_store(url).close()
    do(url, "INSERT INTO kbgen.migration VALUES (99)")

    with pytest.raises(EventError, match=r"newer kbgen \(schema 99; this kbgen knows 1\)"):
        open_store(url)


def test_a_user_needs_no_more_rights_than_it_uses(postgres: Cluster, url: str) -> None:
    postgres.run("CREATE USER writer; CREATE USER reader")
    as_writer = url.replace("kbgen:a-secret", "writer")
    as_reader = url.replace("kbgen:a-secret", "reader")
    with pytest.raises(StoreError, match="its user may not do that: permission denied for"):
        open_store(as_writer)
    do(url, "CREATE SCHEMA kbgen AUTHORIZATION writer")

    with open_store(as_writer) as store:
        store.append([event()])
        do(url, "GRANT USAGE ON SCHEMA kbgen TO reader")
        do(url, "GRANT SELECT ON ALL TABLES IN SCHEMA kbgen TO reader")
        with open_store(as_reader, readonly=True) as reader:
            assert list(store.events()) == list(reader.events())
    with open_store(as_reader) as reader, pytest.raises(StoreError, match="may not do that"):
        reader.append([event()])


# Durability


def test_commits_reach_the_disk_whatever_is_usual_there(url: str) -> None:
    do(url, "ALTER DATABASE " + url.rpartition("/")[2] + " SET synchronous_commit = off")
    with PostgresStore.open(url) as store:
        store.append([event()])

        assert ("on",) == store._connected().execute("SHOW synchronous_commit").fetchone()


def test_refuses_a_server_that_does_not_write_to_disk(postgres: Cluster, url: str) -> None:
    open_store(url).close()
    try:
        _set(postgres, "fsync", "off")
        with pytest.raises(EventError, match=r"fsync = off.*set fsync = on"):
            open_store(url)
        open_store(url, readonly=True).close()
    finally:
        _set(postgres, "fsync", "on")


def _set(postgres: Cluster, name: str, value: str) -> None:
    postgres.run(f"ALTER SYSTEM SET {name} = {value}")
    postgres.run("SELECT pg_reload_conf()")
    while [(value,)] != postgres.run(f"SHOW {name}"):
        pass


def test_refuses_a_database_that_cannot_hold_every_text(postgres: Cluster) -> None:
    other = postgres.new_database("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")

    with pytest.raises(EventError, match=r"holds text as LATIN1.*createdb --encoding=UTF8"):
        open_store(other)


# Order and memory


def test_orders_as_every_other_store(postgres: Cluster) -> None:
    """In a database that sorts 9 before 10."""
    url = postgres.new_database("LOCALE_PROVIDER icu ICU_LOCALE 'en-u-kn-true' TEMPLATE template0")
    root = new_id()
    details = [
        event(event_id=f"{root}.{n}", type="detail", vote=None, comment=str(n)) for n in (9, 10, 2)
    ]
    with open_store(url) as store, open_store(":memory:") as other:
        store.append(details)
        other.append(details)

        assert ["10", "2", "9"] == [one.comment for one in store.events()]
        assert list(other.events()) == list(store.events())


def test_reads_piece_by_piece(url: str) -> None:
    with open_store(url) as store:
        store.append([event() for _ in range(2001)])
        reading = store.events()
        next(reading)
        asked = do(url, "SELECT query FROM pg_stat_activity WHERE query LIKE 'FETCH%'")

        assert [('FETCH FORWARD 2000 FROM "kbgen"',)] == asked
        assert 2000 == len(list(reading))
        assert [] == do(url, "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'FETCH%'")


def test_a_compact_store_holds_no_trace_of_what_was_forgotten(url: str) -> None:
    table = "SELECT pg_read_binary_file(pg_relation_filepath('kbgen.event'))"
    with open_store(url) as store:
        store.append([event(comment="a secret"), event(voter="other", comment="stays")])
        store.forget(voter="reader")
        store.compact()
        [(data,)] = do(url, table)

    assert b"stays" in data
    assert b"a secret" not in data


# Several at once


def test_two_who_write_the_same_lose_nothing_and_double_nothing(url: str) -> None:
    """Each in an order of its own, which could make them wait for each other in a circle."""
    made = [event() for _ in range(300)]
    ready = threading.Barrier(2)

    def write(seed: int) -> Counts:
        mine = random.Random(seed).sample(made, len(made))
        counts = Counts()
        with open_store(url) as store:
            ready.wait()
            for first in range(0, 300, 50):
                counts += store.append(mine[first : first + 50] + mine[:25])
        return counts

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(write, (1, 2))

    assert 300 == one.accepted + two.accepted
    assert 600 == one.duplicates + two.duplicates
    with open_store(url) as store:
        assert set(made) == set(store.events())


def test_of_two_who_wait_for_each_other_one_goes_on(url: str) -> None:
    first, second = event(), event()
    has_first, has_second = threading.Event(), threading.Event()

    def bring(one: Event, other: Event, mine: threading.Event, theirs: threading.Event) -> str:
        with open_store(url) as store:
            try:
                with store.transaction():
                    store.append([one])
                    mine.set()
                    theirs.wait(30)
                    store.append([other])
            except StoreError as error:
                return str(error)
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        tasks = [
            pool.submit(bring, first, second, has_first, has_second),
            pool.submit(bring, second, first, has_second, has_first),
        ]
        told = sorted(task.result(30) for task in tasks)

    assert "kept" == told[0]
    assert told[1].endswith("another program wrote the same events at once; try again")
    with open_store(url) as store:
        assert {first, second} == set(store.events())


def test_a_commit_that_is_in_the_way_of_an_import_is_tried_again(url: str) -> None:
    first, second = sorted((event(), event()), key=lambda one: one.event_id)

    def commit() -> Counts:
        with open_store(url) as store:
            return store.append([first, second])

    with open_store(url) as importing, ThreadPoolExecutor(1) as pool:
        with suppress(StoreError), importing.transaction():
            importing.append([second])
            task = pool.submit(commit)
            while not do(url, "SELECT 1 FROM pg_locks WHERE NOT granted"):
                pass
            importing.append([first])
        counts = task.result(30)

        assert 2 == counts.accepted + counts.duplicates
        assert [first, second] == list(importing.events())


# When the server goes


def _break_connections(postgres: Cluster, url: str) -> None:
    name = url.rpartition("/")[2]
    postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


def test_a_broken_connection_is_made_anew(postgres: Cluster, url: str) -> None:
    with open_store(url) as store:
        store.append([event()])
        _break_connections(postgres, url)
        assert Counts(1, 0) == store.append([event()])

        _break_connections(postgres, url)
        with store.transaction():
            store.append([event()])
        _break_connections(postgres, url)
        assert 3 == store.count()


def test_leaves_a_server_that_only_follows_another_one(url: str) -> None:
    with PostgresStore.open(url) as store:
        store._connected().execute("SET default_transaction_read_only = on")

        assert Counts(1, 0) == store.append([event()])


def test_a_transaction_whose_connection_breaks_leaves_nothing(postgres: Cluster, url: str) -> None:
    def break_off(store: PostgresStore) -> None:
        with store.transaction():
            store.append([event()])
            _break_connections(postgres, url)
            with pytest.raises(StoreError, match="no connection to the server"):
                store.append([event()])

    with PostgresStore.open(url) as store:
        with pytest.raises(StoreError):
            break_off(store)

        assert 0 == store.count()
        assert Counts(1, 0) == store.append([event()])


def test_the_collector_goes_on_when_the_server_is_back(
    postgres: Cluster, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """204 means on disk, sending again adds nothing, 503 while it is gone, and no restart."""
    limits = Limits(votes_per_minute=0, others_per_minute=0, ceiling_per_second=0)
    with open_store(url, wait=2) as store:
        app = collector(store, site_url=SITE, limits=limits, clock=lambda: NOW)
        with serving(app) as address, httpx.Client(headers={"Origin": SITE}) as http:
            send = _sender(http, f"{address}/v1/events")
            data = vote()
            assert [204, 204] == [send(data), send(data)]
            assert [(data["event_id"],)] == do(url, "SELECT event_id FROM kbgen.event")

            postgres.stop()
            try:
                late = vote()
                refused = http.post(f"{address}/v1/events", json=late)
            finally:
                postgres.start()
            assert (503, "storage") == (refused.status_code, refused.headers["X-Kbgen-Reason"])
            assert int(refused.headers["Retry-After"]) >= 5
            assert f"postgresql://kbgen@127.0.0.1:{postgres.port}/" in caplog.text
            assert "no connection to the server: Connection refused" in caplog.text
            assert "a-secret" not in caplog.text
            assert 204 == send(late)
            assert [(2,)] == do(url, "SELECT count(*) FROM kbgen.event")


# Commands


def test_every_command_takes_an_address(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = sorted((event(), event(comment="환불")), key=lambda one: one.event_id)
    lines = "".join(to_json(one) + "\n" for one in made)
    Path("votes.jsonl").write_text(lines, "utf-8")

    rehearsed = run("events", "import", "votes.jsonl", "--db", url, "--dry-run")
    untouched = do(url, "SELECT to_regnamespace('kbgen')")
    brought = run("events", "import", "votes.jsonl", "--db", url)
    monkeypatch.setenv("KBGEN_DB", url)

    assert "2 rows = 2 accepted + 0 duplicates + 0 rejected (dry run" in rehearsed.output
    assert [(None,)] == untouched
    assert "2 rows = 2 accepted + 0 duplicates + 0 rejected" in brought.output
    assert lines == run("events", "export").output == run("events", "export", "--db", url).output
    assert made == list(read_events(url)) == read_all([url], now=NOW).events
    assert not (tmp_path / ".kbgen").exists()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def _sender(http: httpx.Client, address: str) -> Callable[[dict[str, Any]], int]:
    return lambda data: http.post(address, json=data).status_code
