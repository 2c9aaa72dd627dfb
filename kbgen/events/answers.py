"""What the collector answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.types import Send

from kbgen.events.guard import REASONS

Headers = Sequence[tuple[bytes, bytes]]

METHODS = "POST, OPTIONS"
_ALWAYS: Headers = (
    (b"vary", b"Origin"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
)
_EXPOSE = (b"access-control-expose-headers", b"X-Kbgen-Reason, Retry-After")


class RefusedError(Exception):
    """A request, or some of its events, will not be taken. `reason` is one of REASONS."""

    def __init__(self, reason: str, details: Sequence[str] = (), *, retry_after: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = list(details)
        self.retry_after = retry_after  # seconds; 0 says nothing about when


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, its own headers and a body."""

    status: int
    headers: Headers = ()
    body: bytes = b""

    async def send(self, send: Send, *, origin: str | None) -> None:
        """Sends it; pages of `origin`, unless it is None, may read it."""
        headers = [*_ALWAYS, *self.headers]
        if origin is not None:
            headers += [(b"access-control-allow-origin", origin.encode("latin-1")), _EXPOSE]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


TAKEN = Answer(204)
PREFLIGHT = Answer(
    204,
    (
        (b"access-control-allow-methods", b"POST"),
        (b"access-control-allow-headers", b"Content-Type"),
        (b"access-control-max-age", b"600"),
    ),
)


def refusal(error: RefusedError) -> Answer:
    """The status of the reason; the reason as a header; the details as JSON."""
    told = {"reason": error.reason, "details": error.details}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"x-kbgen-reason", error.reason.encode()),
    ]
    if error.retry_after:
        headers.append((b"retry-after", str(error.retry_after).encode()))
    if REASONS[error.reason] == 405:
        headers.append((b"allow", METHODS.encode()))
    return Answer(REASONS[error.reason], headers, body)
