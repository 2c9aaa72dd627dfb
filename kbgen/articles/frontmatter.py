"""Where the front matter of a file ends and its body begins."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = re.compile(r"---[ \t]*")
_END = re.compile(r"(---|\.\.\.)[ \t]*")
_KEY = re.compile(r"[\w\"'][\w .,\"'-]*:(\s|$)")


@dataclass(frozen=True, slots=True)
class Parts:
    """A file in two: `block` is the YAML between the fences, None if there are none.

    `block_line` and `body_line` count from 1 in the file. `is_open` if the block never ends.
    """

    block: str | None
    block_line: int
    body: str
    body_line: int
    is_open: bool = False


def split(text: str) -> Parts:
    """The parts of a text with LF line ends. Joining `lines[body_line - 1:]` gives the body."""
    lines = text.split("\n")
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if not _FENCE.fullmatch(lines[start]):
        return Parts(None, 0, text, 1)
    for at in range(start + 1, len(lines)):
        if _END.fullmatch(lines[at]):
            if not _looks_like_keys(lines[start + 1 : at]):
                break
            block = "\n".join(lines[start + 1 : at])
            return Parts(block, start + 2, "\n".join(lines[at + 1 :]), at + 2)
    # A rule at the top of a text is no front matter; keys without an end are meant as one.
    is_open = start + 1 < len(lines) and bool(_KEY.match(lines[start + 1]))
    return Parts(None, 0, text, 1, is_open)


def _looks_like_keys(lines: list[str]) -> bool:
    filled = [line for line in lines if line.strip() and not line.startswith("#")]
    return not filled or filled[0][0] in "{[&*?<" or any(_KEY.match(line) for line in filled)
