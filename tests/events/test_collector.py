"""The collector over real HTTP: what it takes, what it refuses and why, and what it never keeps."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from kbgen.errors import ConfigError
from kbgen.events import Event, Store, open_store
from kbgen.events.collector import collector
from kbgen.events.guard import REASONS, Limits, read_origin
from kbgen.events.known import Articles, SiteArticles
from kbgen.events.senders import read_networks
from tests.events.samples import NOW, SITE, Clock, new_id, vote
from tests.events.serving import serving

OPEN = Limits(votes_per_minute=0, others_per_minute=0, ceiling_per_second=0)


@dataclass
class Room:
    """A running collector, its store and its clock."""

    url: str
    path: Path
    clock: Clock
    store: Store
    http: httpx.Client

    def post(self, *events: Any, **options: Any) -> httpx.Response:
        """Sends events as a page of the site does."""
        data = events[0] if len(events) == 1 else list(events)
        return self.send(json.dumps(data), **options)

    def send(self, body: str | bytes, **headers: str | bytes | None) -> httpx.Response:
        """Sends a body; `a_b=` sets the header A-B."""
        given = {"origin": SITE, "content-type": "text/plain", "user-agent": "Firefox"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in given.items() if value is not None}
        return self.http.post(f"{self.url}/v1/events", content=body, headers=kept)

    def kept(self) -> list[Event]:
        """What is in the store, read by another connection."""
        with open_store(self.path, readonly=True) as store:
            return list(store.events())

    def metrics(self) -> dict[str, int]:
        """The counters by name and labels."""
        text = self.http.get(f"{self.url}/metrics").text
        rows = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
        return {name: int(count) for name, _, count in rows}


@contextmanager
def running(tmp_path: Path, *, wait: float = 0.05, **options: Any) -> Iterator[Room]:
    clock = Clock()
    settings = {"site_url": SITE, "clock": clock, "seconds": clock.seconds, **options}
    with open_store(tmp_path / "events.db", wait=wait) as store:
        app = collector(store, **settings)
        with serving(app) as url, httpx.Client() as http:
            yield Room(url, tmp_path / "events.db", clock, store, http)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """One collector without rates for tests that look at single requests."""
    with running(tmp_path_factory.mktemp("collector"), limits=OPEN) as opened:
        yield opened


def reason(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.headers.get("X-Kbgen-Reason", "")


def test_an_answer_means_that_the_vote_is_on_disk(room: Room) -> None:
    data = vote(vote=0)

    response = room.post(data)

    assert (204, "", b"") == (*reason(response), response.content)
    kept = next(e for e in room.kept() if e.event_id == data["event_id"])
    assert ("KB-0042", "ko", "0123456789ab", 0, NOW) == (
        kept.article, kept.lang, kept.rev, kept.vote, kept.ts,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["application/json", "text/plain;charset=UTF-8", "Text/Plain"])
def test_takes_what_fetch_and_beacons_send(room: Room, kind: str) -> None:
    events = [vote(), vote()]

    assert 204 == room.post(*events, content_type=kind).status_code
    assert {e["event_id"] for e in events} <= {e.event_id for e in room.kept()}


def test_sending_again_adds_nothing(room: Room) -> None:
    data = vote()

    assert [204, 204] == [room.post(data).status_code for _ in range(2)]
    assert 1 == sum(e.event_id == data["event_id"] for e in room.kept())


ORIGINS: list[tuple[str | None, bool]] = [
    (SITE, True),
    ("https://shop.example:8443", True),
    ("https://xn--9t4b11yi5a.example", True),
    ("http://127.0.0.1:8000", True),
    ("http://[::1]:8000", True),
    (None, False),
    ("", False),
    ("null", False),
    ("*", False),
    ("file://", False),
    ("http://help.ondam.example", False),
    ("https://help.ondam.example:443", False),  # browsers leave the usual port out
    ("https://help.ondam.example:80", False),
    ("https://help.ondam.example:8443", False),
    ("https://help.ondam.example/", False),
    ("https://help.ondam.example/ko/", False),
    ("https://help.ondam.example.", False),
    ("https://HELP.ondam.example", False),
    ("HTTPS://help.ondam.example", False),
    ("https://reader@help.ondam.example", False),
    ("https://help.ondam.example@evil.example", False),
    ("https://help.ondam.example.evil.example", False),
    ("https://evil-help.ondam.example", False),
    ("https://evilhelp.ondam.example", False),
    ("https://ondam.example", False),
    ("https://a.help.ondam.example", False),
    ("https://help.ondam.example, https://evil.example", False),
    ("https://help.ondam.example https://evil.example", False),
    ("https://help.ondam.example\thttps://evil.example", False),
    ("help.ondam.example", False),
    ("//help.ondam.example", False),
    ("https://shop.example", False),
    ("http://localhost:8000", False),
    ("http://[::1]", False),
    ("http://[0:0:0:0:0:0:0:1]:8000", False),
    ("https://테스트.example", False),  # browsers write it in ASCII
    ("https://XN--9T4B11YI5A.example", False),
    ("https://xn--9t4b11yi5ax.example", False),
]


@pytest.fixture(scope="module")
def origins_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    more = [
        "https://shop.example:8443/some/path",
        "https://테스트.example",
        "http://127.0.0.1:8000",
        "http://[::1]:8000/",
    ]
    with running(tmp_path_factory.mktemp("origins"), origins=more, limits=OPEN) as opened:
        yield opened


@pytest.mark.parametrize(("origin", "allowed"), ORIGINS)
def test_only_pages_of_the_site_may_send(
    origins_room: Room, origin: str | None, allowed: bool
) -> None:
    response = origins_room.post(vote(), origin=None if origin is None else origin.encode())

    assert ((204, "") if allowed else (403, "origin")) == reason(response)
    assert (origin if allowed else None) == response.headers.get("Access-Control-Allow-Origin")
    assert "Origin" == response.headers["Vary"]
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_two_origins_are_none(room: Room) -> None:
    for second in (SITE, "https://evil.example"):
        headers = [("Origin", SITE), ("Origin", second), ("Content-Type", "text/plain")]
        response = room.http.post(f"{room.url}/v1/events", content=b"[]", headers=headers)

        assert (403, "origin") == reason(response)


def test_an_origin_is_read_as_browsers_write_it() -> None:
    assert "https://help.example" == read_origin("https://Help.Example:443/ko/?q=1")
    assert "http://[::1]:8000" == read_origin("http://[::1]:8000/")
    for wrong in ("help.example", "ftp://help.example", "https://", "https://a:b"):
        with pytest.raises(ConfigError, match="origin"):
            read_origin(wrong)


def test_refuses_to_start_when_no_page_could_send() -> None:
    with open_store(":memory:") as store, pytest.raises(ConfigError, match="--origin"):
        collector(store)


@pytest.mark.parametrize(
    ("host", "allowed"),
    [("localhost", True), ("192.168.0.7", True), ("[::1]", True), ("evil.example", False)],
)
def test_a_page_of_the_same_local_host_may_send(tmp_path: Path, host: str, allowed: bool) -> None:
    """A name of somebody else that points here is not the same host (DNS rebinding)."""
    with running(tmp_path, site_url="", same_origin=True) as room:
        response = room.post(vote(), origin=f"http://{host}:8000", host=f"{host}:8000")

    assert allowed == (response.status_code == 204)


def test_answers_the_question_that_browsers_ask_beforehand(room: Room) -> None:
    headers = {"Origin": SITE, "Access-Control-Request-Method": "POST"}

    response = httpx.options(f"{room.url}/v1/events", headers=headers)
    refused = httpx.options(f"{room.url}/v1/events", headers=headers | {"Origin": "null"})

    assert 204 == response.status_code
    assert SITE == response.headers["Access-Control-Allow-Origin"]
    assert "POST" == response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" == response.headers["Access-Control-Allow-Headers"]
    assert (403, "origin") == reason(refused)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_takes_nothing_by_other_methods(room: Room, method: str) -> None:
    response = httpx.request(method, f"{room.url}/v1/events", headers={"Origin": SITE})

    assert (405, "method") == reason(response)
    assert "POST, OPTIONS" == response.headers["Allow"]


BODIES: list[tuple[bytes, dict[str, str], str]] = [
    (b"", {}, "json"),
    (b"{", {}, "json"),
    (b"\xff\xfe", {}, "json"),
    (b"[" * 60_000, {}, "json"),
    (b'{"v": NaN}', {}, "json"),
    (b"[]", {}, ""),
    (b"null", {}, "event"),
    (b"[[]]", {}, "event"),
    (json.dumps(vote(ip="203.0.113.9")).encode(), {}, "event"),
    (json.dumps([vote()] * 50).encode(), {}, ""),
    (json.dumps([vote()] * 51).encode(), {}, "batch"),
    (b" " * (64 * 1024), {}, "json"),
    (b" " * (64 * 1024 + 1), {}, "size"),
    (json.dumps(vote()).encode(), {"content_type": "application/x-www-form-urlencoded"}, "type"),
    (json.dumps(vote()).encode(), {"content_type": "multipart/form-data; boundary=x"}, "type"),
    (json.dumps(vote(ts="2026-11-04T09:30:00Z")).encode(), {}, ""),
    (json.dumps(vote(ts="2026-11-04T09:30:01Z")).encode(), {}, "clock"),
    (json.dumps(vote(ts="2026-11-02T09:30:00Z")).encode(), {}, ""),
    (json.dumps(vote(ts="2026-11-02T09:29:59Z")).encode(), {}, "clock"),
    (json.dumps(vote(source="import:zendesk")).encode(), {}, "source"),
    (json.dumps(vote(trap="buy pills")).encode(), {}, "trap"),
    (json.dumps(vote(trap="")).encode(), {}, ""),
]


@pytest.mark.parametrize(("body", "headers", "expected"), BODIES)
def test_says_why_it_refuses(
    room: Room, body: bytes, headers: dict[str, str], expected: str
) -> None:
    response = room.send(body, **headers)

    assert (REASONS[expected] if expected else 204, expected) == reason(response)


def test_a_body_without_length_is_limited_too(room: Room) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(70):
            yield b" " * 1024

    headers = {"origin": SITE, "content-type": "text/plain"}
    response = httpx.post(f"{room.url}/v1/events", content=pieces(), headers=headers)

    assert (413, "size") == reason(response)


def test_a_body_that_does_not_arrive_is_given_up(tmp_path: Path) -> None:
    async def trickle(url: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1]))
        writer.write(
            f"POST /v1/events HTTP/1.1\r\nHost: x\r\nOrigin: {SITE}\r\n"
            "Content-Type: text/plain\r\nContent-Length: 100\r\n\r\n{".encode()
        )
        answer = await reader.readline()
        writer.close()
        return answer

    with running(tmp_path, limits=Limits(body_seconds=0.05)) as room:
        assert b"HTTP/1.1 408 Request Timeout\r\n" == asyncio.run(trickle(room.url))


def test_good_events_are_kept_when_others_of_the_request_are_not(room: Room) -> None:
    good = vote()

    response = room.post(good, vote(vote=9), vote(ts="2020-01-01T00:00:00Z"))

    assert (400, "event") == reason(response)
    assert [
        "[1]: vote: expected a whole number from 0 to 1, found 9",
        "[2]: ts is more than a day away from now; is the clock of the device right?",
    ] == response.json()["details"]
    assert good["event_id"] in {e.event_id for e in room.kept()}


def test_a_clock_that_runs_ahead_is_set_back(room: Room) -> None:
    data = vote(ts="2026-11-03T12:00:00Z")
    room.post(data)

    assert NOW == next(e.ts for e in room.kept() if e.event_id == data["event_id"])


def test_knows_the_articles_of_the_site(tmp_path: Path) -> None:
    known = Articles([("KB-0042", "ko"), ("KB-0001", "en")])
    with running(tmp_path, known=known) as room:
        assert 204 == room.post(vote()).status_code
        assert 204 == room.post(vote(lang="en", rev="ffffffffffff")).status_code
        assert (400, "article") == reason(room.post(vote(article="KB-9999")))
        assert (400, "article") == reason(room.post(vote(lang="xx")))


def test_follows_new_builds_of_the_site(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file, clock = tmp_path / "articles.json", Clock()
    with pytest.raises(ConfigError, match="build the site first: kbgen build"):
        SiteArticles(tmp_path)
    file.write_text('[{"id": "KB-1", "lang": "ko"}]')
    site = SiteArticles(lambda: tmp_path, clock=clock.seconds)
    assert site.knows("KB-1", "ko")

    file.write_text('{"articles": [{"id": "KB-0002", "lang": "ko"}]}')
    assert site.knows("KB-1", "ko")  # a file is looked at once a second
    assert site.knows("KB-0002", "ko")  # and at once for what is new
    assert not site.knows("KB-1", "ko")
    file.write_text('{"articles": [{"id": "KB-0003", "lang": "ko"}]}')
    clock.forward(seconds=1)
    assert not site.knows("KB-0002", "ko")
    file.write_text("half a fi")
    assert not site.knows("KB-0002", "ko")
    file.unlink()
    clock.forward(seconds=1)
    assert site.knows("KB-0003", "")
    assert 1 == caplog.text.count("articles_unreadable")


def test_reads_the_articles_of_a_site_at_an_address(tmp_path: Path) -> None:
    (tmp_path / "articles.json").write_text('[{"id": "KB-1", "lang": "ko"}]')
    with serving(Starlette(routes=[Mount("/help", StaticFiles(directory=tmp_path))])) as url:
        assert SiteArticles(f"{url}/help/").knows("KB-1", "ko")
        with pytest.raises(ConfigError, match="is the site published"):
            SiteArticles(f"{url}/elsewhere")


BOTS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)",
    "Mozilla/5.0 (compatible; Daum/4.1; +http://cs.daum.net/faq/15/4118.html)",
    "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
    "facebookexternalhit/1.1",
    "Mozilla/5.0 (compatible; Baiduspider/2.0)",
    "ia_archiver",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
    "Mozilla/5.0 AppleWebKit/537.36 (compatible; PerplexityBot/1.0)",
    "Mozilla/5.0 (compatible; SemrushBot/7~bl; +http://www.semrush.com/bot.html)",
    "Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X) Chrome/W.X Safari (compatible; Googlebot/2.1)",
    "Mediapartners-Google",
    "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/534 (KHTML, like Gecko) BingPreview/1.0b",
    "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",
    "Mozilla/5.0 (compatible; Yahoo! Slurp; http://help.yahoo.com/help/us/ysearch/slurp)",
    "Mozilla/5.0 (Macintosh) AppleWebKit/537.36 Chrome/120 Safari/537.36 Chrome-Lighthouse",
    "Mozilla/5.0 (compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "Mozilla/5.0 (compatible; CCBot/2.0; +https://commoncrawl.org/faq/)",
    "Twitterbot/1.0",
    "WhatsApp-LinkPreview/2.2",
]
PEOPLE = [
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 9; CUBOT X19) AppleWebKit/537.36 Chrome/120.0 Mobile",
    "Mozilla/5.0 (Linux; Android 11; CUBOT_P40) AppleWebKit/537.36 Chrome/120.0 Mobile",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/156.0.0.0 Safari/537.36",
    "",
]


def test_crawlers_do_not_vote_and_are_counted(tmp_path: Path) -> None:
    with running(tmp_path, limits=OPEN) as room:
        refused = [reason(room.post(vote(), user_agent=agent)) for agent in BOTS]
        taken = [room.post(vote(), user_agent=agent).status_code for agent in PEOPLE]
        metrics = room.metrics()

        assert [(403, "bot")] * len(BOTS) == refused
        assert [204] * len(PEOPLE) == taken
        assert len(PEOPLE) == len(room.kept())
        assert len(BOTS) == metrics['kbgen_refused_total{reason="bot"}']
        assert len(BOTS) == metrics['kbgen_requests_total{status="403"}']
        assert len(PEOPLE) == metrics['kbgen_requests_total{status="204"}']
        assert len(PEOPLE) == metrics['kbgen_events_total{type="vote"}']


def test_every_request_is_counted_by_what_became_of_it(tmp_path: Path) -> None:
    with running(tmp_path) as room:
        data = vote()
        room.post(data)
        room.post(data, vote(vote=7), vote(trap="x"))
        room.post(vote(), origin="null")
        metrics = room.metrics()

    assert {
        'kbgen_requests_total{status="204"}': 1,
        'kbgen_requests_total{status="400"}': 1,
        'kbgen_requests_total{status="403"}': 1,
        'kbgen_refused_total{reason="event"}': 1,
        'kbgen_refused_total{reason="trap"}': 1,
        'kbgen_refused_total{reason="origin"}': 1,
        'kbgen_events_total{type="vote"}': 2,
        "kbgen_duplicates_total": 1,
        "kbgen_commits_total": 2,
        "kbgen_failed_commits_total": 0,
        "kbgen_waiting_requests": 0,
    } == metrics


def test_one_network_cannot_flood_and_others_are_served(tmp_path: Path) -> None:
    limits = Limits(votes_per_minute=10, votes_burst=20)
    with running(tmp_path, limits=limits, trusted=read_networks(["127.0.0.1"])) as room:
        flood = [room.post(vote(), x_forwarded_for="203.0.113.5") for _ in range(30)]
        neighbour = room.post(vote(), x_forwarded_for="203.0.113.77")
        honest = room.post(vote(), x_forwarded_for="198.51.100.5")
        view = room.post({**vote(type="view"), "vote": None}, x_forwarded_for="203.0.113.5")
        room.clock.forward(seconds=6)
        later = room.post(vote(), x_forwarded_for="203.0.113.5")

    assert [204] * 20 + [429] * 10 == [response.status_code for response in flood]
    assert ("rate", "6") == (reason(flood[-1])[1], flood[-1].headers["Retry-After"])
    assert [429, 204, 204, 204] == [r.status_code for r in (neighbour, honest, view, later)]


def test_a_header_does_not_hide_who_floods(tmp_path: Path) -> None:
    """Forwarding headers and fields of the body count for nothing unless a trusted proxy spoke."""
    with running(tmp_path) as room:
        claims = [f"198.{n >> 8}.{n & 255}.1" for n in range(1000)]
        answers = [
            room.post(
                vote(voter=claim.replace(".", "-")),
                x_forwarded_for=claim,
                x_real_ip=claim,
                forwarded=f"for={claim}",
                cf_connecting_ip=claim,
            ).status_code
            for claim in claims
        ]
        voters = {e.voter for e in room.kept()}

    assert [204] * 20 + [429] * 980 == answers
    assert 1 == len(voters)


@pytest.mark.parametrize("name", ["ip", "user_agent", "userAgent", "network", "ua"])
def test_an_event_cannot_say_who_sent_it(room: Room, name: str) -> None:
    response = room.post(vote(**{name: "198.51.100.7"}))

    assert (400, "event") == reason(response)
    assert f"unknown field '{name}'" in response.text


def test_not_more_than_the_machine_can_take(tmp_path: Path) -> None:
    limits = Limits(votes_per_minute=0, ceiling_per_second=3)
    with running(tmp_path, limits=limits) as room:
        answers = [reason(room.post(vote())) for _ in range(5)]

    assert [(204, "")] * 3 + [(429, "busy")] * 2 == answers


def test_a_full_queue_says_so_at_once(tmp_path: Path) -> None:
    limits = Limits(votes_per_minute=0, waiting=0)
    with running(tmp_path, limits=limits) as room:
        response = room.post(vote())

    assert (429, "busy") == reason(response)
    assert "1" == response.headers["Retry-After"]


def test_a_locked_store_costs_no_vote(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "kbgen.collect")
    data = vote()
    with running(tmp_path) as room:
        with open_store(room.path) as holder, holder.transaction():
            refused = room.post(data)
            refused_again = room.post(data)
            health = [room.http.get(f"{room.url}/{name}") for name in ("healthz", "readyz")]
        later = room.http.get(f"{room.url}/readyz")
        room.clock.forward(seconds=5)
        ready = room.http.get(f"{room.url}/readyz")
        taken = room.post(data)

        assert (503, "storage") == reason(refused)
        assert (503, "storage") == reason(refused_again)
        assert [(200, "ok\n"), (503, "storage\n")] == [(r.status_code, r.text) for r in health]
        assert [503, 200] == [later.status_code, ready.status_code]
        assert ["storage_failed", "storage_recovered"] == [
            message.split()[0] for message in caplog.messages
        ]  # at the first failure, not at each
        assert int(refused.headers["Retry-After"]) >= 5
        assert 204 == taken.status_code
        assert [data["event_id"]] == [e.event_id for e in room.kept()]


def test_a_full_disk_costs_no_vote(tmp_path: Path) -> None:
    with running(tmp_path, limits=OPEN) as room:
        room.store._connection.pragma("max_page_count", 8)
        answers = [reason(room.post(vote(comment="가" * 1000))) for _ in range(40)]
        taken = answers.count((204, ""))
        assert {(204, ""), (503, "storage")} == set(answers)
        assert taken == len(room.kept())

        room.store._connection.pragma("max_page_count", 10_000)
        assert 204 == room.post(vote()).status_code


def test_is_well(room: Room) -> None:
    assert (200, "ok\n") == (
        (health := httpx.get(f"{room.url}/healthz")).status_code, health.text,
    )  # fmt: skip
    assert httpx.get(f"{room.url}/metrics").headers["content-type"].startswith("text/plain")


def test_lends_its_routes_to_another_application(tmp_path: Path) -> None:
    with open_store(tmp_path / "e.db") as store:
        guest = collector(store, same_origin=True)
        with serving(Starlette(routes=guest.routes)) as url:
            data = {**vote(), "ts": None}
            del data["ts"]
            response = httpx.post(f"{url}/v1/events", json=data, headers={"Origin": url})
        guest.state.collector.close()

        assert 204 == response.status_code
        assert 1 == store.count()


def test_what_waits_is_written_before_it_stops(tmp_path: Path) -> None:
    with open_store(tmp_path / "e.db") as store:
        room = collector(store, site_url=SITE).state.collector

        async def leave() -> None:
            task = asyncio.create_task(room.committer.commit([_event()]))
            await asyncio.sleep(0)
            await asyncio.to_thread(room.close)
            await task

        asyncio.run(leave())

        assert 1 == store.count()


def _event() -> Event:
    return Event(event_id=new_id(), ts=NOW, type="view", article="KB-1")
