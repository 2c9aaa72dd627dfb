"""What takes votes: kbgen, an application that only answers, and isso, each as a process."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import Request, urlopen

from benchmarks.common import BIN, MissingDataError
from kbgen.events.run import address, listen, run_on

SITE = "https://help.example.com"
ARTICLES = 1000
ISSO = ("isso==0.14.0", "gunicorn==23.0.0")
ISSO_VOTES = 142  # more votes on a comment isso refuses


def article(number: int) -> str:
    return f"KB-{number % ARTICLES:04}"


@contextmanager
def kbgen(folder: Path) -> Iterator[int]:
    """The port of a collector behind a proxy on this machine, with its usual limits."""
    site = folder / "site"
    site.mkdir()
    known = [{"id": article(number), "lang": "ko"} for number in range(ARTICLES)]
    (site / "articles.json").write_text(json.dumps(known))
    command = [
        BIN / "kbgen", "collect", "--port", "0", "--db", folder / "events.db", "--site", site,
        "--origin", SITE, "--trusted-proxy", "127.0.0.1",
    ]  # fmt: skip
    with _running(command, folder) as port:
        yield port


@contextmanager
def memory(folder: Path) -> Iterator[int]:
    """The port of an application that reads JSON and answers 204: it keeps nothing at all."""
    code = "from benchmarks.takers import acknowledge; acknowledge()"
    with _running([sys.executable, "-c", code], folder) as port:
        yield port


def acknowledge() -> None:
    """Runs that application on the server, and with the settings, that the collector has."""
    from starlette.applications import Starlette  # noqa: PLC0415
    from starlette.responses import Response  # noqa: PLC0415
    from starlette.routing import Route  # noqa: PLC0415

    async def answer(request: Request) -> Response:
        json.loads(await request.body())
        return Response(status_code=204)

    sock = listen("127.0.0.1", 0)
    print(address(sock), flush=True)
    run_on(sock, Starlette(routes=[Route("/v1/events", answer, methods=["POST"])]))


@contextmanager
def _running(command: Sequence[str | Path], folder: Path) -> Iterator[int]:
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=folder, text=True, env=_environment()
    ) as process:
        assert process.stdout
        try:
            yield int(process.stdout.readline().strip().rpartition(":")[2])
        finally:
            process.terminate()


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}


@contextmanager
def isso(folder: Path, votes: int) -> Iterator[tuple[int, list[int]]]:
    """The port of isso under gunicorn as its Docker image runs it, and ids of enough comments.

    Installed from PyPI, for this only. Raises MissingDataError where that is not possible.
    """
    tools = _install(folder / "venv")
    with listen("127.0.0.1", 0) as free:
        port = int(address(free).rpartition(":")[2])
    settings = folder / "isso.cfg"
    settings.write_text(
        f"[general]\ndbpath = {folder}/isso.db\nhost = {SITE}\n"
        "[guard]\nenabled = false\n[server]\ntrusted-proxies = 127.0.0.1\n"
    )
    command = [tools / "gunicorn", "-b", f"127.0.0.1:{port}", "-w", "4", "--preload", "isso.run"]
    with subprocess.Popen(
        command,
        cwd=folder,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "ISSO_SETTINGS": str(settings), "HOME": str(folder)},
    ) as process:
        try:
            _await(port, process)
            yield port, [_comment(port, number) for number in range(votes // ISSO_VOTES + 1)]
        finally:
            process.terminate()


def _install(place: Path) -> Path:
    venv.create(place, with_pip=True)
    tools = place / "bin"
    done = subprocess.run(
        [tools / "pip", "install", "--quiet", *ISSO], capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = re.sub(r"\s+", " ", done.stderr.strip().rpartition("\n")[2])
        raise MissingDataError(f"isso cannot be installed: {last}")
    return tools


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(ConnectionError):
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        time.sleep(0.05)
    raise MissingDataError("isso does not start")


def _comment(port: int, number: int) -> int:
    body = json.dumps({"text": f"comment {number}", "title": "a page"}).encode()
    request = Request(
        f"http://127.0.0.1:{port}/new?uri=/{number}/",
        body,
        {"Content-Type": "application/json", "X-Forwarded-For": "9.9.9.9"},
    )
    with urlopen(request, timeout=10) as answer:
        return int(json.load(answer)["id"])
