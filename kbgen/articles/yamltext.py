"""Texts as one line of YAML, quoted only where they must be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

# What YAML 1.1 and 1.2 both read as this very text.
_PLAIN = re.compile(r"[^\W\d_][\w ()./,+&~!?;·…–—'’-]*(?<![\s])")
_WORDS = frozenset(("y n yes no on off true false null " + "nan inf").split())


def quoted(text: str) -> str:
    """A text as a YAML scalar on one line."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f")


def flow_list(texts: Iterable[str]) -> str:
    """A list in brackets: `[one, "two, three"]`."""
    return f"[{', '.join(_in_list(text) for text in texts)}]"


def _in_list(text: str) -> str:
    return json.dumps(text, ensure_ascii=False) if "," in text else quoted(text)
