"""The sections of an article: search hits and links point at them.

An anchor must be the one that the page really has, so this follows Python-Markdown: its `toc`
extension with `slugify` from here, and `attr_list` for `{#custom}` anchors.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kbgen.articles.markup import Kind, inline_text, kinds

_HEADING = re.compile(r"^(#{1,6})(.*?)#*$")
_UNDERLINE = re.compile(r"^(=+|-+) *$")
_CONTAINER = re.compile(r"^ {0,3}(?:(?:>[ ]?|(?:[*+-]|\d+\.) +(?=#)|: {1,3}(?=#))+)")
_OPENS = re.compile(r"^ {0,3}(?:[*+:-]|\d+\.)\s|^(?:!!!|\?\?\?\+?|===!?\+?)\s|^\[\^")
_ATTRS = re.compile(r"[ ]+\{:?[ ]*([^}\n ][^}\n]*)\}[ ]*$")
_ID = re.compile(r"(?:^|\s)(?:#|id=[\"']?)([^\s\"'}]+)")
_NUMBERED = re.compile(r"^(.*)_([0-9]+)$")
_ADMONITION = re.compile(r"^\s*(?:!!!|\?\?\?\+?|===!?\+?)\s*([\w ,-]*?)\s*(?:\"(.*)\")?\s*$")
_MARKERS = re.compile(r"^\s*(?:>\s?)*\s*(?:(?:[*+-]|\d+[.)])\s+(?:\[[ xX]\]\s+)?)?(?:#{1,6}\s+)?")
_CALLOUT = re.compile(r"\[!(?:[A-Z]+)\]")
_RULE = re.compile(r"^[\s|:=*_-]+$")
_REFERENCE = re.compile(r"^ {0,3}\[(?!\^)[^\]\n]{1,300}\]:\s*\S")
_NOTE = re.compile(r"^ {0,3}\[\^[^\]\s]{1,100}\]:\s*")
_IMPORT = re.compile(r"^import\s.{1,300}\sfrom\s+['\"]")

_EXPLICIT = re.compile(
    r"""\b(?:id|name)\s*=\s*["']([^"'<>\s]+)["']|\{[^{}\n]*#([^\s{}]+)[^{}\n]*\}|\[\^([^\[\]\s]+)\]:"""
)


@dataclass(frozen=True, slots=True)
class Section:
    """One heading and the words below it, up to the next heading.

    The first section of an article is what stands before any heading: its `anchor` and `title`
    are "", its `level` is 0. `line` counts from 1 in the body.
    """

    anchor: str
    level: int
    title: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    source: str
    first: int  # index of its first line
    after: int  # index of the line after it


@lru_cache(maxsize=8192)  # links, the ledger and the index ask for the same bodies
def sections(body: str) -> tuple[Section, ...]:
    """The sections of a Markdown body, in order; never empty."""
    lines = body.split("\n")
    headings = list(_headings(lines, kinds(lines)))
    starts = [heading.first for heading in headings] + [len(lines)]
    found = [Section("", 0, "", _text(lines[: starts[0]]), 1)]
    named = zip(headings, _anchors(headings), starts[1:], strict=True)
    for heading, (title, anchor), end in named:
        text = _text(lines[heading.after : end])
        found.append(Section(anchor, heading.level, title, text, heading.first + 1))
    return tuple(found)


@lru_cache(maxsize=8192)
def anchors_in(body: str) -> frozenset[str]:
    """Every anchor of a body: those of headings, `{#own}`, `id=` and `name=`, and footnotes."""
    found = {section.anchor for section in sections(body)}
    for name, own, note in _EXPLICIT.findall(body):
        found.add(name or own or f"fn:{note}")
    return frozenset(found)


def slugify(text: str, separator: str = "-") -> str:
    """The anchor of a heading: NFC, lower case, letters of every script kept.

    Has the signature that Python-Markdown's `toc` extension asks for.
    """
    kept = re.sub(r"[^\w\s-]", "", unicodedata.normalize("NFC", text)).strip().lower()
    return re.sub(rf"[{re.escape(separator)}\s]+", separator, kept)


