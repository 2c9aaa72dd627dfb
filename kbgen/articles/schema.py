"""The table of front matter keys. It drives parsing, `kbgen schema` and the test of the docs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from kbgen.articles import times, values
from kbgen.articles.changes import changes
from kbgen.articles.codes import problem
from kbgen.articles.nodes import Items, Node, Pairs, Scalar, plain, show
from kbgen.articles.values import Converter, Notes, UnfitError
from kbgen.errors import Problem, did_you_mean, nearest

ID = r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}"
REVISION = r"[0-9a-f]{12}"
LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"

# What other tools mean by `audience`: which readers a page suits, not who may see it.
_FOREIGN = (
    "all any everyone user users end-user end-users enduser customer customers admin admins "
    "administrator administrators developer developers itpro it-pro beginner advanced"
)
FOREIGN_AUDIENCES = frozenset(_FOREIGN.split())

_TEXT: dict[str, Any] = {"type": ["string", "number"]}
_DATE: dict[str, Any] = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_TEXTS: dict[str, Any] = {"type": ["array", "string"], "items": _TEXT, "uniqueItems": True}
_DURATION: dict[str, Any] = {
    "type": "string",
    "pattern": r"^(\d{1,5} ?(d|days?|w|weeks?|mo?|months?|y|years?|일|주|개월|년)|P(\d+[YMWD])+)$",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One key: how it is read, what its JSON Schema is, what it means.

    `fallback` is used in place of a value that cannot be read, where leaving it out would show
    the public something that may not be meant for it.
    """

    key: str
    convert: Converter
    schema: Mapping[str, Any]
    meaning: str
    attribute: str = ""
    fallback: Any = None

    @property
    def name(self) -> str:
        """The attribute of the article that holds it."""
        return self.attribute or self.key


def _audience(node: Node, notes: Notes) -> str | None:
    if isinstance(node, Scalar) and node.text.strip().lower() in FOREIGN_AUDIENCES:
        notes.add(
            "foreign-audience",
            node,
            f"audience {show(node)} is another tool's and says nothing about who may see it",
            "the article is public; write agents to keep it inside",
        )
        return None
    return str(values.one_of("public", "agents")(node, notes))


def _id(node: Node, _notes: Notes) -> str:
    value = node.text.strip() if isinstance(node, Scalar) else ""
    if not re.fullmatch(ID, value):
        raise UnfitError("write letters, digits, - and _, at most 64, such as KB-0042", "bad-id")
    return value


def _search(node: Node, notes: Notes) -> Mapping[str, Any]:
    if not isinstance(node, Pairs):
        raise UnfitError("write search: {boost: 2} or search: {exclude: true}", "wrong-type")
    found: dict[str, Any] = {}
    for key, value in node.pairs:
        if key.text == "boost":
            found["search_boost"] = values.boost(value, notes)
        elif key.text == "exclude":
            found["search_exclude"] = values.boolean(value, notes)
        else:
            hint = did_you_mean(key.text, ("boost", "exclude"), 0.5)
            notes.add(
                "unknown-key",
                key,
                f"search.{key.text} is not read",
                hint or "write boost or exclude",
            )
    return found


FIELDS: tuple[Field, ...] = (
    Field("id", _id, {"type": ["string", "integer"], "pattern": f"^{ID}$"},
          "Identity for ever: permalink, votes, translations. Never reused."),
    Field("title", values.line_of_text, {**_TEXT, "minLength": 1},
          "What the article is called, as a customer would say it."),
    Field("description", values.line_of_text, _TEXT,
          "One sentence for lists and search results."),
    Field("category", values.folder, {"type": "string"},
          "Where the article is listed; the folder by default."),
    Field("tags", values.words, _TEXTS, "Words to find it by. A text with commas is a list."),
    Field("lang", values.matching(LANGUAGE, "write a language tag such as ko or en"),
          {"type": "string", "pattern": f"^{LANGUAGE}$"}, "Language (BCP 47); else the folder."),
    Field("audience", _audience, {"enum": ["public", "agents"]},
          "Who may read it. agents never reaches the public site.", fallback="agents"),
    Field("questions", values.sentences, _TEXTS,
          "How customers ask it; each is a test of the search."),
    Field("aliases", values.words, _TEXTS, "Synonyms to find it by."),
    Field("owner", values.line_of_text, _TEXT, "Who answers for it."),
    Field("reviewed", times.day, _DATE, "When somebody last made sure that it holds."),
    Field("review_every", times.duration, _DURATION,
          "How long a review holds: 180d unless said; 90d with the tag price or policy."),
    Field("expires", times.day, _DATE, "The last day on which it holds."),
    Field("translated_from",
          values.matching(REVISION, "write the 12 hex digits of the source's revision, in quotes"),
          {"type": "string", "pattern": f"^{REVISION}$"},
          "The revision of the source that this translation follows."),
    Field("related", values.words, _TEXTS, "Ids of articles to read next."),
    Field("redirect_from", values.addresses, _TEXTS, "Old addresses that lead here."),
    Field("reply", values.text, _TEXT, "The short answer an agent sends."),
    Field("product", values.words, _TEXTS, "Products or versions that it is about."),
    Field("draft", values.boolean, {"type": "boolean"}, "Not published yet.", fallback=True),
    Field("feedback", values.boolean, {"type": "boolean"}, "false hides the vote."),
    Field("search", _search,
          {"type": "object", "additionalProperties": False,
           "properties": {"boost": {"type": "number", "minimum": 0.1, "maximum": 10},
                          "exclude": {"type": "boolean"}}},
          "boost lifts it in the results; exclude keeps it out of them."),
    Field("changes", changes,
          {"oneOf": [{"const": False},
                     {"type": "array",
                      "items": {"type": "object", "additionalProperties": False,
                                "required": ["date", "text"],
                                "properties": {"date": _DATE, "text": _TEXT}}}]},
          "What edits changed, for readers: a date and a sentence each. false lists none."),
    Field("icon", values.line_of_text, {"type": "string"}, "index.md only: the category's icon."),
    Field("order", values.whole, {"type": "integer"},
          "index.md only: the category's place, smaller first; 1000 unless said."),
)  # fmt: skip

