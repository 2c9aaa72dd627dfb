"""One file -> one page: its values, its body, and what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from kbgen.articles import frontmatter, nodes, schema
from kbgen.articles.codes import problem
from kbgen.articles.decode import decode
from kbgen.articles.markup import inline_text
from kbgen.articles.place import Place, refusal, title_of
from kbgen.articles.revision import rev_of
from kbgen.errors import Problem

_HEADING = re.compile(r"# *(?!#)(.*?)#*")
_UNDERLINE = re.compile(r"=+ *")
_NAMED = re.compile(r"<a (?:name|id)=[^>]{0,300}>\s*(?:</a>)?")
_ATTRS = re.compile(r" +\{:?[^{}]*\} *$")


@dataclass(slots=True)
class Page:
    """A file that could be read. `lines` gives the line of each key."""

    path: str
    place: Place
    values: dict[str, Any]
    lines: dict[str, int]
    meta: dict[str, Any]
    title: str
    body: str
    body_line: int

    @property
    def rev(self) -> str:
        """The revision of title and body."""
        return rev_of(self.title, self.body)


def read(data: bytes, path: str, place: Place) -> tuple[Page | None, list[Problem]]:
    """The page in a file, or None if something required cannot be read. Never raises."""
    if reason := refusal(path):
        hint = "rename the file or folder: letters, digits, - and _ are safe everywhere"
        return None, [problem("unsafe-name", path, 0, reason, hint)]
    text, problems = decode(data, path)
    if text is None:
        return None, problems
    parts = frontmatter.split(text)
    parsed, found = _front_matter(parts, path)
    problems += found
    if parsed is None:
        return None, problems
    heading, body, body_line = _without_heading(parts)
    title, found = _title(parsed, heading, path, place)
    page = Page(path, place, parsed.values, parsed.lines, parsed.meta, title, body, body_line)
    return page, problems + parsed.problems + found


def _front_matter(
    parts: frontmatter.Parts, path: str
) -> tuple[schema.Parsed | None, list[Problem]]:
    if parts.is_open:
        hint = "write --- on a line of its own below the last key"
        message = "the front matter begins and never ends"
        return None, [problem("front-matter-open", path, 1, message, hint)]
    if parts.block is None:
        hint = "begin the file with ---, title: …, ---"
        message = "the file has no front matter"
        return schema.Parsed(), [problem("front-matter-missing", path, 1, message, hint)]
    try:
        pairs = nodes.parse(parts.block)
    except nodes.YamlError as error:
        line = max(error.line, 1) + parts.block_line - 1
        return None, [problem(error.code, path, line, error.message, error.hint)]
    return schema.read(pairs, path, parts.block_line - 1), []


def _without_heading(parts: frontmatter.Parts) -> tuple[str, str, int]:
    """The words of a leading `# title`, the body after it, and the line of the body."""
    lines = parts.body.split("\n")
    at = _first_filled(lines, 0)
    after = at
    heading = ""
    if at < len(lines) and (match := _HEADING.fullmatch(lines[at])) and match[1].strip():
        heading, after = match[1], at + 1
    elif at + 1 < len(lines) and lines[at].strip() and _UNDERLINE.fullmatch(lines[at + 1]):
        heading, after = lines[at], at + 2
    after = _first_filled(lines, after)
    words = inline_text(_NAMED.sub("", _ATTRS.sub("", heading)))
    return " ".join(words.split()), "\n".join(lines[after:]).rstrip(), parts.body_line + after


def _first_filled(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _title(
    parsed: schema.Parsed, heading: str, path: str, place: Place
) -> tuple[str, list[Problem]]:
    given = parsed.values.get("title") or ""
    if given:
        return given, []
    stem = place.slug or place.category.rsplit("/", 1)[-1]
    title = heading or title_of(stem) or "Home"
    source = "its first heading" if heading else "its name"
    line = parsed.lines.get("title", 1)
    message = f"the file has no title; {source} is used: '{title:.60}'"
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    return title, [
        problem("no-title", path, line, message, f'write title: "{quoted}"', field="title")
    ]
