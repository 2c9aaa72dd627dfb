"""What readers taught the search: files below `content/.kbgen/`, which machines write.

`learned.yml` holds, by article, the questions that led readers to it, with counts; `popular.yml`
how much each article helped. A project need not have them, and whatever cannot be used in them
counts as not known: it costs its own entry and is reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kbgen.errors import Problem

FOLDER = ".kbgen"
LEARNED, POPULAR = "learned.yml", "popular.yml"

Learned = Mapping[str, Mapping[str, int]]  # article id -> questions that led to it, with counts
Helpful = Mapping[str, float]  # article id -> how much it helped, 0-1


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known beyond the articles themselves."""

    learned: Learned = field(default_factory=dict)
    helpful: Helpful = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_knowledge(content: Path, prefix: str = "content/") -> Knowledge:
    """The knowledge in a content folder. `prefix` stands before the names of files in problems."""
    learned = _File(content / FOLDER / LEARNED, prefix)
    helpful = _File(content / FOLDER / POPULAR, prefix)
    return Knowledge(
        learned={key: found for key, value in learned if (found := learned.questions(key, value))},
        helpful={key: float(value) for key, value in helpful if helpful.is_share(key, value)},
        problems=(*learned.problems, *helpful.problems),
    )


class _File:
    """A file of article ids, each with a value; `articles:` may stand above them."""

    def __init__(self, path: Path, prefix: str) -> None:
        self.problems: list[Problem] = []
        self._path = path
        self._name = f"{prefix}{FOLDER}/{path.name}"
        self._lines: dict[str, int] = {}
        self._entries = self._read()

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        return iter(self._entries.items())

    def questions(self, article: str, value: Any) -> dict[str, int]:
        """Questions with counts; a list of questions counts each once."""
        if isinstance(value, list):
            value = dict.fromkeys(map(str, value), 1)
        if not isinstance(value, dict):
            self._report(article, value, "give each article its questions, with a count each")
            return {}
        found = {}
        for question, count in value.items():
            if isinstance(count, int) and count > 0 and str(question).strip():
                found[str(question)] = int(count)
            else:
                self._report(article, {question: count}, "give a question and a count above 0")
        return found

    def is_share(self, article: str, value: Any) -> bool:
        """Whether a value says how much an article helped."""
        if isinstance(value, int | float) and 0 <= value <= 1:
            return True
        self._report(article, value, "give a number from 0 to 1")
        return False

    def _read(self) -> dict[str, Any]:
        try:
            text = self._path.read_text("utf-8-sig")
            root, data = yaml.compose(text, yaml.SafeLoader), yaml.safe_load(text)
        except FileNotFoundError:
            return {}
        except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
            self._report("", str(error), "mend the YAML, or delete the file")
            return {}
        if root is None or data is None:
            return {}
        if isinstance(data, dict) and list(data) == ["articles"]:
            root, data = root.value[0][1], data["articles"]
        if not isinstance(data, dict):
            self._report("", data, "begin with the id of an article")
            return {}
        self._lines = {key.value: key.start_mark.line + 1 for key, _ in root.value}
        return {str(key): value for key, value in data.items()}

    def _report(self, article: str, value: Any, cure: str) -> None:
        line = self._lines.get(article, 1)
        message = f"{article + ': ' if article else ''}{value!r:.120} is not used"
        self.problems.append(Problem(self._name, line, "learned", message, cure, "", "warning"))
