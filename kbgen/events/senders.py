"""Who sent a request, as far as kbgen may know: a network, and a pseudonym that rotates.

Neither address nor user agent leaves this module towards disk or log.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path

from kbgen.errors import ConfigError
from kbgen.events.key_file import KEY_BYTES, shared_key
from kbgen.events.logs import tell
from kbgen.events.model import Event

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

PREFIX = {4: 24, 6: 56}  # what one reader, or one household, has to itself


@dataclass(frozen=True, slots=True)
class Sender:
    """What a request says about who sent it. Lives as long as the request."""

    user_agent: str
    network: str


def read_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks such as 10.0.0.0/8 from the command line. Raises ConfigError for others."""
    try:
        return tuple(ip_network(text.strip()) for text in texts)
    except ValueError as error:
        raise ConfigError(f"trusted proxy: {error} (expected 10.0.0.5 or 10.0.0.0/8)") from error


def client_network(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The network of the client behind the proxies that are trusted, and behind no other.

    X-Forwarded-For is read from its end, and only as far as trusted proxies wrote it: what a
    client puts there itself counts for nothing.
    """
    address = _address(peer)
    hops = [hop.strip() for hop in forwarded.split(",")] if forwarded else []
    while hops and address and any(address in network for network in trusted):
        address = _address(hops.pop()) or address
    return _network(address) if address else "unknown"


class Voters:
    """Makes the pseudonym under which a reader's choices on one subject belong together.

    A keyed hash over network, user agent and subject (article and revision, or the query). The
    key is random, is replaced each day (UTC), and the old one is gone: nobody can follow a
    reader from one article to another, or from one day to the next. It lives in memory, or in
    `key_file` when restarts within a day, or several processes, must not forget who voted.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        key_file: Path | None = None,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._clock = clock
        self._key_file = key_file
        self._random = random
        self._day: date | None = None
        self._key = b""

    def voter(self, sender: Sender, event: Event) -> str:
        """32 hex digits: the same for the same reader, subject and day."""
        self._rotate()
        text = "\0".join((sender.network, sender.user_agent, *_subject(event)))
        return blake2b(text.encode("utf-8", "replace"), key=self._key, digest_size=16).hexdigest()

    def _rotate(self) -> None:
        day = self._clock().date()
        if day == self._day:
            return
        self._key = self._random(KEY_BYTES)
        self._day = day
        if self._key_file:
            try:
                self._key = shared_key(self._key_file, day, self._key)
            except OSError as error:  # no reason to lose a vote: the key lives in memory then
                file = str(self._key_file)
                tell("key_not_kept", logging.ERROR, file=file, error=error.strerror)


def _subject(event: Event) -> tuple[str, str]:
    if event.type == "search":
        return "?", event.query.casefold()
    return event.article, event.rev


@lru_cache(maxsize=4096)
def _address(text: str) -> Address | None:
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _network(address: Address) -> str:
    """The network around an address, written as `ip_network` writes it, at a third of the time."""
    prefix = PREFIX[address.version]
    shift = address.max_prefixlen - prefix
    return f"{type(address)(int(address) >> shift << shift)}/{prefix}"
