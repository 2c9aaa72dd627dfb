"""The links and pictures of a Markdown text, and which files they may mean."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from kbgen.articles.markup import Kind, kinds

_CODE = re.compile(r"(?<![`\\])(`++)(?!`)(.{1,2000}?)(?<!`)\1(?!`)")
_INLINE = re.compile(r"\]\(\s*+(<[^<>]*+>|(?:[^\s()<>]|\([^\s()]*+\))++)")
_REFERENCE = re.compile(r"^ {0,3}\[[^\[\]^\n][^\[\]\n]{0,300}\]:\s*+(<[^<>]*+>|\S++)")
_ATTRIBUTE = re.compile(r"""\b(href|src)\s*+=\s*+(?:"([^"<>]*+)"|'([^'<>]*+)')""", re.IGNORECASE)
_BRACKET = re.compile(r"!?\[|\]")
_EXTERNAL = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """One link: its target as written, HTML entities decoded, and its line in the text, from 1."""

    target: str
    line: int
    kind: Literal["link", "image"] = "link"

    @property
    def is_external(self) -> bool:
        """Whether it leads to another site, or is mail or a phone number."""
        return bool(_EXTERNAL.match(self.target))

    @property
    def path(self) -> str:
        """The path in it, decoded: "" for a place on the same page."""
        return unquote(re.split(r"[?#]", self.target, maxsplit=1)[0])

    @property
    def anchor(self) -> str:
        """The place on the page, decoded; "" if none is named."""
        return unquote(self.target.partition("#")[2])


def links(body: str) -> list[Link]:
    """Every link, picture, reference and HTML `href` or `src`, in order; not those in code.

    Targets that hold braces are left out: they are templates of another tool.
    """
    if "](" not in body and "]:" not in body and "<" not in body:
        return []
    lines = body.split("\n")
    kind = kinds(lines)
    return [
        link
        for at, line in enumerate(lines)
        if kind[at] is not Kind.CODE
        for link in _in_line(line, at + 1, is_html=kind[at] is Kind.HTML)
    ]


def places(path: str, target: str) -> Iterator[str]:
    """Paths below the content folder that a link of the file at `path` may mean, likeliest first.

    A link from the root (`/help/a.md`) counts from the content folder, else from the folder of
    the language, else from a folder further down towards the file: trees of other tools call
    different folders their root. A link may leave out `.md`, or name a folder with an `index.md`.
    """
    folder = posixpath.dirname(path)
    if target.startswith("/"):
        bare = target.lstrip("/")
        parts = folder.split("/") if folder else []
        bases = ["/".join([*parts[:depth], bare]) for depth in range(len(parts) + 1)]
    else:
        bases = [posixpath.join(folder, target)]
    for base in bases:
        clean = posixpath.normpath(base)
        if clean == ".":
            yield "index.md"
        elif clean != ".." and not clean.startswith("../"):
            yield from (clean, f"{clean}.md", f"{clean}/index.md")


def _in_line(line: str, number: int, *, is_html: bool) -> Iterator[Link]:
    if "`" in line and not is_html:
        line = _CODE.sub(lambda match: " " * len(match[0]), line)
    found: list[tuple[int, str, bool]] = []
    if not is_html:
        matches = list(_INLINE.finditer(line))
        pictures = _picture_ends(line) if matches else frozenset()
        found += [(match.start(), match[1], match.start() in pictures) for match in matches]
        if reference := _REFERENCE.match(line):
            found.append((0, reference[1], False))
    found += [
        (match.start(), html.unescape(match[2] or match[3] or ""), match[1].lower() == "src")
        for match in _ATTRIBUTE.finditer(line)
    ]
    for _, target, is_image in sorted(found):
        bare = target.strip("<>").strip()
        if bare and "{" not in bare:
            yield Link(bare, number, "image" if is_image else "link")


def _picture_ends(line: str) -> frozenset[int]:
    """Where the brackets close that were opened by `![`."""
    opened: list[bool] = []
    found = set()
    for match in _BRACKET.finditer(line):
        if match[0] != "]":
            opened.append(match[0] == "![")
        elif opened and opened.pop():
            found.add(match.start())
    return frozenset(found)
