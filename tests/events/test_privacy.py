"""Nothing that names a person gets out of the collector: not to disk, not into logs or exports."""

from __future__ import annotations

import json
import resource
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from kbgen.cli import cli
from kbgen.events import open_store
from kbgen.events.times import format_time
from kbgen.events.writers import WRITERS
from tests.events.samples import SITE, vote
from tests.events.test_durability import collecting

PLANTED = {
    "agent": "PlantedAgent/9.9 (Fabrikat 77)",
    "address": "198.51.100.213",
    "address 6": "2001:db8:4711:8152::93",
    "e-mail": "planted.person@mail.example",
    "mobile": "010-7373-9191",
    "landline": "02-555-8484",
    "abroad": "+49 30 5557 8484",
    "card": "4111 1111 1111 1111",
    "resident": "910203-2987654",
    "order": "주문번호 20261103-8841",
}
# Parts of them, in case only half of something is removed.
PARTS = (
    "PlantedAgent", "Fabrikat", "198.51.100", "2001:db8", "4711:8152", "planted.person",
    "mail.example", "9191", "8484", "1111", "2987654", "20261103-8841", "127.0.0",
)  # fmt: skip
SECRET = " / ".join(PLANTED[name] for name in list(PLANTED)[3:])


def requests() -> list[str]:
    """Events with secrets in every place that takes text, and some that are refused for them."""
    ts = format_time(datetime.now(UTC))
    search = {"type": "search", "query": SECRET, "results": 0, "vote": None}
    sent = [
        vote(ts=ts, comment=SECRET, vote=0),
        vote(ts=ts, **search, prev=f"?{SECRET}"),
        vote(ts=ts, type="contact", vote=None, reason="chat", query=SECRET),
        *(vote(**{"ts": ts, name: SECRET}) for name in ("article", "vote", "rev", "ts", "reason")),
        *(vote(ts=ts, **{name: SECRET}) for name in ("path", "session", "source", "type", "lang")),
        vote(ts=ts, **{SECRET: 1}),
        vote(ts=ts, event_id=SECRET),
        vote(ts=ts, trap=SECRET),
        vote(ts="2001-01-01T00:00:00Z", comment=SECRET),
        [SECRET],
    ]
    return [*map(json.dumps, sent), f'{{"comment": "{SECRET}', SECRET]


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux")
def test_nothing_that_names_a_person_gets_out(tmp_path: Path) -> None:
    with collecting(tmp_path) as (process, port), httpx.Client() as http:

        def send(body: str, address: str) -> httpx.Response:
            return http.post(
                f"http://127.0.0.1:{port}/v1/events",
                content=body.encode(),
                headers={
                    "Origin": SITE,
                    "Content-Type": "text/plain",
                    "User-Agent": PLANTED["agent"],
                    "X-Forwarded-For": address,
                    "Referer": f"{SITE}/?q={PLANTED['e-mail']}",
                    "Cookie": f"me={PLANTED['e-mail']}",
                },
            )

        answers = [send(body, PLANTED["address"]) for body in requests()]
        answers += [send(body, PLANTED["address 6"]) for body in requests()]
        _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, hard))
        refused = send(requests()[1], PLANTED["address"])
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        seen = [*answers, refused, *(http.get(f"http://127.0.0.1:{port}/{name}")
                for name in ("metrics", "healthz", "readyz"))]  # fmt: skip
        process.kill()  # so that the log of the store stays behind
        _, told = process.communicate()

    assert 6 == sum(answer.status_code == 204 for answer in answers)
    assert 503 == refused.status_code
    assert "storage_failed" in told
    files = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert {"e.db", "e.db-wal"} <= set(files)
    assert b"[email]" in files["e.db-wal"]
    places = {**files, "log": told.encode()}
    places |= {f"answer {place}": answer.content for place, answer in enumerate(seen)}
    places |= _exports(tmp_path)
    found = [
        (place, part)
        for place, content in places.items()
        for part in (*PLANTED.values(), *PARTS)
        if part.encode() in content and (place, part) != ("log", "127.0.0")
    ]
    assert found == []


def _exports(folder: Path) -> dict[str, bytes]:
    """The store in each format, as the command writes it."""
    written = {}
    for form in WRITERS:
        file = folder / f"export.{form}"
        result = CliRunner().invoke(
            cli,
            ["events", "export", "--db", str(folder / "e.db"), "--format", form, "-o", str(file)],
        )
        assert 0 == result.exit_code, result.output
        written[f"export {form}"] = file.read_bytes()
    with open_store(folder / "e.db", readonly=True) as store:
        assert 6 == store.count()
    return written
