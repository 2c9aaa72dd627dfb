"""Runs an application on a free port for the length of a test."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

# Seconds that each answer may take: finds tests that look before a page is complete.
DELAY = float(os.environ.get("KBGEN_TEST_DELAY", "0"))


@contextmanager
def serving(app: ASGIApp, sock: socket.socket | None = None) -> Iterator[str]:
    """The address of the running application, on a free port if no socket listens yet."""
    sock = sock or socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        _late(app),
        log_level="error",
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server could not start"
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(5)
        sock.close()


def _late(app: ASGIApp) -> ASGIApp:
    if not DELAY:
        return app

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await asyncio.sleep(random.uniform(0, DELAY))
        await app(scope, receive, send)

    return answer
