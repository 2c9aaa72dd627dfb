"""What a search costs a reader: bytes until the first ten results stand, and time per query.

The help center of 953 articles, in Chromium, served from this machine; bytes are those of gzip -6.
The queries are titles of articles, three words of a title, and words with one letter left out.
"""

from __future__ import annotations

import gzip
import random
import shutil
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright

from benchmarks.common import ROOT, MissingDataError, data, goal
from kbgen.articles import Corpus, load
from kbgen.search import build_index, write_shards

SOURCE = "help-centers/adobe-analytics-en"
FIRST, WHOLE, ENGINE, QUERY = 60_000, 1_200_000, 12_000, 20  # goals: bytes, bytes, bytes, ms
ENGINE_MODULES = ("engine", "shards", "query", "reread", "excerpt", "analysis", "keys", "stem")
SAMPLE, SEED = 60, 11

_SEARCH = """
async ([manifest, queries]) => {
  const { createEngine } = await import("/theme/components/search/engine.js");
  const engine = createEngine({ manifest, fetch: (...args) => fetch(...args) });
  const times = [];
  for (const query of queries) {
    await engine.search(query);
    const start = performance.now();
    await engine.search(query);
    times.push(performance.now() - start);
  }
  return times;
}
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


def main() -> None:
    """Measures and prints."""
    try:
        corpus = load(data(SOURCE), ("en",)).public
    except MissingDataError as error:
        print(f"  skipped: {error}")
        return
    with tempfile.TemporaryDirectory(prefix="kbgen-bench-") as folder:
        site = Path(folder)
        write_shards(build_index(corpus, None), corpus, site / "search")
        shutil.copytree(ROOT / "theme", site / "theme")
        (site / "index.html").write_text("<!doctype html><title>Search</title>")
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            _report(site, f"http://127.0.0.1:{server.server_port}", corpus)
        finally:
            server.shutdown()
            server.server_close()


def _report(site: Path, address: str, corpus: Corpus) -> None:
    files = [*(site / "search").rglob("*.json")]
    whole = sum(_size(file) for file in files)
    engine = _together([site / f"theme/components/search/{m}.js" for m in ENGINE_MODULES])
    print(f"  {len(corpus.articles)} articles, {len(files)} files")
    firsts, times = _in_browser(site, address, _queries(corpus))
    at_95 = sorted(firsts)[int(len(firsts) * 0.95)]
    slow = sorted(times)[int(len(times) * 0.95)]
    print(f"  bytes until ten results stand: median {median(firsts):,.0f}, "
          f"95 of 100 below {at_95:,}, most {max(firsts):,}")  # fmt: skip
    print(f"  time of a query: median {median(times):.1f} ms, longest {max(times):.1f} ms")
    goal(f"first results within {FIRST:,} bytes: {at_95:,}", met=at_95 <= FIRST)
    goal(f"whole index {WHOLE:,} bytes at most: {whole:,}", met=whole <= WHOLE)
    goal(f"engine {ENGINE:,} bytes at most: {engine:,}", met=engine <= ENGINE)
    goal(f"95 of 100 queries within {QUERY} ms: {slow:.1f} ms", met=slow <= QUERY)


def _queries(corpus: Corpus) -> list[str]:
    rng = random.Random(SEED)
    titles = rng.sample([article.title for article in corpus.articles], SAMPLE)
    short = [" ".join(rng.sample(title.split(), min(3, len(title.split())))) for title in titles]
    worse = [text[:at] + text[at + 1 :] for text in short if (at := rng.randrange(len(text)))]
    return [*titles, *short, *worse]


def _in_browser(site: Path, address: str, queries: list[str]) -> tuple[list[int], list[float]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        manifest = f"{address}/search/en/manifest.json"
        firsts = []
        for query in queries:
            page = browser.new_page()
            firsts.append(_first(page, site, address, [manifest, [query]]))
            page.close()
        page = browser.new_page()
        page.goto(address)
        page.evaluate(_SEARCH, [manifest, queries])  # what is loaded once is not counted
        times: list[float] = page.evaluate(_SEARCH, [manifest, queries])
        browser.close()
    return firsts, times


def _first(page: Page, site: Path, address: str, arguments: list[Any]) -> int:
    """Gzipped bytes of all that one search asks for, in a tab that knows nothing."""
    asked: set[str] = set()
    page.goto(address)
    page.on("request", lambda request: asked.add(urlsplit(request.url).path))
    page.evaluate(_SEARCH, arguments)
    return sum(_size(site / path.lstrip("/")) for path in asked)


def _size(file: Path) -> int:
    return len(gzip.compress(file.read_bytes(), 6))


def _together(files: list[Path]) -> int:
    return len(gzip.compress(b"".join(file.read_bytes() for file in files), 6))
