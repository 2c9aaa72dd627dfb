"""Runs the collector as a process of its own, until it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from kbgen.errors import ConfigError

STOP_SECONDS = 10  # for requests that are under way
# How long the thread that writes waits, each time, for the one that answers. With Python's own
# 5 ms a flood that is refused made one honest vote in twenty wait for more than 0.1 s.
SWITCH_SECONDS = 0.0005


def run(app: Starlette, *, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serves `app` until SIGTERM or SIGINT; requests under way are finished first.

    Port 0 picks a free one; `announce` gets the address as soon as it takes connections. Raises
    ConfigError if the port is taken.
    """
    sock = listen(host, port)
    announce(address(sock))
    sys.setswitchinterval(SWITCH_SECONDS)
    run_on(sock, app)


def run_on(sock: socket.socket, app: Starlette) -> None:
    """Serves `app` on a listening socket, as `run` does, and closes it."""
    config = uvicorn.Config(
        app,
        # Addresses of readers reach no log, and no header may change them: see client_network.
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        log_level="warning",
        timeout_graceful_shutdown=STOP_SECONDS,
        limit_concurrency=10_000,
    )
    # Also before uvicorn listens to signals, and after: it raises them again when it has stopped.
    before = {number: signal.signal(number, _stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        uvicorn.Server(config).run(sockets=[sock])
    except KeyboardInterrupt:
        pass  # to stop is what was asked for
    finally:
        sock.close()
        for number, handler in before.items():
            signal.signal(number, handler)


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections; port 0 picks a free one. Raises ConfigError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise ConfigError(
            f"port {port} of {host} cannot be used: {why} (another one: --port 0)"
        ) from error


def address(sock: socket.socket) -> str:
    """The address of a listening socket, without a slash at its end."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
