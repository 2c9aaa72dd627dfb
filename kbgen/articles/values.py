"""What one value of the front matter may be: a node in, a Python value out.

A converter raises `UnfitError` with what it expected. It may instead note a warning and return: a
date that two countries read differently is reported and left out, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from kbgen.articles.nodes import Node, Pairs, Scalar, show
from kbgen.errors import did_you_mean


class UnfitError(Exception):
    """A value that its key cannot have; the text is the cure."""

    def __init__(self, hint: str, code: str = "wrong-value", message: str = "") -> None:
        super().__init__(hint)
        self.hint, self.code, self.message = hint, code, message


@dataclass
class Notes:
    """What a converter has to say about a value that it could read."""

    found: list[tuple[str, int, str, str]] = field(default_factory=list)

    def add(self, code: str, node: Node, message: str, hint: str) -> None:
        """Notes a problem at the line of the node."""
        self.found.append((code, node.line, message, hint))


Converter = Callable[[Node, Notes], Any]


def line_of_text(node: Node, _notes: Notes) -> str:
    """Text on one line: `title: 2024` is the text 2024."""
    return " ".join(scalar(node, "a text").split())


def text(node: Node, _notes: Notes) -> str:
    """Text that may have several lines."""
    return scalar(node, "a text").strip()


def words(node: Node, notes: Notes) -> tuple[str, ...]:
    """A list of short texts; one line with commas is a list too."""
    if isinstance(node, Scalar):
        return _unique(part for part in node.text.split(","))
    return sentences(node, notes)


def sentences(node: Node, notes: Notes) -> tuple[str, ...]:
    """A list of texts that may hold commas; a single text is a list of one."""
    if isinstance(node, Scalar):
        return _unique([node.text])
    if isinstance(node, Pairs):
        raise UnfitError("write a list: [one, two]", "wrong-type")
    for item in node.items:
        if not isinstance(item, Scalar):
            notes.add(
                "wrong-type",
                item,
                f"{show(item)} inside a list of texts is left out",
                "write a text, in quotes if it holds a colon",
            )
    return _unique(item.text for item in node.items if isinstance(item, Scalar))


def boolean(node: Node, _notes: Notes) -> bool:
    """true or false, yes or no, on or off."""
    value = scalar(node, "true or false").strip().lower()
    if value in ("true", "yes", "on", "1"):
        return True
    if value in ("false", "no", "off", "0"):
        return False
    raise UnfitError("write true or false")


def whole(node: Node, _notes: Notes) -> int:
    """A whole number."""
    value = scalar(node, "a whole number").strip()
    if not re.fullmatch(r"-?\d{1,9}", value):
        raise UnfitError("write a whole number such as 10")
    return int(value)


def boost(node: Node, _notes: Notes) -> float:
    """A number from 0.1 to 10."""
    value = scalar(node, "a number").strip()
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", value) or not 0.1 <= float(value) <= 10:
        raise UnfitError("write a number from 0.1 to 10; 1 changes nothing")
    return float(value)


def one_of(*choices: str) -> Converter:
    """One of some words."""

    def convert(node: Node, _notes: Notes) -> str:
        value = scalar(node, " or ".join(choices)).strip()
        if value in choices:
            return value
        hint = did_you_mean(value.lower(), choices)
        raise UnfitError(hint or f"write {' or '.join(choices)}")

    return convert


def matching(pattern: str, hint: str) -> Converter:
    """A word of a certain form."""
    form = re.compile(pattern)

    def convert(node: Node, _notes: Notes) -> str:
        value = scalar(node, "a word").strip()
        if not form.fullmatch(value):
            raise UnfitError(hint)
        return value

    return convert


def folder(node: Node, _notes: Notes) -> str:
    """A category: `returns` or `returns/exchange`."""
    value = scalar(node, "a category such as returns/exchange").strip().strip("/")
    parts = value.split("/")
    if any(part.strip() in ("", ".", "..") for part in parts) or re.search(
        r"[\x00-\x1f\\%?#]", value
    ):
        raise UnfitError("write a category such as returns or returns/exchange")
    return value


def addresses(node: Node, notes: Notes) -> tuple[str, ...]:
    """Addresses on this site, without a leading slash; what leads elsewhere is left out."""
    found = []
    for value in words(node, notes):
        address = unicodedata.normalize("NFC", unquote(value)).split("#")[0].lstrip("/")
        parts = address.rstrip("/").split("/")
        is_elsewhere = re.match(r"[a-z][a-z0-9+.-]*:|//", value, re.IGNORECASE)
        if (
            is_elsewhere
            or ".." in parts
            or "." in parts
            or "" in parts
            or re.search(r"[\x00-\x1f\\%?]", address)
        ):
            notes.add(
                "wrong-value",
                node,
                f"'{value}' is no address on this site",
                "write an old address such as /ko/returns/old-name/",
            )
        else:
            found.append(address if address.endswith((".html", ".htm", "/")) else address + "/")
    return _unique(found)


def scalar(node: Node, expected: str) -> str:
    """The text of a single value, in NFC. Raises UnfitError for lists and keys."""
    if not isinstance(node, Scalar):
        raise UnfitError(f"write {expected} on one line", "wrong-type")
    return unicodedata.normalize("NFC", node.text)


def _unique(values: Any) -> tuple[str, ...]:
    """Without repetitions and blanks, in the order of first appearance."""
    cleaned = (" ".join(unicodedata.normalize("NFC", value).split()) for value in values)
    return tuple(dict.fromkeys(value for value in cleaned if value))
