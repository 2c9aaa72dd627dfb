"""Passages with an end date of their own: `<!-- expires: 2026-12-31 -->` in the body.

The comment is about the section whose heading comes next, else about the paragraph that holds or
follows it. Readers never see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kbgen.articles.markup import Kind, kinds
from kbgen.articles.sections import sections

COMMENT = re.compile(r"<!--[ \t]*expires[ \t]*:([^\n>]*?)-->", re.IGNORECASE)
_CODE = re.compile(r"(?<![`\\])(`++)(?!`)(.{1,2000}?)(?<!`)\1(?!`)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an article and the last day on which it holds.

    `until` is None if `written` is no date. `line` counts from 1 in the body; `section` is the
    title of the section that it is or lies in, "" before the first heading.
    """

    line: int
    written: str
    until: date | None
    section: str


def passages(body: str) -> tuple[Passage, ...]:
    """The passages of a body that have an end date, in order."""
    if not COMMENT.search(body):
        return ()
    lines = body.split("\n")
    kind = kinds(lines)
    return tuple(
        Passage(at + 1, written, _day(written), _section(body, lines, at))
        for at, line in enumerate(lines)
        if kind[at] is not Kind.CODE
        for written in _written(line)
    )


def _written(line: str) -> Iterator[str]:
    if COMMENT.search(line):
        bare = _CODE.sub("", line)
        yield from (match[1].strip() for match in COMMENT.finditer(bare))


def _day(written: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _section(body: str, lines: list[str], at: int) -> str:
    """The section whose heading comes next, or the one around the line."""
    after = at
    if not COMMENT.sub("", lines[at]).strip():
        after = next((n for n in range(at + 1, len(lines)) if lines[n].strip()), at)
    found = sections(body)
    heads = {section.line: section.title for section in found[1:]}
    if after + 1 in heads:
        return heads[after + 1]
    return next((s.title for s in reversed(found[1:]) if s.line <= at + 1), "")
