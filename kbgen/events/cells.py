"""Cells of a CSV file that no spreadsheet takes for a formula, and back."""

from __future__ import annotations

import re

# What a spreadsheet may run: = + - @, their full-width twins, and tab or line end in front of them.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile("''*[=+\\-@\t\r\n＝＋－＠]")


def guard(text: str) -> str:
    """The text with an apostrophe in front if a spreadsheet might take it for a formula.

    Text that already looks guarded gets one more, so that `unguard` always gives it back.
    """
    return "'" + text if _FORMULA.match(text) else text


def unguard(text: str) -> str:
    """The text as it was before `guard`."""
    return text[1:] if _GUARDED.match(text) else text
