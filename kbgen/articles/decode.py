"""Bytes of a file -> text: NFC, LF, no byte order mark."""

from __future__ import annotations

import codecs
import unicodedata

from kbgen.articles.codes import problem
from kbgen.errors import Problem

LARGEST = 512 * 1024  # bytes; a longer article makes Markdown slow and readers give up anyway
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decode(data: bytes, path: str) -> tuple[str | None, list[Problem]]:
    """The text of a file, or None where it cannot be read, and what to say about it."""
    if len(data) > LARGEST:
        return None, [too_large(len(data), path)]
    if data.startswith(_UTF16):
        return _decode_utf16(data, path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return None, [_wrong_encoding(data, error, path)]
    return _checked(text, path)


def normalise(text: str) -> str:
    """NFC with LF line ends."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _decode_utf16(data: bytes, path: str) -> tuple[str | None, list[Problem]]:
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError as error:
        hint = "save the file as UTF-8"
        return None, [problem("encoding", path, 0, f"not valid UTF-16: {error.reason}", hint)]
    text_or_none, found = _checked(text, path)
    hint = f"save it as UTF-8: iconv -f utf-16 -t utf-8 '{path}'"
    return text_or_none, [problem("encoding-read", path, 0, "the file is UTF-16", hint), *found]


def _checked(text: str, path: str) -> tuple[str | None, list[Problem]]:
    text = normalise(text)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        hint = "is it really Markdown? remove the NUL bytes or the file"
        return None, [problem("not-text", path, line, "the file holds a NUL byte", hint)]
    if not text.strip():
        return None, [
            problem("empty", path, 0, "the file is empty", "write the article or remove it")
        ]
    return text, []


def too_large(size: int, path: str) -> Problem:
    """A file that is not read because of its size in bytes."""
    message = f"the file has {size:,} bytes; the most is {LARGEST:,}"
    return problem("too-large", path, 0, message, "split the article, or move data into a file")


def _wrong_encoding(data: bytes, error: UnicodeDecodeError, path: str) -> Problem:
    line = data.count(b"\n", 0, error.start) + 1
    message = f"byte 0x{data[error.start]:02X} is not UTF-8"
    if guess := _guess(data):
        hint = f"it looks like {guess}; convert it: iconv -f {guess} -t utf-8 '{path}'"
    else:
        hint = "save the file as UTF-8"
    return problem("encoding", path, line, message, hint)


def _guess(data: bytes) -> str:
    """What most old Korean and Western editors write. Only ever a guess in a hint."""
    try:
        text = data.decode("cp949")
    except UnicodeDecodeError:
        return "windows-1252"
    return "cp949" if any("가" <= char <= "힣" for char in text) else ""
