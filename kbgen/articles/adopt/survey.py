"""What lies in the tree that is to be adopted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kbgen.articles.place import SUFFIX

_CONTENTS = {"toc.md", "summary.md", "_sidebar.md"}
_ABOUT_THE_REPOSITORY = {
    "readme", "license", "licence", "contributing", "code_of_conduct", "security", "changelog",
    "notice", "authors", "support",
}  # fmt: skip
_NOT_CONTENT = {"node_modules", "__pycache__", "venv"}
_SAMPLE = 40  # files that tell the language


@dataclass(frozen=True, slots=True)
class Survey:
    """The files of a tree, by relative path, sorted."""

    articles: tuple[str, ...]
    snippets: tuple[str, ...]
    others: frozenset[str]  # no Markdown
    left_out: tuple[tuple[str, str], ...]  # path, reason


def survey(source: Path, *, without: Path | None = None) -> Survey:
    """Sorts the files of a tree; `without` is a folder inside it that is passed over."""
    articles, snippets, left_out = [], [], []
    others = set()
    for path in sorted(_walk(source, "", without)):
        name = path.rsplit("/", 1)[-1]
        if not name.lower().endswith(SUFFIX):
            others.add(path)
        elif name.lower() in _CONTENTS:
            left_out.append((path, "a table of contents of another tool"))
        elif any(part.startswith("_") for part in path.split("/")):
            snippets.append(path)
        elif "/" not in path and PurePosixPath(name).stem.lower() in _ABOUT_THE_REPOSITORY:
            left_out.append((path, "about the repository, not about the product"))
        elif not name.endswith(SUFFIX):
            left_out.append((path, "its name must end in .md"))
        else:
            articles.append(path)
    return Survey(tuple(articles), tuple(snippets), frozenset(others), tuple(left_out))


def guess_language(texts: Iterator[str]) -> str:
    """ko, ja or zh if a tenth of the letters are of that script, else en."""
    letters = {"ko": 0, "ja": 0, "zh": 0, "": 0}
    for at, text in enumerate(texts):
        for char in text:
            letters[_script(char)] += char.isalpha()
        if at >= _SAMPLE:
            break
    total = sum(letters.values()) or 1
    if letters["ko"] > total / 10:
        return "ko"
    if letters["ja"] > total / 20:  # Japanese is half Chinese characters
        return "ja"
    return "zh" if letters["zh"] > total / 10 else "en"


def _script(char: str) -> str:
    if "가" <= char <= "힣":
        return "ko"
    if "\u3040" <= char <= "\u30ff":
        return "ja"
    return "zh" if "\u4e00" <= char <= "\u9fff" else ""


def _walk(folder: Path, prefix: str, without: Path | None) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            is_hidden = entry.name.startswith(".") or entry.name in _NOT_CONTENT
            if is_hidden or entry.is_symlink() or Path(entry.path) == without:
                continue
            if entry.is_dir():
                yield from _walk(Path(entry.path), f"{prefix}{entry.name}/", without)
            elif entry.is_file():
                yield prefix + entry.name
