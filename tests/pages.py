"""Reads the project's documents: blocks of code, sections, tables, anchors."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


@dataclass(frozen=True)
class Block:
    """A fenced block of code: its language, its text without indent, its line."""

    language: str
    text: str
    line: int


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a page."""
    found, start, fence, lines = [], 0, "", []
    for number, line in enumerate(text.splitlines(), 1):
        opening = re.match(r"\s*(`{3,})(\S*)", line)
        if not fence and opening:
            start, fence, language, lines = number, opening[1], opening[2], []
        elif fence and line.strip() == fence:
            found.append(Block(language, textwrap.dedent("\n".join(lines)), start))
            fence = ""
        elif fence:
            lines.append(line)
    assert not fence, f"line {start}: a block of code is not closed"
    return found


def prose(text: str) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^(\s*)(`{3,}).*?^\1\2[ \t]*$", "", text, flags=re.DOTALL | re.MULTILINE)


def bare(text: str) -> str:
    """Prose without code in lines."""
    return re.sub(r"(`+).+?\1", "", prose(text))


def section(text: str, title: str) -> str:
    """What stands below a heading, up to the next one of its level or above."""
    match = re.search(rf"^(#+) {re.escape(title)}$", text, re.MULTILINE)
    assert match, f"there is no heading {title!r}"
    rest = text[match.end() :]
    end = re.search(rf"^#{{1,{len(match[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def first_cells(text: str) -> list[str]:
    """The first cell of each row of the tables in a text, without their heads."""
    rows = re.findall(r"^\s*\|(.+)\|\s*$", text, re.MULTILINE)
    cells = [re.split(r"(?<!\\)\|", row)[0].strip() for row in rows]
    heads = {n - 1 for n, cell in enumerate(cells) if re.fullmatch(r":?-+:?", cell)}
    return [c for n, c in enumerate(cells) if n not in heads and not re.fullmatch(r":?-+:?", c)]


def codes(text: str) -> list[str]:
    """What a text shows as code within its lines."""
    return [match[2] for match in re.finditer(r"(`+)(.+?)\1", text)]


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    titles = re.findall(r"^#+ (.+)$", prose(text), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", title.lower()) for title in titles]
    return {title.replace(" ", "-") for title in plain}


def doc(name: str) -> str:
    """The text of a page below docs."""
    return (DOCS / f"{name}.md").read_text("utf-8")
