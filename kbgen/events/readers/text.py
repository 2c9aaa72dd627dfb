"""Opens text of unknown encoding: UTF-8 with and without BOM, UTF-16, CP949."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import TextIO

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 20


# Half a character, which `model.parse` refuses: broken bytes cost their own row and no other.
codecs.register_error("kbgen.broken", lambda error: ("\udcff", getattr(error, "end", 0)))


def open_text(path: Path, *, newline: str) -> TextIO:
    """The file as text. `newline` is as for `open`; neither "" nor "\\n" changes line ends."""
    return path.open(encoding=encoding_of(path), errors="kbgen.broken", newline=newline)


def encoding_of(path: Path) -> str:
    """The encoding of a file: by its BOM, by the zeros of UTF-16, else UTF-8 before CP949."""
    with path.open("rb") as file:
        head = file.read(4)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    if head[1:2] == b"\0":
        return "utf-16-le"
    if head[:1] == b"\0":
        return "utf-16-be"
    # A file of ASCII is both; one that is neither has a few broken rows in UTF-8.
    return next((name for name in ("utf-8", "cp949") if _decodes(path, name)), "utf-8")


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
