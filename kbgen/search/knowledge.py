"""What readers taught the search: files below `content/.kbgen/`, which machines write.

`learned.yml` holds, by article, the questions that led readers to it, with counts; `popular.yml`
how much each article helped, and how much it is read. A project need not have them, and whatever
cannot be used in them counts as not known: it costs its own entry and is reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from kbgen.errors import Problem

FOLDER = ".kbgen"
LEARNED, POPULAR = "learned.yml", "popular.yml"

Learned = Mapping[str, Mapping[str, int]]  # article id -> questions that led to it, with counts
Shares = Mapping[str, float]  # article id -> 0-1


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known beyond the articles themselves."""

    learned: Learned = field(default_factory=dict)
    helpful: Shares = field(default_factory=dict)  # how much an article helped
    readers: Shares = field(default_factory=dict)  # how much it is read, 1 for the most read
    problems: tuple[Problem, ...] = ()

    @property
    def prior(self) -> Shares:
        """What speaks for an article before anybody asks: the mean of both, 0 for the unknown."""
        known = sorted({*self.helpful, *self.readers})
        return {key: (self.helpful.get(key, 0) + self.readers.get(key, 0)) / 2 for key in known}


def read_knowledge(content: Path, prefix: str = "content/") -> Knowledge:
    """The knowledge in a content folder. `prefix` stands before the names of files in problems."""
    learned = _File(content / FOLDER / LEARNED, prefix)
    popular = _File(content / FOLDER / POPULAR, prefix)
    return Knowledge(
        learned=learned.questions("articles"),
        helpful=popular.shares("articles"),
        readers=popular.shares("readers"),
        problems=(*learned.problems, *popular.problems),
    )


class Row(NamedTuple):
    """What a file says of an article, and in which line; without an article it is no such thing."""

    article: str
    value: Any
    line: int


def sections(text: str) -> dict[str, list[Row]]:
    """The rows of each section of a file; one that begins with an id is "articles" alone.

    Raises yaml.YAMLError.
    """
    root, data = yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text)
    if root is None or data is None:
        return {}
    if not (isinstance(data, dict) and "articles" in data):
        return {"articles": _rows(root, data)}
    nodes = {key.value: value for key, value in root.value}
    return {name: _rows(nodes[name], rows) for name, rows in data.items() if name in nodes}


def _rows(node: yaml.Node, data: Any) -> list[Row]:
    if not isinstance(data, dict):
        return [Row("", data, node.start_mark.line + 1)]
    lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
    return [Row(str(key), value, lines.get(str(key), 1)) for key, value in data.items()]


class _File:
    """A file of sections: what can be used of it, and problems for the rest."""

    def __init__(self, path: Path, prefix: str) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._name = f"{prefix}{FOLDER}/{path.name}"
        self._sections = self._read()

    def questions(self, section: str) -> dict[str, dict[str, int]]:
        """The questions of each article, with counts; a list of questions counts each once."""
        rows = self._sections.get(section, ())
        found = {row.article: self._questions(row) for row in rows}
        return {article: questions for article, questions in found.items() if questions}

    def shares(self, section: str) -> dict[str, float]:
        """A number from 0 to 1 for each article."""
        found = {}
        for row in self._sections.get(section, ()):
            if isinstance(row.value, int | float) and 0 <= row.value <= 1:
                found[row.article] = float(row.value)
            else:
                self._report(row, "give a number from 0 to 1")
        return found

    def _questions(self, row: Row) -> dict[str, int]:
        value = row.value
        if isinstance(value, list):
            value = dict.fromkeys(map(str, value), 1)
        if not isinstance(value, dict):
            self._report(row, "give each article its questions, with a count each")
            return {}
        found = {}
        for question, count in value.items():
            if isinstance(count, int) and count > 0 and str(question).strip():
                found[str(question)] = int(count)
            else:
                bad = row._replace(value={question: count})
                self._report(bad, "give a question and a count above 0")
        return found

    def _read(self) -> dict[str, list[Row]]:
        try:
            found = sections(self._path.read_text("utf-8-sig"))
        except FileNotFoundError:
            return {}
        except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
            self._report(Row("", str(error), 1), "mend the YAML, or delete the file")
            return {}
        for row in (row for rows in found.values() for row in rows if not row.article):
            self._report(row, "begin with the id of an article")
        return {name: [row for row in rows if row.article] for name, rows in found.items()}

    def _report(self, row: Row, cure: str) -> None:
        message = f"{row.article + ': ' if row.article else ''}{row.value!r:.120} is not used"
        self.problems.append(Problem(self._name, row.line, "learned", message, cure, "", "warning"))
