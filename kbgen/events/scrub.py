"""Takes personal data out of what readers typed: the last gate before it is kept.

The browser does the same with theme/components/events/scrub.js; tests/events/cases/scrub.json
holds both to the same answers. Rules err towards removal: a lost number costs a comment little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

# Full-width forms, odd spaces and odd dashes read as their plain twins. One character for one,
# so that places in the folded text are places in the text.
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD |= dict.fromkeys([0xA0, *range(0x2000, 0x200B), 0x202F, 0x3000], 0x20)
_FOLD |= dict.fromkeys([*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63], 0x2D)

_FIRST_LOOK = re.compile("[0-9０-９@＠(（골]")  # one set of letters is found fast
_WORTH_A_LOOK = re.compile(r"[0-9０-９@＠]|[(（]at[)）]|골뱅이", re.IGNORECASE)

_EMAIL = r"[A-Za-z0-9._%+-]{1,64} ?(?:@|\(at\)|골뱅이) ?(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}"
_RESIDENT = (
    r"(^|[^0-9])[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
    r" ?-? ?[0-9][0-9*]{6}(?![0-9*])"
)
_GAP = "[ .-]{0,3}"
_PHONE = (
    r"(^|[^0-9])(?:"
    rf"(?:\+ ?82{_GAP}0?|0)1[016789]{_GAP}[0-9]{{3,4}}{_GAP}[0-9]{{4}}"  # Korean mobile
    rf"|(?:\+ ?82{_GAP}0?|\(?0)(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50[0-9])\)?"
    rf"{_GAP}[0-9]{{3,4}}{_GAP}[0-9]{{4}}"  # Korean landline
    r"|\+[0-9]{1,3}(?:[ .()-]{0,2}[0-9]){7,14}"  # any other country
    r"|\(?[0-9]{3}\)?[ .-]{1,2}[0-9]{3}[ .-][0-9]{4}"  # North America
    r")(?![0-9])"
)
_DIGITS = r"(^|[^0-9])([0-9](?:[ -]?[0-9]){12,})"
_NAMES = ("번호", "order", "tracking", "invoice", "booking", "account", "customer")
_NAMED = (
    r"((?:(?:주문|송장|운송장|접수|예약|결제|승인|회원|고객|계좌) ?번호"
    r"|(?:order|tracking|invoice|booking|account|customer) ?(?:no\.?|number|id|#))"
    r"[은는이가:.=# ]{0,3})((?=[A-Za-z-]{0,36}[0-9])[A-Za-z0-9][A-Za-z0-9-]{3,39})"
)
_NUMBER = (
    r"(^|[^A-Za-z0-9])(?:#[0-9]{4,}|[A-Za-z]{1,5}-?[0-9]{6,}(?:-[0-9]+)*|[0-9](?:-?[0-9]){9,})"
)


def scrub(text: str) -> str:
    """The text with e-mail addresses, phone, card, resident and order numbers replaced.

    `[email]`, `[phone]`, `[card]`, `[id]` and `[number]` say what stood there. Idempotent.
    """
    while _FIRST_LOOK.search(text) and _WORTH_A_LOOK.search(text):
        scrubbed = _scrub_once(text)
        if scrubbed == text:
            break
        text = scrubbed
    return text


Spans = Callable[[str], Iterable[tuple[int, int]]]


def _scrub_once(text: str) -> str:
    folded, digits = _folded(text)
    for least, spans, token in _RULES:
        if digits >= least and (found := list(spans(folded))):
            text = _replace(text, found, token)
            folded, digits = _folded(text)
    return text


def _folded(text: str) -> tuple[str, int]:
    """The text as rules read it, and how many digits it has."""
    folded = text if text.isascii() else text.translate(_FOLD)
    return folded, sum(map(folded.count, "0123456789"))


def _replace(text: str, spans: Iterable[tuple[int, int]], token: str) -> str:
    out, place = [], 0
    for start, end in spans:
        out += [text[place:start], token]
        place = end
    return "".join([*out, text[place:]])


def _matches(pattern: str) -> Spans:
    """Where a pattern matches, without the first group, which only looks at what goes before."""
    compiled = re.compile(pattern, re.IGNORECASE | re.ASCII)

    def spans(text: str) -> Iterator[tuple[int, int]]:
        for match in compiled.finditer(text):
            yield match.start() + len(match[1] if compiled.groups else ""), match.end()

    return spans


def _if_any(words: Iterable[str], spans: Spans) -> Spans:
    """The same, at once for texts that have none of the words, in small letters."""

    def checked(text: str) -> Iterable[tuple[int, int]]:
        small = text.lower()
        return spans(text) if any(word in small for word in words) else ()

    return checked


def _cards(text: str) -> Iterator[tuple[int, int]]:
    """Groups of digits that together are 13 to 19 long and pass the check that cards pass."""
    for run in re.finditer(_DIGITS, text):
        groups = [
            (run.start(2) + g.start(), run.start(2) + g.end())
            for g in re.finditer("[0-9]+", run[2])
        ]
        first = 0
        while first < len(groups):
            last = next(
                (n for n in range(first, len(groups)) if _is_card(text, groups[first : n + 1])),
                None,
            )
            if last is not None:
                yield groups[first][0], groups[last][1]
            first = first + 1 if last is None else last + 1


def _is_card(text: str, groups: list[tuple[int, int]]) -> bool:
    length = sum(end - start for start, end in groups)
    if not 13 <= length <= 19:
        return False
    digits = "".join(text[start:end] for start, end in groups)
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0


# How many digits a rule needs at least, where it matches, and what it puts there. The order counts:
# what an earlier rule takes, a later one does not see.
_RULES: tuple[tuple[int, Spans, str], ...] = (
    (0, _if_any(("@", "(at)", "골뱅이"), _matches(_EMAIL)), "[email]"),
    (7, _matches(_RESIDENT), "[id]"),
    (8, _matches(_PHONE), "[phone]"),
    (13, _cards, "[card]"),
    (1, _if_any(_NAMES, _matches(_NAMED)), "[number]"),
    (4, _matches(_NUMBER), "[number]"),
)
