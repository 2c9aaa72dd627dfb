"""docs/configuration.md promises a contrast of 4.5 to 1 for each brand hue."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXTS = ("fg", "fg-soft", "brand", "brand-strong", "ok", "warn", "bad")
GROUNDS = ("bg", "surface", "surface-2", "brand-soft")
Colour = tuple[float, float, float]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_keeps_its_contrast_with_every_brand_hue(scheme: str) -> None:
    css = (ROOT / "theme" / "tokens.css").read_text("utf-8")
    start = css.index(':root[data-kb-scheme="dark"]')
    rules = css[start:] if scheme == "dark" else css[: css.index("@media")]
    poor = [
        (hue, text, ground)
        for hue in range(360)
        for colours in [tokens(rules, hue)]
        for text, ground in pairs(colours)
        if contrast(colours[text], colours[ground]) < 4.5
    ]

    assert poor == []


def pairs(colours: dict[str, Colour]) -> Iterator[tuple[str, str]]:
    """Text tokens with the grounds that they stand on."""
    yield "on-brand", "brand"
    for text in TEXTS:
        for ground in GROUNDS:
            yield text, ground
        if text in ("ok", "warn", "bad"):
            yield text, f"{text}-soft"


def tokens(rules: str, hue: int) -> dict[str, Colour]:
    """The opaque colours of a list of tokens, as linear sRGB, for a brand hue."""
    pattern = r"--kb-([\w-]+): oklch\(([\d.]+)% ([\d.]+) (var\(--kb-hue\)|[\d.]+)\);"
    return {
        m[1]: oklch(float(m[2]) / 100, float(m[3]), hue if m[4].startswith("var") else float(m[4]))
        for m in re.finditer(pattern, rules)
    }


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """A colour as linear sRGB, clipped as browsers do (CSS Color 4, sample code of OKLab)."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    return min(max(red, 0), 1), min(max(green, 0), 1), min(max(blue, 0), 1)


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of WCAG."""
    dark, light = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (one, other))
    return (light + 0.05) / (dark + 0.05)
