"""Real servers for tests: `kbgen serve` as a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

WAIT = 180  # seconds for a first build of a large project on a busy machine


@contextmanager
def serving(project: Path, *options: str) -> Iterator[str]:
    """`kbgen serve` of a project on a free port; yields the address of its home page.

    It writes to a file: a pipe may fill up, and closes only with the last process that holds it.
    """
    command = [sys.executable, "-m", "kbgen", "serve", "--port", "0", *options]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command, cwd=project, stdout=output, stderr=output, start_new_session=True
        )
        try:
            yield _address(process, output.fileno())
            process.send_signal(signal.SIGINT)
            process.wait(20)
        finally:
            _end(process)


def _address(process: subprocess.Popen[bytes], output: int) -> str:
    end = time.monotonic() + WAIT
    while True:
        ended = process.poll() is not None
        told = os.pread(output, 1 << 20, 0).decode()
        if found := re.search(r"^Help center: (http://\S+)", told, re.MULTILINE):
            return found[1]
        if ended or time.monotonic() > end:
            raise AssertionError(f"kbgen serve {'ended' if ended else 'is too slow'}: {told}")
        time.sleep(0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kills what is left of a process and of those it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)


def free_port() -> int:
    """A port that nobody listens at, for a server that cannot take one by itself."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
