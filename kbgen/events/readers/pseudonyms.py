"""Names for people of other tools, under which their choices belong together and nothing else."""

from __future__ import annotations

import hashlib
import secrets
from functools import cached_property
from pathlib import Path

from kbgen.errors import EventError

KEY_FILE = "pseudonyms.key"
_BYTES = 32


class Pseudonyms:
    """Makes pseudonyms with the key in a file, which is made when it is first needed.

    Who lacks the key can neither turn a pseudonym back nor try out who it is. Without a file
    nobody gets one, and with `create=False` a key that is not there yet is a passing one.
    """

    def __init__(self, key_file: Path | None = None, *, create: bool = True) -> None:
        self._path = key_file
        self._create = create

    def of(self, *parts: str) -> str:
        """What the same parts always get; "" without a key. Raises EventError if it is unfit."""
        if not self._key:
            return ""
        text = "\0".join(parts).encode(errors="replace")
        return hashlib.blake2b(text, key=self._key, digest_size=12).hexdigest()

    @cached_property
    def _key(self) -> bytes:
        if not self._path:
            return b""
        try:
            return self._read(self._path)
        except (OSError, ValueError) as error:
            raise EventError(
                f"{self._path}: expected a key of {_BYTES} bytes in hexadecimal digits: {error} "
                "(restore it; without it people who voted before count as others)"
            ) from error

    def _read(self, path: Path) -> bytes:
        if path.exists():
            key = bytes.fromhex(path.read_text("ascii"))
            if len(key) != _BYTES:
                raise ValueError(f"there are {len(key)} bytes")
            return key
        key = secrets.token_bytes(_BYTES)
        if self._create:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(key.hex() + "\n", "ascii")
        return key
