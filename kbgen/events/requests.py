"""What a request says: its head in one pass, its body within limits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.types import Receive, Scope

from kbgen.events.answers import RefusedError

_READ = frozenset(
    (b"content-length", b"content-type", b"host", b"origin", b"user-agent", b"x-forwarded-for")
)


@dataclass(slots=True)
class Head:
    """The headers that the collector reads, and no others; absent ones are "" (`origin`: None)."""

    method: str
    scheme: str
    peer: str  # the address that the connection comes from
    host: str
    origin: str | None
    kind: str  # the content type, without parameters
    length: int | None  # as declared, if it was
    user_agent: str
    forwarded: str


def read_head(scope: Scope) -> Head:
    """The head of an ASGI request.

    A header that is repeated counts as one with commas, as HTTP says: two origins are none.
    """
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _READ:
            found[name] = found[name] + b", " + value if name in found else value
    origin = found.get(b"origin")
    length = found.get(b"content-length", b"")
    client = scope.get("client")
    return Head(
        method=scope["method"],
        scheme=scope["scheme"],
        peer=client[0] if client else "",
        host=found.get(b"host", b"").decode("latin-1"),
        origin=None if origin is None else origin.decode("latin-1"),
        kind=found.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower(),
        length=int(length) if length.isdigit() and len(length) < 20 else None,
        user_agent=found.get(b"user-agent", b"").decode("latin-1")[:512],
        forwarded=found.get(b"x-forwarded-for", b"").decode("latin-1"),
    )


async def read_body(receive: Receive, *, most: int, seconds: float) -> bytes:
    """The body of an ASGI request. Raises RefusedError if it is too long or takes too long."""
    body = b""
    try:
        async with asyncio.timeout(seconds):
            while len(body) <= most:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RefusedError("slow", ["the sender hung up"])
                body += message.get("body", b"")
                if not message.get("more_body"):
                    break
    except TimeoutError:
        raise RefusedError("slow", ["the body did not arrive in time"]) from None
    if len(body) > most:
        raise RefusedError("size", [f"a request has at most {most} bytes"])
    return body
