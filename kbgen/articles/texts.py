"""Which commit wrote which text of an article: the git history, by revision."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kbgen.articles import reading
from kbgen.articles.place import layout
from kbgen.articles.reading import Page

_FORMAT = "%x01%H%x02%as%x02%s"


@dataclass(frozen=True, slots=True)
class Commit:
    """The commit that first had a text: its day (author's clock) and the line that says what it
    did. `is_first` if the file came with it."""

    day: date
    subject: str
    is_first: bool = False


def texts(
    content: Path, paths: Iterable[str], languages: Sequence[str]
) -> Mapping[str, Mapping[str, Commit]]:
    """The commits of each file (path below the content folder) by the revision they wrote.

    A commit that left title and body alone is not there. Empty without git or outside a
    repository; follows no renames.
    """
    found: dict[str, dict[str, Commit]] = {}
    for path, commit, page in past_pages(content, paths, languages):
        commits = found.setdefault(path, {})
        first = not commits
        commits.setdefault(page.rev, Commit(commit.day, commit.subject, first))
    return found


def past_pages(
    content: Path, paths: Iterable[str], languages: Sequence[str]
) -> Iterator[tuple[str, Commit, Page]]:
    """What each file held in each commit that touched it, oldest first."""
    wanted = sorted({path for path in paths if "\n" not in path})
    if not wanted:
        return
    command = ["log", "-z", "--reverse", f"--format={_FORMAT}", "--name-only", "--no-renames",
               "--no-merges", "--relative", "--diff-filter=AM", "--"]  # fmt: skip
    log = _git(content, [*command, *(f":(literal){path}" for path in wanted)])
    written = list(_written(log.decode("utf-8", "surrogateescape")))
    names = "".join(f"{sha}:./{path}\n" for sha, path, _ in written)
    saved = _git(content, ["cat-file", "--batch"], names.encode("utf-8", "surrogateescape"))
    where = layout(content, languages)
    for (_, path, commit), data in zip(written, _contents(saved), strict=False):
        page, _ = reading.read(data, path, where.place(path))
        if page:
            yield path, commit, page


def _git(folder: Path, arguments: Sequence[str], given: bytes = b"") -> bytes:
    """What git prints; nothing where it fails."""
    try:
        run = subprocess.run(  # noqa: S603
            ["git", "-C", str(folder), *arguments],  # noqa: S607
            input=given, capture_output=True, check=True, timeout=120,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return b""
    return run.stdout


def _written(log: str) -> Iterator[tuple[str, str, Commit]]:
    """Commit, path and what is known of the commit, oldest first."""
    for entry in log.split("\x01")[1:]:
        head, *paths = (part.lstrip("\n") for part in entry.split("\0"))
        sha, day, subject = head.split("\x02", 2)
        commit = Commit(date.fromisoformat(day), subject.strip())
        yield from ((sha, path, commit) for path in paths if path)


def _contents(batch: bytes) -> Iterator[bytes]:
    """The files in the output of `git cat-file --batch`, b"" for one that is missing."""
    at = 0
    while at < len(batch):
        end = batch.index(b"\n", at)
        head = batch[at:end].split(b" ")
        size = int(head[-1]) if head[-1].isdigit() else -1
        yield batch[end + 1 : end + 1 + size] if size >= 0 else b""
        at = end + size + 2
