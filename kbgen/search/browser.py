"""The search engine of the site, run in Chromium over the files that a site would publish.

For measurements and tests: what readers get is measured, not a likeness of it. Playwright is needed
only here, and only when this is called.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kbgen.articles import Corpus
from kbgen.errors import SearchError
from kbgen.search.index import Index
from kbgen.search.shards import write_shards
from kbgen.strings import theme_folder

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BATCH = 200  # queries for which the browser is called once

_CURE = "install Debian's package chromium, or run `playwright install chromium`"
_ASK = """
async ([manifest, queries, limit]) => {
  const { createEngine } = await import("/engine/engine.js");
  const engines = (window.engines ??= new Map());
  if (!engines.has(manifest)) {
    engines.set(manifest, createEngine({ manifest, fetch: (...args) => fetch(...args) }));
  }
  const found = [];
  for (const query of queries) {
    const start = performance.now();
    try {
      const { hits } = await engines.get(manifest).search(query, { limit });
      const ms = performance.now() - start;
      found.push({ ms, urls: hits.map((hit) => hit.url), scores: hits.map((hit) => hit.score) });
    } catch (error) {
      found.push({ error: `${error.message ?? error}` });
    }
  }
  return found;
}
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser found: paths of articles, best first, their scores, and in how long."""

    paths: list[str]
    scores: list[int]
    ms: float  # milliseconds, with the files that it had to load


class Engine:
    """The engine in a tab. It keeps what it has loaded, as the tab of a reader does."""

    def __init__(self, page: Page, address: str, corpus: Corpus) -> None:
        self._page = page
        self._address = address
        self._paths = {article.url: article.path for article in corpus.articles}

    def ask(self, query: str, lang: str, *, limit: int = 10) -> list[str]:
        """The paths of the best articles for a query, like `Index.ranking`."""
        return self.answers([query], lang, limit=limit)[0].paths

    def ask_all(self, queries: Sequence[str], lang: str, *, limit: int = 10) -> list[list[str]]:
        """What `ask` says of each query, much faster than one by one."""
        return [answer.paths for answer in self.answers(queries, lang, limit=limit)]

    def answers(self, queries: Sequence[str], lang: str, *, limit: int = 10) -> list[Answer]:
        """The answer to each query. Raises SearchError if the engine fails at one."""
        manifest = f"{self._address}/search/{lang}/manifest.json"
        found: list[Answer] = []
        for start in range(0, len(queries), BATCH):
            asked = list(queries[start : start + BATCH])
            rows = self._page.evaluate(_ASK, [manifest, asked, limit])
            found += map(self._answer, asked, rows)
        return found

    def _answer(self, query: str, row: dict[str, Any]) -> Answer:
        if "error" in row:
            raise SearchError(f"the browser fails at {query!r:.120}: {row['error']}")
        return Answer([self._paths[url] for url in row["urls"]], row["scores"], row["ms"])


@contextmanager
def engine(index: Index, corpus: Corpus, *, browser: Browser | None = None) -> Iterator[Engine]:
    """The browser's engine over the shards of an index, until the block ends.

    `browser` is one that runs already. Raises SearchError if there is none to start.
    """
    if browser is None:
        with chromium() as started, engine(index, corpus, browser=started) as asked:
            yield asked
        return
    with tempfile.TemporaryDirectory(prefix="kbgen-engine-") as name, served(Path(name)) as address:
        publish(index, corpus, Path(name))
        page = browser.new_page()
        try:
            page.goto(address)
            yield Engine(page, address, corpus)
        finally:
            page.close()


def publish(index: Index, corpus: Corpus, folder: Path) -> None:
    """Writes a page that does nothing, the engine and the shards of an index into a folder."""
    write_shards(index, corpus, folder / "search")
    only_scripts = shutil.ignore_patterns("*.css", "*.html")
    shutil.copytree(
        theme_folder() / "components" / "search", folder / "engine", ignore=only_scripts
    )
    (folder / "index.html").write_text("<!doctype html><title>Search</title>", "utf-8")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser: Debian's Chromium if it is installed, else Playwright's own.

    Raises SearchError, with the cure, if Playwright or a browser is missing.
    """
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415
    except ImportError as error:
        cure = f"run `pip install playwright`, then {_CURE}"
        raise SearchError(f"Playwright is not installed, which runs the browser: {cure}") from error
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=list(FLAGS)
            )
        except Error as error:
            raise SearchError(f"Chromium does not start: {_CURE}") from error
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(folder: Path, seen: Callable[[str], object] | None = None) -> Iterator[str]:
    """The address at which a folder is served to this machine, until the block ends.

    `seen` is told the path of each request.
    """
    handler = partial(_Handler, seen or str, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps the connection: many small files
    disable_nagle_algorithm = True  # else a file waits 40 ms for its headers to be acknowledged
    wbufsize = -1
    # What the machine calls these files must not matter.
    extensions_map = {  # noqa: RUF012
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".json": "application/json",
        ".wasm": "application/wasm",
    }

    def __init__(self, seen: Callable[[str], object], *args: Any, **options: Any) -> None:
        self._seen = seen
        super().__init__(*args, **options)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ARG002
        """Says nothing on the terminal."""
        self._seen(urlsplit(self.path).path)
