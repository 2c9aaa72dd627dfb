"""The index of a corpus: build it, look things up in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kbgen.search import excerpt, rank
from kbgen.search.collection import Collection, Reason
from kbgen.search.documents import Document, Entry, analyse, digest
from kbgen.search.excerpt import Excerpt, Found, Worth
from kbgen.search.knowledge import Helpful, Learned
from kbgen.search.overview import Group
from kbgen.search.query import read
from kbgen.search.store import Store, open_store

if TYPE_CHECKING:  # see documents.py
    from kbgen.articles import Corpus


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that was found. `url` is relative to the root of the site."""

    article: str  # id
    lang: str
    path: str
    public: bool
    url: str
    title: Excerpt
    category: str
    score: int
    snippet: Excerpt
    sections: tuple[Found, ...]
    reply: str
    updated: str
    reviewed: str


class Index:
    """The articles of a corpus, ready to be searched. Thread-safe only for reading once warm."""

    def __init__(self, store: Store, helpful: Helpful | None = None) -> None:
        self.store = store
        self.helpful: Helpful = helpful or {}
        self._collections: dict[Group, Collection] = {}

    @property
    def languages(self) -> list[str]:
        """The languages that have articles, sorted."""
        return self.store.overview.languages

    def collection(self, lang: str, *, public: bool = False) -> Collection:
        """The articles of a language; with `public` only those that the public may see.

        Ranking counts words among just these, so the public site and its index agree.
        """
        key = (lang, public)
        if key not in self._collections:
            self._collections[key] = Collection(self.store, key, self.helpful)
        return self._collections[key]

    def search(
        self,
        query: str,
        *,
        lang: str | None = None,
        category: str | None = None,
        tag: str | None = None,
        audience: str | None = None,
        limit: int = 10,
    ) -> list[Hit]:
        """The best articles for a query in any words; an empty list if no word of it is known.

        Without `lang` the languages are searched each by itself and ordered by score. `category`
        includes what lies below it. `audience="public"` leaves out what only agents may see.
        """
        found: list[tuple[int, str, Hit]] = []
        for each in [lang] if lang else self.languages:
            wanted = self.collection(each, public=audience == "public")
            hits = _hits(wanted, query, _Filter(category, tag) if category or tag else None, limit)
            found += [(-hit.score, each, hit) for hit in hits]
        return [hit for _, _, hit in sorted(found, key=lambda f: f[:2])[:limit]]

    def ranking(self, query: str, lang: str, *, limit: int = 10) -> list[str]:
        """The paths of the best public articles: a search without the cost of showing them."""
        return [path for path, _ in self.scored(query, lang, limit=limit)]

    def scored(self, query: str, lang: str, *, limit: int = 10) -> list[tuple[str, int]]:
        """The best public articles as `ranking` gives them, each with its score."""
        among = self.collection(lang, public=True)
        scores = rank.worthwhile(among.scores(read(query, among)))
        return [(among.rows[place].path, scores[place]) for place in rank.best(scores, limit)]

    def explain(self, query: str, hit: Hit, *, audience: str | None = None) -> list[Reason]:
        """Why a hit has its score: each of its terms, most points first.

        `audience` is that of the search that gave the hit.
        """
        among = self.collection(hit.lang, public=audience == "public")
        return among.reasons(read(query, among), hit.path)


@dataclass(frozen=True, slots=True)
class _Filter:
    category: str | None
    tag: str | None

    def passes(self, document: Document) -> bool:
        if self.category and f"{document.category}/".find(f"{self.category.strip('/')}/") != 0:
            return False
        return not self.tag or self.tag.casefold() in (tag.casefold() for tag in document.tags)


def _hits(among: Collection, query: str, wanted: _Filter | None, limit: int) -> Iterator[Hit]:
    asked = read(query, among)
    scores = rank.worthwhile(
        {
            place: score
            for place, score in among.scores(asked).items()
            if not wanted or wanted.passes(among.document(place))
        }
    )
    worth = among.worth(asked)
    for place in rank.best(scores, limit):
        yield _hit(among.document(place), scores[place], worth)


def _hit(document: Document, score: int, worth: Worth) -> Hit:
    snippet, sections = excerpt.excerpts(document.passages, worth)
    return Hit(
        article=document.id,
        lang=document.lang,
        path=document.path,
        public=document.public,
        url=document.url,
        title=excerpt.marked(document.title, worth),
        category=document.category,
        score=score,
        snippet=snippet,
        sections=sections,
        reply=document.reply,
        updated=document.updated,
        reviewed=document.reviewed,
    )


def build_index(
    corpus: Corpus,
    cache: Path | None,
    *,
    learned: Learned | None = None,
    helpful: Helpful | None = None,
) -> Index:
    """The index of a corpus; articles that `cache` holds unchanged are not analysed again.

    `learned` are questions that led earlier readers to an article, `helpful` how much it helped.
    `cache` is a folder that other parts do not build an index in; with None it lives in memory.
    """
    articles = {a.path: a for a in corpus.articles if not a.search_exclude and not a.draft}
    known = learned or {}
    digests = {path: digest(a, known.get(a.id, {})) for path, a in articles.items()}

    def read(path: str) -> Entry:
        article = articles[path]
        return analyse(article, known.get(article.id, {}), digests[path])

    return Index(open_store(digests, read, cache), helpful)
