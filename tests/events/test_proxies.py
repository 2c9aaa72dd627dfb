"""nginx and HAProxy as docs/deployment.md sets them up, in front of real collectors."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from kbgen.events import open_store
from kbgen.events.collector import collector
from kbgen.events.guard import Limits
from kbgen.events.senders import Voters
from tests.conftest import ROOT
from tests.events.samples import NOW, SITE, vote
from tests.events.serving import serving
from tests.serving import free_port

DOCUMENT = (ROOT / "docs/deployment.md").read_text("utf-8")
SHOWN = re.findall(r"^```(nginx|haproxy)\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
WHOLE_SITE, ONE, SEVERAL, HAPROXY = (text for _, text in SHOWN)
NGINX = """
daemon off; pid {folder}/pid; error_log stderr; {user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    types {{ text/html html; text/javascript js; text/css css; application/json json; }}
    {shown}
}}
"""
DEFAULTS = "defaults\n    timeout connect 5s\n    timeout client 5s\n    timeout server 5s\n\n"


def program(name: str) -> str:
    """Where it is; Debian keeps servers off the path of most users."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


@contextmanager
def running(command: list[str], port: int) -> Iterator[str]:
    """A server that answers at a port, until the block ends."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            deadline = time.monotonic() + 20
            while not _answers(port):
                assert process.poll() is None, (process.stderr and process.stderr.read()) or b""
                assert time.monotonic() < deadline
                time.sleep(0.02)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def nginx(shown: str, folder: Path, ports: dict[str, int]) -> Iterator[str]:
    """nginx with a configuration as it is shown, but for addresses."""
    port = free_port()
    shown = _moved(shown, ports).replace("listen 80;", f"listen 127.0.0.1:{port};")
    user = "user root;" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, shown=shown, user=user), "utf-8")
    with running([program("nginx"), "-c", str(config), "-e", "stderr"], port) as address:
        yield address


@contextmanager
def haproxy(shown: str, folder: Path, ports: dict[str, int]) -> Iterator[str]:
    """HAProxy with a configuration as it is shown, but for addresses."""
    port = free_port()
    shown = _moved(shown, ports).replace("bind :80", f"bind 127.0.0.1:{port}")
    config = folder / "haproxy.cfg"
    config.write_text(DEFAULTS + shown, "utf-8")
    with running([program("haproxy"), "-db", "-f", str(config)], port) as address:
        yield address


def _moved(shown: str, ports: dict[str, int]) -> str:
    for place, port in ports.items():
        assert place in shown
        shown = shown.replace(place, f"127.0.0.1:{port}")
    return shown


class Collectors:
    """Collectors that share a store and the key of the day. Each can be stopped."""

    def __init__(self, folder: Path, count: int) -> None:
        self._store, self._key_file = folder / "events.db", folder / "key"
        self._stacks = [ExitStack() for _ in range(count)]
        self.ports = [self._start(stack) for stack in self._stacks]

    def _start(self, stack: ExitStack) -> int:
        store = stack.enter_context(open_store(self._store))
        app = collector(
            store,
            origins=[SITE],
            trusted=[ip_network("127.0.0.1")],
            limits=Limits(votes_per_minute=0, others_per_minute=0),
            voters=Voters(lambda: NOW, key_file=self._key_file),
            clock=lambda: NOW,
        )
        stack.callback(app.state.collector.close)
        return int(stack.enter_context(serving(app)).rpartition(":")[2])

    def stop(self, number: int) -> None:
        self._stacks[number].close()

    def close(self) -> None:
        for stack in self._stacks:
            stack.close()

    def voters(self) -> list[str]:
        """Who voted, in the order of their votes."""
        with open_store(self._store, readonly=True) as store:
            return [event.voter for event in store.events()]


@pytest.fixture
def collectors(tmp_path: Path) -> Iterator[Callable[[int], Collectors]]:
    """Starts so many collectors."""
    with ExitStack() as stack:

        def start(count: int) -> Collectors:
            made = Collectors(tmp_path, count)
            stack.callback(made.close)
            return made

        yield start


def send(address: str, *, claims: str = "") -> httpx.Response:
    """A vote, maybe of somebody who claims to come from elsewhere."""
    headers = {"Origin": SITE, **({"X-Forwarded-For": claims} if claims else {})}
    return httpx.post(f"{address}/v1/events", json=vote(), headers=headers)


def test_every_configuration_shown_is_tried() -> None:
    assert ["nginx", "nginx", "nginx", "haproxy"] == [kind for kind, _ in SHOWN]


def test_a_collector_behind_nginx_knows_readers_by_where_they_come_from(
    tmp_path: Path, collectors: Callable[[int], Collectors]
) -> None:
    """What a reader says of themselves counts for nothing; the inside stays inside."""
    made = collectors(1)
    with nginx(ONE, tmp_path, {"127.0.0.1:8787": made.ports[0]}) as address:
        answers = [send(address, claims=f"203.0.113.{n}") for n in range(3)]
        inside = httpx.get(f"{address}/metrics")

    assert [204, 204, 204] == [answer.status_code for answer in answers]
    assert 404 == inside.status_code
    assert 1 == len(set(made.voters()))


@pytest.mark.parametrize(("balancer", "shown"), [(nginx, SEVERAL), (haproxy, HAPROXY)])
def test_a_balancer_passes_a_vote_on_to_a_collector_that_is_well(
    tmp_path: Path, collectors: Callable[[int], Collectors], balancer: Callable, shown: str
) -> None:
    made = collectors(2)
    places = dict(zip(("10.0.0.11:8787", "10.0.0.12:8787"), made.ports, strict=True))
    with balancer(shown, tmp_path, places) as address:
        answers = [send(address, claims="203.0.113.9") for _ in range(4)]
        for number in (0, 1):
            assert 1 == len(set(made.voters()))
            made.stop(number)
            if number == 0:
                answers += [send(address) for _ in range(4)]
        none = send(address)
        inside = httpx.get(f"{address}/metrics")

    assert [204] * 8 == [answer.status_code for answer in answers]
    assert none.status_code in (502, 503)
    assert inside.status_code in (403, 404)
    assert 8 == len(made.voters())


def test_nginx_serves_a_site_with_its_policy_and_its_redirects(
    tmp_path: Path, collectors: Callable[[int], Collectors]
) -> None:
    """The whole example, with the line that makes its map."""
    made = collectors(1)
    site = tmp_path / "site"
    stamped = site / "assets" / "kbgen-0123abcd"
    stamped.mkdir(parents=True)
    (site / "index.html").write_text("<p>home", "utf-8")
    (site / "404.html").write_text("<p>nothing here", "utf-8")
    (stamped / "a.js").write_text("1", "utf-8")
    old, new = quote("옛 글/"), quote("ko/새-글/")
    (site / "_redirects").write_text(f"/a/KB-1/ /ko/a/ 301\n/{old} /{new} 301\n", "utf-8")
    (line,) = re.findall(r"^awk .*$", DOCUMENT, re.MULTILINE)
    made_by = line.replace("/etc/nginx/", f"{tmp_path}/")
    subprocess.run(["sh", "-c", made_by], cwd=tmp_path, check=True)
    shown = WHOLE_SITE.replace("/etc/nginx/", f"{tmp_path}/").replace("/srv/help/site", str(site))

    with nginx(shown, tmp_path, {"127.0.0.1:8787": made.ports[0]}) as address:
        home, script, missing, permanent, renamed = (
            httpx.get(f"{address}/{path}")
            for path in ("", "assets/kbgen-0123abcd/a.js", "nowhere/", "a/KB-1/?from=mail", old)
        )
        kept = send(address, claims="203.0.113.7")

    assert (200, "<p>home") == (home.status_code, home.text)
    policy = home.headers["content-security-policy"]
    assert policy.startswith("default-src 'self'; ")
    assert (404, "<p>nothing here") == (missing.status_code, missing.text)
    assert policy == missing.headers["content-security-policy"]
    assert "public, max-age=31536000, immutable" == script.headers["cache-control"]
    assert "nosniff" == script.headers["x-content-type-options"]
    for answer, target in ((permanent, "ko/a/"), (renamed, new)):
        assert (301, f"{address}/{target}") == (answer.status_code, answer.headers["location"])
    assert 204 == kept.status_code
