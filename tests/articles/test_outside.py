"""Links to other sites, against real servers on this machine: polite, patient, never fooled."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kbgen.articles.outside.addresses import address_of, addresses
from kbgen.articles.outside.check import check_outside, outside_problems
from kbgen.articles.outside.client import AskError, Client, PrivateError, is_public
from kbgen.articles.outside.known import (
    FILE,
    Known,
    after,
    dead_addresses,
    read_known,
    write_known,
)
from kbgen.articles.outside.visit import Answer, Visitor
from kbgen.cli import cli
from tests.articles.samples import article, corpus, project

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
AGENT = "kbgen/1 (checks links of a help center)"


class Site(ThreadingHTTPServer):
    """A server whose pages are answers in turn: a status, or a status with headers."""

    def __init__(self, pages):
        super().__init__(("127.0.0.1", 0), Handler)
        self.daemon_threads = True
        self.pages = {path: list(answers) for path, answers in pages.items()}
        self.asked = []

    def url(self, path="/"):
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    def answer(self):
        site = self.server
        site.asked.append((self.command, self.path, self.headers["User-Agent"]))
        answers = site.pages.get(self.path) or [(404 if self.path == "/robots.txt" else 200, {})]
        status, headers, *body = answers.pop(0) if len(answers) > 1 else answers[0]
        if status == "hang":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if status == "no HEAD" and self.command == "HEAD":
            status = 405
        self.send_response(200 if status == "no HEAD" else status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET" and body:
            self.wfile.write(body[0])

    do_HEAD = do_GET = answer  # noqa: N815

    def log_message(self, *_):
        pass


@contextmanager
def serving(**pages) -> Iterator[Site]:
    """A site; `robots` is the text of its robots.txt."""
    robots = pages.pop("robots", None)
    named = {f"/{path}": answers for path, answers in pages.items()}
    if robots is not None:
        named["/robots.txt"] = [robots if isinstance(robots, tuple) else (200, {}, robots)]
    site = Site(named)
    Thread(target=site.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield site
    finally:
        site.shutdown()
        site.server_close()


class Waits:
    """A clock that only sleeping moves."""

    def __init__(self):
        self.now, self.slept = 0.0, []

    def sleep(self, seconds):
        if seconds:
            self.slept.append(seconds)
            self.now += seconds


def visitor(waits=None, *, pause=0.0, **client):
    waits = waits or Waits()
    return Visitor(
        Client(AGENT, **{"private": True, "timeout": 5.0, **client}),
        pause=pause,
        clock=lambda: waits.now,
        sleep=waits.sleep,
        now=lambda: NOW,
    )


def asked(site):
    return [(method, path) for method, path, _ in site.asked if path != "/robots.txt"]


def ok(**headers):
    return (200, headers)


# Addresses


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("https://A.example/x y#z", "https://a.example/x%20y"),
        ("//a.example", "https://a.example/"),
        ("http://도메인.example/길?말=글", "http://xn--hq1bm8jm9l.example/%EA%B8%B8?%EB%A7%90=%EA%B8%80"),
        ("https://me:secret@a.example:8443/", "https://a.example:8443/"),
        ("https://a.example/%20b?x=1&y=a%26b", "https://a.example/%20b?x=1&y=a%26b"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("mailto:a@b.example", ""), ("ftp://a.example/", ""), ("https://", ""),
        ("https://a.example:port/", ""), ("https://[x/", ""),
    ],
)  # fmt: skip
def test_addresses_as_they_go_over_the_wire(target, address):
    assert address_of(target) == address


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text):
    for found in (address_of(text), address_of(f"https://{text}")):
        assert found == "" or (found.isascii() and found.isprintable() and " " not in found)


def test_links_of_every_kind_are_found_with_their_lines():
    body = (
        "[a](https://a.example/1) <https://a.example/2>\n\n![p](http://a.example/3)\n"
        '[r]: https://a.example/4\n\n<a href="//a.example/5">x</a>\n`<https://a.example/no>`\n'
        "```\nhttps://a.example/no <https://a.example/no>\n```\n[b](other.md)"
    )

    found = [(address[-1], line) for address, line in addresses(body)]

    assert found == [("1", 1), ("2", 1), ("3", 3), ("4", 4), ("5", 6)]


# One visit


def test_head_is_enough_and_says_who_asks():
    with serving() as site:
        answer = visitor().visit(site.url("/a?b=c"))

    assert (answer.status, answer.moved) == (200, "")
    assert site.asked == [("GET", "/robots.txt", AGENT), ("HEAD", "/a?b=c", AGENT)]


def test_get_is_tried_where_head_does_no_good():
    with serving(a=[("no HEAD", {})], gone=[(404, {})]) as site:
        answers = [visitor().visit(site.url(path)).status for path in ("/a", "/gone")]

    assert answers == [200, 404]
    assert asked(site) == [("HEAD", "/a"), ("GET", "/a"), ("HEAD", "/gone"), ("GET", "/gone")]


@pytest.mark.parametrize(
    ("pages", "moved"),
    [
        ({"a": [(301, {"Location": "/b"})]}, "/b"),
        ({"a": [(308, {"Location": "b"})], "b": [(301, {"Location": "/c#d"})]}, "/c"),
        ({"a": [(302, {"Location": "/b"})]}, None),
        ({"a": [(301, {"Location": "/b"})], "b": [(307, {"Location": "/c"})]}, "/b"),
        ({"a": [(302, {"Location": "/b"})], "b": [(301, {"Location": "/c"})]}, None),
    ],
)
def test_redirects_are_followed_and_what_moved_for_good_is_told(pages, moved):
    with serving(**pages) as site:
        answer = visitor().visit(site.url("/a"))

        assert (answer.status, answer.moved) == (200, site.url(moved) if moved else "")


@pytest.mark.parametrize(
    ("pages", "said"),
    [
        (
            {"a": [(302, {"Location": "/b"})], "b": [(302, {"Location": "/a"})]},
            "redirects in a circle",
        ),
        ({"a": [(301, {"Location": "/b"})], "b": [(404, {})]}, "404 Not Found"),
    ],
)
def test_redirects_that_lead_nowhere(pages, said):
    with serving(**pages) as site:
        answer = visitor().visit(site.url("/a"))

    assert (answer.said, answer.moved) == (said, "")


def test_a_server_that_stumbles_gets_time_and_another_try():
    waits = Waits()
    with serving(a=[(500, {}), (502, {}), (500, {}), ok()]) as site:
        answer = visitor(waits).visit(site.url("/a"))

    assert (answer.status, waits.slept) == (200, [1.0])
    assert [method for method, _ in asked(site)] == ["HEAD", "GET", "HEAD", "GET"]


def test_what_goes_on_failing_is_asked_three_times():
    waits = Waits()
    with serving(a=[(500, {})], b=[("hang", {})]) as site:
        wrong = visitor(waits).visit(site.url("/a"))
        silent = visitor(Waits()).visit(site.url("/b"))

    assert (wrong.status, waits.slept) == (500, [1.0, 2.0])
    assert silent.status is None
    assert len(asked(site)) == 12


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("wish", ["7", "Fri, 20 Nov 2026 12:00:07 GMT"])
def test_retry_after_is_respected(status, wish):
    waits = Waits()
    with serving(a=[(status, {"Retry-After": wish}), ok()]) as site:
        answer = visitor(waits).visit(site.url("/a"))

    assert (answer.status, waits.slept) == (200, [7.0])
    assert asked(site) == [("HEAD", "/a")] * 2  # a busy server is not asked by GET on top


def test_who_wants_to_be_left_alone_for_long_is():
    waits = Waits()
    with serving(a=[(429, {"Retry-After": "7200"})]) as site:
        answer = visitor(waits).visit(site.url("/a"))

    assert (answer.status, answer.later, waits.slept) == (429, 7200.0, [])
    assert len(asked(site)) == 1


def test_a_host_is_asked_with_pauses():
    waits = Waits()
    with serving() as site, serving() as other:
        asking = visitor(waits, pause=1.0)
        for path in ("/a", "/b"):
            asking.visit(site.url(path))
        asking.visit(other.url("/"))

    assert waits.slept == [1.0, 1.0, 1.0]  # robots.txt, /a, /b; then the same at the other host


@pytest.mark.parametrize(
    ("robots", "says"),
    [
        (b"User-agent: *\nDisallow: /a", "robots.txt does not let kbgen ask"),
        (b"User-agent: kbgen\nDisallow: /\n\nUser-agent: *\nAllow: /", "robots.txt does not let"),
        (b"User-agent: kbgen\nAllow: /\n\nUser-agent: *\nDisallow: /", "200 OK"),
        (b"\xff\x00 no rules at all", "200 OK"),
        ((500, {}), "robots.txt does not let kbgen ask"),
        ((403, {}), "200 OK"),
    ],
)
def test_robots_txt_decides(robots, says):
    with serving(robots=robots) as site:
        answer = visitor().visit(site.url("/a"))

    assert answer.said.startswith(says)
    assert answer.refused == ("robots" in says)
    assert bool(asked(site)) == (says == "200 OK")


def test_a_crawl_delay_is_kept():
    waits = Waits()
    with serving(robots=b"User-agent: *\nCrawl-delay: 5") as site:
        asking = visitor(waits, pause=1.0)
        for path in ("/a", "/b", "/c"):
            asking.visit(site.url(path))

    assert waits.slept == [1.0, 5.0, 5.0]


# Who must not be asked


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "0.0.0.0", "::1",
     "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "224.0.0.1", "100.64.0.1"],
)  # fmt: skip
def test_private_addresses(address):
    assert not is_public(address)


def test_public_addresses():
    assert is_public("93.184.216.34")
    assert is_public("2606:2800:220:1::1")
    assert is_public("64:ff9b::5db8:d822")


def test_private_networks_are_not_asked_not_even_by_a_redirect(monkeypatch):
    with serving() as site:
        with pytest.raises(PrivateError):
            Client(AGENT).ask("GET", site.url())
        answer = visitor(private=False).visit(site.url("/a"))
        assert (answer.private, answer.status) == (True, None)

        # A public host that sends us inside.
        real = socket.getaddrinfo
        monkeypatch.setattr(
            "kbgen.articles.outside.client.is_public", lambda address: address == "127.0.0.1"
        )
        monkeypatch.setattr(
            socket, "getaddrinfo",
            lambda host, *rest, **more: real(
                "127.0.0.2" if host == "inside" else host, *rest, **more
            ),
        )  # fmt: skip
        site.pages["/a"] = [(302, {"Location": "http://inside/secret"})]
        answer = visitor(private=False).visit(site.url("/a"))

    assert (answer.private, answer.said) == (True, "inside belongs to a private network")
    assert ("GET", "/secret") not in asked(site)


def test_the_vetted_address_is_the_one_asked(monkeypatch):
    """A name that stands for something else a moment later changes nothing."""
    looked_up = []
    real = socket.getaddrinfo

    def lookup(host, *rest, **more):
        looked_up.append(host)
        return real("127.0.0.1" if host == "name.example" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    with serving() as site:
        Client(AGENT, private=True).ask("HEAD", f"http://name.example:{site.server_port}/")

    assert looked_up.count("name.example") == 1


def test_no_answer_says_why():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(AskError, match="connection refused"):
            Client(AGENT, private=True).ask("GET", f"http://127.0.0.1:{port}/")
    with serving() as site, pytest.raises(AskError, match="no secure connection"):
        Client(AGENT, private=True).ask("GET", site.url().replace("http:", "https:"))


@pytest.mark.skipif(not shutil.which("openssl"), reason="makes its certificate with openssl")
def test_a_certificate_must_be_valid_for_the_name(tmp_path, monkeypatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serving() as site:
        site.socket = context.wrap_socket(site.socket, server_side=True)
        named = f"https://localhost:{site.server_port}/"
        other = f"https://127.0.0.1:{site.server_port}/"
        with pytest.raises(AskError, match="its certificate is not valid"):
            Client(AGENT, private=True).ask("HEAD", named)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert Client(AGENT, private=True).ask("HEAD", named).status == 200
        with pytest.raises(AskError, match="its certificate is not valid"):
            Client(AGENT, private=True).ask("HEAD", other)


def test_a_server_that_never_ends_is_left():
    """It accepts and says nothing: the time limit ends it."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(AskError, match="no answer in time"):
            Client(AGENT, private=True, timeout=0.05).ask("GET", f"http://127.0.0.1:{port}/")
        with pytest.raises(AskError):
            Client(AGENT, private=True, longest=0.05).ask("GET", f"http://127.0.0.1:{port}/")


