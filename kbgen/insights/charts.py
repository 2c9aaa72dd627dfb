"""The charts of the report, readable without a legend.

Colours come from the report's style sheet through class names, so light, dark and print each get
their own. Each chart carries its gist in words; the page shows its data as a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from kbgen.insights.intervals import Share
from kbgen.insights.svg import box, dot, drawing, element, line, words, words_within


@dataclass(frozen=True, slots=True)
class Range:
    """A share with its ends and what is usual, all 0-1, and the words for them."""

    mean: float
    low: float
    high: float
    usual: float
    label: str
    mean_text: str
    usual_text: str
    bad: bool = False


def range_bar(data: Range, *, width: int = 240) -> Markup:
    """Where a share lies on the way from 0 to 1: a dot, its range, and a tick for the usual."""
    tick = 8 + data.usual * (width - 16)
    middle = 8 + data.mean * (width - 16)
    return drawing(
        "range",
        width,
        54,
        data.label,
        *_range(data, left=8, right=width - 8, y=30, size=5),
        line(tick, 19, tick, 38, "usual", width=2),
        words_within(tick, 13, data.usual_text, width, "quiet"),
        words_within(middle, 52, data.mean_text, width),
    )


def mini_range(data: Range, *, width: int = 120) -> Markup:
    """The same as one line of a table."""
    return drawing(
        "mini", width, 18, data.label, *_range(data, left=6, right=width - 6, y=9, size=4)
    )


def _range(data: Range, *, left: float, right: float, y: float, size: float) -> list[Markup]:
    tone = "bad" if data.bad else "plain"
    start, end, middle = (
        left + share * (right - left) for share in (data.low, data.high, data.mean)
    )
    return [
        line(left, y, right, y, "track", width=2),
        box(start, y - size, end - start, 2 * size, f"band kb-chart__band--{tone}", rx=size),
        dot(middle, y, size, f"dot kb-chart__dot--{tone}"),
    ]


def trend(shares: Sequence[Share], label: str, *, width: int = 200, height: int = 44) -> Markup:
    """A share week by week, with its range as a ribbon; weeks without anything leave a gap."""
    step = (width - 12) / max(1, len(shares) - 1)
    top = max([share.interval[1] for share in shares if share.whole], default=1.0)

    def at(place: int, share: float) -> tuple[float, float]:
        x = 6 + place * step if len(shares) > 1 else width / 2
        return x, height - 5 - share / top * (height - 10)

    inside: list[Markup] = []
    for run in _runs(shares):
        high = [at(n, shares[n].interval[1]) for n in run]
        low = [at(n, shares[n].interval[0]) for n in reversed(run)]
        middle = [at(n, shares[n].share or 0.0) for n in run]
        inside.append(element("polygon", points=_points(high + low), class_="kb-chart__ribbon"))
        inside.append(
            element("polyline", points=_points(middle), class_="kb-chart__line", stroke_width=2)
        )
    if shares and shares[-1].whole:
        x, y = at(len(shares) - 1, shares[-1].share or 0.0)
        inside.append(dot(x, y, 3.5, "dot kb-chart__dot--plain"))
    return drawing("trend", width, height, label, *inside)


def _runs(shares: Sequence[Share]) -> list[list[int]]:
    """Places of neighbours that all have a share."""
    runs: list[list[int]] = []
    for place, share in enumerate(shares):
        if share.whole:
            if not runs or runs[-1][-1] != place - 1:
                runs.append([])
            runs[-1].append(place)
    return runs


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


@dataclass(frozen=True, slots=True)
class Week:
    """The votes of one week, and the words that a pointer over it shows."""

    yes: int
    no: int
    label: str


@dataclass(frozen=True, slots=True)
class Names:
    """The words around the votes of an article: both sides, both ends, and the last edit."""

    chart: str
    yes: str
    no: str
    first: str
    last: str
    edited: str


def votes_by_week(
    weeks: Sequence[Week], names: Names, *, edited: int | None = None, width: int = 680
) -> Markup:
    """Votes for yes above a line and for no below it, one bar a week.

    `edited` is the place of the week in which the text was last edited.
    """
    yes, no = max([w.yes for w in weeks], default=0), max([w.no for w in weeks], default=0)
    unit = min(14.0, 110.0 / max(1, yes + no))  # height of one vote
    left, zero = 64.0, 24.0 + max(unit * yes, 18.0)
    bottom = zero + max(unit * no, 18.0)
    step = (width - left) / max(1, len(weeks))
    inside = [_bars(week, left + n * step, step, zero, unit) for n, week in enumerate(weeks)]
    if edited is not None:
        x = left + edited * step
        inside.append(line(x, 20, x, bottom, "edit", width=1.5))
        inside.append(words_within(x, 13, names.edited, width, "quiet"))
    inside += [
        line(left, zero, width, zero, "track"),
        words(0, (zero + 24) / 2 + 4, names.yes, "yes-name", "start"),
        words(0, (zero + bottom) / 2 + 4, names.no, "no-name", "start"),
        words(left, bottom + 18, names.first, "quiet", "start"),
        words(width, bottom + 18, names.last, "quiet", "end"),
    ]
    return drawing("votes", width, round(bottom + 24), names.chart, *inside)


def _bars(week: Week, x: float, step: float, zero: float, unit: float) -> Markup:
    gap = min(3.0, step / 6)
    bars = [element("title", week.label)]
    if week.yes:
        bars.append(
            box(x + gap, zero - unit * week.yes, step - 2 * gap, unit * week.yes, "yes", rx=2)
        )
    if week.no:
        bars.append(box(x + gap, zero, step - 2 * gap, unit * week.no, "no", rx=2))
    return element("g", *bars)


def parts_bar(
    parts: Sequence[tuple[str, int]], most: int, label: str, *, width: int = 140
) -> Markup:
    """Counts side by side as one bar, the longest of all bars being `most` long."""
    x, inside = 0.0, [box(0, 3, width, 8, "rail", rx=4)]
    for kind, count in parts:
        if count:
            length = width * count / max(1, most)
            inside.append(box(x, 3, length, 8, kind))
            x += length
    return drawing("parts", width, 14, label, *inside)
