"""Follows every address of a built site, as a crawler would."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit


class Html(HTMLParser):
    """What a page names and what it is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[tuple[str, str, str]] = []  # element, attribute, address
        self.ids: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.lang = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        self.ids.update(value for name, value in values.items() if name == "id")
        self.addresses += [(tag, name, values[name]) for name in _NAMED if name in values]
        if tag == "html":
            self.lang = values.get("lang", "")


_NAMED = ("href", "src", "action", "poster", "data-kb-base", "data-kb-search")


class Walk:
    """All pages of a site that is at home at an address, and where their addresses lead.

    `dead` holds those of the site that no file answers, or no element where they name one;
    `foreign` what a page loads from other hosts.
    """

    def __init__(self, site: Path, home: str) -> None:
        self.site, self.home = site, home
        self.pages = {
            file.relative_to(site).as_posix(): Html(file.read_text("utf-8"))
            for file in site.rglob("*.html")
        }
        self.dead: set[str] = set()
        self.foreign: set[str] = set()
        for name, page in self.pages.items():
            for tag, attribute, address in page.addresses:
                self._follow(name, tag, attribute, address)

    def _follow(self, name: str, tag: str, attribute: str, address: str) -> None:
        base = self.home + name.removesuffix("index.html")
        full = urljoin(base, address)
        parts = urlsplit(full)
        if not full.startswith(self.home):
            if attribute != "href" and parts.scheme != "data":
                self.foreign.add(f"{name}: {address}")
            return
        target = unquote(urlsplit(full.removeprefix(self.home)).path)
        if attribute == "data-kb-base":
            target = f"{target}/".lstrip("/")
        file = f"{target}index.html" if not target or target.endswith("/") else target
        if not (self.site / file).is_file():
            self.dead.add(f"{name}: {tag} {attribute}={address}")
        elif parts.fragment and unquote(parts.fragment) not in self.pages[file].ids:
            self.dead.add(f"{name}: {tag} {attribute}={address} (no such anchor)")
