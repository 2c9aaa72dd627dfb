"""`kbgen serve`: site, live reload and collector on one local address."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from kbgen.errors import KbgenError, Problem
from kbgen.events import Store, import_file, open_store
from kbgen.events.collector import collector, utc_now
from kbgen.events.known import SiteArticles
from kbgen.events.run import address, listen, run_on
from kbgen.site.build import make
from kbgen.site.project import Project
from kbgen.strings import theme_folder

SETTLE = 0.3  # seconds without a change before a rebuild: editors write in several steps
SAMPLE = ".kbgen/sample-events.jsonl"  # below content
WAIT = 1.5  # seconds that a page's question for a newer build is held
_RELOAD = b'<script type="module" src="/_kbgen/reload.js"></script></body>'

Tell = Callable[[str], None]
Report = Callable[[tuple[Problem, ...]], None]


def serve(
    config: Path,
    *,
    host: str,
    port: int,
    database: str | None,
    audience: str | None,
    tell: Tell,
    report: Report,
) -> None:
    """Serves until interrupted. Raises BuildError if the first build or the port fails."""
    sock = listen(host, port)
    home = f"{address(sock)}/"
    with tempfile.TemporaryDirectory(prefix="kbgen-serve-") as folder:
        preview = Preview(config, Path(folder), home, audience, tell, report)
        project = preview.build()
        with open_store(database or project.settings.database) as store:
            _import_sample(store, project.settings.content / SAMPLE, tell)
            app = application(preview, store)
            tell(f"Votes and searches go to {store.name}")
            tell(f"Help center: {home}  (Ctrl+C stops)")
            with _watching(preview, project):
                run_on(sock, app)


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
            # A page may still be on its way from the build before.
            shutil.rmtree(self.folder / str(self.number - 2), ignore_errors=True)
        return project

    def rebuild(self) -> None:
        """Builds after a change; a build that fails is told and leaves the site as it was."""
        try:
            self.build()
        except KbgenError as error:
            self.tell(f"kbgen: {error}")
        else:
            self.tell(f"Rebuilt {datetime.now(tz=UTC).astimezone():%H:%M:%S}")


def application(preview: Preview, store: Store) -> Starlette:
    """The site of a preview, with a collector that keeps what its pages tell."""
    collecting = collector(
        store,
        site_url=preview.address,
        same_origin=True,
        known=SiteArticles(lambda: preview.site),
    )

    async def changes(request: Request) -> Response:
        return JSONResponse(await _newer(preview, request.query_params.get("since", "")))

    async def reload_script(_request: Request) -> Response:
        return FileResponse(theme_folder() / "serve" / "reload.js", media_type="text/javascript")

    async def page(request: Request) -> Response:
        return _page(preview, request.path_params["path"])

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with collecting.router.lifespan_context(collecting):
            yield

    return Starlette(
        routes=[
            *collecting.state.collector.routes,
            Route("/_kbgen/changes", changes),
            Route("/_kbgen/reload.js", reload_script),
            Route("/{path:path}", page),
        ],
        lifespan=lifespan,
    )


async def _newer(preview: Preview, since: str) -> int:
    """The number of the latest build, held back for a while if the asker knows it already."""
    steps = 15
    for _ in range(steps):
        if str(preview.number) != since:
            break
        await asyncio.sleep(WAIT / steps)
    return preview.number


def _import_sample(store: Store, sample: Path, tell: Tell) -> None:
    """Puts the demo's simulated events into the store, once: they carry their own ids."""
    if not sample.is_file():
        return
    report = import_file(store, sample, now=utc_now())
    if report.accepted:
        tell(f"Imported {report.accepted} simulated events from {sample.name}")


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


class _Watcher(FileSystemEventHandler):
    """Rebuilds once changes have settled."""

    def __init__(self, preview: Preview) -> None:
        self.preview = preview
        self.timer: threading.Timer | None = None

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Starts the wait anew; reading a file is no change, and hidden files are our own."""
        if event.event_type in ("opened", "closed_no_write") or self._is_hidden(event):
            return
        if self.timer:
            self.timer.cancel()
        self.timer = threading.Timer(SETTLE, self.preview.rebuild)
        self.timer.daemon = True
        self.timer.start()

    def _is_hidden(self, event: FileSystemEvent) -> bool:
        path = Path(str(event.src_path))
        root = self.preview.config.resolve().parent
        # The project itself may lie in a hidden folder.
        inside = path.relative_to(root) if path.is_relative_to(root) else Path(path.name)
        return any(part.startswith(".") for part in inside.parts)


@contextmanager
def _watching(preview: Preview, project: Project) -> Iterator[None]:
    observer = Observer()
    watcher = _Watcher(preview)
    observer.schedule(watcher, str(project.settings.content), recursive=True)
    observer.schedule(watcher, str(theme_folder()), recursive=True)
    observer.schedule(watcher, str(preview.config.resolve()), recursive=False)
    observer.start()
    try:
        yield
    finally:
        observer.stop()
        observer.join()
