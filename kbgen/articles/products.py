"""Versions of products: what articles say they are about, beside what is current.

`product: [app 5.1]` names a product and a version; `products: {app: "5.10"}` in mkdocs.yml says
what is current. Parts of a version are numbers (5.10 comes after 5.9), and only as many of them
are compared as the article has written: `app 5` is about every 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest

_VERSION = r"\d+(?:\.\d+)*"
_ENTRY = re.compile(
    rf"(?P<name>.*?\D)[\s@-]*\bv?(?:{_VERSION}\s*(?:-|–|~|to)\s*)?v?(?P<version>{_VERSION})"
    r"(?:\.x)?[ .-]?(?P<early>(?:alpha|beta|rc|pre|dev|preview)[\w.-]*)?(?P<on>\+?)",
    re.IGNORECASE,
)
VERSION = re.compile(rf"v?({_VERSION})(?:[-.+ ]?\w[\w.+-]*)?")
_LONGEST = 200  # letters of an entry that are looked at
_FROM_ON = re.compile(r">=|≥|\b(?:from|since)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Behind:
    """A product whose newest version in an article is older than the current one."""

    product: str
    said: str
    current: str


def behind(entries: Iterable[str], current: Mapping[str, str]) -> tuple[Behind, ...]:
    """The products of an article that have moved on, by name.

    Of several versions of one product the newest counts. An entry without a version, or with
    `5.1+`, holds for all that come later.
    """
    newest: dict[str, tuple[tuple[int, ...], bool, str] | None] = {}
    names = {_folded(name): name for name in current}
    for entry in entries:
        name, version = read(entry)
        known = names.get(name)
        if known is None:
            continue
        held = newest.get(known, ((), True, ""))
        newest[known] = None if version is None or held is None else max(held, (*version, entry))
    found = []
    for name, best in sorted(newest.items()):
        if best and _is_older(best[0], early=not best[1], current=current[name]):
            found.append(Behind(name, best[2], current[name]))
    return tuple(found)


def read(entry: str) -> tuple[str, tuple[tuple[int, ...], bool] | None]:
    """The product of an entry in lower case, and its version with whether that is final; None if
    it is about every version."""
    match = _ENTRY.fullmatch(entry.strip()[:_LONGEST])
    if not match:
        return _folded(entry), None
    name = _FROM_ON.sub("", match["name"])
    if match["on"] or name != match["name"]:
        return _folded(name), None
    return _folded(name), (numbers(match["version"]), not match["early"])


def numbers(version: str) -> tuple[int, ...]:
    """The numbers at the head of a version."""
    match = VERSION.match(version.strip())
    return tuple(int(part) for part in match[1].split(".")) if match else ()


def _is_older(said: tuple[int, ...], *, early: bool, current: str) -> bool:
    now = numbers(current)
    for mine, other in zip_longest(said, now):
        if mine is None:  # the article says no more than this
            break
        if mine != (other or 0):
            return bool(mine < (other or 0))
    return early and not re.search(r"[a-z]{2}", current, re.IGNORECASE)


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("@", " ").split()).rstrip(" -")
