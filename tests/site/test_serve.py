"""`kbgen serve`: one process with the site, live reload and a collector."""

from __future__ import annotations

import json
import secrets
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
import pytest

from kbgen.events import open_store
from kbgen.events.times import uuid7
from kbgen.site.serve import Preview
from tests.serving import serving
from tests.site.samples import markdown, project

FILES = {
    "ko/index.md": markdown("무엇을 도와드릴까요?"),
    "ko/returns/refund.md": markdown("환불", "처음 글", id="KB-0001"),
}


@pytest.fixture
def home(tmp_path):
    """The address of a help center that is served."""
    project(tmp_path / ".hidden" / "help", FILES)
    with serving(tmp_path / ".hidden" / "help") as address:
        yield address


def test_serve(home, tmp_path):
    """A visit as a browser makes it: pages, a vote, a change that reloads them."""
    folder = tmp_path / ".hidden" / "help"
    with httpx.Client(base_url=home, timeout=20) as client:
        page = client.get("/")
        assert (page.status_code, page.headers["cache-control"]) == (200, "no-cache")
        assert "무엇을 도와드릴까요?" in page.text

        lost = client.get("/ko/nowhere/")
        assert lost.status_code == 404
        assert "페이지를 찾을 수 없어요" in lost.text
        for escape in ("/../mkdocs.yml", "/%2e%2e/%2e%2e/mkdocs.yml", "/..%2f..%2fmkdocs.yml"):
            assert client.get(escape).status_code == 404

        script = client.get("/_kbgen/reload.js")
        assert script.headers["content-type"].startswith("text/javascript")
        assert '<script type="module" src="/_kbgen/reload.js"></script></body>' in page.text

        vote(client, home)
        with open_store(folder / ".kbgen/events.db", readonly=True) as store:
            assert [(e.type, e.article, e.vote) for e in store.events()] == [("vote", "KB-0001", 1)]

        reloads_after_a_change(client, folder)
        survives_a_broken_file(client, folder)


def vote(client, home):
    rows = client.get("/articles.json").json()
    rev = next(row["rev"] for row in rows if row["id"] == "KB-0001" and row["lang"] == "ko")
    now = datetime.now(UTC)
    event = {
        "v": 1, "event_id": uuid7(now, secrets.randbits), "ts": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "type": "vote", "article": "KB-0001", "lang": "ko", "rev": rev, "vote": 1,
        "path": "/ko/returns/refund/", "session": "0" * 24, "source": "web",
    }  # fmt: skip
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(home))
    headers = {"Origin": origin, "Content-Type": "text/plain"}
    answer = client.post("/v1/events", content=json.dumps(event), headers=headers)
    assert answer.status_code == 204, answer.text
    elsewhere = headers | {"Origin": "https://evil.example"}
    assert client.post("/v1/events", content="{}", headers=elsewhere).status_code == 403


def reloads_after_a_change(client, folder):
    """The question for a newer build is answered when there is one."""
    number = client.get("/_kbgen/changes").json()
    file = folder / "content/ko/returns/refund.md"
    file.write_text(file.read_text("utf-8").replace("처음 글", "새 글"), "utf-8")
    newer(client, number)

    assert "새 글" in client.get("/ko/returns/refund/").text


def survives_a_broken_file(client, folder):
    """A typo while writing costs that page until it is mended."""
    number = client.get("/_kbgen/changes").json()
    file = folder / "content/ko/returns/refund.md"
    kept = file.read_bytes()
    file.write_bytes(b"---\ntitle: [\n---\n")
    number = newer(client, number)
    assert client.get("/ko/returns/refund/").status_code == 404
    assert client.get("/").status_code == 200

    file.write_bytes(kept)
    newer(client, number)
    assert client.get("/ko/returns/refund/").status_code == 200


def newer(client, number):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        found = client.get("/_kbgen/changes", params={"since": number}).json()
        if found != number:
            return found
    raise AssertionError("nothing was built")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_serve_ends_when_told(tmp_path, sign):
    """Ctrl+C ends it at once, without a traceback, and leaves no temporary folder."""
    project(tmp_path, FILES)
    (tmp_path / "tmp").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "kbgen", "serve", "--port", "0"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path / "tmp"), "HOME": str(tmp_path)},
    )  # fmt: skip
    line = next(line for line in process.stdout if line.startswith("Help center:"))
    assert httpx.get(line.split()[2], timeout=20).status_code == 200
    process.send_signal(sign)
    _, errors = process.communicate(timeout=20)

    assert "Traceback" not in errors
    assert process.returncode == 0
    assert list((tmp_path / "tmp").iterdir()) == []


def test_port_that_is_taken(home, tmp_path):
    """The error names the port and the cure."""
    port = str(urlsplit(home).port)
    made = subprocess.run(
        [sys.executable, "-m", "kbgen", "serve", "--port", port],
        cwd=tmp_path / ".hidden/help", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert made.returncode == 2
    assert made.stderr == (
        f"kbgen: port {port} of 127.0.0.1 cannot be used: Address already in use "
        "(another one: --port 0)\n"
    )


def test_preview_keeps_two_builds(tmp_path):
    """A long evening of writing does not fill the disk."""
    config = project(tmp_path, FILES)
    quiet = lambda *_: None  # noqa: E731
    preview = Preview(config, tmp_path / "made", "http://127.0.0.1:1/", None, quiet, quiet)
    for _ in range(4):
        preview.build()

    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["3", "4"]
    assert (preview.site / "index.html").is_file()
