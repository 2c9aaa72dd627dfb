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
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from kbgen.events.answers import PREFLIGHT, TAKEN, Answer, RefusedError, refusal
from kbgen.events.committer import Committer, QueueFullError
from kbgen.events.files import StoreFiles
from kbgen.events.guard import REASONS, Guard, Limits, Verdict
from kbgen.events.known import Known
from kbgen.events.metrics import Metrics
from kbgen.events.model import Event, Fault, clean, load_json, parse
from kbgen.events.openapi import PATH, TRAP, describe
from kbgen.events.requests import Head, read_body, read_head
from kbgen.events.senders import Network, Sender, Voters, client_network
from kbgen.events.store import Store, StoreError
from kbgen.events.upkeep import upkeep

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
    retention: timedelta | None = None,
    files: StoreFiles | None = None,
    clock: Callable[[], datetime] = utc_now,
    seconds: Callable[[], float] = time.monotonic,
) -> Starlette:
    """An application that takes events into `store`.

    Pages of `site_url` and `origins` may send; with `same_origin`, also those of the host that
    it runs on, if that is local. `known` refuses events on articles that it does not know.
    Forwarding headers count only from `trusted` networks. Events older than `retention` are
    deleted, at the start and then daily. Nothing is taken while `files`, those of the store, are
    not where they were. `app.state.collector.close()` ends the
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
        committer=_committer(store, limits, files),
        voters=voters or Voters(clock),
        trusted=tuple(trusted),
        limits=limits,
        clock=clock,
        seconds=seconds,
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with upkeep(room.committer, room.metrics, retention=retention, clock=clock):
            yield
        await asyncio.to_thread(room.close)

    app = Starlette(routes=room.routes, lifespan=lifespan)
    app.state.collector = room
    return app


def _committer(store: Store, limits: Limits, files: StoreFiles | None) -> Committer:
    if files is None:
        return Committer(store, most=limits.waiting)
    files.check()  # remembers them as they are now
    return Committer(store, most=limits.waiting, check=files.check)


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
    seconds: Callable[[], float]
    metrics: Metrics = field(default_factory=Metrics)
    _failed_until: float = 0.0

    @property
    def routes(self) -> list[Route]:
        """The routes, for another application to include."""
        return [
            Route(PATH, self, name="events"),
            Route("/healthz", self.health),
            Route("/readyz", self.ready),
            Route("/metrics", self.measure),
            Route("/openapi.json", self.describe),
        ]

    def close(self) -> None:
        """Writes what waits and stops writing."""
        self.committer.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """POST /v1/events: 204 when everything is on disk, else a status and a reason.

        Plain ASGI, because this is what a help center asks of it thousands of times a second.
        """
        head = read_head(scope)
        allowed = self.guard.allows(head.origin, head.host, head.scheme)
        try:
            answer = await self._answer(head, receive, allowed=allowed)
        except RefusedError as error:
            self.metrics.add("kbgen_refused_total", reason=error.reason)
            answer = refusal(error)
        self.metrics.add("kbgen_requests_total", status=str(answer.status))
        await answer.send(send, origin=head.origin if allowed else None)

    async def health(self, _: Request) -> Response:
        """GET /healthz: the process answers. A full disk is no reason to restart it."""
        return PlainTextResponse("ok\n")

    async def ready(self, _: Request) -> Response:
        """GET /readyz: not for some seconds after the store failed; then events may try again."""
        if self.seconds() < self._failed_until:
            return PlainTextResponse("storage\n", status_code=REASONS["storage"])
        return PlainTextResponse("ok\n")

    async def measure(self, _: Request) -> Response:
        """GET /metrics: counters as Prometheus reads them."""
        text = self.metrics.text(
            kbgen_commits_total=self.committer.commits,
            kbgen_failed_commits_total=self.committer.failed_commits,
            kbgen_duplicates_total=self.committer.duplicates,
            kbgen_waiting_requests=self.committer.waiting,
        )
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    async def describe(self, _: Request) -> Response:
        """GET /openapi.json: this collector, as other programs read it."""
        return JSONResponse(describe(self.guard.origins, self.limits))

    async def _answer(self, head: Head, receive: Receive, *, allowed: bool) -> Answer:
        if head.method not in {"POST", "OPTIONS"}:
            raise RefusedError("method", ["send events with POST"])
        if not allowed:
            raise RefusedError("origin", ["this page is not of the site that the collector serves"])
        if head.method == "OPTIONS":
            return PREFLIGHT
        sender = Sender(
            user_agent=head.user_agent,
            network=client_network(head.peer, head.forwarded, self.trusted),
        )
        self._ask(self.guard.request(sender), sender)
        body = await self._body(head, receive)
        now = self.clock()
        found = self._sort(_read_batch(body, self.limits.batch), now)
        if found.events:
            self._ask(self.guard.batch(sender, found.events), sender)
            await self._commit([self._mark(event, sender, now) for event in found.events])
        for reason in found.reasons[1:]:  # the first is counted with the answer
            self.metrics.add("kbgen_refused_total", reason=reason)
        if found.reasons:
            raise RefusedError(found.reasons[0], found.details)
        return TAKEN

    def _ask(self, verdict: Verdict, sender: Sender) -> None:
        ok, reason = verdict
        if not ok:
            wait = self.guard.wait(sender) if reason == "rate" else 1 if reason == "busy" else 0
            raise RefusedError(reason, retry_after=wait)

    async def _body(self, head: Head, receive: Receive) -> bytes:
        if head.kind not in _TYPES:
            raise RefusedError("type", [f"expected {' or '.join(_TYPES)}"])
        most = self.limits.body
        if head.length is not None and head.length > most:
            raise RefusedError("size", [f"a request has at most {most} bytes"])
        return await read_body(receive, most=most, seconds=self.limits.body_seconds)

    def _sort(self, batch: Sequence[Any], now: datetime) -> _Sorted:
        found = _Sorted()
        for place, data in enumerate(batch):
            event: Event | Sequence[Fault]
            trap = data.pop(TRAP, "") if isinstance(data, dict) else ""
            event = parse(data, received=now)
            if trap not in ("", None):
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
            await self.committer.commit(events)
        except QueueFullError:
            raise RefusedError("busy", ["too much at once"], retry_after=1) from None
        except StoreError as error:
            self._failed_until = self.seconds() + _RETRY_STORAGE
            wait = _RETRY_STORAGE + secrets.randbelow(_RETRY_STORAGE)  # not all at once again
            raise RefusedError("storage", ["cannot be kept now"], retry_after=wait) from error
        self._failed_until = 0.0
        for event in events:
            self.metrics.add("kbgen_events_total", type=event.type)


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
