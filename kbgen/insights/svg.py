"""SVG elements as text that Jinja need not escape again. No script, no style attribute."""

from __future__ import annotations

from markupsafe import Markup, escape

_ELEMENT = Markup("<{tag}{attributes}>{inside}</{tag}>")
_RENAMED = {"class_": "class", "view_box": "viewBox"}
_CHARACTER = 7.0  # width of a digit or Latin letter at 12 px; a Hangul syllable is about 12


def element(tag: str, *inside: str | Markup, **attributes: object) -> Markup:
    """One element. `class_` becomes `class`, underscores become hyphens, None is left out."""
    written = Markup("").join(
        Markup(' {}="{}"').format(_name(name), _short(value))
        for name, value in attributes.items()
        if value is not None
    )
    return _ELEMENT.format(tag=tag, attributes=written, inside=Markup("").join(inside))


def _name(name: str) -> str:
    return _RENAMED.get(name) or name.replace("_", "-")


def _short(value: object) -> object:
    """Coordinates to a tenth of a pixel, so that equal charts are equal bytes everywhere."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value


def drawing(kind: str, width: int, height: int, label: str, *inside: Markup) -> Markup:
    """A picture with its name for those who do not see it."""
    return element(
        "svg",
        *inside,
        class_=f"kb-chart kb-chart--{kind}",
        width=width,
        height=height,
        view_box=f"0 0 {width} {height}",
        role="img",
        aria_label=label,
    )


def line(x1: float, y1: float, x2: float, y2: float, kind: str, *, width: float = 1) -> Markup:
    """A straight line."""
    return element(
        "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke_width=width, class_=f"kb-chart__{kind}"
    )


def box(x: float, y: float, width: float, height: float, kind: str, *, rx: float = 0) -> Markup:
    """A rectangle, at least as wide as one can see."""
    return element(
        "rect",
        x=x,
        y=y,
        width=max(width, 1.5),
        height=height,
        rx=rx or None,
        class_=f"kb-chart__{kind}",
    )


def dot(x: float, y: float, radius: float, kind: str) -> Markup:
    """A filled circle."""
    return element("circle", cx=x, cy=y, r=radius, class_=f"kb-chart__{kind}")


def words(x: float, y: float, text: str, kind: str = "label", anchor: str = "middle") -> Markup:
    """Text of 12 px, centred on `x` unless `anchor` says otherwise."""
    return element(
        "text", escape(text), x=x, y=y, text_anchor=anchor, font_size=12, class_=f"kb-chart__{kind}"
    )


def words_within(x: float, y: float, text: str, width: float, kind: str = "label") -> Markup:
    """Text centred on `x` as far as it then stays between 0 and `width`."""
    half = sum(12.0 if letter > "ᄀ" else _CHARACTER for letter in text) / 2
    return words(min(max(x, half), width - half), y, text, kind)
