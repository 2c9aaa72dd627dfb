"""The collector: takes events over HTTP and answers 204 once they are on disk.

`collector` makes a Starlette application. It may run by itself (`kbgen collect`), or lend its
routes to another application (`kbgen serve`).
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from kbgen.events.committer import Committer, QueueFullError
from kbgen.events.guard import REASONS, Guard, Limits
from kbgen.events.known import Known
from kbgen.events.metrics import Metrics
from kbgen.events.model import Event, Fault, clean, load_json, parse
from kbgen.events.senders import Network, Sender, Voters, client_network
from kbgen.events.store import Store, StoreError

PATH = "/v1/events"
TRAP = "trap"  # what a robot wrote into the field that people do not see; never stored
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_TYPES = ("application/json", "text/plain")
_RETRY_STORAGE = 5  # seconds


def utc_now() -> datetime:
    """The clock of a running collector."""
    return datetime.now(UTC)


def collector(
    store: Store,
    *,
    site_url: str = "",
    origins: Iterable[str] = (),
    same_origin: bool = False,
    known: Known | None = None,
    trusted: Sequence[Network] = (),
    limits: Limits | None = None,
    voters: Voters | None = None,
    clock: Callable[[], datetime] = utc_now,
    seconds: Callable[[], float] = time.monotonic,
) -> Starlette:
    """An application that takes events into `store`.

    Pages of `site_url` and `origins` may send; with `same_origin`, also those of the host that
    it runs on, if that is local. `known` refuses events on articles that it does not know.
    Forwarding headers count only from `trusted` networks. `app.state.collector.close()` ends the
    writing thread; by itself the application does so when it stops. Raises ConfigError if no
    page could send.
    """
    limits = limits or Limits()
    guard = Guard(
        [site_url, *origins],
        same_origin=same_origin,
        known=known,
        limits=limits,
        clock=clock,
        seconds=seconds,
    )
    room = Collector(
        guard=guard,
        committer=Committer(store, most=limits.waiting),
        voters=voters or Voters(clock),
        trusted=tuple(trusted),
        limits=limits,
        clock=clock,
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(room.close)

    app = Starlette(routes=room.routes, lifespan=lifespan)
    app.state.collector = room
    return app


class RefusedError(Exception):
    """A request, or some of its events, will not be taken. `reason` is one of REASONS."""

    def __init__(self, reason: str, details: Sequence[str] = (), *, retry_after: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.details = list(details)
        self.retry_after = retry_after


@dataclass(slots=True)
class _Sorted:
    """The events of a request, and why some of them are refused."""

    events: list[Event] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    def refuse(self, reason: str, detail: str) -> None:
        self.reasons.append(reason)
        self.details.append(detail)


@dataclass
class Collector:
    """The endpoints and what they share."""

    guard: Guard
    committer: Committer
    voters: Voters
    trusted: Sequence[Network]
    limits: Limits
    clock: Callable[[], datetime]
    metrics: Metrics = field(default_factory=Metrics)

    @property
    def routes(self) -> list[Route]:
        """The routes, for another application to include."""
        return [
            Route(PATH, self.receive, methods=_METHODS),
            Route("/healthz", self.health),
            Route("/metrics", self.measure),
        ]

    def close(self) -> None:
        """Writes what waits and stops writing."""
        self.committer.close()

    async def receive(self, request: Request) -> Response:
        """POST /v1/events: 204 when everything is on disk, else a status and a reason."""
        origin = request.headers.get("origin")
        host = request.headers.get("host", "")
        allowed = self.guard.allows(origin, host, request.url.scheme)
        try:
            response = await self._receive(request, allowed=allowed)
        except RefusedError as refusal:
            response = self._refusal(refusal)
        except ClientDisconnect:
            response = self._refusal(RefusedError("slow"))
        response.headers["Vary"] = "Origin"
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        if allowed and origin:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = "X-Kbgen-Reason, Retry-After"
        self.metrics.add("kbgen_requests_total", status=str(response.status_code))
        return response

    async def health(self, _: Request) -> Response:
        """GET /healthz: the collector answers."""
        return PlainTextResponse("ok\n")

    async def measure(self, _: Request) -> Response:
        """GET /metrics: counters as Prometheus reads them."""
        text = self.metrics.text(
            kbgen_commits_total=self.committer.commits,
            kbgen_waiting_requests=self.committer.waiting,
        )
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    async def _receive(self, request: Request, *, allowed: bool) -> Response:
        if request.method not in {"POST", "OPTIONS"}:
            raise RefusedError("method", ["send events with POST"])
        if not allowed:
            raise RefusedError("origin", ["this page is not of the site that the collector serves"])
        if request.method == "OPTIONS":
            return _preflight()
        sender = self._sender(request)
        self._ask(self.guard.request(sender), sender)
        body = await self._body(request)
        now = self.clock()
        found = self._sort(_read_batch(body, self.limits.batch), now)
        if found.events:
            self._ask(self.guard.batch(sender, found.events), sender)
            await self._commit([self._mark(event, sender, now) for event in found.events])
        for reason in found.reasons[1:]:  # the first is counted with the response
            self.metrics.add("kbgen_refused_total", reason=reason)
        if found.reasons:
            raise RefusedError(found.reasons[0], found.details)
        return Response(status_code=204)

    def _sender(self, request: Request) -> Sender:
        peer = request.client.host if request.client else ""
        forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
        return Sender(
            user_agent=request.headers.get("user-agent", "")[:512],
            network=client_network(peer, forwarded, self.trusted),
        )

    def _ask(self, verdict: tuple[bool, str], sender: Sender) -> None:
        ok, reason = verdict
        if not ok:
            wait = self.guard.wait(sender) if reason == "rate" else 1 if reason == "busy" else 0
            raise RefusedError(reason, retry_after=wait)

    async def _body(self, request: Request) -> bytes:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in _TYPES:
            raise RefusedError("type", [f"expected {' or '.join(_TYPES)}"])
        most = self.limits.body
        declared = request.headers.get("content-length", "")
        body = b""
        if not declared.isdecimal() or int(declared) <= most:
            try:
                async with asyncio.timeout(self.limits.body_seconds):
                    async for chunk in request.stream():
                        body += chunk
                        if len(body) > most:
                            break
            except TimeoutError:
                raise RefusedError("slow", ["the body did not arrive in time"]) from None
        if len(body) > most or (declared.isdecimal() and int(declared) > most):
            raise RefusedError("size", [f"a request has at most {most} bytes"])
        return body

    def _sort(self, batch: Sequence[Any], now: datetime) -> _Sorted:
        found = _Sorted()
        for place, data in enumerate(batch):
            event: Event | Sequence[Fault]
            trap = data.pop(TRAP, "") if isinstance(data, dict) else ""
            event = parse(data, received=now)
            if trap:
                found.refuse("trap", f"[{place}]: a field that people do not see was filled in")
            elif not isinstance(event, Event):
                found.refuse("event", f"[{place}]: " + "; ".join(str(fault) for fault in event))
            else:
                ok, reason = self.guard.event(event)
                if ok:
                    found.events.append(clean(event))
                else:
                    found.refuse(reason, f"[{place}]: {_DETAILS[reason]}")
        return found

    def _mark(self, event: Event, sender: Sender, now: datetime) -> Event:
        """With the pseudonym of whoever sent it, whatever it claims itself, and not ahead of us.

        A clock that runs ahead must not make a vote the last word for a day.
        """
        voter = self.voters.voter(sender, event)
        return replace(event, voter=voter, ts=min(event.ts, now))

    async def _commit(self, events: Sequence[Event]) -> None:
        try:
            counts = await self.committer.commit(events)
        except QueueFullError:
            raise RefusedError("busy", ["too much at once"], retry_after=1) from None
        except StoreError as error:
            wait = _RETRY_STORAGE + secrets.randbelow(_RETRY_STORAGE)  # not all at once again
            raise RefusedError("storage", ["cannot be kept now"], retry_after=wait) from error
        for event in events:
            self.metrics.add("kbgen_events_total", type=event.type)
        self.metrics.add("kbgen_duplicates_total", counts.duplicates)

    def _refusal(self, refusal: RefusedError) -> Response:
        self.metrics.add("kbgen_refused_total", reason=refusal.reason)
        response = JSONResponse(
            {"reason": refusal.reason, "details": refusal.details},
            status_code=REASONS[refusal.reason],
        )
        response.headers["X-Kbgen-Reason"] = refusal.reason
        if refusal.retry_after:
            response.headers["Retry-After"] = str(refusal.retry_after)
        return response


_DETAILS = {
    "clock": "ts is more than a day away from now; is the clock of the device right?",
    "source": "only an import may say that it is one",
    "article": "the site has no such article",
}


def _read_batch(body: bytes, most: int) -> list[Any]:
    data = load_json(body)
    if isinstance(data, Fault):
        raise RefusedError("json", [str(data)])
    batch = data if isinstance(data, list) else [data]
    if len(batch) > most:
        raise RefusedError("batch", [f"{len(batch)} events; a request has at most {most}"])
    return batch


def _preflight() -> Response:
    headers = {
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Max-Age": "600",
    }
    return Response(status_code=204, headers=headers)
