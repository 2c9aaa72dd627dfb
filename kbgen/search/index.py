"""The index of a corpus: build it, look things up in it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from kbgen.search import excerpt, rank
from kbgen.search.collection import Collection
from kbgen.search.documents import Entry, analyse, digest
from kbgen.search.excerpt import Excerpt, Found
from kbgen.search.overview import Group, Row
from kbgen.search.query import Query, read
from kbgen.search.store import Store, folded, open_store

if TYPE_CHECKING:  # see documents.py
    from kbgen.articles import Corpus
    from kbgen.search.knowledge import Learned, Shares


@dataclass(frozen=True, slots=True)
class Hit:
    """One article that was found. `url` is relative to the root of the site."""

    article: str  # id
    lang: str
    path: str
    public: bool
    url: str
    title: Excerpt
    question: Excerpt | None  # the one of its questions that matches better than the title does
    category: str
    score: int
    snippet: Excerpt
    sections: tuple[Found, ...]
    reply: str
    updated: str
    reviewed: str


class Where(Protocol):
    """What a query with fields asks for."""

    @property
    def is_whole(self) -> bool:
        """Whether all that pass are results, also those without a word of the query."""

    def numbers(self, store: Store) -> AbstractSet[int]:
        """The documents that pass."""


class Index:
    """The articles of a corpus, ready to be searched. Thread-safe only for reading once warm."""

    def __init__(self, store: Store, prior: Shares | None = None) -> None:
        self.store = store
        self.prior: Shares = prior or {}
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
            self._collections[key] = Collection(self.store, key, self.prior)
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
        where: Where | None = None,
    ) -> list[Hit]:
        """The best articles for a query in any words; an empty list if no word of it is known.

        Without `lang` the languages are searched each by itself and ordered by score. `category`
        includes what lies below it. `audience="public"` leaves out what only agents may see.
        `where` are the fields that a query asks for, as syntax.py reads them.
        """
        allowed = self._allowed(category, tag, where)
        is_whole = bool(where and where.is_whole)
        found: list[_Found] = []
        for each in [lang] if lang else self.languages:
            among = self.collection(each, public=audience == "public")
            asked = read(query, among)
            scores = _scores(among, asked, allowed, is_whole=is_whole)
            found += [
                _Found(scores[at], among.rows[at], among, at, asked)
                for at in rank.best(scores, len(scores) if is_whole else limit)
            ]
        found.sort(key=lambda f: (f.row.lang, f.at))
        found.sort(key=lambda f: f.row.updated if not f.score else "", reverse=True)
        found.sort(key=lambda f: -f.score)
        return [_hit(each) for each in found[:limit]]

    def _allowed(
        self, category: str | None, tag: str | None, where: Where | None
    ) -> AbstractSet[int] | None:
        """The numbers of the documents that pass; None if all do."""
        wanted = [("category", category), ("tag", tag)]
        sets = [self.store.numbers(name, folded(value)) for name, value in wanted if value]
        sets += [frozenset(where.numbers(self.store))] if where else []
        return frozenset.intersection(*sets) if sets else None

    def ranking(self, query: str, lang: str, *, limit: int = 10) -> list[str]:
        """The paths of the best public articles: a search without the cost of showing them."""
        return [path for path, _ in self.scored(query, lang, limit=limit)]

    def scored(self, query: str, lang: str, *, limit: int = 10) -> list[tuple[str, int]]:
        """The best public articles as `ranking` gives them, each with its score."""
        among = self.collection(lang, public=True)
        scores = rank.worthwhile(among.scores(read(query, among)), among.tuning.floor)
        return [(among.rows[place].path, scores[place]) for place in rank.best(scores, limit)]

    def article(
        self, name: str, query: str, *, lang: str | None = None, audience: str | None = None
    ) -> list[Hit]:
        """The article that has an id, in each of its languages: as a hit, though it may be none."""
        found = []
        for each in [lang] if lang else self.languages:
            among = self.collection(each, public=audience == "public")
            asked = read(query, among)
            for at, row in enumerate(among.rows):
                if row.id.casefold() == name.casefold():
                    score = among.scores(asked).get(at, 0)
                    found.append(_hit(_Found(score, row, among, at, asked)))
        return found


class _Found(NamedTuple):
    score: int
    row: Row
    among: Collection
    at: int
    asked: Query


def _scores(
    among: Collection, asked: Query, allowed: AbstractSet[int] | None, *, is_whole: bool
) -> dict[int, int]:
    """Place -> score of what is found; if that `is_whole`, of all that is allowed."""
    scores = among.scores(asked)
    if allowed is None:
        return rank.worthwhile(scores, among.tuning.floor)
    passed = [at for at, row in enumerate(among.rows) if row.number in allowed]
    if is_whole:
        return {at: scores.get(at, 0) for at in passed}
    found = {at: scores[at] for at in passed if at in scores}
    return rank.worthwhile(found, among.tuning.floor)


def _hit(found: _Found) -> Hit:
    document = found.among.document(found.at)
    worth = found.among.worth(found.asked)
    passages = document.passages
    if not worth.value:  # listed by date: the beginning is shown
        passages = [next((p for p in passages if p[2]), passages[0])]
    snippet, sections = excerpt.excerpts(passages, worth)
    return Hit(
        article=document.id,
        lang=document.lang,
        path=document.path,
        public=document.public,
        url=document.url,
        title=excerpt.marked(document.title, worth),
        question=excerpt.best_question(document.questions, document.title, worth),
        category=document.category,
        score=found.score,
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
    prior: Shares | None = None,
) -> Index:
    """The index of a corpus; articles that `cache` holds unchanged are not analysed again.

    `learned` are questions that led earlier readers to an article, `prior` what else
    speaks for it, 0-1.
    `cache` is a folder that other parts do not build an index in; with None it lives in memory.
    """
    articles = {a.path: a for a in corpus.articles if not a.search_exclude and not a.draft}
    known = learned or {}
    digests = {path: digest(a, known.get(a.id, {})) for path, a in articles.items()}

    def read(path: str) -> Entry:
        article = articles[path]
        return analyse(article, known.get(article.id, {}), digests[path])

    return Index(open_store(digests, read, cache), prior)
