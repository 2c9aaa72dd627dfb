"""What a search must know of all articles at once: some numbers of each, and their vocabulary.

Whoosh keeps whole documents, and reading five thousand of them takes longer than anybody waits at
a command line. So the little that ranking needs lies beside the index in files of its own.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kbgen.search.documents import Document

ROWS = "overview.json"
FORMAT = 2  # of these files; raise it when Row changes

Words = list[tuple[str, int]]  # words as they are written, sorted, each with its count
Group = tuple[str, bool]  # a language, and whether only its public articles are meant


class Row(NamedTuple):
    """An article as ranking sees it. `number` is Whoosh's; `lengths` follow FIELDS."""

    number: int
    id: str
    path: str
    lang: str
    public: bool
    boost: int  # percent
    updated: str  # ISO date, "" if unknown
    lengths: Sequence[int]


class Overview:
    """The rows of all articles, by path, and the words of each group of them."""

    def __init__(self, rows: Sequence[Row], words: Mapping[Group, Words] | Path) -> None:
        self.rows = rows
        self.languages = sorted({row.lang for row in rows})
        self._folder = words if isinstance(words, Path) else None
        self._words = {} if isinstance(words, Path) else dict(words)

    def words(self, group: Group) -> Words:
        """The words that stand in two articles of a group or in one title."""
        if group not in self._words:
            file = self._folder / self._file(group) if self._folder else None
            self._words[group] = _read_words(file) if file and file.is_file() else []
        return self._words[group]

    def write(self, folder: Path) -> None:
        """Writes the files; `read` takes them."""
        columns = [list(column) for column in zip(*self.rows, strict=True)]
        (folder / ROWS).write_text(json.dumps(columns), "utf-8")
        for group, words in self._words.items():
            columns = [[word for word, _ in words], [count for _, count in words]]
            text = json.dumps(columns, ensure_ascii=False)
            (folder / self._file(group)).write_text(text, "utf-8")

    def _file(self, group: Group) -> str:
        """Named by number: a language may be called what no file can be."""
        lang, public = group
        place = self.languages.index(lang) if lang in self.languages else -1
        return f"words-{place}{'-public' if public else ''}.json"


def overview(documents: Iterable[tuple[int, Document]]) -> Overview:
    """The overview of numbered documents."""
    rows: list[Row] = []
    counts: dict[Group, Counter[str]] = {}
    for number, d in documents:
        rows.append(Row(number, d.id, d.path, d.lang, d.public, d.boost, d.updated, d.lengths))
        for public in {False, d.public}:
            counts.setdefault((d.lang, public), Counter()).update(d.words)
    words = {
        group: sorted((word, count) for word, count in found.items() if count > 1)
        for group, found in counts.items()
    }
    return Overview(sorted(rows, key=lambda row: row.path), words)


def read(folder: Path) -> Overview:
    """The overview that was written into a folder."""
    columns = json.loads((folder / ROWS).read_bytes())
    return Overview(list(map(Row._make, zip(*columns, strict=True))), folder)


def _read_words(file: Path) -> Words:
    return list(zip(*json.loads(file.read_bytes()), strict=True))
