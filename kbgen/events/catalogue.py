"""Finds the article that another tool means: by id, by address (also old ones), by title."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from kbgen.errors import nearest
from kbgen.events.known import read_rows_of
from kbgen.events.scrub import scrub

_PERMANENT = re.compile(r"(?:[^/]+/)?a/([^/]+)/")
_FOREIGN_ID = re.compile(r"(\d{3,})(?:-.*)?(?:\.html?)?")  # of a part of an address
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Found:
    """An article. `lang` is "" if the text could be in any; `warning` says what was guessed."""

    article: str
    lang: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True, order=True)
class _Entry:
    id: str
    lang: str
    title: str
    urls: tuple[str, ...]  # as `bare_path` writes them, the present one first


class Catalogue:
    """The articles of a site, from the rows of its articles.json.

    `prefix` is the path of the site on its host, such as `help/` of `example.com/help/`.
    """

    def __init__(self, rows: Iterable[Mapping[str, Any]], *, prefix: str = "") -> None:
        self._prefix = bare_path(prefix) if prefix.strip("/") else ""
        self._ids: dict[str, set[_Entry]] = defaultdict(set)
        self._urls: dict[str, set[_Entry]] = defaultdict(set)
        self._beside: dict[str, set[_Entry]] = defaultdict(set)  # addresses without the language
        self._foreign: dict[str, set[_Entry]] = defaultdict(set)  # ids of other tools
        self._titles: dict[str, set[_Entry]] = defaultdict(set)
        for entry in map(_entry, rows):
            self._add(entry)

    @classmethod
    def of_site(cls, site: str, *, site_url: str = "") -> Catalogue:
        """The articles of a built site, in a folder or at an address.

        Raises ConfigError if it has no articles.json.
        """
        return cls(read_rows_of(site), prefix=urlsplit(site_url).path)

    def find(self, text: str, lang: str = "", *, hint: bool = True) -> Found:
        """The article that an id, an address or a title means; `lang` helps to choose.

        Raises ValueError if there is none, or more than one; with a `hint`, which takes a while,
        at what comes near.
        """
        text = text.strip()
        if entries := self._ids.get(_folded(text)):
            return _one(entries, text, lang)
        if entries := self._by_address(text):
            return _one(entries, text, lang)
        if entries := self._foreign.get(text):
            return _one(entries, text, lang)
        if entries := self._titles.get(_folded(text)):
            found = _one(entries, text, lang)
            return Found(found.article, found.lang, f"title {text!r} taken for {found.article}")
        near = self._hint(text) if hint else ""
        raise ValueError(f"no article of the site, found {_shown(text)}{near}")

    def _by_address(self, text: str) -> set[_Entry]:
        if "/" not in text and not text.endswith((".html", ".htm")):
            return set()
        path = bare_path(text)
        shorter = path.removeprefix(self._prefix)
        for candidate in dict.fromkeys((shorter, path, re.sub(r"\.html?$", "/", shorter))):
            if entries := self._urls.get(candidate):
                return entries
            if match := _PERMANENT.fullmatch(candidate):
                return self._ids.get(_folded(match[1]), set())
            if entries := self._beside.get(candidate.partition("/")[2]):
                return entries
        return self._foreign.get(_foreign_id(path), set())

    def _add(self, entry: _Entry) -> None:
        self._ids[_folded(entry.id)].add(entry)
        if entry.title:
            self._titles[_folded(entry.title)].add(entry)
        for url in entry.urls:
            self._urls[url].add(entry)
            if number := _foreign_id(url):
                self._foreign[number].add(entry)
        for url in entry.urls[:1]:
            if url.startswith(f"{entry.lang}/"):
                self._beside[url.removeprefix(f"{entry.lang}/")].add(entry)

    def _hint(self, text: str) -> str:
        named = {**self._titles, **self._ids}
        entries = named.get(nearest(_folded(text)[:200], named, 0.75), ())
        return next((f" (did you mean {e.id} {e.title[:60]!r}?)" for e in sorted(entries)), "")


def bare_path(address: str) -> str:
    """The path of an address as articles.json writes it: decoded, in NFC, `ko/returns/refund/`."""
    path = address.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]
    if "//" in path:
        path = urlsplit(path).path
    path = unicodedata.normalize("NFC", unquote(path))
    path = re.sub("/{2,}", "/", path).lstrip("/").removesuffix("index.html")
    return path if not path or path.endswith(("/", ".html", ".htm")) else path + "/"


def _entry(row: Mapping[str, Any]) -> _Entry:
    urls = [row.get("url", ""), *row.get("old", ())]
    title = str(row.get("title", ""))
    return _Entry(str(row["id"]), str(row["lang"]), title, tuple(bare_path(u) for u in urls if u))


def _one(entries: set[_Entry], text: str, lang: str) -> Found:
    """The article of the entries, and its language if only one is possible."""
    chosen = {e for e in entries if e.lang == lang} or entries
    ids = sorted({entry.id for entry in chosen})
    if len(ids) > 1:
        names = ", ".join(ids[:5])
        raise ValueError(f"could be {len(ids)} articles: {names}; found {_shown(text)}")
    langs = {entry.lang for entry in chosen}
    return Found(ids[0], lang or (langs.pop() if len(langs) == 1 else ""))


def _foreign_id(path: str) -> str:
    """The number with which another tool names its article in `hc/ko/articles/360012345-Title/`."""
    match = _FOREIGN_ID.fullmatch(path.rstrip("/").rpartition("/")[2])
    return match[1] if match else ""


def _shown(text: str) -> str:
    """What was looked for, without personal data; a number may well be somebody's article."""
    return repr(text[:80] if text.isdecimal() else scrub(text[:300])[:80])


def _folded(text: str) -> str:
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip().casefold()
