"""What the measurements share: real data, the machine, timed commands, goals."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


class MissingDataError(Exception):
    """The real help centers are not beside the checkout."""


@dataclass(frozen=True, slots=True)
class Run:
    """One command: seconds on the clock, and the memory that its largest process held."""

    seconds: float
    megabytes: float


def data(name: str) -> Path:
    """A folder of the test data, which lies beside the checkout and not in it."""
    folder = Path(os.environ.get("KBGEN_TEST_DATA", ROOT.parent / "shared" / "data")) / name
    if not folder.is_dir():
        raise MissingDataError(f"no {folder}; KBGEN_TEST_DATA names another folder of test data")
    return folder


def machine() -> str:
    """On what this was measured."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        models = [line.partition(": ")[2] for line in info.read_text().splitlines()
                  if line.startswith("model name")]  # fmt: skip
        cpu = models[0] if models else cpu
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{cpu}, {os.cpu_count()} cores{load}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def run(*command: str | Path, cwd: Path) -> Run:
    """Runs a command of this environment to its end; fails if the command does."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [BIN / command[0], *command[1:]],
            cwd=cwd,
            stdout=said,
            stderr=said,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            sys.exit(f"{command[0]} failed: {said.read().decode(errors='replace')[-2000:]}")
    return Run(seconds, usage.ru_maxrss / 1024)


def goal(what: str, *, met: bool) -> None:
    """Says whether a goal was reached."""
    print(f"  {'met   ' if met else 'MISSED'}  {what}", flush=True)
