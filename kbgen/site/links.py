"""Where the links and pictures of an article lead on the built site."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from kbgen.articles.links import places
from kbgen.site.pages import address


@dataclass(frozen=True)
class LinkMap:
    """Addresses of everything that may be linked: pages and files, by path below content."""

    targets: Mapping[str, str]  # "ko/returns/refund.md" -> "ko/returns/refund/"

    def resolve(self, path: str, link: str) -> str | None:
        """The address to print for a link of the file at `path`; None if nothing is there.

        Links to other sites and to a place on the same page stay as they are. A link to a page
        that the site does not show is None, so that no address of a hidden article leaks.
        """
        try:
            parts = urlsplit(link)
        except ValueError:  # such as http://[
            return None
        if parts.scheme or parts.netloc or not parts.path:
            return link
        for candidate in places(path, unquote(parts.path)):
            if candidate in self.targets:
                target = _relative(self.targets[candidate], address(path))
                return target + (f"#{parts.fragment}" if parts.fragment else "")
        return None


def moved(text: str, start: str, page: str, twin: Callable[[str], str]) -> str:
    """The HTML made for the page at `start`, for the page at `page`: links lead where they led.

    `twin` gives the address to prefer for an address: the same page in the reader's language.
    """

    def link(match: re.Match[str]) -> str:
        parts = urlsplit(html.unescape(match[2]))
        if parts.scheme or parts.netloc or not parts.path:
            return match[0]
        target = posixpath.normpath(posixpath.join(start, unquote(parts.path)))
        target = "" if target == "." else target
        if target and parts.path.endswith("/"):
            target += "/"
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        address = html.escape(_relative(twin(target), page) + fragment)
        return f' {match[1]}="{address}"'

    return _TAG.sub(lambda tag: _ADDRESS.sub(link, tag[0]), text)


# Cleaned HTML always writes its tags like this, and a bare < nowhere else.
_TAG = re.compile(r'<[a-z][a-z0-9]*(?: [a-z-]+="[^"]*")+>')
_ADDRESS = re.compile(r' (href|src|poster)="([^"]*)"')


def _relative(target: str, page: str) -> str:
    """An address relative to a page, both given from the root of the site."""
    start = page.rstrip("/") or "."
    found = posixpath.relpath(target.rstrip("/") or ".", start)
    is_folder = target == "" or target.endswith("/")
    return quote(found + "/" if is_folder else found, safe="/:@!$&'()*+,;=~-._")
