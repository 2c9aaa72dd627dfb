"""When each article last changed, from one run of git."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from datetime import date
from pathlib import Path

_MARK = "%x01%as"


def last_changes(content: Path) -> Mapping[str, date]:
    """Day of the last commit (author's clock) of each file below a folder, by relative path.

    Empty without git, outside a repository or with an unborn branch. Follows no renames: a moved
    file was changed on the day of the move.
    """
    options = ["--name-only", "--no-renames", "--no-merges", "--relative", "--diff-filter=AM"]
    command = ["git", "-C", str(content), "log", "-z", f"--format={_MARK}", *options, "--", "."]
    try:
        run = subprocess.run(command, capture_output=True, check=True, timeout=60)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return {}
    return parse_log(run.stdout.decode("utf-8", "surrogateescape"))


def parse_log(log: str) -> dict[str, date]:
    """Newest day of each path in the output of `git log -z --format=%x01%as --name-only`."""
    found: dict[str, date] = {}
    for commit in log.split("\x01")[1:]:
        day, *paths = (part.lstrip("\n") for part in commit.split("\0"))
        when = date.fromisoformat(day)
        for path in filter(None, paths):
            found[path] = max(when, found.get(path, when))
    return found
