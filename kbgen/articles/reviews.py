"""Reviews that kept an article as it is: `content/.kbgen/review.yml`.

One line is one review, in the order of article, language and day, so that reviews which two people
add meet in no line. A new one is put between the lines that are there; those stay as they are.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from kbgen.articles.model import Corpus
from kbgen.articles.schema import ID, LANGUAGE, REVISION
from kbgen.articles.yamltext import quoted
from kbgen.errors import ContentError, Problem, did_you_mean

Text = tuple[tuple[str, str], str]  # ((article id, language), revision)

FILE = ".kbgen/review.yml"  # below the content folder
_HEAD = """\
# Articles that somebody has reviewed and kept as they are. Written by `kbgen review ID --keep`:
# what readers said of this text until that day raises no flag any more.
"""
# Every value is the text that somebody wrote: a revision of digits alone is no number.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_CURE = "write it like the others, or add it with kbgen review ID --keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """One decision to keep a text: which, on which day (UTC), by whom, and why."""

    id: str
    lang: str
    day: date
    rev: str
    by: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Article id and language."""
        return self.id, self.lang

    @property
    def place(self) -> tuple[str, str, date]:
        """Where it stands in the file."""
        return self.id, self.lang, self.day


@dataclass(frozen=True, slots=True)
class Reviews:
    """What the file holds, by place, and what in it cannot be used."""

    rows: tuple[Review, ...] = ()
    problems: tuple[Problem, ...] = ()

    def of(self, key: tuple[str, str]) -> tuple[Review, ...]:
        """The reviews of one article, oldest first."""
        return tuple(row for row in self.rows if row.key == key)

    def kept(self, today: date) -> dict[Text, Sequence[date]]:
        """The days up to `today` on which each text was kept, sorted."""
        days: dict[Text, set[date]] = defaultdict(set)
        for row in self.rows:
            if row.day <= today:
                days[row.key, row.rev].add(row.day)
        return {text: tuple(sorted(found)) for text, found in days.items()}

    def latest(self, today: date) -> Mapping[Text, Review]:
        """The last review up to `today` of each text."""
        return {(row.key, row.rev): row for row in self.rows if row.day <= today}


def read_reviews(content: Path, prefix: str = "content/") -> Reviews:
    """The reviews of a content folder; a row that is none costs itself and is a problem.

    `prefix` stands before the name of the file in problems.
    """
    name, problems = prefix + FILE, []
    try:
        rows = list(_entries((content / FILE).read_text("utf-8-sig")))
    except FileNotFoundError:
        return Reviews()
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        return Reviews(problems=(_broken(error, name),))
    found = []
    for line, entry in rows:
        review, wrong = _review(entry)
        if review:
            found.append(review)
        problems += [
            Problem(name, line, "review", message, _CURE, "", "warning") for message in wrong
        ]
    return Reviews(tuple(sorted(found, key=lambda row: row.place)), tuple(problems))


def unknown_reviews(reviews: Reviews, corpus: Corpus, prefix: str = "content/") -> list[Problem]:
    """Reviews of articles that are not there, which silence nothing."""
    missing = sorted({row.id for row in reviews.rows if row.id not in corpus.by_id})
    return [
        Problem(
            prefix + FILE,
            0,
            "review",
            f"no article has the id {name}",
            did_you_mean(name, corpus.by_id) or "remove its lines",
            "",
            "warning",
        )
        for name in missing
    ]


def add_review(content: Path, review: Review, prefix: str = "content/") -> Path:
    """Puts one more review into the file and returns its path. Raises ContentError if what is
    there cannot be read: it must not be lost."""
    path = content / FILE
    known = read_reviews(content, prefix)
    if known.problems:
        raise ContentError(f"{known.problems[0]}; nothing was written")
    text = path.read_text("utf-8-sig") if path.is_file() else f"{_HEAD}kept:\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".new")
    aside.write_text(_with(text, review), "utf-8", newline="\n")
    aside.replace(path)
    return path


def as_line(review: Review) -> str:
    """A review as its line of the file."""
    values = {
        "id": quoted(review.id),
        "lang": quoted(review.lang),
        "date": review.day.isoformat(),
        "rev": json.dumps(review.rev),
        "by": json.dumps(review.by, ensure_ascii=False) if review.by else "",
        "note": json.dumps(review.note, ensure_ascii=False) if review.note else "",
    }
    return f"  - {{{', '.join(f'{key}: {text}' for key, text in values.items() if text)}}}\n"


def _with(text: str, review: Review) -> str:
    """The text of the file with one more line before the first that belongs after it."""
    if text and not text.endswith("\n"):
        text += "\n"
    lines = text.splitlines(keepends=True)
    rows = list(_entries(text))
    for line, entry in rows:
        other, _ = _review(entry)
        if other and other.place > review.place:
            return "".join([*lines[: line - 1], as_line(review), *lines[line - 1 :]])
    if rows:
        return text + as_line(review)
    text = re.sub(r"^kept:[ \t]*\[\s*\]", "kept:", text, flags=re.MULTILINE)
    if not re.search(r"^kept:", text, re.MULTILINE):
        text += "kept:\n"
    return text + as_line(review)


def _entries(text: str) -> Iterator[tuple[int, object]]:
    """Line and value of each entry; the value of `kept` itself if it is no list."""
    root = yaml.compose(text, _LOADER)
    if root is None:
        return
    loader = _LOADER("")
    if not isinstance(root, yaml.MappingNode):
        yield root.start_mark.line + 1, loader.construct_object(root, deep=True)
        return
    for key, node in root.value:
        line = node.start_mark.line + 1
        if key.value != "kept":
            yield key.start_mark.line + 1, key.value
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                yield item.start_mark.line + 1, loader.construct_object(item, deep=True)
        elif node.value:
            yield line, loader.construct_object(node, deep=True)


def _review(entry: object) -> tuple[Review | None, list[str]]:
    """The review in an entry, or what is wrong with it."""
    if not isinstance(entry, dict):
        return None, [f"{entry!r:.60} is no review"]
    wrong = [f"{key}: unknown" for key in entry if key not in _KEYS]
    wrong += [
        f"{key}: {entry.get(key)!r:.60} is no {what}"
        for key, (pattern, what) in _NEEDED.items()
        if not re.fullmatch(pattern, str(entry.get(key, "")))
    ]
    day = _day(entry.get("date"))
    if day is None:
        wrong.append(f"date: {entry.get('date')!r:.60} is no day such as 2026-11-20")
    if wrong or day is None:
        return None, [f"{', '.join(wrong)}; the review is not used"]
    texts = {key: " ".join(str(entry.get(key) or "").split()) for key in _KEYS}
    return Review(
        id=texts["id"],
        lang=texts["lang"],
        day=day,
        rev=texts["rev"],
        by=texts["by"],
        note=texts["note"],
    ), []


_KEYS = ("id", "lang", "date", "rev", "by", "note")
_NEEDED = {
    "id": (ID, "id"),
    "lang": (LANGUAGE, "language"),
    "rev": (REVISION, "revision"),
}


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _broken(error: Exception, name: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark else 0
    said = getattr(error, "problem", None) or str(error)
    hint = "mend the YAML, or restore the file from git"
    return Problem(name, line, "review", f"cannot be read: {said}", hint, "", "warning")


def clean_note(text: str) -> str:
    """A note on one line, without what no editor shows."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
