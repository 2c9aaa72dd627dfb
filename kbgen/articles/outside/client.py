"""One request to one address: no redirects, no body of a page, no private network."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Timer
from typing import Literal
from urllib.parse import urlsplit

ROBOT = "kbgen"  # what a robots.txt calls us
TIMEOUT = 10.0  # seconds to connect, and without a byte
LONGEST = 30.0  # seconds that one request may take
_NAT64 = IPv6Network("64:ff9b::/96")

Method = Literal["HEAD", "GET"]


class AskError(Exception):
    """No answer; the text says why."""


class PrivateError(AskError):
    """The address belongs to a private network, which must not be asked."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered. `body` is empty unless it was wanted."""

    status: int
    reason: str = ""
    location: str = ""
    retry_after: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Client:
    """Asks servers. With `private`, those of private networks too."""

    agent: str
    private: bool = False
    timeout: float = TIMEOUT
    longest: float = LONGEST

    def ask(self, method: Method, address: str, *, wanted: int = 0) -> Reply:
        """The answer of one server, with at most `wanted` bytes of its body.

        Raises PrivateError before a byte is sent, and AskError if there is no answer.
        """
        parts = urlsplit(address)
        connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
        guard: Timer | None = None
        try:
            target = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
            headers = {"User-Agent": self.agent, "Accept": "*/*", "Connection": "close"}
            connection.connect()
            # A server that sends a byte now and then would hold a request for ever.
            guard = Timer(self.longest, _hang_up, [connection.sock])
            guard.daemon = True
            guard.start()
            connection.request(method, target, headers=headers)
            answer = connection.getresponse()
            return Reply(
                status=answer.status,
                reason=answer.reason,
                location=answer.getheader("Location", ""),
                retry_after=answer.getheader("Retry-After", ""),
                body=answer.read(wanted) if wanted else b"",
            )
        except (OSError, HTTPException, ValueError) as error:
            raise AskError(_why(error)) from error
        finally:
            if guard:
                guard.cancel()
            connection.close()

    def _connection(self, scheme: str, host: str, port: int | None) -> HTTPConnection:
        kind = HTTPSConnection if scheme == "https" else HTTPConnection
        connection = kind(host, port, timeout=self.timeout)
        # Whom a name stands for is looked up once: the address that was vetted is the one asked.
        connection._create_connection = self._connect  # type: ignore[attr-defined]  # noqa: SLF001
        return connection

    def _connect(
        self, place: tuple[str, int], timeout: float, _source: object = None
    ) -> socket.socket:
        found = socket.getaddrinfo(*place, type=socket.SOCK_STREAM)
        if not self.private and not all(is_public(str(entry[4][0])) for entry in found):
            raise PrivateError(f"{place[0]} belongs to a private network")
        last: OSError | None = None
        for _, _, _, _, vetted in found:
            try:
                return socket.create_connection((str(vetted[0]), place[1]), timeout)
            except OSError as error:
                last = error
        raise last or OSError("the name stands for no address")


def is_public(address: str) -> bool:
    """Whether an IP address can be reached by everybody."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            found = found.ipv4_mapped
        elif found in _NAT64:
            found = IPv4Address(int(found) & 0xFFFFFFFF)
    return found.is_global and not found.is_multicast


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):  # it may be over already
        sock.shutdown(socket.SHUT_RDWR)


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, socket.gaierror):
        return "no such host"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return "no secure connection"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error) or type(error).__name__