KEYS = {entry.key: entry for entry in FIELDS}


@dataclass(slots=True)
class Parsed:
    """The front matter of one file: `values` by attribute, `lines` by key, counted in the file."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    meta: dict[str, Any] = field(default_factory=dict)


def read(pairs: Pairs, path: str, offset: int) -> Parsed:
    """The values of a block whose first line is line `offset` + 1 of the file."""
    parsed = Parsed(meta=plain(pairs))
    exact = {key.text for key, _ in pairs.pairs if key.text in KEYS}
    for key, node in pairs.pairs:
        line = key.line + offset
        entry = KEYS.get(key.text) or _respelled(key.text, exact, parsed, path, line)
        if entry is None:
            _take_unknown(key.text, parsed, path, line)
        elif entry.key in parsed.lines:
            first = parsed.lines[entry.key]
            message = f"{entry.key} is given twice, first in line {first}"
            parsed.problems.append(
                problem("duplicate-key", path, line, message, "remove one", field=entry.key)
            )
        else:
            parsed.lines[entry.key] = line
            if entry.key == "questions" and isinstance(node, Items):
                parsed.lines |= _lines_of_questions(node, offset)
            _take(entry, node, parsed, path, offset)
    return parsed


def line_of(question: str) -> str:
    """The key of `lines` that holds the line of one of the questions."""
    return f"questions: {' '.join(unicodedata.normalize('NFC', question).split())}"


def _lines_of_questions(node: Items, offset: int) -> dict[str, int]:
    texts = (item for item in reversed(node.items) if isinstance(item, Scalar))  # the first counts
    return {line_of(item.text): item.line + offset for item in texts}


def json_schema() -> dict[str, Any]:
    """The front matter as JSON Schema 2020-12, for editors that complete and check it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of a kbgen article",
        "type": "object",
        "required": ["title"],
        "properties": {
            entry.key: {"description": entry.meaning, **entry.schema} for entry in FIELDS
        },
    }


def _take(entry: Field, node: Node, parsed: Parsed, path: str, offset: int) -> None:
    if isinstance(node, Scalar) and node.is_null:
        return
    notes = Notes()
    try:
        value = entry.convert(node, notes)
    except UnfitError as unfit:
        message = f"{entry.key}: {show(node)} cannot be used"
        parsed.problems.append(
            problem(unfit.code, path, node.line + offset, message, unfit.hint, field=entry.key)
        )
        value = entry.fallback
    for code, line, message, hint in notes.found:
        parsed.problems.append(problem(code, path, line + offset, message, hint, field=entry.key))
    if entry.key in ("search", "changes"):  # several attributes
        parsed.values.update(value or {})
    elif value is not None:
        parsed.values[entry.name] = value


def _respelled(key: str, exact: set[str], parsed: Parsed, path: str, line: int) -> Field | None:
    """`Title`, `redirect-from` and `reviewEvery` can only mean one key."""
    name = _snake(key)
    if name not in KEYS or name in exact:
        return None
    parsed.problems.append(
        problem("key-spelling", path, line, f"{key} is read as {name}", f"write {name}", field=name)
    )
    return KEYS[name]


@lru_cache(maxsize=1024)  # a tree has few keys and many files
def _snake(key: str) -> str:
    return re.sub(r"[\s_-]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key)).lower()


@lru_cache(maxsize=1024)
def _near(key: str) -> str:
    """The key that was meant by a misspelt one; other tools' keys have dots, digits, prefixes."""
    if not re.fullmatch(r"[A-Za-z_-]+", key):
        return ""
    near = nearest(key.lower(), [k for k in KEYS if abs(len(k) - len(key)) <= 2], 0.8)
    return near if near != key.lower() else ""


def _take_unknown(key: str, parsed: Parsed, path: str, line: int) -> None:
    near = _near(key)
    if not near:
        message, hint = f"{key} is not read by kbgen", "leave it to the tool that reads it"
        parsed.problems.append(problem("foreign-key", path, line, message, hint, field=key))
        return
    message, code = f"{key} is not read", "unknown-key"
    guard = KEYS[near]
    if guard.fallback is not None and near not in parsed.values:
        # `audiance: agents` must not publish what was meant to stay inside.
        parsed.values[guard.name] = guard.fallback
        message, code = f"{key} is not read; the article stays hidden until it is", "hidden-by-typo"
    parsed.problems.append(problem(code, path, line, message, f"did you mean {near}?", field=key))
