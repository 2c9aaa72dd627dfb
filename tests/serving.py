"""Real servers for tests: `kbgen serve` and `kbgen collect` as processes of their own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAIT = 120  # seconds for a first build of a large project on a busy machine


@contextmanager
def serving(project: Path, *options: str) -> Iterator[str]:
    """`kbgen serve` of a project on a free port; yields the address of its home page."""
    command = [sys.executable, "-m", "kbgen", "serve", "--port", "0", *options]
    process = subprocess.Popen(
        command, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    killer = threading.Timer(WAIT, process.kill)
    killer.start()
    try:
        yield _address(process)
    finally:
        killer.cancel()
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            assert process.stdout is not None
            process.stdout.close()


def _address(process: subprocess.Popen[str]) -> str:
    told = []
    assert process.stdout is not None
    for line in process.stdout:
        told.append(line)
        found = re.match(r"Help center: (http://\S+)", line)
        if found:
            # Nobody reads what follows, and a full pipe would stop the server.
            threading.Thread(target=process.stdout.read, daemon=True).start()
            return found[1]
    raise AssertionError("kbgen serve ended: " + "".join(told))
