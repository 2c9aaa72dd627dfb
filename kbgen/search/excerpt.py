"""What a result shows: the sentences that answer, with the words that matched.

theme/components/search/excerpt.js says the same in JavaScript.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kbgen.search import analysis
from kbgen.search.analysis import Token
from kbgen.search.documents import Passage

LENGTH = 180  # characters of an excerpt, about two lines on a screen
BEFORE = 60  # of them before the first match, where a sentence is too long
SECTIONS = 3  # sub-results of one article

_SENTENCE = re.compile(r"[^\n]+?(?:[.!?。！？]+(?=\s)|\n|$)")

Mark = tuple[int, int]  # start and end of a match in a text


@dataclass(frozen=True, slots=True)
class Worth:
    """What it is worth to show each term. Terms in `words` are marked wherever they stand, the
    others (pairs of syllables) where two or more of them stand together."""

    value: Mapping[str, int]
    words: AbstractSet[str]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of text and the stretches of it that matched."""

    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A section that matched, with the anchor of its heading."""

    anchor: str
    title: Excerpt
    excerpt: Excerpt


def marked(text: str, worth: Worth) -> Excerpt:
    """A short text as it is, with its matches."""
    text = analysis.normalise(text)
    return Excerpt(text, _marks(analysis.tokens(text), worth))


def best_question(questions: Iterable[str], title: str, worth: Worth) -> Excerpt | None:
    """The question of an article that says more of the query than its title; None if none does."""
    best, most = "", _value_of(title, worth)
    for question in questions:
        value = _value_of(question, worth)
        if value > most:
            best, most = question, value
    return marked(best, worth) if best else None


def excerpts(passages: Sequence[Passage], worth: Worth) -> tuple[Excerpt, tuple[Found, ...]]:
    """The best sentences of an article, and its best sections."""
    scored = []
    for at, (anchor, title, text) in enumerate(passages):
        score, excerpt = _best_sentences(analysis.normalise(text), worth)
        scored.append((2 * _value_of(title, worth) + score, score, at, anchor, title, excerpt))
    main = min(scored, key=lambda s: (-s[1], s[2]))
    floor = max(max(worth.value.values(), default=0) + 1, max(s[0] for s in scored) / 2)
    sections = sorted((s for s in scored if s[3] and s[0] >= floor), key=lambda s: (-s[0], s[2]))
    return main[5], tuple(
        Found(anchor, marked(title, worth), excerpt)
        for _, _, _, anchor, title, excerpt in sections[:SECTIONS]
    )


def _best_sentences(text: str, worth: Worth) -> tuple[int, Excerpt]:
    """The first sentence of the highest worth, with those after it that still fit."""
    spans = [match.span() for match in _SENTENCE.finditer(text)]
    if not spans:
        return 0, Excerpt("")
    scores = [_value(analysis.tokens(text[start:end]), worth) for start, end in spans]
    at = scores.index(max(scores))
    start, end = spans[at]
    for _, after in spans[at + 1 :]:
        if after - start > LENGTH:
            break
        end = after
    return scores[at], _cut(text[start:end].strip(), worth)


def _cut(text: str, worth: Worth) -> Excerpt:
    """A text of at most LENGTH characters, around its first match."""
    text = " ".join(text.split())
    if len(text) <= LENGTH:
        return Excerpt(text, _marks(analysis.tokens(text), worth))
    first = next(iter(_marks(analysis.tokens(text), worth)), (0, 0))[0]
    start = 0
    if first > LENGTH - BEFORE:
        start = text.find(" ", first - BEFORE, first) + 1 or first
    end = start + LENGTH
    if end < len(text):
        space = text.rfind(" ", start + 1, end)
        end = space if space > start + LENGTH // 2 else end
    shown = ("…" if start else "") + text[start:end].rstrip() + ("…" if end < len(text) else "")
    return Excerpt(shown, _marks(analysis.tokens(shown), worth))


def _value_of(text: str, worth: Worth) -> int:
    return _value(analysis.tokens(analysis.normalise(text)), worth)


def _value(found: Iterable[Token], worth: Worth) -> int:
    terms = {term for token in found for term in token.terms}
    return sum(worth.value.get(term, 0) for term in terms)


def _marks(found: Iterable[Token], worth: Worth) -> tuple[Mark, ...]:
    """The stretches to mark, in order, those that touch joined."""
    joined: list[Mark] = []
    for token in found:
        for start, end in _matches(token, worth):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
    return tuple(joined)


def _matches(token: Token, worth: Worth) -> list[Mark]:
    if not token.pairs:
        found = any(term in worth.words and term in worth.value for term in token.words)
        return [(token.start, token.end)] if found else []
    if token.words and token.words[0] in worth.words and token.words[0] in worth.value:
        return [(token.start, token.start + len(token.words[0]))]
    return [
        (token.start + start, token.start + end)
        for start, end in _runs(token.text, worth.value)
        if end - start > 2 or token.text[start:end] in worth.words
    ]


def _runs(text: str, value: Mapping[str, int]) -> list[Mark]:
    """The longest stretches of a text whose pairs are all of value."""
    runs: list[Mark] = []
    for at in range(len(text) - 1):
        if text[at : at + 2] in value:
            joins = bool(runs) and at < runs[-1][1]
            runs[-1:] = [(runs[-1][0], at + 2)] if joins else [*runs[-1:], (at, at + 2)]
    return runs