# What is known


def answered(status, **more):
    return Answer(status, str(status), **more)


def test_dead_at_once_or_after_failing_on_two_days():
    next_day = DAY + timedelta(days=1)
    gone = after(answered(404), None, DAY)
    once = after(answered(500), None, DAY)
    same_day = after(answered(None), once, DAY)
    second = after(answered(None), once, next_day)

    assert (gone.state, gone.since) == ("dead", DAY)
    assert (once.state, same_day.state) == ("failed", "failed")
    assert (second.state, second.since) == ("dead", DAY)
    assert after(answered(200), second, next_day) == Known(state="ok", asked=next_day, said="200")


@pytest.mark.parametrize(
    "answer",
    [answered(403), answered(429), answered(503, later=60.0), answered(None, refused=True)],
)
def test_what_is_not_clear_leaves_what_was_known(answer):
    once = after(answered(500), None, DAY)

    assert after(answer, None, DAY).state == "unclear"
    assert after(answer, once, DAY + timedelta(days=1)).state == "failed"


def test_an_answer_is_believed_for_days_and_a_failure_for_one():
    good, bad = after(answered(200), None, DAY), after(answered(500), None, DAY)
    busy = after(answered(503, later=3 * 86400.0 - 5), None, DAY)

    def due(entry):
        return [n for n in range(10) if entry.is_due(DAY + timedelta(days=n), 7)]

    assert (due(good)[0], due(bad)[0], busy.until) == (7, 1, DAY + timedelta(days=3))
    assert not busy.is_due(DAY + timedelta(days=2), 1)
    private = after(Answer(None, "", private=True), None, DAY)
    assert (private.is_due(DAY), private.is_due(DAY, private=True)) == (False, True)


