"""What people and tools answer to "was this helpful", as yes or no."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

_YES = """1 yes y true t on like liked up upvote helpful positive 👍 👍🏻 😀 😊 🙂 ✅ ⭕
예 네 넵 그렇다 맞다 도움됨 도움이됨 도움됐어요 도움이됐어요 도움되었어요 도움이되었어요
도움이되었습니다 도움이됐습니다 도움돼요 도움이돼요 좋아요 있다 있음"""
_NO = """0 -1 no n false f off dislike disliked down downvote unhelpful nothelpful negative
👎 😞 🙁 ❌ 아니오 아니요 아뇨 아니다
도움안됨 도움이안됨 도움안됐어요 도움이안됐어요 도움이안되었어요
도움이되지않았어요 도움되지않았어요 도움이되지않았습니다 도움이안됐습니다 도움이안돼요
별로예요 별로에요 싫어요 없다 없음"""

# Variation selectors, skin tones, white space and what ends a sentence say nothing here.
_SILENT = re.compile("[\\s._!?,~/️︎\U0001f3fb-\U0001f3ff]|(?<=\\w)-(?=\\w)")
_SIGNS = {"👍": 1, "👎": 0}
_STARS = re.compile(r"[2-9]|10|[2-9]\.0|[★☆⭐]+")


def plain(text: str) -> str:
    """An answer without what does not matter: case, spaces, full stops, skin tones."""
    return _SILENT.sub("", unicodedata.normalize("NFC", text).casefold())


_ANSWERS = {plain(word): 1 for word in _YES.split()} | {plain(word): 0 for word in _NO.split()}


def read_answer(
    value: Any, yes: frozenset[str] = frozenset(), no: frozenset[str] = frozenset()
) -> int:
    """1 for yes, 0 for no. `yes` and `no` are `plain` answers that come before the known ones.

    Raises ValueError with the cure.
    """
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    answer = plain(str(value))
    if answer in yes:
        return 1
    if answer in no:
        return 0
    found = _ANSWERS.get(answer, _SIGNS.get(answer[:1]))
    if found is None:
        raise ValueError(
            "looks like stars (say what counts: --yes 4 --yes 5 --no 1 --no 2)"
            if is_star(value)
            else "expected yes or no (say what else counts: --yes WORD, --no WORD)"
        )
    return found


def is_star(value: Any) -> bool:
    """Whether an answer is a number of stars rather than a yes or no."""
    return bool(_STARS.fullmatch(str(value).strip()))
