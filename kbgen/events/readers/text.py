"""Opens text of unknown encoding, gzipped or not: UTF-8 with and without BOM, UTF-16, CP949."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, TextIO, cast

from kbgen.errors import EventError

MOST_BYTES = 1 << 30  # of a file from elsewhere, or of a gzipped one when it is unpacked
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20


# Half a character, which `model.parse` refuses: broken bytes cost their own row and no other.
codecs.register_error("kbgen.broken", lambda error: ("\udcff", getattr(error, "end", 0)))


def open_text(path: Path, *, newline: str) -> TextIO:
    """The file as text. `newline` is as for `open`; neither "" nor "\\n" changes line ends."""
    encoding = encoding_of(path)
    return io.TextIOWrapper(
        open_bytes(path), encoding=encoding, errors="kbgen.broken", newline=newline
    )


def open_bytes(path: Path) -> IO[bytes]:
    """The file as bytes, unpacked if it is gzipped.

    Raises EventError if it cannot be read; so does reading from it, if it is no gzip to the end
    or grows beyond `MOST_BYTES`.
    """
    try:
        with path.open("rb") as file:
            is_packed = file.read(2) == _GZIP
        return (
            cast("IO[bytes]", io.BufferedReader(_Unpacked(path))) if is_packed else path.open("rb")
        )
    except OSError as error:
        raise EventError(f"{path}: cannot be read: {error.strerror or error}") from error


def head_of(path: Path, size: int = 65_536) -> str:
    """The beginning of a file as text, from so many bytes."""
    with open_bytes(path) as file:
        head = file.read(size)
    encoding = _marked(head) or ("utf-8" if _decodes(iter((head,)), "utf-8") else "cp949")
    return head.decode(encoding, errors="replace")


def refuse_huge(path: Path) -> None:
    """Raises EventError if a file from elsewhere is larger than `MOST_BYTES`."""
    if path.stat().st_size > MOST_BYTES:
        raise EventError(f"{path}: larger than {MOST_BYTES >> 30} GiB; export shorter periods")


def encoding_of(path: Path) -> str:
    """The encoding of a file: by its BOM, by the zeros of UTF-16, else UTF-8 before CP949."""
    with open_bytes(path) as file:
        marked = _marked(file.read(4))
    # A file of ASCII is both; one that is neither has a few broken rows in UTF-8.
    return marked or next((n for n in ("utf-8", "cp949") if _decodes(_chunks(path), n)), "utf-8")


def _marked(head: bytes) -> str:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    if head[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if head[:1] == b"\0" else ""


def _chunks(path: Path) -> Iterator[bytes]:
    with open_bytes(path) as file:
        while chunk := file.read(_CHUNK):
            yield chunk
        yield b""


def _decodes(chunks: Iterator[bytes], encoding: str) -> bool:
    """Whether it is text in this encoding; the last chunk may break off unless it is empty."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chunks:
            decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError:
        return False
    return True


class _Unpacked(io.RawIOBase):
    """A gzipped file as it is read; small files that unpack without end are refused."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = gzip.open(path)  # noqa: SIM115  (closed by `close`)
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._file.read(len(buffer))
        except (OSError, EOFError, zlib.error) as error:
            raise EventError(f"{self._path}: no gzip to the end: {error}") from error
        self._count += len(data)
        if self._count > MOST_BYTES:
            raise EventError(f"{self._path}: unpacks to more than {MOST_BYTES >> 30} GiB")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()
