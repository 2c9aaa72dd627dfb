"""The Whoosh index, in a folder or in memory. Only this module and syntax.py import Whoosh.

Terms are analysed by kbgen, so Whoosh gets them counted. A folder is a cache: `state.json` holds a
hash of each file of the index, and what does not agree with it is thrown away and made anew. Two
runs at once are safe: the second works in memory, as does one that cannot write.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import unicodedata
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from kbgen.search import analysis, light
from kbgen.search import overview as overviews
from kbgen.search.documents import FIELDS, FORMAT, LEARNED, Document, Entry
from kbgen.search.overview import Overview

with light.whoosh():
    from whoosh import fields, formats
    from whoosh.codec.whoosh3 import W3LeafMatcher
    from whoosh.filedb.filestore import FileStorage, RamStorage
    from whoosh.reading import IndexReader, TermNotFound
    from whoosh.util.filelock import FileLock

FACETS = (
    "tag",
    "alias",
    "category",
    "lang",
    "id",
    "audience",
    "owner",
    "updated",
    "reviewed",
)
INDEX, STATE = "index", "state.json"
VERSION = f"{FORMAT}.{analysis.VERSION}.{overviews.FORMAT}"
_ANEW = 0.3  # share of changed documents from which a new index is cheaper than a mended one

Digests = Mapping[str, str]  # path -> digest of the document
Files = Mapping[str, list[int]]  # name -> size and time of a file
Analyse = Callable[[str], Entry]


class _Counted(fields.FieldType):  # type: ignore[misc]  # Whoosh has no types
    """A field whose value is a mapping of terms to counts; they are kept as weights."""

    def __init__(self) -> None:
        super().__init__(formats.Existence(), None)

    def index(
        self, value: Mapping[str, int], **_options: Any
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        for term, count in value.items():
            yield term.encode(), count, float(count), b""


class _Memory(RamStorage):  # type: ignore[misc]
    """An index in memory. Whoosh keeps its drafts on disk, by itself in one folder for all."""

    def __init__(self, drafts: str) -> None:
        super().__init__()
        self._drafts = drafts

    def temp_storage(self, name: str | None = None) -> FileStorage:
        return FileStorage(f"{self._drafts}/{name}").create()


class Store:
    """Documents and their postings. The numbers of documents are Whoosh's and do not last.

    `files` says what the files of the folder looked like; None if the index is in memory.
    """

    def __init__(self, reader: IndexReader, overview: Overview, files: Files | None = None) -> None:
        self._reader = reader
        weakref.finalize(self, reader.close)
        self.overview = overview
        self.files = files

    def document(self, number: int) -> Document:
        """The document that has a number."""
        return Document(**self._reader.stored_fields(number)["document"])

    def postings(self, field: str, term: str) -> Iterator[tuple[int, int]]:
        """(document number, count) of a term in a field."""
        try:
            matcher = self._reader.postings(field, term.encode())
        except TermNotFound:
            return
        for ids, weights in _blocks(matcher):
            yield from zip(ids, map(int, weights), strict=True)

    def numbers(self, field: str, term: str) -> frozenset[int]:
        """The numbers of the documents that have a term in a field."""
        return frozenset(number for number, _ in self.postings(field, term))

    def between(self, field: str, first: str, last: str) -> frozenset[int]:
        """The same for all terms from `first` up to but not with `last`."""
        found: set[int] = set()
        begin, end = first.encode(), last.encode()
        for name, term in self._reader.terms_from(field, begin):
            if name != field or term >= end:
                break
            found |= self.numbers(field, term.decode())
        return frozenset(found)

    def all_postings(self, field: str) -> Iterator[tuple[str, Iterator[tuple[int, int]]]]:
        """Every term of a field with its postings, which are to be read before the next."""
        for term in self._reader.lexicon(field):
            yield term.decode(), self.postings(field, term.decode())


def _blocks(matcher: Any) -> Iterator[tuple[Sequence[int], Sequence[float]]]:
    """Numbers and weights as they lie on the disk, which is five times faster than one by one."""
    while matcher.is_active():
        if type(matcher) is not W3LeafMatcher:  # several segments, or documents that are gone
            yield [matcher.id()], [matcher.weight()]
            matcher.next()
            continue
        matcher.id(), matcher.weight()  # makes it read the block
        yield matcher._ids, matcher._weights  # noqa: SLF001  (Whoosh has no other way)
        matcher._next_block()  # noqa: SLF001


def open_store(wanted: Digests, analyse: Analyse, folder: Path | None) -> Store:
    """The store that holds just the wanted documents; only those it lacks are analysed."""
    if folder is None:
        return _in_memory(wanted, analyse)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(folder / "lock"))
        if not lock.acquire(blocking=False):
            return _in_memory(wanted, analyse)
        try:
            return _in_folder(wanted, analyse, folder / INDEX)
        finally:
            lock.release()
    except OSError:  # no room, no right to write
        return _in_memory(wanted, analyse)


def open_unchanged(folder: Path, files: Files) -> Store | None:
    """The store of a folder whose files still look as `files` says; None if they do not.

    This trusts sizes and times, for reading 24 MB only to hash them takes longer than a search.
    """
    folder = folder / INDEX
    try:
        if _looks(folder) != files:
            return None
        reader = FileStorage(str(folder)).open_index().reader()
        store = Store(reader, overviews.read(folder), files)
        return store if _looks(folder) == files else None  # else: written anew in the meantime
    except Exception:  # noqa: BLE001  (whatever a damaged file makes of Whoosh)
        return None


def _in_memory(wanted: Digests, analyse: Analyse) -> Store:
    with tempfile.TemporaryDirectory(prefix="kbgen-index-") as drafts:
        index = _Memory(drafts).create_index(_schema())
        _write(index, map(analyse, sorted(wanted)), [])
    reader = index.reader()
    return Store(reader, overviews.overview(_documents(reader)))


def _in_folder(wanted: Digests, analyse: Analyse, folder: Path) -> Store:
    held = _digests(folder)
    changed = [path for path, digest in sorted(wanted.items()) if (held or {}).get(path) != digest]
    if held is None or len(changed) > _ANEW * len(wanted):
        held, changed = None, sorted(wanted)
    gone = sorted(set(held or ()) - set(wanted))
    if held is None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        index = FileStorage(str(folder)).create_index(_schema())
    else:
        index = FileStorage(str(folder)).open_index()
    if not changed and not gone and held is not None:
        return Store(index.reader(), overviews.read(folder), _looks(folder))
    (folder / STATE).unlink(missing_ok=True)  # a crash from here on means: make it anew
    _write(index, map(analyse, changed), [*gone, *(p for p in changed if p in (held or ()))])
    reader = index.reader()
    overview = overviews.overview(_documents(reader))
    overview.write(folder)
    _note(folder, wanted)
    return Store(reader, overview, _looks(folder))


def _facets(document: Document) -> dict[str, dict[str, int]]:
    """What queries filter by, in the form in which syntax.py asks for it."""
    parts = document.category.split("/") if document.category else []
    values = {
        "tag": document.tags,
        "alias": document.aliases,
        "category": ["/".join(parts[: n + 1]) for n in range(len(parts))],
        "lang": [document.lang],
        "id": [document.id],
        "audience": ["public" if document.public else "agents"],
        "owner": [document.owner],
        "updated": [document.updated],
        "reviewed": [document.reviewed],
    }
    return {name: dict.fromkeys((folded(v) for v in values[name] if v), 1) for name in FACETS}


def folded(value: str) -> str:
    """A value as it is compared: case and the form of Hangul do not matter."""
    return unicodedata.normalize("NFC", value).casefold().strip("/ ")


def _documents(reader: IndexReader) -> Iterator[tuple[int, Document]]:
    for number, stored in reader.iter_docs():
        yield number, Document(**stored["document"])


def _schema() -> fields.Schema:
    return fields.Schema(
        path=fields.ID(unique=True),
        document=fields.STORED(),
        **{name: _Counted() for name in (*FIELDS, LEARNED, *FACETS)},
    )


def _write(index: Any, entries: Iterator[Entry], remove: list[str]) -> None:
    writer = index.writer(limitmb=256, compound=False)  # one file would be read whole at once
    try:
        for path in remove:
            writer.delete_by_term("path", path)
        for entry in entries:
            stored = entry.document.stored()
            terms = {**entry.terms, **_facets(entry.document)}
            writer.add_document(path=entry.document.path, document=stored, **terms)
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


def _digests(folder: Path) -> dict[str, str] | None:
    """Path -> digest of the documents in a folder; None unless every file is as it was written."""
    try:
        state = json.loads((folder / STATE).read_text("utf-8"))
        if state["version"] == VERSION and state["files"] == _files(folder):
            return {str(path): str(digest) for path, digest in state["documents"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return None


def _note(folder: Path, wanted: Digests) -> None:
    state = {"version": VERSION, "files": _files(folder), "documents": dict(sorted(wanted.items()))}
    (folder / STATE).write_text(json.dumps(state, ensure_ascii=False), "utf-8")


def _files(folder: Path) -> dict[str, str]:
    """Name -> hash of the files of an index."""
    return {
        file.name: blake2b(file.read_bytes(), digest_size=12).hexdigest()
        for file in sorted(folder.iterdir())
        if file.name != STATE and file.is_file()
    }


def _looks(folder: Path) -> Files:
    """Name -> size and time of the files of an index."""
    found = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            seen = entry.stat()
            found[entry.name] = [seen.st_size, seen.st_mtime_ns]
    return found
