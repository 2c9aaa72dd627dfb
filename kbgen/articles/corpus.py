"""A content folder -> a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from kbgen.articles import agreement, reading
from kbgen.articles.codes import problem
from kbgen.articles.decode import LARGEST, too_large
from kbgen.articles.gather import (
    Categories,
    Ids,
    article,
    audience_problem,
    category_problems,
    languages_of,
    without_twins,
)
from kbgen.articles.history import last_changes
from kbgen.articles.link_check import anchor_problems, check_links
from kbgen.articles.model import Article, Category, Corpus
from kbgen.articles.place import Place, is_category_file, layout, markdown_files, parents
from kbgen.articles.reading import Page
from kbgen.errors import ContentError, Problem
from kbgen.settings import Settings


def load_corpus(settings: Settings, *, history: bool = True, links: bool = True) -> Corpus:
    """All articles of a project, drafts and agents-only ones included (`.public` leaves them out).

    What is wrong with the files is in `problems`; a file that cannot be read is left out. With
    `history`, `Article.updated` is the day of the last commit. `links` says whether to follow
    every link. Raises ContentError if there is no content folder.
    """
    updated = last_changes(settings.content) if history else {}
    where = prefix_of(settings)
    return load(settings.content, settings.languages, prefix=where, updated=updated, links=links)


def prefix_of(settings: Settings) -> str:
    """The path of the content folder as problems show it: `content/`."""
    content = settings.content
    inside = content.is_relative_to(settings.root)
    return f"{content.relative_to(settings.root).as_posix() if inside else content.name}/"


def load(
    content: Path,
    languages: Sequence[str],
    *,
    prefix: str = "",
    updated: Mapping[str, date] | None = None,
    links: bool = True,
) -> Corpus:
    """The corpus of a content folder. Problems name files with `prefix` before their path."""
    if not content.is_dir():
        raise ContentError(f"{content}: no such folder (docs_dir: in mkdocs.yml names it)")
    where = layout(content, languages)
    pages: list[Page] = []
    problems: list[Problem] = []
    for path in markdown_files(content):
        page, found = _read(content / path, prefix + path, where.place(path))
        problems += found
        pages += [page] if page else []
    pages, found = without_twins(pages)
    problems += found
    langs, found = languages_of(pages, where.languages)
    problems += found
    made, categories, found = _made(pages, langs, Categories(where, prefix), prefix, updated or {})
    problems += found
    corpus = Corpus(made, categories, (), where.languages)
    problems += agreement.problems(corpus, prefix)
    problems += [found for entry in made for found in anchor_problems(entry, prefix)]
    if links:
        problems += check_links(corpus, content, prefix)
    return replace(corpus, problems=tuple(sorted(merged(problems))))


def merged(problems: Iterable[Problem]) -> list[Problem]:
    """The problems with each piece of advice said once, at its first place, and counted."""
    kept: list[Problem] = []
    advice: dict[tuple[str, str], list[Problem]] = {}
    for entry in problems:
        if entry.severity == "info":
            advice.setdefault((entry.code, entry.field), []).append(entry)
        else:
            kept.append(entry)
    for group in advice.values():
        first = min(group)
        more = len({entry.path for entry in group}) - 1
        files = "file" if more == 1 else "files"
        counted = f"{first.message} (and in {more:,} other {files})" if more else first.message
        kept.append(replace(first, message=counted))
    return kept


def _read(file: Path, path: str, place: Place) -> tuple[Page | None, list[Problem]]:
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
            size = len(data) if len(data) <= LARGEST else file.stat().st_size
    except OSError as error:
        hint = "make the file readable or remove it"
        return None, [problem("unreadable", path, 0, error.strerror or str(error), hint)]
    if size > LARGEST:
        return None, [too_large(size, path)]
    return reading.read(data, path, place)


def _made(
    pages: Sequence[Page],
    langs: Mapping[str, str],
    categories: Categories,
    prefix: str,
    updated: Mapping[str, date],
) -> tuple[tuple[Article, ...], tuple[Category, ...], list[Problem]]:
    """The articles and categories of the pages, sorted."""
    problems: list[Problem] = []
    ids = Ids(pages)
    texts = [page for page in pages if not is_category_file(page.path)]
    for page in pages:
        if is_category_file(page.path):
            categories.add_page(langs[page.path], page)
    folders = {name for page in texts for name in parents(page.place.category)}
    found = []
    for page in texts:
        lang = langs[page.path]
        made = article(page, lang, ids.of(page, lang), prefix, updated)
        problems += category_problems(page, made.category, folders)
        categories.add(lang, made.category)
        if categories.is_for_agents(lang, made.category, page.place.category):
            if page.values.get("audience") == "public":
                problems.append(audience_problem(page, made.category))
            made = replace(made, audience="agents")
        found.append(made)
    ordered = tuple(sorted(found, key=lambda entry: entry.path))
    return ordered, categories.build(), problems + ids.problems
