"""Translations behind their source: which sections have changed since.

A translation names the revision that it follows. The text of that revision is in the history of
the source; where there is no history, only the fact is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kbgen.articles.model import Article, Corpus
from kbgen.articles.reading import Page
from kbgen.articles.sections import sections
from kbgen.articles.texts import past_pages


@dataclass(frozen=True, slots=True)
class Drift:
    """A translation whose source has moved on.

    `sections` are titles of the source that changed, came or went, in order, "" for what stands
    before the first heading; None if the text that was translated is not known any more.
    """

    article: Article
    source: Article
    sections: tuple[str, ...] | None = None


def behind(corpus: Corpus) -> Iterator[Drift]:
    """The translations that follow an older revision of their source, by path."""
    source_lang = corpus.languages[0] if corpus.languages else ""
    for article in corpus.articles:
        source = corpus.by_key.get((article.id, source_lang))
        if source and article is not source and article.translated_from not in ("", source.rev):
            yield Drift(article, source)


def drifts(corpus: Corpus, content: Path) -> tuple[Drift, ...]:
    """The same with the sections that changed, as the history of the content folder knows them."""
    found = list(behind(corpus))
    wanted = {(drift.source.path, drift.article.translated_from) for drift in found}
    paths = {path for path, _ in wanted}
    old = {
        (path, page.rev): page
        for path, _, page in past_pages(content, paths, corpus.languages or ("en",))
        if (path, page.rev) in wanted
    }
    return tuple(
        replace(drift, sections=changed_sections(page, drift.source))
        if (page := old.get((drift.source.path, drift.article.translated_from)))
        else drift
        for drift in found
    )


def changed_sections(old: Page, now: Article) -> tuple[str, ...]:
    """Titles of the sections that differ, came or went; a new title of the article comes first."""
    before, after = _parts(old.body), _parts(now.body)
    changed = [title for title, text in after.items() if before.get(title, None) != text]
    gone = [title for title in before if title not in after]
    renamed = [now.title] if old.title.split() != now.title.split() else []
    return tuple(dict.fromkeys([*renamed, *changed, *gone]))


def _parts(body: str) -> dict[str, str]:
    """The Markdown of each section by its title; whitespace does not count."""
    lines, found = body.split("\n"), sections(body)
    ends = [section.line - 1 for section in found[1:]] + [len(lines)]
    parts: dict[str, str] = {}
    for section, end in zip(found, ends, strict=True):
        text = " ".join(" ".join(lines[section.line - 1 : end]).split())
        parts[section.title] = f"{parts.get(section.title, '')}{text}\n"
    return {title: text for title, text in parts.items() if title or text.strip()}
