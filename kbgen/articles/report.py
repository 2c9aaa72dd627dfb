"""Problems as text for people, JSON for programs and annotations for a pull request."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from kbgen.errors import Problem, Severity

_COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "notice"}


def as_text(problems: Sequence[Problem]) -> str:
    """One problem a line: `path:line: severity: [code] message (cure)`."""
    return "".join(f"{problem}\n" for problem in problems)


def as_json(problems: Sequence[Problem]) -> str:
    """An object with `problems` and the number of each severity; `v` is the format's version."""
    keys = ("path", "line", "code", "severity", "field", "message", "hint")
    rows = [{key: getattr(problem, key) for key in keys} for problem in problems]
    data = {"v": 1, **_counts(problems), "problems": rows}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def as_github(problems: Sequence[Problem]) -> str:
    """Workflow commands that GitHub shows beside the lines of a pull request."""
    return "".join(f"{_annotation(problem)}\n" for problem in problems)


def summary(problems: Sequence[Problem]) -> str:
    """`2 errors, 1 warning`, or that nothing is wrong."""
    named = [(count, name) for name, count in _counts(problems).items() if count]
    parts = [f"{count:,} {name.removesuffix('s') if count == 1 else name}" for count, name in named]
    return ", ".join(parts) or "no problems"


def _counts(problems: Sequence[Problem]) -> dict[str, int]:
    found = Counter(problem.severity for problem in problems)
    return {"errors": found["error"], "warnings": found["warning"], "notes": found["info"]}


def _annotation(problem: Problem) -> str:
    place = f"file={_escaped(problem.path, ':,')}"
    if problem.line:
        place += f",line={problem.line}"
    title = _escaped(f"kbgen {problem.code}", ":,")
    cure = f" ({problem.hint})" if problem.hint else ""
    text = _escaped(problem.message + cure)
    return f"::{_COMMANDS[problem.severity]} {place},title={title}::{text}"


def _escaped(text: str, more: str = "") -> str:
    for char in "%\r\n" + more:
        text = text.replace(char, f"%{ord(char):02X}")
    return text
