"""Where a command writes to: standard output, or a file that is complete or not there."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from kbgen.errors import ConfigError, EventError


def format_of(form: str | None, output: Path | None, known: Sequence[str]) -> str:
    """The format that was named, else that of the file's name, else the first one known.

    Raises ConfigError if the name tells none, or for Parquet on a terminal.
    """
    name = form or (output and output.suffix.lower().removeprefix(".")) or known[0]
    if name not in known:
        choice = f"{', '.join(known[:-1])} or {known[-1]}"
        raise ConfigError(f"{output}: cannot tell its format; name one with --format {choice}")
    if name == "parquet" and not output and sys.stdout.isatty():
        raise ConfigError("Parquet is no text for a terminal; name a file with -o")
    return name


@contextmanager
def writing(path: Path | None) -> Iterator[BinaryIO]:
    """Standard output, or a file that appears only when it is complete."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    draft = path.with_name(path.name + ".part")
    try:
        with draft.open("wb") as file:
            yield file
        draft.replace(path)
    except OSError as error:
        raise EventError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)
