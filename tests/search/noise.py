"""Questions as people get them wrong: one slip of the finger, spacing, particles, keyboard mode.

Seeded: the same text and the same state of `rng` give the same noise. Slips happen on keys. What
they do to a Korean syllable is left to the input method, as on a real keyboard: the keys are
composed again, so that a key left out may take a final consonant away or leave a lone vowel.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from kbgen.search import keys

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
PARTICLES = ("은", "는", "이", "가", "을", "를", "도", "에", "의", "로", "와", "과", "만", "에서")
SHIFTED = "QWERTOP"  # keys that give another Korean letter with Shift
RUN = re.compile("[가-힣ㄱ-ㅣ]+|[A-Za-z]+")

Noise = Callable[[str, random.Random], str]
LONE = {keys.typed(chr(code)): chr(code) for code in range(0x3131, 0x3164)}


def _neighbours() -> dict[str, str]:
    """The keys that touch a key. Each row lies half a key to the right of the one above."""
    place = {key: (x + y / 2, y) for y, row in enumerate(ROWS) for x, key in enumerate(row)}
    return {
        key: "".join(
            other
            for other, (x2, y2) in place.items()
            if other != key and abs(y2 - y) <= 1 and abs(x2 - x) <= (1 if y2 == y else 0.5)
        )
        for key, (x, y) in place.items()
    }


NEIGHBOURS = _neighbours()


def slip(text: str, rng: random.Random) -> str:
    """One key left out, doubled, exchanged for a neighbour or swapped with the next one.

    Each key of each word is as likely as any other, the first ones too. Numbers stay.
    """
    runs = [match for match in RUN.finditer(text) if len(keys.typed(match[0])) > 1]
    if not runs:
        return text
    run = rng.choices(runs, [len(keys.typed(match[0])) for match in runs])[0]
    typed = keys.typed(run[0])
    korean = typed != run[0]
    while (other := _slip(typed, rng, korean=korean)) == typed:
        pass
    return text[: run.start()] + (composed(other) if korean else other) + text[run.end() :]


def _slip(typed: str, rng: random.Random, *, korean: bool) -> str:
    at = rng.randrange(len(typed))
    before, key, after = typed[:at], typed[at], typed[at + 1 :]
    match rng.choice(("left out", "doubled", "exchanged", "swapped")):
        case "left out":
            return before + after
        case "doubled":
            return before + key * 2 + after
        case "exchanged":
            return before + _neighbour(key, rng, korean=korean) + after
        case _:
            return before + after[:1] + key + after[1:]


def _neighbour(key: str, rng: random.Random, *, korean: bool) -> str:
    """A key beside this one. Shift stays held, where it makes a difference."""
    other = rng.choice(NEIGHBOURS[key.lower()])
    if key.isupper() and (not korean or other.upper() in SHIFTED):
        return other.upper()
    return other


def composed(typed: str) -> str:
    """What an input method shows for keys of a Korean keyboard: syllables, and lone letters."""
    typed = "".join(key if key in SHIFTED else key.lower() for key in typed)
    shown, at = "", 0
    while at < len(typed):
        match = keys._SYLLABLE.match(typed, at)
        if match:
            shown, at = shown + keys.composed(match[0]), match.end()
        else:
            shown, at = shown + LONE.get(typed[at], typed[at]), at + 1
    return shown


def spacing(text: str, rng: random.Random) -> str:
    """A space left out, or one too many inside a word."""
    gaps = [at for at, sign in enumerate(text) if sign == " "]
    inside = [at for at in range(1, len(text)) if text[at - 1].isalnum() and text[at].isalnum()]
    if gaps and (not inside or rng.random() < 0.5):
        at = rng.choice(gaps)
        return text[:at] + text[at + 1 :]
    if not inside:
        return text
    at = rng.choice(inside)
    return f"{text[:at]} {text[at:]}"


def particle(text: str, rng: random.Random) -> str:
    """Another particle at the end of one Korean word, or one where there is none."""
    words = text.split(" ")
    korean = [at for at, word in enumerate(words) if word and keys.is_syllable(word[-1])]
    if not korean:
        return text
    at = rng.choice(korean)
    word = words[at]
    old = next((p for p in PARTICLES if word.endswith(p) and len(word) > len(p) + 1), "")
    other = rng.choice([p for p in PARTICLES if p != old])
    words[at] = word.removesuffix(old) + other
    return " ".join(words)


def mode(text: str, _rng: random.Random | None = None) -> str:
    """Everything typed in the other keyboard mode."""
    if any(map(keys.is_syllable, text)):
        return keys.typed(text)
    return re.sub("[A-Za-z]+", lambda match: composed(match[0]), text)


KINDS: dict[str, Noise] = {
    "one slip": slip,
    "wrong spacing": spacing,
    "wrong particle": particle,
    "wrong keyboard mode": mode,
}
