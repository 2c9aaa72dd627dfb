"""Readers in numbers: votes over plain connections, each from a network of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kbgen.events.times import format_time
from tests.events.samples import SITE, new_id, vote


@dataclass
class Voting:
    """Sends votes to a collector that trusts this machine as its proxy, and keeps what it said."""

    port: int
    acknowledged: set[str] = field(default_factory=set)
    _sent: int = 0

    async def send(self, count: int, *, times: int = 1, connections: int = 1) -> list[int]:
        """Sends new votes, each several times; the statuses of the answers."""
        statuses: list[int] = []

        async def client(votes: int) -> None:
            connection = await asyncio.open_connection("127.0.0.1", self.port)
            with closing(connection[1]):
                for _ in range(votes):
                    name, request = self._vote()
                    statuses.extend(
                        [await self._ask(connection, name, request) for _ in range(times)]
                    )

        await asyncio.gather(*(client(count // connections) for _ in range(connections)))
        return statuses

    @asynccontextmanager
    async def under_way(self, *, connections: int) -> AsyncIterator[None]:
        """Sends votes meanwhile; at the end each connection waits for its last answer."""
        self._stopping = False
        clients = [asyncio.create_task(self._go_on()) for _ in range(connections)]
        yield
        self._stopping = True
        await asyncio.gather(*clients)

    async def until(self, count: int) -> None:
        """Waits until so many votes are acknowledged."""
        async with asyncio.timeout(60):
            while len(self.acknowledged) < count:
                await asyncio.sleep(0.001)

    async def _go_on(self) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):  # the other side has ended
            connection = await asyncio.open_connection("127.0.0.1", self.port)
            with closing(connection[1]):
                while not self._stopping:
                    await self._ask(connection, *self._vote())

    async def _ask(
        self,
        connection: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        name: str,
        request: bytes,
    ) -> int:
        reader, writer = connection
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        await reader.readexactly(int(length or 0))
        status = int(head[9:12])
        if status == 204:
            self.acknowledged.add(name)
        return status

    def _vote(self) -> tuple[str, bytes]:
        self._sent += 1
        now = datetime.now(UTC)
        data = vote(event_id=new_id(now), ts=format_time(now))
        body = json.dumps(data).encode()
        network = f"{11 + (self._sent >> 16)}.{self._sent >> 8 & 255}.{self._sent & 255}.7"
        head = (
            "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n"
            f"Origin: {SITE}\r\nX-Forwarded-For: {network}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return data["event_id"], head.encode() + body
