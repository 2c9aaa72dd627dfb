"""Links of articles to other sites: which addresses, and in which lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote, urlsplit, urlunsplit

from kbgen.articles.links import links
from kbgen.articles.markup import Kind, kinds

_AUTOLINK = re.compile(r"<(https?://[^\s<>]{1,2000}+)>", re.IGNORECASE)
_CODE = re.compile(r"(?<![`\\])(`++)(?!`)(.{1,2000}?)(?<!`)\1(?!`)")
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9a-fA-F:.]+(?:%\w+)?")
_SAFE = "%/:=&?~#+!$,;'@()*[]"


def addresses(body: str) -> Iterator[tuple[str, int]]:
    """Each http and https address that a body links, as it is asked for, with its line from 1."""
    if "//" not in body:
        return
    found = [(link.target, link.line) for link in links(body) if link.is_external]
    found += list(_autolinks(body))
    for target, line in sorted(found, key=lambda item: item[1]):
        if address := address_of(target):
            yield address, line


def address_of(target: str) -> str:
    """The address of a link as it goes over the wire: without its `#place`, and without a name
    and password; "" if it is none of http and https."""
    try:
        parts = urlsplit(f"https:{target}" if target.startswith("//") else target)
        port = f":{parts.port}" if parts.port else ""
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError:  # no address at all, or a name that no host can have
        return ""
    if parts.scheme.lower() not in ("http", "https") or not _HOST.fullmatch(host):
        return ""
    named = f"[{host}]" if ":" in host else host
    path, query = quote(parts.path or "/", safe=_SAFE), quote(parts.query, safe=_SAFE)
    return urlunsplit((parts.scheme.lower(), f"{named}{port}", path, query, ""))


def _autolinks(body: str) -> Iterator[tuple[str, int]]:
    lines = body.split("\n")
    kind = kinds(lines)
    for at, line in enumerate(lines):
        if "<http" in line.lower() and kind[at] is not Kind.CODE:
            yield from ((match[1], at + 1) for match in _AUTOLINK.finditer(_CODE.sub("", line)))
