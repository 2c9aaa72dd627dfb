"""What the index knows of an article: how often which term stands in which field, and its words."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from kbgen.search import analysis
from kbgen.search.analysis import Token

if TYPE_CHECKING:  # a look-up reads no article, and so need not load what reads them
    from kbgen.articles import Article

FORMAT = 6  # of what is stored here; raise it when Document or `analyse` changes
FIELDS = ("title", "questions", "aliases", "headings", "body")
LEARNED = "learned"  # what earlier readers asked; precedents.py compares it as a whole
_PROMINENT = ("title", "questions", "aliases", "headings")

Passage = tuple[str, str, str]  # anchor, title and text of a section; "" where it has none


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article as the index keeps it. `lengths` counts the terms of each of FIELDS."""

    path: str
    digest: str  # changes with anything that is indexed or shown
    id: str
    lang: str
    title: str
    questions: tuple[str, ...]
    learned: tuple[tuple[str, int], ...]  # questions that led readers here, with counts
    url: str  # relative to the root of the site
    category: str
    tags: tuple[str, ...]
    aliases: tuple[str, ...]
    owner: str
    public: bool
    boost: int  # percent
    updated: str  # ISO date of the last change, "" if unknown
    reviewed: str
    reply: str
    lengths: tuple[int, ...]
    texts: bytes = field(repr=False, default=b"")
    written: bytes = field(repr=False, default=b"")

    @property
    def passages(self) -> list[Passage]:
        """The texts of the article by section; the first has no anchor."""
        return [(anchor, title, text) for anchor, title, text in _unpack(self.texts)]

    @property
    def words(self) -> Mapping[str, int]:
        """The words as they are written, to complete and repair what readers type.

        2 if the word stands in a title or a question, 1 if only in the text.
        """
        found: dict[str, int] = _unpack(self.written)
        return found

    def stored(self) -> dict[str, Any]:
        """The values to keep beside the postings."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Entry:
    """A document and its terms by field."""

    document: Document
    terms: Mapping[str, Mapping[str, int]]


def digest(article: Article, learned: Mapping[str, int]) -> str:
    """A hash of all that `analyse` reads, so that only changed articles are read again."""
    seen = (FORMAT, analysis.VERSION, article, sorted(learned.items()))
    return blake2b(repr(seen).encode("utf-8", "replace"), digest_size=12).hexdigest()


def analyse(article: Article, learned: Mapping[str, int], digest: str) -> Entry:
    """The entry of an article. `learned` are questions that led readers to it, with counts."""
    from kbgen.articles import sections  # noqa: PLC0415

    parts = sections(article.body)
    passages = [(part.anchor, part.title, part.text) for part in parts]
    texts = {
        "title": [article.title],
        "questions": list(article.questions),
        "aliases": [*article.aliases, *article.tags, article.id],
        "headings": [part.title for part in parts],
        "body": [article.description, *(part.text for part in parts)],
    }
    tokens = {name: _tokens(found) for name, found in texts.items()}
    terms = {name: _count(found) for name, found in tokens.items()}
    terms[LEARNED] = _count(_tokens(list(learned)))
    document = Document(
        path=article.path,
        digest=digest,
        id=article.id,
        lang=article.lang,
        title=article.title,
        questions=article.questions,
        learned=tuple(sorted(learned.items())),
        url=article.url,
        category=article.category,
        tags=article.tags,
        aliases=article.aliases,
        owner=article.owner,
        public=article.is_public,
        boost=round(100 * article.search_boost),
        updated=article.updated.isoformat() if article.updated else "",
        reviewed=article.reviewed.isoformat() if article.reviewed else "",
        reply=article.reply,
        lengths=tuple(sum(terms[name].values()) for name in FIELDS),
        texts=_pack(_described(article.description, passages)),
        written=_pack(_written(tokens)),
    )
    return Entry(document, terms)


def _tokens(texts: list[str]) -> list[Token]:
    return [token for text in texts for token in analysis.tokens(analysis.normalise(text))]


def _count(tokens: list[Token]) -> dict[str, int]:
    return dict(Counter(term for token in tokens for term in token.terms))


def _written(tokens: Mapping[str, list[Token]]) -> dict[str, int]:
    """The words of an article as readers may type them."""
    words = dict.fromkeys((token.written for token in tokens["body"]), 1)
    for name in _PROMINENT:
        words |= dict.fromkeys((token.written for token in tokens[name]), 2)
    words.pop("", None)
    return words


def _described(description: str, passages: list[Passage]) -> list[Passage]:
    """The passages after the description, unless the text begins with it."""
    if not description or passages[0][2].startswith(description):
        return passages
    return [("", "", description), *passages]


def _pack(value: Any) -> bytes:
    return zlib.compress(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), 1)


def _unpack(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed))