def plain_text(markdown: str) -> str:
    """The words of some Markdown, one line per block line, without its markup."""
    return _text(markdown.split("\n"))


def _headings(lines: list[str], kind: list[Kind]) -> Iterator[_Heading]:
    block_start = True  # a setext heading is the first line of a block
    depth = 0  # how many levels of list or note the indentation may belong to
    for at, line in enumerate(lines):
        if kind[at] is not Kind.TEXT or not line.strip():
            block_start = True
            continue
        depth = _depth(line, depth)
        match = _HEADING.match(_inner(line, depth))
        if match:
            yield _Heading(len(match[1]), match[2].strip(), at, at + 1)
        elif block_start and _underlined(lines, kind, at):
            yield _Heading(1 if lines[at + 1][0] == "=" else 2, line.strip(), at, at + 2)
        block_start = bool(match) or bool(_UNDERLINE.match(line) and not block_start)


def _depth(line: str, depth: int) -> int:
    level = (len(line) - len(line.lstrip(" "))) // 4
    if _OPENS.match(line[4 * min(level, depth) :]):
        return min(level, depth) + 1
    return min(level, depth)


def _inner(line: str, depth: int) -> str:
    line = line[min(4 * depth, len(line) - len(line.lstrip(" "))) :]
    return line[len(match[0]) :] if (match := _CONTAINER.match(line)) else line


def _underlined(lines: list[str], kind: list[Kind], at: int) -> bool:
    after = at + 1
    return (
        after < len(lines)
        and kind[after] is Kind.TEXT
        and bool(_UNDERLINE.match(lines[after]))
        and not _UNDERLINE.match(lines[at])
    )


def _anchors(headings: list[_Heading]) -> list[tuple[str, str]]:
    """Title and anchor of each heading; a repeated anchor gets `_1`, `_2`."""
    parsed = [_title_and_id(heading.source) for heading in headings]
    used = {own for _, own in parsed if own}
    counts: dict[str, int] = {}
    found = []
    for title, own in parsed:
        anchor = own or _unique(slugify(inline_text(title, alt=False)), used, counts)
        used.add(anchor)
        found.append((" ".join(inline_text(title).split()), anchor))
    return found


def _title_and_id(source: str) -> tuple[str, str]:
    match = _ATTRS.search(source)
    if not match:
        return source, ""
    own = _ID.search(match[1])
    return source[: match.start()].rstrip("#").rstrip(), own[1] if own else ""


def _unique(anchor: str, used: set[str], counts: dict[str, int]) -> str:
    """The anchor, or it with the next free number.

    `counts` holds up to which number the names of a base are known to be taken.
    """
    if anchor and anchor not in used:
        return anchor
    match = _NUMBERED.match(anchor)
    base, count = (match[1], int(match[2])) if match else (anchor, 0)
    known = counts.get(base, 0)
    is_next = count <= known + 1
    count = (max(count, known) if is_next else count) + 1
    while f"{base}_{count}" in used:
        count += 1
    if is_next:
        counts[base] = count
    return f"{base}_{count}"


def _text(lines: list[str]) -> str:
    kind = kinds(lines)
    words = (
        line if kind[at] is Kind.CODE else _words(line)
        for at, line in enumerate(lines)
        if not _is_markup_only(line)
    )
    # Tags and comments may span lines, so inline markup goes last and from the whole.
    return "\n".join(filter(None, (" ".join(line.split()) for line in words)))


def _is_markup_only(line: str) -> bool:
    return bool(
        not line.strip()
        or _RULE.match(line)
        or _REFERENCE.match(line)
        or _IMPORT.match(line)
        or line.lstrip("> \t").startswith(("```", "~~~"))
    )


def _words(line: str) -> str:
    if (note := _ADMONITION.match(line)) and line.strip()[:3] in ("!!!", "???", "==="):
        return inline_text(note[2] or "")
    line = _CALLOUT.sub("", _MARKERS.sub("", _NOTE.sub("", line), count=1))
    line = _ATTRS.sub("", line)
    if "|" in line:
        line = line.replace("\\|", "¦").replace("|", " ").replace("¦", "|")
    return inline_text(line)
