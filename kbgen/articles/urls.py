"""What readers have bookmarked: `content/.kbgen/urls.yml` remembers each published address.

The ledger maps an address to the article that had it and to the anchors of its headings. A build
in which one of them disappears without a redirect fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from kbgen.articles.codes import problem
from kbgen.articles.model import Article, Corpus
from kbgen.articles.sections import anchors_in, sections
from kbgen.errors import ContentError, Problem, did_you_mean, nearest

LEDGER = ".kbgen/urls.yml"  # below the content folder
VERSION = 1
_HEAD = "# Addresses that readers know. Written by kbgen build; say what may go by redirect_from.\n"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


@dataclass(frozen=True, slots=True)
class Entry:
    """What was published at one address: the id of its article, "" for a category, and anchors."""

    id: str
    anchors: tuple[str, ...] = ()


Ledger = Mapping[str, Entry]  # "ko/returns/refund-when/" -> what is there


def read_ledger(content: Path) -> Ledger:
    """The ledger of a content folder; empty if there is none. Raises ContentError if unreadable."""
    file = content / LEDGER
    if not file.is_file():
        return {}
    hint = "restore it from git; it says what readers have bookmarked"
    try:
        data = yaml.load(file.read_text("utf-8"), _LOADER)  # noqa: S506  (a SafeLoader)
        if data["v"] != VERSION:
            raise ContentError(f"{file}: version {data['v']} is not {VERSION} (update kbgen)")
        pages = data["pages"] or {}
        return {
            str(url): Entry(str(row.get("id", "")), tuple(map(str, row.get("anchors", ()))))
            for url, row in pages.items()
        }
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"{file}: cannot be read: {error} ({hint})") from error


def write_ledger(content: Path, ledger: Ledger) -> bool:
    """Writes the ledger, sorted; says whether the file changed."""
    text = ledger_text(ledger)
    file = content / LEDGER
    if file.is_file() and file.read_text("utf-8") == text:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8", newline="\n")
    return True


def ledger_text(ledger: Ledger) -> str:
    """The ledger as YAML: the same entries always give the same bytes."""
    rows = {url: _row(ledger[url]) for url in sorted(ledger)}
    data = {"v": VERSION, "pages": rows}
    return _HEAD + str(
        yaml.dump(data, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=10**6,
                  default_flow_style=None)
    )  # fmt: skip


def record(ledger: Ledger, corpus: Corpus) -> Ledger:
    """The ledger with what a corpus publishes now; redirected addresses stay remembered."""
    kept = {url: entry for url, entry in ledger.items() if url in _redirects(corpus.articles)}
    return {**kept, **_published(corpus)}


def vanished(ledger: Ledger, corpus: Corpus, prefix: str = "content/") -> list[Problem]:
    """Addresses and anchors of the ledger that the corpus has no more, with the cure."""
    now = _Now(corpus, prefix)
    redirected = _redirects(corpus.articles)
    return [
        found
        for url, entry in sorted(ledger.items())
        if url not in redirected or url in now.pages
        for found in now.missing(url, entry)
    ]


def _row(entry: Entry) -> dict[str, object]:
    row: dict[str, object] = {"id": entry.id} if entry.id else {}
    return {**row, "anchors": list(entry.anchors)} if entry.anchors else row


def _published(corpus: Corpus) -> dict[str, Entry]:
    found = {category.url: Entry("") for category in corpus.categories}
    for article in corpus.articles:
        found[article.url] = Entry(article.id, anchors_of(article))
    return found


def anchors_of(article: Article) -> tuple[str, ...]:
    """The anchors of the headings of an article, in order."""
    return tuple(section.anchor for section in sections(article.body)[1:])


def _redirects(articles: Iterable[Article]) -> set[str]:
    return {old for article in articles for old in article.redirect_from}


class _Now:
    """What is published now, to tell what took the place of what is gone."""

    def __init__(self, corpus: Corpus, prefix: str) -> None:
        self.corpus, self.prefix = corpus, prefix
        self.pages = _published(corpus)
        self.articles = {article.url: article for article in corpus.articles}
        self.near: dict[str, list[str]] = {}
        for url in self.pages:
            for part in _parts(url):
                self.near.setdefault(part, []).append(url)

    def missing(self, url: str, entry: Entry) -> Iterator[Problem]:
        """The address, or the anchors at it that are gone."""
        if url not in self.pages:
            yield self.gone(url, entry)
        elif url in self.articles:
            yield from self.lost_anchors(self.articles[url], entry)

    def lost_anchors(self, article: Article, entry: Entry) -> Iterator[Problem]:
        known = anchors_in(article.body)
        for anchor in entry.anchors:
            if anchor not in known:
                where = f"/{article.url}#{anchor}"
                message = f"the anchor {where} is gone; links to it open the top of the page"
                near = did_you_mean(anchor, known)
                hint = f"write {{#{anchor}}} after the heading that took its place"
                hint = f"{hint}; {near}" if near else hint
                yield problem("anchor-gone", self.prefix + article.path, 0, message, hint)

    def gone(self, url: str, entry: Entry) -> Problem:
        lang = url.partition("/")[0]
        same = self.corpus.by_id.get(entry.id, ())
        moved = [article for article in same if article.url.partition("/")[0] == lang]
        message = f"the address /{url} was published and is gone"
        if moved:
            path = self.prefix + moved[0].path
            hint = f"{entry.id} is here now: add redirect_from: [/{url}]"
            return problem("address-gone", path, 1, message, hint, field="redirect_from")
        around = [other for part in _parts(url) for other in self.near.get(part, ())]
        near = nearest(url, around[:200])
        place = f" such as that of /{near}" if near else ""
        hint = f"restore it, or add redirect_from: [/{url}] to the article that answers it{place}"
        return problem(
            "address-gone", self.prefix + LEDGER, 0, message, hint, field="redirect_from"
        )


def _parts(url: str) -> tuple[str, str]:
    """Folder and last name of an address, to find its neighbours by."""
    folder, _, name = url.rstrip("/").rpartition("/")
    return f"{folder}/", name
