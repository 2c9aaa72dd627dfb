"""Other searches on the same questions: lunr, MiniSearch and Pagefind beside kbgen.

They come from npm, for this only, into .kbgen/peers; benchmarks/peers has their versions and how
each is set up: as its documentation recommends, and in doubt as suits it best. All are judged by
the same code on the split `dev`. Pagefind gets a page for each document and is asked in Chromium,
as kbgen's own scripts are; lunr and MiniSearch run in Node.
"""

from __future__ import annotations

import html
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.common import ROOT, MissingDataError, data, goal
from benchmarks.questions import HEAD, Set, measures, sets
from benchmarks.readers import OURS, PAGEFIND, SOURCE, cold, queries, sizes
from kbgen.articles import Article, load
from kbgen.search import browser, build_index
from kbgen.search.evaluate import Report, by_language

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PEERS = ROOT / "benchmarks" / "peers"
INSTALLED = ROOT / ".kbgen" / "peers"
AHEAD = {"alchemy-ko": 1.2}  # times the best peer's MRR; elsewhere more than the best peer's
EASY = "korquad-ko"  # has a goal of its own, in search_quality
_ASK = """
async (queries) => {
  const pagefind = await import("/pagefind/pagefind.js");
  const found = [];
  for (const query of queries) {
    const { results } = await pagefind.search(query);
    const pages = await Promise.all(results.slice(0, 10).map((result) => result.data()));
    found.push(pages.map(({ url }) => url));
  }
  return found;
}
"""

Ranked = Sequence[Sequence[str]]


def main() -> None:
    """Measures and prints."""
    _install()
    with browser.chromium() as chrome:
        for each in sets():
            _compare(each, chrome)
        _bytes(chrome)


def _install() -> None:
    """Installs the peers, unless these versions are there already."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        raise MissingDataError("node and npm are needed to install and run the other searches")
    wanted = (PEERS / "package.json").read_text("utf-8")
    ready = INSTALLED / "ready.json"
    for file in PEERS.iterdir():
        INSTALLED.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, INSTALLED)
    if ready.is_file() and ready.read_text("utf-8") == wanted:
        return
    options = ("--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts")
    run = subprocess.run(
        [npm, "install", *options], cwd=INSTALLED, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise MissingDataError(f"npm could not install the other searches: {run.stderr[-300:]}")
    ready.write_text(wanted, "utf-8")


def _compare(each: Set, chrome: Browser) -> None:
    ways: dict[str, Callable[[], Ranked]] = {
        "kbgen": lambda: _ours(each, chrome),
        "lunr": lambda: _in_node("lunr", each),
        "MiniSearch": lambda: _in_node("minisearch", each),
        "Pagefind": lambda: _pagefind(each, chrome),
    }
    print(f"  {each.name:24}{HEAD}")
    found = {}
    for name, ask in ways.items():
        found[name] = _judged(each, ask())
        print(f"    {name:22}{measures(found[name])}", flush=True)
    _goal(each.name, found)


def _goal(name: str, found: dict[str, Report]) -> None:
    ours = found.pop("kbgen").mrr.mean
    best = max(report.mrr.mean for report in found.values())
    if name != EASY:
        times = AHEAD.get(name, 1)
        goal(
            f"{name}: MRR above {times:g} times the best peer's, {times * best:.3f}: {ours:.3f}",
            met=ours >= times * best and ours > best,
        )


def _judged(each: Set, ranked: Ranked) -> Report:
    return by_language(each.dev, lambda _texts, _lang: ranked)[each.lang]


def _texts(each: Set) -> list[str]:
    return [text for text, _ in each.dev.asked]


def _ours(each: Set, chrome: Browser) -> Ranked:
    index = build_index(each.dev.corpus, None)
    with browser.engine(index, each.dev.corpus, browser=chrome) as engine:
        return engine.ask_all(_texts(each), each.lang)


def _in_node(script: str, each: Set) -> Ranked:
    docs = [{"id": a.path, "title": a.title, "text": a.body} for a in each.dev.corpus.articles]
    given = {"docs": docs, "queries": _texts(each), "lang": each.lang}
    found: Ranked = json.loads(_node(script, given))
    return found


def _node(script: str, given: object, *more: str) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump(given, file)
        file.flush()
        command = ["node", INSTALLED / f"{script}.js", file.name, *more]
        return subprocess.run(
            command, stdout=subprocess.PIPE, check=True, timeout=900
        ).stdout.decode()


def _pagefind(each: Set, chrome: Browser) -> Ranked:
    articles = each.dev.corpus.articles
    paths = {f"/{at}/": article.path for at, article in enumerate(articles)}
    with _pagefind_site(articles, each.lang) as folder, browser.served(folder) as address:
        page = chrome.new_page()
        page.goto(address)
        found = page.evaluate(_ASK, _texts(each))
        page.close()
    return [[paths[url] for url in urls] for urls in found]


@contextmanager
def _pagefind_site(articles: Sequence[Article], lang: str) -> Iterator[Path]:
    """A folder with an empty page and Pagefind's index of a page for each article."""
    pages = [
        {"url": f"/{at}/", "content": _page(article, lang)} for at, article in enumerate(articles)
    ]
    with tempfile.TemporaryDirectory(prefix="kbgen-bench-") as name:
        folder = Path(name)
        (folder / "index.html").write_text("<!doctype html><title>Search</title>", "utf-8")
        _node("pagefind", pages, str(folder / "pagefind"))
        yield folder


def _page(article: Article, lang: str) -> str:
    title, text = html.escape(article.title), html.escape(article.body)
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{title}</title></head>'
        f"<body><main data-pagefind-body><h1>{title}</h1><p>{text}</p></main></body></html>"
    )


def _bytes(chrome: Browser) -> None:
    """What ten results cost a reader who has nothing yet, at 953 articles."""
    corpus = load(data(SOURCE), ("en",)).public
    asked = queries(corpus)
    with tempfile.TemporaryDirectory(prefix="kbgen-bench-") as name:
        browser.publish(build_index(corpus, None), corpus, Path(name))
        ours = _needed(chrome, Path(name), OURS, asked)
    with _pagefind_site(corpus.articles, "en") as folder:
        theirs = _needed(chrome, folder, PAGEFIND, asked)
    goal(f"fewer bytes for ten results than Pagefind: {ours:,} of {theirs:,}", met=ours < theirs)


def _needed(chrome: Browser, folder: Path, script: str, asked: dict[str, list[str]]) -> int:
    """The median for the queries that find ten; says more."""
    everything = []
    for kind, some in asked.items():
        found = cold(chrome, folder, script, some)
        full = [sizes(folder, paths) for results, paths in found if results == 10]
        none = sum(not results for results, _ in found)
        everything += full
        who = "kbgen" if script is OURS else "Pagefind"
        told = f"{min(full):,} to {max(full):,}, median {median(full):,.0f}" if full else "never"
        print(f"    {who:10}{kind:20}{len(full):>3} of {len(some)} find ten: {told} bytes; "
              f"{none} find nothing", flush=True)  # fmt: skip
    return round(median(everything))
