"""Questions that led readers to an article, from a file, to measure what they are worth.

A question must not be learned and asked: what is asked as well is left out, and counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from kbgen.errors import SearchError, nearest
from kbgen.search import analysis
from kbgen.search.evaluate import Questions
from kbgen.search.knowledge import sections

TRAIN = "train"  # the split whose lines are learned, if lines name one
_SHOWN = 20  # bad lines that one error names


@dataclass(slots=True)
class Lessons:
    """What a file teaches: article id -> question -> count. And how many lines it does not."""

    learned: dict[str, dict[str, int]] = field(default_factory=dict)
    taken: int = 0
    asked: int = 0  # left out, because they are asked as well
    other: int = 0  # of another split
    unanswered: int = 0  # no article answers them, or none that is there

    def __str__(self) -> str:
        """One line for the user."""
        reasons = (
            (self.asked, "asked as well"),
            (self.other, f"not of the split {TRAIN}"),
            (self.unanswered, "without an article"),
        )
        left = ", ".join(f"{count} {reason}" for count, reason in reasons if count)
        return f"learned {self.taken} questions; left out: {left or 'none'}"


def read_lessons(path: Path, questions: Questions) -> Lessons:
    """The questions to learn from a file, without those that `questions` asks.

    A `.yml` or `.yaml` file is like learned.yml; any other holds one JSON object a line. Raises
    SearchError that names every line that cannot be used, with its cure.
    """
    reading = _Reading(path, questions)
    if path.suffix in (".yml", ".yaml"):
        reading.yaml()
    else:
        reading.lines()
    if reading.wrong:
        more = len(reading.wrong) - _SHOWN
        rest = [f"... and {more} more"] if more > 0 else []
        raise SearchError("\n".join([*reading.wrong[:_SHOWN], *rest]))
    return reading.lessons


class _Reading:
    def __init__(self, path: Path, questions: Questions) -> None:
        self.lessons = Lessons()
        self.wrong: list[str] = []
        self._path = path
        self._questions = questions
        self._asked = {_same(text) for text, _ in questions.asked}
        self._ids = dict(_names(questions))

    def lines(self) -> None:
        for number, text in enumerate(_text(self._path).split("\n"), 1):
            if text.strip():
                try:
                    self._line(_parsed(text))
                except ValueError as error:
                    self.wrong.append(f"{self._path}:{number}: {error}")

    def yaml(self) -> None:
        text = _text(self._path)
        try:
            rows = sections(text).get("articles", [])
        except yaml.YAMLError as error:
            raise SearchError(f"{self._path}: no YAML: {error}") from error
        for article, asked, line in rows:
            where = f"{self._path}:{line}"
            if not article:
                raise SearchError(f"{where}: expected articles, each with its questions")
            if not isinstance(asked, dict) or not all(map(_is_count, asked.values())):
                self.wrong.append(
                    f"{where}: {article}: expected questions, each with a count above 0"
                )
                continue
            # The file outlives articles, so one that is gone is no mistake.
            known = self._ids.get(article)
            for question, count in asked.items():
                self._take(str(question), [known] if known else [], count)

    def _line(self, line: Any) -> None:
        """Takes a line; ValueError says what is wrong with it."""
        if not isinstance(line, dict) or not str(line.get("text", "")).strip():
            raise ValueError(f"expected an object with text and article, found {_short(line)}")
        if not _is_count(line.get("count", 1)):
            raise ValueError(f"count must be a whole number above 0, not {line['count']!r}")
        if line.get("split", TRAIN) != TRAIN:
            self.lessons.other += 1
            return
        articles = self._articles(line)
        if str(line.get("id")) in self._questions.ids:
            self.lessons.asked += 1
        else:
            self._take(str(line["text"]), articles, line.get("count", 1))

    def _articles(self, line: Mapping[str, Any]) -> list[str]:
        """The ids of the articles that answer a line."""
        named = line.get("article", line.get("doc"))
        if named is not None:
            return [self._article(str(named))]
        if "id" not in line:
            raise ValueError(f"expected article, doc or id beside text, found {_short(line)}")
        grades = self._questions.known.get(str(line["id"]), {})
        return [self._ids[p] for p, grade in grades.items() if grade > 0 and p in self._ids]

    def _article(self, name: str) -> str:
        if name not in self._ids:
            near = nearest(name, self._ids)
            cure = f"did you mean {near!r}?" if near else "name one of the documents searched"
            raise ValueError(f"no article is called {name!r}; {cure}")
        return self._ids[name]

    def _take(self, text: str, articles: list[str], count: int) -> None:
        if _same(text) in self._asked:
            self.lessons.asked += 1
        elif not articles:
            self.lessons.unanswered += 1
        else:
            self.lessons.taken += 1
            for article in articles:
                counts = self.lessons.learned.setdefault(article, {})
                counts[text] = counts.get(text, 0) + count


def _names(questions: Questions) -> Iterator[tuple[str, str]]:
    """What an article may be called -> its id: its path, with and without .md, and its id."""
    for article in questions.corpus.articles:
        yield article.path, article.id
        yield article.path.removesuffix(".md"), article.id
        yield article.id, article.id


def _same(text: str) -> str:
    """Equal for texts that differ in capitals, spaces and punctuation at the end."""
    return " ".join(analysis.normalise(text).casefold().split()).rstrip(" .?!。？！")


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ValueError(f"no JSON: {error}") from error


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _short(value: Any) -> str:
    return f"{json.dumps(value, ensure_ascii=False)[:80]}"


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SearchError(f"{path}: cannot be read: {error}") from error
