"""What the path of a file says: language, category and address; and which names are refused.

An address is the path without `.md`, in NFC, unencoded: `Store Support/Returns.md` is shown at
`Store Support/Returns/`. Percent-encoding belongs to whoever writes it into a link.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SUFFIX = ".md"
_CATEGORY_FILES = ("index.md", "readme.md")
_TAG = re.compile(r"[a-z]{2}(-[A-Z][A-Za-z]{1,3})?")
_REFUSED = re.compile(r'[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\\%?#:*"<>|]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)

# ISO 639-1, to tell the folder of a language that mkdocs.yml forgot from a category.
_ISO_639_1 = (
    "af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id "
    "is it ja ka kk km kn ko ku ky lo lt lv mk ml mn mr ms my nb ne nl nn no pa pl ps pt ro ru si "
    "sk sl sq sr sv sw ta te tg th tk tl tr uk ur uz vi zh"
)
_LANGUAGES = frozenset(_ISO_639_1.split())


@dataclass(frozen=True, slots=True)
class Place:
    """Where one file stands. `folder` is its address without the file's own name."""

    lang: str
    folder: str  # "ko/returns", or "returns" on a site without language folders; "" at the top
    category: str  # the folder without the language
    slug: str  # "" for the page of a category
    listed: bool = True  # whether mkdocs.yml lists the language

    @property
    def url(self) -> str:
        """Address relative to the root of the site."""
        return "".join(f"{part}/" for part in (self.folder, self.slug) if part)

    @property
    def key(self) -> str:
        """The same for all languages of an article."""
        return "/".join(part for part in (self.category, self.slug) if part)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which first folders of the content are languages."""

    languages: tuple[str, ...]
    has_folders: bool

    def place(self, path: str) -> Place:
        """The place of a file; `path` is relative to the content folder."""
        *folders, name = unicodedata.normalize("NFC", path).split("/")
        slug = "" if name.lower() in _CATEGORY_FILES else name.removesuffix(SUFFIX)
        first = folders[0] if folders else ""
        if self.has_folders and first in self.languages:
            return Place(first, "/".join(folders), "/".join(folders[1:]), slug)
        if self.has_folders and _TAG.fullmatch(first) and first[:2] in _LANGUAGES:
            return Place(first, "/".join(folders), "/".join(folders[1:]), slug, listed=False)
        folder = "/".join(folders)
        return Place(self.languages[0], folder, folder, slug)

    def folder(self, lang: str, category: str) -> str:
        """The address of a category without its last slash."""
        return "/".join(part for part in (lang if self.has_folders else "", category) if part)


def layout(content: Path, languages: Sequence[str]) -> Layout:
    """The layout of a content folder: with language folders as soon as one of them exists."""
    return Layout(tuple(languages), any((content / lang).is_dir() for lang in languages))


def is_category_file(path: str) -> bool:
    """Whether the file is the page of its folder rather than an article."""
    return path.rsplit("/", 1)[-1].lower() in _CATEGORY_FILES


def markdown_files(content: Path) -> list[str]:
    """Paths of the articles and category pages below a folder, sorted.

    Hidden files and those that begin with `_` are left out: `_snippets/` is for includes.
    A README.md beside an index.md is left out as MkDocs does.
    """
    found = sorted(_walk(content, ""))
    taken = {path.rsplit("/", 1)[0] if "/" in path else "" for path in found if _is_index(path)}
    return [
        path
        for path in found
        if _is_index(path) or not is_category_file(path) or path.rpartition("/")[0] not in taken
    ]


def refusal(path: str) -> str:
    """Why a path cannot become an address; "" if it can."""
    for part in path.removesuffix(SUFFIX).split("/"):
        if bad := _REFUSED.search(part):
            return f"a name must not hold {bad[0]!r}"
        if part.startswith(".") or part != part.strip(". "):
            return f"a name must not begin with a dot nor end with a dot or a space: '{part}'"
        if _RESERVED.fullmatch(part):
            return f"'{part}' is a reserved name on Windows"
        if len(part.encode("utf-8", "surrogatepass")) > 200:
            return f"the name is longer than 200 bytes: '{part[:30]}…'"
        if any("\ud800" <= char <= "\udfff" for char in part):
            return "the name is not UTF-8"
    return ""


def title_of(name: str) -> str:
    """A title made from a file or folder name: `payments-and-invoices` -> Payments and invoices."""
    words = " ".join(re.sub(r"[-_]+", " ", unicodedata.normalize("NFC", name)).split())
    return words[:1].upper() + words[1:]


def parents(category: str) -> list[str]:
    """A category and those above it, from the top: `a/b` -> `a`, `a/b`."""
    parts = category.split("/") if category else []
    return ["/".join(parts[: at + 1]) for at in range(len(parts))]


def _is_index(path: str) -> bool:
    return path == "index.md" or path.endswith("/index.md")


def _walk(folder: Path, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith((".", "_")):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(folder / entry.name, f"{prefix}{entry.name}/")
            elif entry.name.endswith(SUFFIX) and entry.is_file():
                yield prefix + entry.name