def test_the_cache_comes_back_and_a_broken_one_is_none(tmp_path):
    known = {
        "https://b.example/": after(answered(404), None, DAY),
        "https://a.example/": after(answered(200, moved="https://c.example/"), None, DAY),
    }
    write_known(tmp_path, known)

    assert read_known(tmp_path) == known
    assert dead_addresses(known, DAY) == {"https://b.example/": DAY}
    assert dead_addresses(known, DAY - timedelta(days=1)) == {}
    for text in ("", "[]", '{"v": 2}', '{"v": 1, "links": {"a": {"state": "no"}}}'):
        (tmp_path / FILE).write_text(text)
        assert read_known(tmp_path) == {}


# A project


def test_a_second_run_asks_nothing_and_forgets_what_nobody_links(tmp_path):
    with serving(gone=[(410, {})], old=[(301, {"Location": "/new"})]) as site:
        body = f"[a]({site.url('/gone')})\n\n[b]({site.url('/old')}) [c]({site.url('/ok')})"
        shop = corpus(tmp_path, {"ko/a/1.md": article(body=body)})
        first = check_outside(shop, {"https://else.example/": Known(state="ok", asked=DAY)},
                              visitor(), DAY)  # fmt: skip
        before = len(site.asked)
        second = check_outside(shop, first.known, visitor(), DAY + timedelta(days=0))
        assert (len(site.asked), second.asked, second.known) == (before, 0, first.known)
        said = [str(problem) for problem in outside_problems(shop, first.known)]
        dead, moved = site.url("/gone"), site.url("/old")
        assert said == [
            (
                f"content/ko/a/1.md:5: warning: [dead-address] link to {dead}: dead since"
                " 2026-11-20 (410 Gone) (correct it, or remove the link)"
            ),
            (
                f"content/ko/a/1.md:7: warning: [moved-address] link to {moved}: has moved"
                f" for good (write {site.url('/new')})"
            ),
        ]
    assert first.summary() == ("3 links to other sites, 3 asked, 1 dead, 1 moved for good")


