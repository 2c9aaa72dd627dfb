"""Which articles a site has, from the articles.json that each build writes at its root."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from threading import Thread
from typing import Any, Protocol
from urllib.error import URLError
from urllib.request import urlopen

from kbgen.errors import ConfigError
from kbgen.events.logs import tell

FILE = "articles.json"
LOOK_EVERY = 1.0  # seconds, for a site in a folder
FETCH_EVERY = 60.0  # seconds, for a site at an address
FETCH_TIMEOUT = 10.0
_MOST_BYTES = 64 << 20


class Known(Protocol):
    """Tells which articles there are."""

    def knows(self, article: str, lang: str) -> bool:
        """Whether there is such an article; `lang` is "" or a language of the site."""
        ...


class Articles:
    """A fixed set of articles, for instance of a corpus."""

    def __init__(self, keys: Iterable[tuple[str, str]]) -> None:
        pairs = list(keys)
        self._ids = frozenset(article for article, _ in pairs)
        self._langs = frozenset(lang for _, lang in pairs)

    def knows(self, article: str, lang: str) -> bool:
        """An article that is shown in another language, for want of a translation, is known."""
        return article in self._ids and (not lang or lang in self._langs)

    def __len__(self) -> int:
        return len(self._ids)


class SiteArticles:
    """The articles of a built site, in a folder or at an address; follows new builds.

    `site` may be a function that tells the folder of the moment. Raises ConfigError if there is
    no articles.json to begin with. Later failures keep the last good list: a build that is just
    being swapped in must not cost a vote.
    """

    def __init__(
        self,
        site: str | Path | Callable[[], Path],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._site: Callable[[], str | Path] = site if callable(site) else lambda: site
        self._clock = clock
        self._next_look = 0.0
        self._is_stale = False
        self._stamp = self._new_stamp()
        self._articles = _read(self._place, _fetch(self._place))

    def knows(self, article: str, lang: str) -> bool:
        """As `Articles.knows`, for the latest build.

        A file is looked at once a second, and at once for an article that is not known.
        """
        known = self._articles.knows(article, lang)
        now = self._clock()
        if known and now < self._next_look:
            return True
        self._next_look = now + LOOK_EVERY
        stamp = self._new_stamp()
        if stamp != self._stamp:
            self._stamp = stamp
            if _is_url(self._place):  # an answer may take seconds, and votes do not wait for it
                Thread(target=self._refresh, daemon=True).start()
            else:
                self._refresh()
        return self._articles.knows(article, lang)

    @property
    def _place(self) -> str:
        return f"{str(self._site()).rstrip('/')}/{FILE}"

    def _refresh(self) -> None:
        try:
            self._articles = _read(self._place, _fetch(self._place))
        except ConfigError as error:
            if not self._is_stale:  # told once, not each minute
                tell("articles_unreadable", logging.WARNING, error=str(error))
            self._is_stale = True
        else:
            self._is_stale = False

    def _new_stamp(self) -> object:
        """Something that changes when it is time to read again."""
        place = self._place
        if _is_url(place):
            return self._clock() // FETCH_EVERY
        try:
            stat = Path(place).stat()
        except OSError:
            return place
        return place, stat.st_mtime_ns, stat.st_size, stat.st_ino


def published_at(site: str) -> str:
    """The address that the sitemap of a built site names; "" if there is none."""
    try:
        sitemap = (Path(site) / "sitemap.xml").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    found = re.search(r"<loc>\s*(https?://[^<\s]+)", sitemap)
    return found[1] if found else ""


def _is_url(place: str) -> bool:
    return place.startswith(("http://", "https://"))


def _fetch(place: str) -> bytes:
    try:
        if not _is_url(place):
            return Path(place).read_bytes()
        with urlopen(place, timeout=FETCH_TIMEOUT) as answer:  # noqa: S310  (http only)
            return bytes(answer.read(_MOST_BYTES))
    except (OSError, URLError, ValueError) as error:
        cure = "is the site published?" if _is_url(place) else "build the site first: kbgen build"
        raise ConfigError(f"{place}: cannot be read: {error} ({cure})") from error


def read_rows_of(site: str) -> list[Mapping[str, Any]]:
    """The rows of the articles.json of a built site, each with at least its id and lang.

    Raises ConfigError if it has none.
    """
    place = f"{site.rstrip('/')}/{FILE}"
    return _rows(place, _fetch(place))


def _read(place: str, content: bytes) -> Articles:
    return Articles([_key(row) for row in _rows(place, content)])


def _rows(place: str, content: bytes) -> list[Mapping[str, Any]]:
    try:
        data = json.loads(content)
        rows = list(data["articles"] if isinstance(data, dict) else data)
        for row in rows:
            _key(row)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConfigError(
            f"{place}: expected a list of articles with id and lang: {error!r}"
        ) from error
    return rows


def _key(entry: Mapping[str, Any]) -> tuple[str, str]:
    return str(entry["id"]), str(entry["lang"])
