"""The index as static files for the browser: small ones, of which a search needs a few.

    search/<lang>/manifest.json          what the others are; the only file that is asked for anew
    search/<lang>/<hash>/t0.json ...     terms with their postings, in ranges of the alphabet
    search/<lang>/<hash>/w0.json ...     words as they are written, to complete and repair
    search/<lang>/<hash>/c0.json ...     what results show, a file for each article
    search/<lang>/<hash>/tags.json       which articles have which tag, if any has one

The folder is named by a hash of all it holds, so its files may be kept for ever. The same articles
give the same bytes. theme/components/search/shards.js reads them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from typing import Any

from kbgen.articles import Corpus
from kbgen.errors import SearchError
from kbgen.search import korean, query, rank
from kbgen.search.collection import Collection
from kbgen.search.documents import Document, Passage
from kbgen.search.index import Index
from kbgen.search.precedents import Precedent
from kbgen.search.rank import Postings

VERSION = 3  # of the files; a reader refuses another
SHARD = 2_500  # characters of a shard of terms or words, about 1.3 KB gzipped
SECTION_TEXT, ARTICLE_TEXT = 320, 2_400  # characters of text that the browser may quote from

# One sign for a number below 91; a backslash and a quote would be escaped in JSON.
SIGNS = "".join(chr(code) for code in range(35, 127) if code != 92)
_BASE = 45  # signs from here on say that more follows

Files = Mapping[str, str]  # name -> text


def write_shards(index: Index, corpus: Corpus, folder: Path) -> dict[str, str]:
    """Writes the files of each language below `folder`.

    Returns language -> address of its manifest, relative to `folder`. If every article of the
    corpus is public, so is all that is written; SearchError if the index knows other articles.
    """
    public = all(article.is_public for article in corpus.articles)
    paths = {article.path for article in corpus.articles}
    written = {}
    for lang in corpus.languages or tuple(index.languages):
        articles = index.collection(lang, public=public)
        foreign = next((d.path for d in articles.documents if d.path not in paths), None)
        if foreign:
            raise SearchError(f"{foreign} is in the index but not in the corpus to publish")
        titles = {c.path: c.title for c in corpus.categories if c.lang == lang}
        _write(folder / lang, *shards(articles, lang, titles))
        written[lang] = f"{lang}/manifest.json"
    return written


def shards(articles: Collection, lang: str, titles: Mapping[str, str]) -> tuple[str, Files]:
    """The manifest of a language and the files that it speaks of."""
    learned = articles.all_precedents()
    terms, term_files = _ranges("t", _encoded(articles, learned))
    words, word_files = _ranges("w", dict(articles.vocabulary))
    tags = _tags(articles.documents)
    files = term_files | word_files | _card_files(articles.documents)
    if tags:
        files["tags.json"] = _json(tags)
    if learned:
        columns = [(place, each.size, each.strength) for place, each in learned]
        files["learned.json"] = _json(list(zip(*columns, strict=True)))
    digest = blake2b(digest_size=5)
    for name, text in files.items():
        digest.update(f"{name}\0{text}\0".encode())
    categories = sorted({d.category for d in articles.documents})
    manifest = {
        "version": VERSION,
        "lang": lang,
        "folder": digest.hexdigest(),
        "documents": len(articles.documents),
        "categories": [[path, titles.get(path, path)] for path in categories],
        "boosts": {at: boost for at, boost in enumerate(articles.boosts) if boost != rank.EVEN},
        "category": _runs(categories.index(d.category) for d in articles.documents),
        "internal": _places(at for at, d in enumerate(articles.documents) if not d.public),
        "tags": len(tags),
        "terms": terms,
        "words": words,
        "learned": bool(learned),
        "impacts": rank.TABLE,
        "unit": rank.IMPACT_STEPS,
        "whole": articles.tuning.whole,
        "floor": articles.tuning.floor,
        "rarest": rank.idf(0, len(articles.documents)),
        "endings": " ".join(korean.ENDINGS),
        "stop": " ".join(query.STOP_WORDS),
    }
    return _json(manifest), files


def encode(numbers: Iterable[int]) -> str:
    """Whole numbers as signs, small ones as one."""
    signs = []
    for number in numbers:
        rest = number
        while rest >= _BASE:
            rest, low = divmod(rest, _BASE)
            signs.append(SIGNS[_BASE + low])
        signs.append(SIGNS[rest])
    return "".join(signs)


def _encoded(articles: Collection, learned: Sequence[tuple[int, Precedent]]) -> dict[str, str]:
    """Term -> idf, postings and earlier questions, in the order in which JavaScript compares."""
    asked: dict[str, list[int]] = {}
    for number, (_, precedent) in enumerate(learned):
        for term in precedent.terms:
            asked.setdefault(term, []).append(number)
    found = articles.all_postings()
    order = sorted(found.keys() | asked.keys(), key=lambda term: term.encode("utf-16-be"))
    return {
        term: _postings(*found.get(term) or articles.postings(term))
        + (f" {_places(asked[term])}" if term in asked else "")
        for term in order
    }


def _postings(rarity: int, postings: Postings) -> str:
    signs = [encode([rarity])]
    before = -1
    for place, level in postings:
        signs.append(encode([place - before - 1]) + SIGNS[level])
        before = place
    return "".join(signs)


def _ranges(letter: str, entries: Mapping[str, Any]) -> tuple[list[str], dict[str, str]]:
    """The first key of each shard, and the shards."""
    parts: list[dict[str, Any]] = []
    size = SHARD
    for key, value in entries.items():
        if size >= SHARD:
            parts.append({})
            size = 0
        parts[-1][key] = value
        size += len(key) + len(str(value)) + 6
    return [next(iter(part)) for part in parts], {
        f"{letter}{at}.json": _json(part) for at, part in enumerate(parts)
    }


def _card_files(documents: Sequence[Document]) -> dict[str, str]:
    """One file for each article: ten results need ten of them and nothing else."""
    return {f"c{at}.json": _json(_card(document)) for at, document in enumerate(documents)}


def _card(document: Document) -> list[Any]:
    """id, title, address, date of the last check or change, questions, texts."""
    date = document.reviewed or document.updated
    texts = _shortened(document.passages)
    return [document.id, document.title, document.url, date, document.questions, texts]


def _tags(documents: Sequence[Document]) -> dict[str, str]:
    """Tag -> the places that have it. Spellings that differ in case only are one tag."""
    spelled: dict[str, str] = {}
    places: dict[str, dict[int, None]] = {}
    for at, document in enumerate(documents):
        for tag in document.tags:
            spelled.setdefault(tag.casefold(), tag)
            places.setdefault(tag.casefold(), {})[at] = None
    return {spelled[key]: _places(found) for key, found in sorted(places.items())}


def _places(places: Iterable[int]) -> str:
    """Places in their order as signs: the steps from each to the next."""
    steps = []
    before = -1
    for place in places:
        steps.append(place - before - 1)
        before = place
    return encode(steps)


def _shortened(passages: Iterable[Passage]) -> list[list[str]]:
    """The beginning of each section, until there is enough."""
    found = []
    left = ARTICLE_TEXT
    for anchor, title, text in passages:
        short = _beginning(text, min(SECTION_TEXT, left))
        left -= len(short)
        if short or title:
            found.append([anchor, title, short])
    return found


def _beginning(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    end = max(text.rfind(" ", 0, most), text.rfind("\n", 0, most))
    return text[: end if end > 0 else most].rstrip()


def _runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """3, 3, 5 -> [(3, 2), (5, 1)]: neighbours in the same category are many."""
    return [(number, len(list(same))) for number, same in groupby(numbers)]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _write(folder: Path, manifest: str, files: Files) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    below = folder / json.loads(manifest)["folder"]
    below.mkdir(parents=True)
    for name, text in files.items():
        (below / name).write_text(text, "utf-8", newline="\n")
    (folder / "manifest.json").write_text(manifest, "utf-8", newline="\n")
