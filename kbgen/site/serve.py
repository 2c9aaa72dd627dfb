"""`kbgen serve`: site, live reload and collector on one local address."""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from kbgen.errors import BuildError, KbgenError, Problem
from kbgen.events import Store, collector, import_file
from kbgen.site.build import make
from kbgen.site.project import Project
from kbgen.strings import theme_folder

SETTLE = 0.3  # seconds without a change before a rebuild: editors write in several steps
SAMPLE = ".kbgen/sample-events.jsonl"  # below content
_RELOAD = b'<script type="module" src="/_kbgen/reload.js"></script></body>'

Tell = Callable[[str], None]
Report = Callable[[tuple[Problem, ...]], None]


def serve(
    config: Path,
    *,
    host: str,
    port: int,
    database: Path | None,
    audience: str | None,
    tell: Tell,
    report: Report,
) -> None:
    """Serves until interrupted. Raises BuildError if the first build or the port fails."""
    listening = _listen(host, port)
    address = f"http://{host}:{listening.getsockname()[1]}/"
    with tempfile.TemporaryDirectory(prefix="kbgen-serve-") as folder:
        preview = Preview(config, Path(folder), address, audience, tell, report)
        project = preview.build()
        path = database or project.settings.database
        path.parent.mkdir(parents=True, exist_ok=True)
        with Store.open(path) as store:
            _import_sample(store, project.settings.content / SAMPLE, tell)
            app = application(preview, store, address)
            server = uvicorn.Server(
                uvicorn.Config(app, log_level="warning", lifespan="on", timeout_graceful_shutdown=1)
            )
            tell(f"Help center: {address}  (votes go to {path}; stop with Ctrl+C)")
            with _watching(preview, project):
                server.run(sockets=[listening])


@dataclass
class Preview:
    """The site as it was last built. `build` may be called from any thread, one at a time."""

    config: Path
    folder: Path
    address: str
    audience: str | None
    tell: Tell
    report: Report
    number: int = 0
    project: Project | None = None
    listeners: set[Callable[[], None]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def site(self) -> Path:
        """The folder of the latest build."""
        return self.folder / str(self.number)

    def build(self) -> Project:
        """Builds anew and shows the result once it is complete."""
        with self._lock:
            target = self.folder / str(self.number + 1)
            project = make(self.config, target, site_url=self.address, audience=self.audience)
            self.report(project.problems)
            self.number += 1
            self.project = project
        for listener in list(self.listeners):
            listener()
        return project

    def rebuild(self) -> None:
        """Builds after a change; a build that fails is told and leaves the site as it was."""
        try:
            self.build()
        except KbgenError as error:
            self.tell(f"kbgen: {error}")
        else:
            self.tell(f"Rebuilt {datetime.now(tz=UTC).astimezone():%H:%M:%S}")


def application(preview: Preview, store: Store, address: str) -> Starlette:
    """The site of a preview with a collector that keeps what its pages tell."""
    stopping = asyncio.Event()

    async def changes(_request: Request) -> Response:
        return StreamingResponse(_changes(preview, stopping), media_type="text/event-stream")

    async def reload_script(_request: Request) -> Response:
        return FileResponse(theme_folder() / "serve" / "reload.js", media_type="text/javascript")

    async def page(request: Request) -> Response:
        return _page(preview, request.path_params["path"])

    collecting = collector(store, site_url=address, articles=lambda: _articles(preview))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with collecting.router.lifespan_context(collecting):
            yield
            stopping.set()

    return Starlette(
        routes=[
            Route("/_kbgen/changes", changes),
            Route("/_kbgen/reload.js", reload_script),
            Mount("/v1", app=collecting),
            Route("/{path:path}", page),
        ],
        lifespan=lifespan,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise BuildError(
            f"{host}:{port} cannot be used: {error.strerror} (name another: --port 8001, or 0)"
        ) from error
    listening.listen()
    return listening


def _import_sample(store: Store, sample: Path, tell: Tell) -> None:
    """Puts the demo's simulated events into the store, once: they carry their own ids."""
    if not sample.is_file():
        return
    counts = import_file(store, sample)
    if counts.accepted:
        tell(f"Imported {counts.accepted} simulated events from {sample.name}")


def _page(preview: Preview, path: str) -> Response:
    site = preview.site.resolve()
    file = (site / path).resolve()
    if file.is_dir():
        file /= "index.html"
    if not file.is_relative_to(site) or not file.is_file():
        file = site / "404.html"
        return _html(file, 404) if file.is_file() else Response("Not found", 404)
    if file.suffix == ".html":
        return _html(file, 200)
    return FileResponse(file, headers={"Cache-Control": "no-cache"})


def _html(file: Path, status: int) -> Response:
    page = file.read_bytes().replace(b"</body>", _RELOAD, 1)
    return HTMLResponse(page, status, headers={"Cache-Control": "no-cache"})


async def _changes(preview: Preview, stopping: asyncio.Event) -> AsyncIterator[str]:
    """Server-sent events: one for each build, and a sign of life in between."""
    loop = asyncio.get_running_loop()
    built = asyncio.Event()

    def listener() -> None:
        loop.call_soon_threadsafe(built.set)

    preview.listeners.add(listener)
    try:
        yield "retry: 1000\n\n"
        while not stopping.is_set():
            try:
                await asyncio.wait_for(built.wait(), 0.5)
            except TimeoutError:
                yield ": alive\n\n"
                continue
            built.clear()
            yield f"event: built\ndata: {preview.number}\n\n"
    finally:
        preview.listeners.discard(listener)


class _Watcher(FileSystemEventHandler):
    """Rebuilds once changes have settled."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview
        self.timer: threading.Timer | None = None

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Starts the wait anew; reading a file is no change, and hidden files are our own."""
        path = str(event.src_path)
        if (
            event.event_type in ("opened", "closed_no_write")
            or "/." in path
            or "__pycache__" in path
        ):
            return
        if self.timer:
            self.timer.cancel()
        self.timer = threading.Timer(SETTLE, self.preview.rebuild)
        self.timer.daemon = True
        self.timer.start()


class _watching:  # noqa: N801  (used as a context manager, like a function)
    def __init__(self, preview: Preview, project: Project) -> None:
        self.observer = Observer()
        watcher = _Watcher(preview)
        self.observer.schedule(watcher, str(project.settings.content), recursive=True)
        self.observer.schedule(watcher, str(theme_folder()), recursive=True)
        self.observer.schedule(watcher, str(preview.config.resolve()), recursive=False)

    def __enter__(self) -> None:
        self.observer.start()

    def __exit__(self, *_exc: object) -> None:
        self.observer.stop()
        self.observer.join()


def _articles(preview: Preview) -> list[dict[str, str]]:
    project = preview.project
    return project.article_rows() if project else []
