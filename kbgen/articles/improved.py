"""What became better because readers spoke up: `content/.kbgen/improved.yml`.

`kbgen insights --save` writes it, a build shows it as a page. It holds counts and the writers' own
sentences, never a word of a reader.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from kbgen.errors import Problem

FILE = ".kbgen/improved.yml"  # below the content folder
_HEAD = """\
# Written by `kbgen insights --save`. Do not edit: the text of an entry comes from `changes:` in the
# front matter of its article, and `changes: false` there takes the article out.
#
# votes: readers who had said that the article did not help. searches: readers who had searched for
#   it and found no answer.
"""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CURE = "run kbgen insights --save, or delete the entry"


class _Dumper(yaml.SafeDumper):
    """Writes a day that occurs twice twice, not as an alias."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """One edit that answered readers: `votes` had said no, `searches` had found nothing."""

    article: str
    lang: str
    day: date
    text: str
    votes: int = 0
    searches: int = 0

    @property
    def place(self) -> tuple[int, str, str, str]:
        """Where it stands in the file and on the page: the newest first."""
        return -self.day.toordinal(), self.article, self.lang, self.text


def write_improved(content: Path, rows: Iterable[Improvement]) -> Path | None:
    """Writes the entries and returns the path; None if there are none and there were none."""
    path = content / FILE
    entries = [_entry(row) for row in sorted(rows, key=lambda row: row.place)]
    if not entries and not path.exists():
        return None
    text = yaml.dump(
        {"improved": entries}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10**6
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".new")
    aside.write_text(_HEAD + text, "utf-8", newline="\n")
    aside.replace(path)
    return path


def _entry(row: Improvement) -> Mapping[str, Any]:
    counts = {"votes": row.votes, "searches": row.searches}
    return {
        "article": row.article,
        "lang": row.lang,
        "date": row.day,
        **{name: count for name, count in counts.items() if count},
        "text": row.text,
    }


def read_improved(
    content: Path, prefix: str = "content/"
) -> tuple[tuple[Improvement, ...], tuple[Problem, ...]]:
    """The entries, newest first, and what in the file cannot be used, which costs only itself.

    `prefix` stands before the name of the file in problems.
    """
    path = content / FILE
    try:
        text = path.read_text("utf-8-sig")
        lines, data = _lines(yaml.compose(text, _LOADER)), yaml.load(text, _LOADER)  # noqa: S506
        entries = list(data["improved"] or ())
    except FileNotFoundError:
        return (), ()
    except (OSError, UnicodeDecodeError, yaml.YAMLError, TypeError, KeyError) as error:
        return (), (_problem(prefix, 1, f"cannot be read: {error!r:.120}"),)
    found, problems = [], []
    for line, entry in zip(lines, entries, strict=False):
        row = _improvement(entry)
        if row:
            found.append(row)
        else:
            problems.append(_problem(prefix, line, f"{entry!r:.120} is not used"))
    return tuple(sorted(found, key=lambda row: row.place)), tuple(problems)


def _lines(root: Any) -> list[int]:
    """The line of each entry, counted from 1."""
    nodes = [value for key, value in getattr(root, "value", ()) if key.value == "improved"]
    items = nodes[0].value if nodes and isinstance(nodes[0], yaml.SequenceNode) else ()
    return [node.start_mark.line + 1 for node in items]


def _improvement(entry: Any) -> Improvement | None:
    if not isinstance(entry, dict):
        return None
    article, lang, text = (str(entry.get(name) or "") for name in ("article", "lang", "text"))
    votes, searches = entry.get("votes", 0), entry.get("searches", 0)
    day = entry.get("date")
    counted = all(type(n) is int and n >= 0 for n in (votes, searches)) and votes + searches > 0
    if not (article and lang and text.strip() and counted and type(day) is date):
        return None
    return Improvement(
        article=article, lang=lang, day=day, text=text, votes=votes, searches=searches
    )


def _problem(prefix: str, line: int, message: str) -> Problem:
    return Problem(prefix + FILE, line, "learned", message, _CURE, "", "warning")
