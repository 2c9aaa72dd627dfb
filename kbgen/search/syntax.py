"""Queries with fields: `tag:refund AND updated:>2026-01`. Whoosh parses, kbgen looks up.

A query is read so only if one of the FIELDS stands in it, directly before its value; whatever else
agents paste from a customer stays plain text. What has a field narrows the results. Words beside
it rank them, as in any search: only AND, OR and NOT make words narrow as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, Literal

from kbgen.errors import SearchError, did_you_mean
from kbgen.search import analysis, light
from kbgen.search.documents import FIELDS as TEXT_FIELDS
from kbgen.search.store import Store, folded

with light.whoosh():
    from whoosh.qparser import QueryParser, plugins
    from whoosh.qparser import syntax as nodes

Kind = Literal["words", "value", "date"]

# Field -> what its value is, and where the index has it.
FIELDS: dict[str, tuple[Kind, str]] = {
    "title": ("words", "title"),
    "questions": ("words", "questions"),
    "headings": ("words", "headings"),
    "body": ("words", "body"),
    "text": ("words", "body"),
    "tag": ("value", "tag"),
    "alias": ("value", "alias"),
    "category": ("value", "category"),
    "lang": ("value", "lang"),
    "id": ("value", "id"),
    "audience": ("value", "audience"),
    "owner": ("value", "owner"),
    "updated": ("date", "updated"),
    "reviewed": ("date", "reviewed"),
}
LONGEST = 500  # characters of a query with fields; what is longer was pasted

_NAMES = "|".join(FIELDS)
_MEANT = re.compile(rf"(?:^|(?<=[\s(]))(?:{_NAMES}):(?=[\w\"<>\[{{]|\([\w\"])")
_TOKEN = re.compile(r'"[^"]*"|[\[{][^\]}]*[\]}]|[()"]|[^\s()"\[{]+|[\[{]')
_FIELD = re.compile(rf"({_NAMES}):[<>=]*")
_LIKE_A_FIELD = re.compile(r"([a-z]{2,12}):[^\s/]")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_LAST = "\uffff"

Numbers = AbstractSet[int]


class _Beside(nodes.GroupNode):  # type: ignore[misc]  # Whoosh has no types
    """What stands side by side without AND and OR."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A query with fields. `text` ranks; `numbers` says which documents are meant.

    `is_whole` if these are all results, also those that have no word of `text`.
    """

    text: str
    is_whole: bool
    find: Callable[[Store], Numbers] = field(repr=False)

    def numbers(self, store: Store) -> Numbers:
        """The documents that pass."""
        return self.find(store)


def is_meant(text: str) -> bool:
    """Whether a query asks by fields, rather than being a text that happens to have a colon."""
    return len(text) <= LONGEST and "\n" not in text and bool(_MEANT.search(text))


def parse(text: str) -> Asked:
    """The query that a text with fields asks. Raises SearchError with the place and the cure."""
    text = unicodedata.normalize("NFC", text)
    _check(text)
    try:
        return _parsed(text)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        # Whoosh stumbles over a sign such as < that stands where it means nothing.
        raise _problem("cannot be read", "put values with signs in quotes", text, 0) from None


def _parsed(text: str) -> Asked:
    tree = _parser().process(text)
    reader = _Reader(text)
    top = list(tree) if isinstance(tree, _Beside) else [tree]
    loose = [node for node in top if _is_free(node)]
    strict = [reader.read(node) for node in top if not _is_free(node)]
    words = " ".join(_free_words(tree))
    return Asked(words, is_whole=not loose, find=lambda store: _all(store, strict))


def _parser() -> QueryParser:
    return QueryParser(
        None,
        None,
        group=_Beside,
        plugins=[
            plugins.FieldsPlugin(rf"(?<!\w)(?P<text>{_NAMES}):"),
            plugins.PhrasePlugin(),
            plugins.PrefixPlugin(),
            plugins.RangePlugin(),
            plugins.GtLtPlugin(),
            plugins.GroupPlugin(),
            plugins.OperatorsPlugin(AndNot=None, AndMaybe=None, Require=None),
        ],
    )


Find = Callable[[Store], Numbers]


class _Reader:
    """Syntax nodes -> functions that find documents."""

    def __init__(self, text: str) -> None:
        self._text = text

    def read(self, node: Any) -> Find:
        """What finds the documents of a node. Raises SearchError if the node makes no sense."""
        if isinstance(node, nodes.NotGroup):
            (only,) = map(self.read, node)
            return lambda store: _everything(store) - only(store)
        if isinstance(node, nodes.OrGroup):
            either = list(map(self.read, node))
            return lambda store: _any(store, either)
        if isinstance(node, _Beside) and any(map(_is_free, node)):
            words = [self.read(each) for each in node if _is_free(each)]
            rest = [self.read(each) for each in node if not _is_free(each)]
            return lambda store: _all(store, [*rest, lambda s: _any(s, words)])
        if isinstance(node, nodes.GroupNode):
            every = list(map(self.read, node))
            return lambda store: _all(store, every)
        return self._leaf(node)

    def _leaf(self, node: Any) -> Find:
        kind, name = FIELDS.get(node.fieldname, ("words", ""))
        if isinstance(node, nodes.RangeNode):
            return self._range(node, kind, name)
        is_prefix = isinstance(node, plugins.PrefixPlugin.PrefixNode)
        if is_prefix and name and kind != "value":
            cure = "words are found in all their forms without it"
            raise _error("* is for " + _named("value"), cure, self._text, node)
        if kind == "words":
            return _has_words(name, node.text)
        if kind == "date":
            day = self._day(node.text, node)
            return lambda store: store.between(name, day, day + _LAST)
        value = folded(node.text)
        if is_prefix:
            return lambda store: store.between(name, value, value + _LAST)
        return lambda store: store.numbers(name, value)

    def _range(self, node: Any, kind: Kind, name: str) -> Find:
        if kind != "date":
            message = "<, > and [… TO …] are for " + _named("date")
            raise _error(message, "updated:>2026-01", self._text, node)
        low = self._day(node.start, node) if node.start else ""
        high = self._day(node.end, node) if node.end else "9999"
        # A month begins with its first day and ends with its last, so 2026-01 stands for all.
        first = low + _LAST if node.startexcl and low else low
        after = high if node.endexcl else high + _LAST
        return lambda store: store.between(name, first, after)

    def _day(self, text: str, node: Any) -> str:
        day = text.strip()
        if not _is_date(day):
            cure = "write 2026, 2026-01 or 2026-01-31"
            raise _error(f"{day!r:.40} is no date", cure, self._text, node)
        return day


def _named(kind: Kind) -> str:
    names = [name for name, (of, _) in FIELDS.items() if of == kind]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _is_date(text: str) -> bool:
    with suppress(ValueError):
        return bool(_DATE.fullmatch(text) and date.fromisoformat((text + "-01-01")[:10]))
    return False


def _is_free(node: Any) -> bool:
    """Whether a node is a word or a text in quotes without a field."""
    return not isinstance(node, nodes.GroupNode) and not getattr(node, "fieldname", None)


def _free_words(node: Any) -> Iterator[str]:
    if isinstance(node, nodes.NotGroup):
        return
    if isinstance(node, nodes.GroupNode):
        for each in node:
            yield from _free_words(each)
    elif _is_free(node) and node.has_text:
        yield str(node.text)


def _has_words(name: str, text: str) -> Find:
    """The documents that have every word of a text, in one field or, without a name, anywhere."""
    tokens = list(analysis.tokens(analysis.normalise(text)))
    finds = [partial(_has_token, (name,) if name else TEXT_FIELDS, token) for token in tokens]
    return lambda store: _all(store, finds)


def _has_token(fields: Sequence[str], token: analysis.Token, store: Store) -> Numbers:
    """By its stem, by its parts if it is a compound, or by its pairs of syllables."""
    found: set[int] = set()
    for terms in (token.words[:1], token.words[1:], token.pairs):
        if terms:
            found |= _all(store, [partial(_has_term, fields, term) for term in terms])
    return found


def _has_term(fields: Sequence[str], term: str, store: Store) -> Numbers:
    return frozenset().union(*(store.numbers(field, term) for field in fields))


def _everything(store: Store) -> Numbers:
    return frozenset(row.number for row in store.overview.rows)


def _all(store: Store, finds: Iterable[Find]) -> Numbers:
    found = _everything(store)
    for find in finds:
        found &= find(store)
    return found


def _any(store: Store, finds: Iterable[Find]) -> Numbers:
    return frozenset().union(*(find(store) for find in finds))


def _check(text: str) -> None:
    """Raises SearchError where the parser would guess."""
    opened: list[int] = []
    before = ""  # the last operator or bracket, while something must follow it
    at = 0
    for match in _TOKEN.finditer(text):
        word, at = match[0], match.start()
        if word in ('"', "[", "{"):
            raise _problem(f"{word} is never closed", "close it, or leave it out", text, at)
        if word == "(":
            opened.append(at)
        elif word == ")":
            if not opened:
                raise _problem(") closes nothing", "leave it out", text, at)
            opened.pop()
        before = _follow(word, before, text, at)
    if opened:
        raise _problem("( is never closed", "close it, or leave it out", text, opened[-1])
    if before in _OPERATORS:
        raise _problem(f"nothing follows {before}", "leave it out", text, at)


_OPERATORS = ("AND", "OR", "NOT")


def _follow(word: str, before: str, text: str, at: int) -> str:
    if word in ("AND", "OR", ")"):
        if before or not text[:at].strip():
            cure = "put a word or a field on both sides"
            raise _problem(f"nothing comes before {word}", cure, text, at)
        return "" if word == ")" else word
    if word == "NOT" and before == "NOT":
        raise _problem("NOT stands twice", "leave both out", text, at)
    if word in ("(", "NOT"):
        return word
    if _FIELD.fullmatch(word):
        after = text[at + len(word) :]
        if not after or after[0].isspace() or after[0] == ")":
            name = word.partition(":")[0]
            cure = f"write the value directly behind it: {word}value"
            raise _problem(f"{name}: has no value", cure, text, at)
        return before
    like = _LIKE_A_FIELD.match(word)
    if like and like[1] not in FIELDS:
        hint = did_you_mean(like[1], FIELDS)
        if hint:
            raise _problem(f"no field is named {like[1]}", hint, text, at)
    return ""


def _error(message: str, cure: str, text: str, node: Any) -> SearchError:
    return _problem(message, cure, text, node.startchar or 0)


def _problem(message: str, cure: str, text: str, at: int) -> SearchError:
    """An error with the query and a mark below the place, wide characters counted as two."""
    width = sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text[:at])
    place = f"\n  {text}\n  {' ' * width}^"
    return SearchError(f"{message} ({cure}){place}")
