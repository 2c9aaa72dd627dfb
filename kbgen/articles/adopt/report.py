"""What an adoption did, and what it left alone."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from kbgen.errors import Problem


@dataclass(slots=True)
class Adoption:
    """The result of one run. Paths are relative to the source."""

    lang: str
    lang_guessed: bool = False
    written: int = 0  # articles and category pages, new or with keys added
    kept: int = 0  # files that the project already had; never overwritten
    copied: int = 0  # pictures and other files that articles show, and snippets
    given_ids: int = 0
    shared_ids: int = 0  # ids that another language of the same path already had
    mapped: Counter[str] = field(default_factory=Counter)  # "keywords -> tags"
    foreign: Counter[str] = field(default_factory=Counter)  # keys that were left alone
    left_out: list[tuple[str, str]] = field(default_factory=list)  # path, reason
    unused: Counter[str] = field(default_factory=Counter)  # suffixes of files nothing shows
    problems: list[Problem] = field(default_factory=list)  # files that could not be read
    settings_note: str = ""


def as_text(adoption: Adoption) -> str:
    """The report for people."""
    return "".join(f"{line}\n" for line in _lines(adoption))


def as_json(adoption: Adoption) -> str:
    """The report for programs; `v` is the format's version."""
    data = {
        "v": 1,
        "lang": adoption.lang,
        "written": adoption.written,
        "kept": adoption.kept,
        "copied": adoption.copied,
        "given_ids": adoption.given_ids,
        "shared_ids": adoption.shared_ids,
        "mapped": dict(sorted(adoption.mapped.items())),
        "foreign_keys": dict(sorted(adoption.foreign.items())),
        "left_out": [{"path": path, "reason": reason} for path, reason in adoption.left_out],
        "unused": dict(sorted(adoption.unused.items())),
        "unreadable": [
            {"path": p.path, "line": p.line, "code": p.code, "message": p.message, "hint": p.hint}
            for p in adoption.problems
        ],
        "settings": adoption.settings_note,
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _lines(adoption: Adoption) -> Iterator[str]:
    guessed = " (guessed from the text; --lang says otherwise)" if adoption.lang_guessed else ""
    yield f"language {adoption.lang}{guessed}"
    yield f"{adoption.written:,} articles written, {adoption.copied:,} files copied along"
    yield f"{adoption.given_ids:,} ids given, {adoption.shared_ids:,} shared with another language"
    if adoption.kept:
        yield f"{adoption.kept:,} files were there already and are as they were"
    if adoption.mapped:
        yield "keys read as kbgen's: " + _counted(adoption.mapped)
    if adoption.foreign:
        yield "keys left alone: " + _counted(adoption.foreign)
    for path, reason in adoption.left_out:
        yield f"left out {path}: {reason}"
    if adoption.unused:
        yield "files left that no article shows: " + _counted(adoption.unused)
    for problem in adoption.problems:
        yield f"not read {problem}"
    yield adoption.settings_note


def _counted(counter: Counter[str]) -> str:
    ranked = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} ({count:,})" for name, count in ranked)
