"""Fixtures of the search tests: the engine and the view of the browser, run in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kbgen.articles import Corpus
from kbgen.search import build_index, write_shards
from tests.conftest import ROOT
from tests.events.serving import serving
from tests.search.browsing import Visit, visiting
from tests.search.harness import EVIL, site
from tests.search.samples import CASES, article, corpus, read_cases

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

Ask = Callable[[str, str, list[str]], list[dict[str, Any]]]

_ASK = """
async ([manifest, queries]) => {
  const { createEngine } = await import("/theme/components/search/engine.js");
  const engine = createEngine({ manifest, fetch: (...args) => fetch(...args) });
  const found = [];
  for (const query of queries) {
    const start = performance.now();
    try {
      const { hits, total } = await engine.search(query);
      found.push({ hits, total, ms: performance.now() - start });
    } catch (error) {
      found.push({ error: `${error.reason ?? error}` });
    }
  }
  return found;
}
"""


@pytest.fixture(scope="session")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the shards that the server below serves, one folder for each corpus."""
    return tmp_path_factory.mktemp("shards")


@pytest.fixture(scope="session")
def address(shards: Path) -> Iterator[str]:
    """A server of the theme and of shards."""
    app = Starlette(
        routes=[
            Route("/", lambda request: HTMLResponse("<!doctype html><title>Engine</title>")),
            Mount("/theme", StaticFiles(directory=ROOT / "theme")),
            Mount("/shards", StaticFiles(directory=shards)),
        ]
    )
    with serving(app) as at:
        yield at


@pytest.fixture(scope="session")
def engine_page(chromium: Browser, address: str) -> Iterator[Page]:
    """A page from which the engine can be called."""
    page = chromium.new_page()
    page.goto(address)
    yield page
    page.close()


@pytest.fixture(scope="session")
def ask(engine_page: Page, address: str) -> Ask:
    """Asks the engine in the browser: (name of the corpus, language, queries) -> answers."""

    def run(name: str, lang: str, queries: list[str]) -> list[dict[str, Any]]:
        manifest = f"{address}/shards/{name}/{lang}/manifest.json"
        found: list[dict[str, Any]] = engine_page.evaluate(_ASK, [manifest, queries])
        return found

    return run


@pytest.fixture(scope="session")
def publish(shards: Path) -> Callable[[str, Corpus], Path]:
    """Writes the shards of a corpus below a name."""

    def run(name: str, corpus: Corpus) -> Path:
        write_shards(build_index(corpus, None), corpus, shards / name)
        return shards / name

    return run


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shards of the Korean and English cases, and of articles that mean harm."""
    folder = tmp_path_factory.mktemp("site")
    made = []
    for path in CASES:
        lang, found, _ = read_cases(path)
        made += found.articles if lang in ("ko", "en") else ()
    evil = {"description": f"환불 {EVIL}", "category": EVIL}
    made.append(article("E1", f"환불 {EVIL}", f"환불 `{EVIL}` 본문", **evil))
    body = "택배\n\n## 상자\n\n택배 상자"
    tags = [["포장"], ["포장", "안전"], []]
    made += [article(f"T{n:02}", f"택배 상자 {n}", body, tags=tags[n % 3]) for n in range(25)]
    shop = corpus(*made)
    write_shards(build_index(shop, None), shop, folder)
    return folder


@pytest.fixture(scope="session")
def site_address(site_folder: Path) -> Iterator[str]:
    """The small site around the search component, which serves those shards."""
    with serving(site(site_folder)) as at:
        yield at


@pytest.fixture
def visit(chromium: Browser, site_address: str) -> Iterator[Visit]:
    """Opens tabs on that site; at the end none of them may have complained."""
    with visiting(chromium, site_address) as run:
        yield run
