"""The key of the day in a file, for collectors that restart, and for several that share it."""

from __future__ import annotations

import os
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

KEY_BYTES = 32
_MOST = 1024  # bytes of a file that is none of ours


def shared_key(path: Path, day: date, fresh: bytes) -> bytes:
    """The key that the file keeps for `day`; `fresh`, which it keeps from now on, if it has none.

    Of several programs that ask at the same time, all get the same one. The new key is written
    over the old one, so that its bytes are gone from the disk. A key of the next day counts too:
    the clock of another machine may be a little ahead. Raises OSError if the file cannot be used.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as file:
        _lock(file)
        kept = _parse(file.read(_MOST), day)
        if kept:
            return kept
        file.seek(0)
        file.write(f"{day.isoformat()} {fresh.hex()}\n".encode("ascii"))
        os.fsync(file.fileno())
    return fresh


def _lock(file: BinaryIO) -> None:
    """Waits until no other program has the file; closing it lets the next one in."""
    if sys.platform != "win32":
        import fcntl  # noqa: PLC0415  (not on Windows)

        fcntl.flock(file, fcntl.LOCK_EX)


def _parse(content: bytes, day: date) -> bytes:
    try:
        found, _, digits = content.partition(b"\n")[0].decode("ascii").partition(" ")
        ahead = date.fromisoformat(found) - day
        key = bytes.fromhex(digits)
    except ValueError:
        return b""
    return key if timedelta() <= ahead <= timedelta(days=1) and len(key) == KEY_BYTES else b""
