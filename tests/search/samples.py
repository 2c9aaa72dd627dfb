"""Articles and corpora for the tests of search."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from kbgen.articles import Article, Category, Corpus, rev_of
from kbgen.search import Hit, Index
from kbgen.search.collection import Reason
from kbgen.search.query import read

CASES = sorted((Path(__file__).parent / "cases").glob("*.yml"))


def article(name: str, title: str, body: str = "", **more: Any) -> Article:
    """An article that needs no file; its path comes from language, category and name."""
    lang, category = more.pop("lang", "ko"), more.pop("category", "")
    folder = "/".join(filter(None, [lang, category]))
    values: dict[str, Any] = {
        "path": f"{folder}/{name.lower()}.md",
        "slug": name.lower(),
        "body_line": 1,
        "rev": rev_of(title, body),
    }
    lists = {k: tuple(v) for k, v in more.items() if isinstance(v, list)}
    return Article(
        id=name, lang=lang, category=category, title=title, body=body, **values | more | lists
    )


def corpus(*articles: Article) -> Corpus:
    """A corpus of these articles, with a title for each category."""
    known = {(a.lang, a.category) for a in articles}
    return Corpus(
        articles=tuple(sorted(articles, key=lambda a: a.path)),
        categories=tuple(
            Category(path=path, lang=lang, title=path.title()) for lang, path in sorted(known)
        ),
        languages=tuple(sorted({a.lang for a in articles})),
    )


def reasons(index: Index, query: str, hit: Hit) -> list[Reason]:
    """What gives a hit its score."""
    among = index.collection(hit.lang)
    return among.reasons(read(query, among), hit.path)


def read_cases(path: Path) -> tuple[str, Corpus, list[dict[str, Any]]]:
    """Language, corpus and cases of a file: queries with the articles that they find, in order."""
    data = yaml.safe_load(path.read_text("utf-8"))
    made = [article(values.pop("id"), lang=data["lang"], **values) for values in data["articles"]]
    return data["lang"], corpus(*made), data["cases"]
