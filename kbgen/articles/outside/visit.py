"""Whether an address leads somewhere, asked politely.

A server is asked by its robots.txt's leave, one request at a time with a pause before the next,
by HEAD and only then by GET; it is given time when it asks for time, and again when it stumbles.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from kbgen.articles.outside.addresses import address_of
from kbgen.articles.outside.client import ROBOT, AskError, Client, Method, PrivateError, Reply

PAUSE = 1.0  # seconds between two requests to one host
TRIES = 3
HOPS = 10
PATIENCE = 30.0  # seconds that a server may make us wait; for longer we come back another day
_ROBOTS_BYTES = 500 * 1024
_REDIRECTS = (301, 302, 303, 307, 308)
_FOR_EVER = (301, 308)
_BUSY = (429, 503)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one address. `status` is None without an answer; `said` is for people.

    `moved` is where it has gone for ever. `later` is the number of seconds after which the server
    wants to be asked again; `refused` means that robots.txt does not let us ask, `private` that
    the address belongs to a private network.
    """

    status: int | None
    said: str
    moved: str = ""
    later: float | None = None
    refused: bool = False
    private: bool = False


class Visitor:
    """Asks for addresses; may be used by several threads at once."""

    def __init__(
        self,
        client: Client,
        *,
        pause: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.client = client
        self._pause, self._clock, self._sleep, self._now = pause, clock, sleep, now
        self._free: dict[str, float] = {}  # host -> when it may be asked next
        self._pauses: dict[str, float] = {}  # host -> seconds between two requests
        self._robots: dict[str, RobotFileParser] = {}
        self._lock = Lock()

    def visit(self, address: str) -> Answer:
        """What an address answers in the end. Never raises for what a server does."""
        at, moved, for_ever, seen = address, "", True, set()
        for _ in range(HOPS):
            seen.add(at)
            found = self._one(at)
            if not isinstance(found, Reply):
                return found
            target = address_of(urljoin(at, found.location)) if found.location else ""
            if found.status not in _REDIRECTS or not target:
                return _answer(found, moved)
            for_ever = for_ever and found.status in _FOR_EVER
            moved = target if for_ever else moved
            if target in seen:
                return Answer(None, "redirects in a circle")
            at = target
        return Answer(None, "redirects without end")

    def _one(self, address: str) -> Reply | Answer:
        """The reply of one address, or why there is none."""
        try:
            if not self._rules(address).can_fetch(ROBOT, address):
                return Answer(None, "robots.txt does not let kbgen ask", refused=True)
            return self._tried(address)
        except PrivateError as error:
            return Answer(None, str(error), private=True)
        except AskError as error:
            return Answer(None, str(error))

    def _tried(self, address: str) -> Reply | Answer:
        """The reply to HEAD or GET, after a few tries where the server stumbles."""
        wait: float | None = None
        for tried in range(TRIES):
            found = self._once(address)
            wait = self._seconds(found) if isinstance(found, Reply) else None
            if isinstance(found, Reply) and wait is None and found.status < 500:
                return found
            if wait is not None and wait > PATIENCE:
                break
            if tried + 1 < TRIES:
                self._sleep(2.0**tried if wait is None else wait)
        if isinstance(found, AskError):
            raise found
        return found if wait is None else Answer(found.status, _said(found), later=wait)

    def _once(self, address: str) -> Reply | AskError:
        """The reply to HEAD, or to GET where HEAD does no good: some servers do not know it."""
        found: Reply | AskError = AskError()
        methods: tuple[Method, ...] = ("HEAD", "GET")
        for method in methods:
            try:
                found = self._ask(method, address)
            except PrivateError:
                raise
            except AskError as error:
                found = error
            if isinstance(found, Reply) and (found.status < 400 or found.status in _BUSY):
                break
        return found

    def _ask(self, method: Method, address: str, *, wanted: int = 0) -> Reply:
        self._wait_for(urlsplit(address).netloc)
        return self.client.ask(method, address, wanted=wanted)

    def _wait_for(self, host: str) -> None:
        """Takes the next free moment of a host."""
        with self._lock:
            start = max(self._clock(), self._free.get(host, 0.0))
            self._free[host] = start + self._pauses.get(host, self._pause)
        self._sleep(max(0.0, start - self._clock()))

    def _seconds(self, reply: Reply) -> float | None:
        """The seconds that a busy server asks for by `Retry-After`."""
        text = reply.retry_after.strip() if reply.status in _BUSY else ""
        if text.isascii() and text.isdigit():
            return float(text[:9])
        try:
            when = parsedate_to_datetime(text)
        except ValueError:
            return None
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - self._now()).total_seconds())

    def _rules(self, address: str) -> RobotFileParser:
        """The robots.txt of the host, read once."""
        parts = urlsplit(address)
        root = f"{parts.scheme}://{parts.netloc}"
        known = self._robots.get(root)
        if known is None:
            known = self._robots[root] = self._read_rules(f"{root}/robots.txt")
            self._pauses[parts.netloc] = self._pause_of(known)
        return known

    def _pause_of(self, rules: RobotFileParser) -> float:
        asked = rules.crawl_delay(ROBOT)
        return max(self._pause, min(float(asked), PATIENCE)) if asked else self._pause

    def _read_rules(self, address: str) -> RobotFileParser:
        rules = RobotFileParser()
        at = address
        for _ in range(5):
            try:
                reply = self._ask("GET", at, wanted=_ROBOTS_BYTES)
            except PrivateError:
                raise
            except AskError:  # then the page will say what is the matter
                reply = Reply(404)
            if reply.status not in _REDIRECTS or not reply.location:
                break
            at = address_of(urljoin(at, reply.location)) or at
        if reply.status >= 500:  # who cannot say must not be asked (RFC 9309)
            rules.parse(["User-agent: *", "Disallow: /"])
        elif reply.status >= 300:
            rules.parse([])
        else:
            rules.parse(reply.body.decode("utf-8", "replace").splitlines())
        return rules


def _answer(reply: Reply, moved: str) -> Answer:
    return Answer(reply.status, _said(reply), moved if reply.status < 300 else "")


def _said(reply: Reply) -> str:
    return f"{reply.status} {reply.reason}".strip()
