"""What the collector takes and what it refuses: small rules, each of which says why.

A rule returns (ok, reason). Reasons are the words of `REASONS`; they go into the response, into
a counter and into docs/collector.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import urlsplit

from kbgen.errors import ConfigError
from kbgen.events.buckets import Buckets
from kbgen.events.known import Known
from kbgen.events.model import Event
from kbgen.events.senders import Sender

Verdict = tuple[bool, str]
OK: Verdict = (True, "")

# Reason -> HTTP status.
REASONS: Mapping[str, int] = MappingProxyType(
    {
        "method": 405,
        "origin": 403,
        "bot": 403,
        "trap": 403,
        "type": 415,
        "size": 413,
        "slow": 408,
        "json": 400,
        "batch": 400,
        "event": 400,
        "clock": 400,
        "source": 400,
        "article": 400,
        "rate": 429,
        "busy": 429,
        "storage": 503,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Every number of the collector. A rate of 0 limits nothing."""

    body: int = 64 * 1024  # bytes of a request
    body_seconds: float = 10.0  # until it has arrived
    batch: int = 50  # events of a request
    skew: timedelta = timedelta(hours=24)  # between the reader's clock and ours
    votes_per_minute: float = 10.0  # votes and details of one network
    votes_burst: float = 20.0
    others_per_minute: float = 120.0  # its views, searches, clicks
    others_burst: float = 240.0
    ceiling_per_second: float = 10_000.0  # events of all networks
    waiting: int = 4096  # requests that wait for the disk


# Crawlers that name themselves. Tools such as curl are not here: they cannot send an Origin by
# accident. Nor are automated browsers: a site's own checks vote with those, by a real click.
_BOTS = re.compile(
    r"(?<!cu)bots?(?![a-z])|crawl|spider|slurp|archiver|yeti/|daum(?:oa)?/|facebookexternalhit"
    r"|feedfetcher|mediapartners|lighthouse|pagespeed|pingdom|uptime|preview|prerender",
    re.IGNORECASE,
)
_VOTES = ("vote", "detail")
_SOURCES = ("web", "agent", "mcp")


class Guard:
    """The rules, in the order in which they are asked. Made once, asked for each request."""

    def __init__(
        self,
        origins: Iterable[str],
        *,
        same_origin: bool,
        known: Known | None,
        limits: Limits,
        clock: Callable[[], datetime],
        seconds: Callable[[], float],
    ) -> None:
        self.origins = frozenset(filter(None, map(read_origin, origins)))
        self._same_origin = same_origin
        self._known = known
        self._limits = limits
        self._clock = clock
        self.votes = Buckets(limits.votes_per_minute / 60, limits.votes_burst, seconds)
        self.others = Buckets(limits.others_per_minute / 60, limits.others_burst, seconds)
        ceiling = limits.ceiling_per_second
        self.ceiling = Buckets(ceiling, ceiling, seconds)
        if not self.origins and not same_origin:
            raise ConfigError(
                "no page may send events: set site_url in mkdocs.yml or name the address of the "
                "site with --origin https://help.example.com"
            )

    def allows(self, origin: str | None, host: str, scheme: str) -> bool:
        """Whether a page of this origin may send events; `host` and `scheme` are our own."""
        if origin is None:
            return False
        own = self._same_origin and is_local(host) and origin == f"{scheme}://{host}"
        return own or origin in self.origins

    def request(self, sender: Sender) -> Verdict:
        """Rules that need no more than the head of a request."""
        return _first(rule(sender) for rule in (self.bot, self.exhausted))

    def event(self, event: Event) -> Verdict:
        """Rules for one event."""
        return _first(rule(event) for rule in (self.clock, self.source, self.article))

    def batch(self, sender: Sender, events: Sequence[Event]) -> Verdict:
        """Rules for all events of a request together; they take tokens."""
        return _first(rule(sender, events) for rule in (self.rate, self.busy))

    def bot(self, sender: Sender) -> Verdict:
        """No crawler that names itself."""
        return (False, "bot") if _is_bot(sender.user_agent) else OK

    def exhausted(self, sender: Sender) -> Verdict:
        """No request of a network that has used up everything, before its body is read."""
        used_up = self.votes.is_empty(sender.network) and self.others.is_empty(sender.network)
        return (False, "rate") if used_up else OK

    def clock(self, event: Event) -> Verdict:
        """A time near ours: late deliveries and wrong clocks exist, back-dating does not."""
        return OK if abs(event.ts - self._clock()) <= self._limits.skew else (False, "clock")

    def source(self, event: Event) -> Verdict:
        """No claim to be an import."""
        return OK if event.source in _SOURCES else (False, "source")

    def article(self, event: Event) -> Verdict:
        """An article that the site has. Any revision: caches show old ones for a while."""
        if not event.article or self._known is None:
            return OK
        return OK if self._known.knows(event.article, event.lang) else (False, "article")

    def rate(self, sender: Sender, events: Sequence[Event]) -> Verdict:
        """Not more from one network than readers send."""
        votes = sum(event.type in _VOTES for event in events)
        if not self.votes.take(sender.network, votes):
            return False, "rate"
        others = self.others.take(sender.network, len(events) - votes)
        return OK if others else (False, "rate")

    def busy(self, sender: Sender, events: Sequence[Event]) -> Verdict:  # noqa: ARG002
        """Not more from everybody than the machine can take."""
        return OK if self.ceiling.take("", len(events)) else (False, "busy")

    def wait(self, sender: Sender) -> int:
        """Seconds after which a refused network may try again."""
        return max(self.votes.wait(sender.network), 1)


@lru_cache(maxsize=1024)
def _is_bot(user_agent: str) -> bool:
    """Most readers have one of a few browsers."""
    return bool(_BOTS.search(user_agent))


def read_origin(address: str) -> str:
    """The origin of an address, as browsers write it; "" of "". Raises ConfigError."""
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (ValueError, UnicodeError) as error:
        raise ConfigError(f"origin: {address!r} is no address ({error})") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise ConfigError(f"origin: {address!r} is no address (expected https://help.example.com)")
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


def is_local(host: str) -> bool:
    """Whether a Host header names this machine or a bare IP address.

    Other names may be made to point here by anybody (DNS rebinding).
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return name == "localhost" or bool(re.fullmatch(r"\[[0-9a-f:.]+\]|[0-9.]+", name))


def _first(verdicts: Iterable[Verdict]) -> Verdict:
    """The first refusal; later rules are not asked."""
    return next((verdict for verdict in verdicts if not verdict[0]), OK)
