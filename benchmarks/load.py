"""Sends HTTP requests as fast as they are answered, from a process of its own, and times them.

A connection sends its next request when the last is answered. Requests are made beforehand, so
that making them is not measured. Where a server closes the connection after an answer, opening
the next one is part of the time, as it is for whoever waits.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

Requests = Sequence[bytes]

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answers:
    """The status and the milliseconds of each answer, and the seconds that all of it took.

    The status is 0 where the server hung up.
    """

    statuses: list[int]
    times: list[float]
    seconds: float

    def count(self, status: int) -> int:
        """How many answers had this status."""
        return self.statuses.count(status)

    def rate(self, status: int) -> float:
        """Answers with this status a second."""
        return self.count(status) / self.seconds

    def within(self, share: float, status: int) -> float:
        """Milliseconds within which this share of the answers with this status came."""
        times = sorted(t for s, t in zip(self.statuses, self.times, strict=True) if s == status)
        return times[min(int(len(times) * share), len(times) - 1)] if times else float("nan")


def send(port: int, requests: Requests, *, connections: int) -> Answers:
    """Sends all requests, each on the next connection that is free."""
    return _elsewhere(_send, port, requests, connections)


def send_flood(
    port: int, flood: Requests, honest: Requests, *, connections: int
) -> tuple[Answers, Answers]:
    """Sends a flood without end, and between its requests the honest ones, evenly spread.

    Honest requests have connections of their own, kept open as a proxy keeps them. Returns the
    answers to the flood and to the others.
    """
    return _elsewhere(_send_flood, port, flood, honest, connections)


def _elsewhere(function, *arguments):
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_run, function, arguments).result()


def _run(function, arguments):
    try:
        import uvloop  # noqa: PLC0415  (not on Windows)
    except ImportError:
        return asyncio.run(function(*arguments))
    return uvloop.run(function(*arguments))


@dataclass(slots=True)
class _Log:
    """What came back, from all connections of a run."""

    statuses: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    started: float = field(default_factory=time.perf_counter)

    def answers(self) -> Answers:
        return Answers(self.statuses, self.times, time.perf_counter() - self.started)


class _Connection(asyncio.Protocol):
    """Asks one thing at a time, and says when it is free again."""

    def __init__(self, port: int, log: _Log, free: Callable[[_Connection], None]) -> None:
        self._port = port
        self._log = log
        self._free = free
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._asked = 0.0
        self._request = b""

    def ask(self, request: bytes) -> None:
        self._asked = time.perf_counter()
        self._request = request
        if self._transport:
            self._transport.write(request)
        else:
            loop = asyncio.get_running_loop()
            opening = loop.create_connection(lambda: self, "127.0.0.1", self._port)
            self._opening = loop.create_task(opening)

    def close(self) -> None:
        transport, self._transport = self._transport, None
        if transport:
            transport.close()

    def connection_made(self, transport) -> None:
        self._transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        length = _LENGTH.search(self._buffer, 0, head + 2)
        if length and len(self._buffer) < head + 4 + int(length[1]):
            return
        status = int(self._buffer[9:12])
        if _CLOSE.search(self._buffer, 0, head + 2):
            self.close()
        self._end(status)

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None  # an idle one may be closed at any time
        if self._request:
            self._end(0)

    def _end(self, status: int) -> None:
        self._log.times.append((time.perf_counter() - self._asked) * 1000)
        self._log.statuses.append(status)
        self._buffer = self._request = b""
        self._free(self)


async def _send(port: int, requests: Requests, connections: int) -> Answers:
    log = _Log()
    await _send_all(port, iter(requests), connections, log)
    return log.answers()


async def _send_all(port: int, requests: Iterator[bytes], connections: int, log: _Log) -> None:
    left = connections
    done = asyncio.get_running_loop().create_future()

    def go_on(connection: _Connection) -> None:
        nonlocal left
        request = next(requests, None)
        if request is not None:
            connection.ask(request)
            return
        connection.close()
        left -= 1
        if not left:
            done.set_result(None)

    for _ in range(connections):
        go_on(_Connection(port, log, go_on))
    await done


async def _send_flood(
    port: int, flood: Requests, honest: Requests, connections: int
) -> tuple[Answers, Answers]:
    every = len(flood) // len(honest)
    log, honest_log = _Log(), _Log()
    idle: list[_Connection] = []

    def between() -> Iterator[bytes]:
        for place, request in enumerate(flood):
            if place % every == 0 and place // every < len(honest):
                free = idle.pop() if idle else _Connection(port, honest_log, idle.append)
                free.ask(honest[place // every])
            yield request

    await _send_all(port, between(), connections, log)
    while len(honest_log.statuses) < len(honest):
        await asyncio.sleep(0.01)
    return log.answers(), honest_log.answers()
