"""The errors of kbgen and the problems it reports.

* KbgenError
  + ConfigError      mkdocs.yml or the command line asks for something impossible
  + ContentError     the content tree cannot be used at all (single files never raise)
  + SearchError      an index or a shard cannot be read
  + EventError       an event, an export or the event store cannot be read
  + BuildError       the site cannot be built

Bad input never raises: it becomes a `Problem`, so that one run reports all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]


class KbgenError(Exception):
    """Base of every error that kbgen raises on purpose; its text is meant for the user."""


class ConfigError(KbgenError):
    """mkdocs.yml or the command line asks for something impossible."""


class ContentError(KbgenError):
    """The content tree cannot be used at all."""


class SearchError(KbgenError):
    """An index or a shard cannot be read."""


class EventError(KbgenError):
    """An event, an export or the event store cannot be read."""


class BuildError(KbgenError):
    """The site cannot be built."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in one place, with its cure.

    `path` is relative to the project folder with forward slashes, `line` counts from 1
    (0: the file as a whole). `code` is stable and documented in docs/checks.md. `message`
    states the value found; `hint` is the cure ("did you mean ...").
    """

    path: str
    line: int
    code: str
    message: str
    hint: str = ""
    field: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        cure = f" ({self.hint})" if self.hint else ""
        return f"{where}: {self.severity}: [{self.code}] {self.message}{cure}"


def nearest(value: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The known name that may be meant; "" if none is as near as `cutoff` (1: the same)."""
    from difflib import get_close_matches  # noqa: PLC0415  (slow to load, and only for hints)

    return next(iter(get_close_matches(value, list(known), 1, cutoff)), "")


def did_you_mean(value: str, known: Iterable[str], cutoff: float = 0.6) -> str:
    """The hint that names the one that `nearest` finds; "" if it finds none."""
    near = nearest(value, known, cutoff)
    return f"did you mean {near}?" if near else ""


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of the problems is an error rather than advice."""
    return any(problem.severity == "error" for problem in problems)
