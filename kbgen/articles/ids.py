"""Ids that are given once and never again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import yaml

MEMORY = ".kbgen/ids.yml"  # below the content folder
_NUMBERED = re.compile(r"KB-(\d{1,9})")
_HEAD = "# The last id that was given. Written by kbgen; ids of removed articles stay taken.\n"


def number_of(article_id: str) -> int:
    """The number in `KB-0042`; 0 for ids of another form."""
    match = _NUMBERED.fullmatch(article_id)
    return int(match[1]) if match else 0


def numbered(number: int) -> str:
    """`KB-0042` for 42."""
    return f"KB-{number:04d}"


def next_id(taken: Iterable[str], last: int = 0) -> str:
    """The id after the highest of those taken and the last that was given."""
    return numbered(max([last, *map(number_of, taken)]) + 1)


def last_given(content: Path) -> int:
    """The number of the last id given in this content folder; 0 if none is remembered."""
    file = content / MEMORY
    if not file.is_file():
        return 0
    try:
        data = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        return 0  # the corpus still knows the ids in use
    return number_of(str(data.get("last", ""))) if isinstance(data, dict) else 0


def remember(content: Path, number: int) -> None:
    """Notes the last id given; never lowers it."""
    if number <= last_given(content):
        return
    file = content / MEMORY
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{_HEAD}last: {numbered(number)}\n", "utf-8")