def test_when_nobody_answers_it_is_this_machine(tmp_path):
    body = "[a](http://127.0.0.1:1/) [b](http://127.0.0.1:2/)"
    shop = corpus(tmp_path, {"ko/a/1.md": article(body=body)})

    found = check_outside(shop, {}, visitor(), DAY)

    assert (found.offline, found.known) == (True, {})


def test_the_command_line_asks_keeps_and_insights_knows(tmp_path):
    with serving(gone=[(404, {})]) as site:
        project(tmp_path, {"ko/a/1.md": article(body=f"[a]({site.url('/gone')})")}, "ko")
        config = ["-f", str(tmp_path / "mkdocs.yml")]
        plain = CliRunner().invoke(cli, ["check", *config, "--links", "--today", "2026-11-20"])
        allowed = CliRunner().invoke(
            cli, ["check", *config, "--links", "--private-links", "--today", "2026-11-20"]
        )
        again = len(site.asked)
        CliRunner().invoke(
            cli, ["check", *config, "--links", "--private-links", "--today", "2026-11-20"]
        )
        assert len(site.asked) == again

    assert "[private-address]" in plain.stdout
    assert (plain.exit_code, allowed.exit_code) == (0, 0)
    assert ":5: warning: [dead-address]" in allowed.stdout
    assert "1 link to other sites, 1 asked, 1 dead" in allowed.stderr
    done = CliRunner().invoke(cli, ["insights", *config, "--today", "2026-11-20", "--json"])
    (entry,) = json.loads(done.stdout)["articles"]
    assert [(r["code"], r["line"]) for r in entry["reasons"]] == [
        ("dead-link", 5), ("never-reviewed", None),
    ]  # fmt: skip
