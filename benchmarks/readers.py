"""What a search costs a reader who has nothing of it yet: a new tab for each query."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kbgen.articles import Corpus
from kbgen.search import browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SOURCE = "help-centers/adobe-analytics-en"  # a help center of 953 articles
SAMPLE, SEED = 60, 11

OURS = """
async ([query]) => {
  const { createEngine } = await import("/engine/engine.js");
  const manifest = `${location.origin}/search/en/manifest.json`;
  const engine = createEngine({ manifest, fetch: (...args) => fetch(...args) });
  return (await engine.search(query)).hits.length;
}
"""
PAGEFIND = """
async ([query]) => {
  const pagefind = await import("/pagefind/pagefind.js");
  const { results } = await pagefind.search(query);
  return (await Promise.all(results.slice(0, 10).map((result) => result.data()))).length;
}
"""


def queries(corpus: Corpus) -> dict[str, list[str]]:
    """By kind: titles of articles, three words of each, and those with one letter left out."""
    rng = random.Random(SEED)
    titles = rng.sample([article.title for article in corpus.articles], SAMPLE)
    short = [" ".join(rng.sample(title.split(), min(3, len(title.split())))) for title in titles]
    worse = [text[:at] + text[at + 1 :] for text in short if (at := rng.randrange(len(text)))]
    return {"titles": titles, "three words": short, "a letter left out": worse}


def cold(
    chrome: Browser, folder: Path, script: str, asked: Sequence[str]
) -> list[tuple[int, set[str]]]:
    """For each query the number of results, and the files of a folder that it took to show them."""
    found = []
    for query in asked:
        seen: set[str] = set()
        with browser.served(folder, seen.add) as address:
            context = chrome.new_context()
            page = context.new_page()
            page.goto(address)
            seen.clear()  # the page is there without a search, too
            results = page.evaluate(script, [query])
            context.close()
        found.append((results, {path for path in seen if (folder / path.lstrip("/")).is_file()}))
    return found


def size(file: Path) -> int:
    """Bytes of a file as it is sent: gzip -6, unless that makes it larger."""
    data = file.read_bytes()
    return min(len(data), len(gzip.compress(data, 6)))


def sizes(folder: Path, paths: Iterable[str]) -> int:
    """Bytes of some files of a folder together."""
    return sum(size(folder / path.lstrip("/")) for path in paths)
