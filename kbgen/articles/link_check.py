"""Links of articles that lead nowhere, or where a reader may not follow."""

from __future__ import annotations

import os
import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kbgen.articles.codes import problem
from kbgen.articles.links import Link, links, places
from kbgen.articles.model import Article, Corpus
from kbgen.articles.sections import anchors_in, sections
from kbgen.errors import Problem, did_you_mean

_GLUED = re.compile(r"[^\s#]\{:?\s*#([^\s{}]+)\s*\}\s*#*$")


def check_links(corpus: Corpus, content: Path, prefix: str = "content/") -> list[Problem]:
    """Dead links and anchors, links out of the content folder, links into what stays inside."""
    check = _LinkCheck(corpus, files_below(content), prefix)
    return [found for text in texts(corpus) for found in check.problems(text)]


def files_below(content: Path) -> frozenset[str]:
    """Paths of all files below a folder that are not hidden."""
    found = []
    for folder, folders, names in os.walk(content):
        folders[:] = [name for name in folders if not name.startswith(".")]
        base = Path(folder).relative_to(content).as_posix()
        found += [name if base == "." else f"{base}/{name}" for name in names]
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Text:
    """What may hold links: an article or the page of a category."""

    path: str
    body: str
    line: int
    is_public: bool


def texts(corpus: Corpus) -> Iterator[Text]:
    """All texts of a corpus that may hold links."""
    for article in corpus.articles:
        yield Text(article.path, article.body, article.body_line, article.is_public)
    for category in corpus.categories:
        if category.source:
            is_public = category.audience == "public"
            yield Text(category.source, category.body, category.body_line, is_public)


class _LinkCheck:
    def __init__(self, corpus: Corpus, files: frozenset[str], prefix: str) -> None:
        self.corpus = corpus
        self.files = files
        self.prefix = prefix
        self.bodies = {text.path: text for text in texts(corpus)}

    def problems(self, text: Text) -> Iterator[Problem]:
        """What is wrong with the links of one text."""
        for link in links(text.body):
            if not link.is_external:
                yield from self.one(text, link)

    def one(self, text: Text, link: Link) -> Iterator[Problem]:
        """What is wrong with one link of this site."""
        target = self.target(text.path, link.path) if link.path else text.path
        if target is None:
            yield self.dead(text, link)
        elif target in self.bodies:
            yield from self.inside(text, link, target)
            if link.anchor and link.anchor not in self.anchors_of(target):
                yield self.dead_anchor(text, link, target)

    def target(self, path: str, written: str) -> str | None:
        """The file that a link means; "" for a page that has no file."""
        for candidate in places(path, unicodedata.normalize("NFC", written)):
            if candidate in self.names:
                return self.names[candidate]
            if f"{candidate}/" in self.pages:
                return ""
        return None

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Files by their NFC name; on disk it may be NFD."""
        return {unicodedata.normalize("NFC", path): path for path in self.files}

    @cached_property
    def pages(self) -> frozenset[str]:
        """Addresses of pages that no file stands for."""
        urls = {category.url for category in self.corpus.categories}
        urls |= {article.permalink for article in self.corpus.articles}
        return frozenset(urls | {old for a in self.corpus.articles for old in a.redirect_from})

    @cached_property
    def by_name(self) -> Mapping[str, list[str]]:
        """Files by the last part of their path."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.files):
            found.setdefault(posixpath.basename(path).lower(), []).append(path)
        return found

    def dead(self, text: Text, link: Link) -> Problem:
        """A link to a file that is not there."""
        line = text.line + link.line - 1
        message = f"{link.kind} to {link.target}: no such file"
        path = self.prefix + text.path
        if not any(places(text.path, link.path)):
            message = f"{link.kind} to {link.target}: outside of the content folder"
            hint = "move the file into the content folder, or write its full https:// address"
            return problem("link-outside", path, line, message, hint)
        return problem("dead-link", path, line, message, self.guess(text.path, link.path))

    def guess(self, path: str, written: str) -> str:
        """The file that may have been meant: the same name elsewhere, or a like name here."""
        folder = posixpath.dirname(path)
        name = posixpath.basename(written.rstrip("/")).lower()
        same = self.by_name.get(name) or self.by_name.get(f"{name}.md") or []
        if same:
            best = min(
                same, key=lambda other: (len(posixpath.relpath(other, folder or ".")), other)
            )
            return f"did you mean {posixpath.relpath(best, folder or '.')}?"
        where = posixpath.normpath(posixpath.join(folder, posixpath.dirname(written)))
        siblings = self.by_folder.get("" if where == "." else where, {})
        near = did_you_mean(name, siblings)
        return near or "correct it, or remove the link"

    @cached_property
    def by_folder(self) -> Mapping[str, dict[str, None]]:
        """Names of the files in each folder."""
        found: dict[str, dict[str, None]] = {}
        for path in sorted(self.files):
            found.setdefault(posixpath.dirname(path), {})[posixpath.basename(path)] = None
        return found

    def inside(self, text: Text, link: Link, target: str) -> Iterator[Problem]:
        """A public text that sends readers to an article which the public site does not have."""
        article = self.corpus.by_path.get(target)
        if article is None or article.is_public or not text.is_public:
            return
        what = "for agents only" if article.audience == "agents" else "a draft"
        line = text.line + link.line - 1
        message = f"link to {link.target}: the article is {what}"
        hint = "remove the link, or publish the article"
        yield problem("link-hidden", self.prefix + text.path, line, message, hint)

    def anchors_of(self, path: str) -> frozenset[str]:
        """Every anchor of a page."""
        return anchors_in(self.bodies[path].body)

    def dead_anchor(self, text: Text, link: Link, target: str) -> Problem:
        """A link to a place that the page does not have."""
        line = text.line + link.line - 1
        page = "this page" if target == text.path else self.prefix + target
        message = f"link to {link.target}: {page} has no #{link.anchor}"
        hint = (
            did_you_mean(link.anchor, self.anchors_of(target)) or "correct it, or leave the # out"
        )
        return problem("dead-anchor", self.prefix + text.path, line, message, hint)


def anchor_problems(article: Article, prefix: str = "content/") -> Iterator[Problem]:
    """Headings whose `{#anchor}` Markdown does not read, because no space stands before it."""
    if "{" not in article.body:
        return
    lines = article.body.split("\n")
    for section in sections(article.body)[1:]:
        if match := _GLUED.search(lines[section.line - 1]):
            line = article.body_line + section.line - 1
            message = f"the heading '{section.title:.60}' shows its anchor to readers"
            hint = f"write a space before {{#{match[1]}}}"
            yield problem("heading-anchor", prefix + article.path, line, message, hint)
