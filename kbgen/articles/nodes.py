"""YAML as nodes that know their line, and as little else of YAML as front matter needs.

Values stay text as the writer wrote it (`id: 0042` and `title: no` keep their letters): the
schema decides what a value is, not YAML's rules for numbers, dates and booleans. Aliases, merge
keys and deep nesting are refused, so that a small file cannot become a large value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

LARGEST = 64 * 1024  # bytes of front matter
DEEPEST = 20

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # eight times as fast where it is built
_NUMBER = re.compile(r"[-+]?(0|[1-9]\d{0,17})(\.\d{1,15})?")
_NULL = ("", "~", "null", "Null", "NULL")
_TRUE = ("true", "True", "TRUE")
_FALSE = ("false", "False", "FALSE")


class YamlError(Exception):
    """The front matter cannot be read; `line` counts from 1 in the block, 0 if unknown."""

    def __init__(self, code: str, line: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.line, self.message, self.hint = code, line, message, hint


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value; `plain` if it stands without quotes."""

    text: str
    line: int
    plain: bool = True

    @property
    def is_null(self) -> bool:
        """Whether the writer left the value out."""
        return self.plain and self.text in _NULL


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """Keys and values, in the order of the file; a key may occur twice."""

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int


Node = Scalar | Items | Pairs


def parse(text: str) -> Pairs:
    """The keys and values of a YAML block. Raises YamlError."""
    if len(text.encode()) > LARGEST:
        message = f"the front matter is larger than {LARGEST:,} bytes"
        raise YamlError("front-matter-large", 1, message, "move the data out of the front matter")
    try:
        node = _Composer(text).document()
    except yaml.YAMLError as error:
        raise _yaml_error(error, text) from error
    if isinstance(node, Scalar) and node.is_null:
        return Pairs((), 1)
    if not isinstance(node, Pairs):
        raise YamlError(
            "yaml-shape",
            node.line,
            f"expected keys and values, found {show(node)}",
            "write `title: …` on a line of its own",
        )
    return node


def plain(node: Node) -> Any:
    """A node as str, int, float, bool, None, list and dict."""
    if isinstance(node, Items):
        return [plain(item) for item in node.items]
    if isinstance(node, Pairs):
        return {key.text: plain(value) for key, value in node.pairs}
    return _plain_scalar(node)


def show(node: Node) -> str:
    """A node as a message may quote it, shortened."""
    if isinstance(node, Scalar):
        text = " ".join(node.text.split())
        return f"'{text[:57]}…'" if len(text) > 60 else f"'{text}'"
    return "a list" if isinstance(node, Items) else "keys and values"


def _plain_scalar(node: Scalar) -> Any:
    if not node.plain:
        return node.text
    if node.is_null:
        return None
    if node.text in _TRUE or node.text in _FALSE:
        return node.text in _TRUE
    number = _NUMBER.fullmatch(node.text)
    if number:
        return float(node.text) if number[2] else int(node.text)
    return node.text


class _Composer:
    """Builds nodes from parser events; the parser of libyaml does not recurse, this does."""

    def __init__(self, text: str) -> None:
        self.events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))

    def document(self) -> Node:
        root: Node | None = None
        for event in self.events:  # to the end, or what follows a wrong indent would go unread
            if isinstance(event, yaml.NodeEvent):
                if root is not None:
                    line = _line(event)
                    hint = "end the front matter with --- on a line of its own"
                    raise YamlError("yaml", line, "a second document begins", hint)
                root = self.node(event, 0)
        return root or Scalar("", 1)

    def node(self, event: Any, depth: int) -> Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            raise YamlError(
                "yaml-alias", line, f"the alias *{event.anchor} is not read", "write the value out"
            )
        if depth > DEEPEST:
            raise YamlError(
                "yaml-deep",
                line,
                f"values are nested deeper than {DEEPEST}",
                "front matter needs two levels at most",
            )
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(event.value, line, event.style in (None, ""))
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(tuple(self.until(yaml.SequenceEndEvent, depth)), line)
        flat = tuple(self.until(yaml.MappingEndEvent, depth))
        return Pairs(tuple(_pair(flat[at], flat[at + 1]) for at in range(0, len(flat), 2)), line)

    def until(self, end: type, depth: int) -> Iterator[Node]:
        for event in self.events:
            if isinstance(event, end):
                return
            yield self.node(event, depth + 1)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _pair(key: Node, value: Node) -> tuple[Scalar, Node]:
    if not isinstance(key, Scalar):
        raise YamlError(
            "yaml-shape", key.line, f"a key must be a word, found {show(key)}", "write `title: …`"
        )
    if key.text == "<<" and key.plain:
        raise YamlError(
            "yaml-alias", key.line, "the merge key << is not read", "write the keys out"
        )
    return key, value


# What the parser says, in either of its two builds -> what is wrong, and the cure.
_CAUSES = (
    ("mapping values", "a colon inside a value", 'put the value in quotes: title: "Returns: how"'),
    ("tab", "a tab at the start of a line", "indent with spaces"),
    ("\\t", "a tab at the start of a line", "indent with spaces"),
    ("quoted scalar", "a quotation mark that is never closed", "close it, or leave both out"),
    ("flow", "a bracket that is never closed", "close it with ] or }"),
    ("simple key", "a line that is neither a key nor a value", "write `key: value`"),
    ("cannot start any token", "a value that begins with a sign", "put the value in quotes"),
    ("document start", "a line that is indented less than the first", "align the keys"),
)
_OTHER = ("not valid YAML", "check quotes, colons and indentation here and on the line before")


def _yaml_error(error: yaml.YAMLError, text: str) -> YamlError:
    mark = getattr(error, "problem_mark", None)
    parts = (getattr(error, name, None) for name in ("context", "problem", "reason"))
    said = " ".join(str(part) for part in parts if part)
    if mark is None:
        at = getattr(error, "position", 0) or 0
        line = text.encode()[:at].count(b"\n") + 1
        message = "a control character"
        return YamlError("yaml", line, message, "remove it; an editor may show it as a box")
    lines = text.split("\n")
    line = min(mark.line + 1, len(lines))
    said += " tab" if lines[line - 1].startswith("\t") else ""
    found = (cause[1:] for cause in _CAUSES if cause[0] in said)
    message, hint = next(found, _OTHER)
    value = " ".join(lines[line - 1].split())[:60]
    return YamlError("yaml", line, f"{message}: `{value}`" if value else message, hint)
