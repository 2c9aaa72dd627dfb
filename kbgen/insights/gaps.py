"""Missing content: what people searched for and did not find.

A query is a gap if at least half of the people who asked it left without an answer, or clearly
more than people usually do; so a question that everybody asks is no gap because a few wander off.
Queries that left fewer than `min_visitors` people alone stay unprinted: a rare query may say who
asked it, and one or two who wander off prove nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from scipy.special import betaincinv

from kbgen.insights.sessions import Outcome, Search
from kbgen.insights.stream import Key

_GRAVEST: tuple[Outcome, ...] = ("nothing", "unhelped", "no_click", "refined", "helped")
_USUAL_WEIGHT = 8.0  # visitors that the site's usual share of failures is worth


@dataclass(frozen=True, slots=True)
class Gap:
    """One query that people were left alone with. Counts are people, each counted once.

    `failed` = `nothing` (no results) + `no_click` (results, none opened) + `unhelped` (opened
    one and voted no). `visitors` also counts those who were helped or asked differently.
    """

    query: str  # in its commonest spelling
    lang: str
    visitors: int
    nothing: int
    no_click: int
    unhelped: int
    contacted: int
    days: int  # on how many days it was asked
    first: date
    last: date
    opened: tuple[tuple[Key, int], ...] = ()  # articles opened from it, most often first
    nearest: tuple[Key, ...] = ()  # articles that might hold the answer, best first

    @property
    def failed(self) -> int:
        """People who left without an answer."""
        return self.nothing + self.no_click + self.unhelped


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps, most people first, and how much is not printed for privacy."""

    rows: tuple[Gap, ...]
    withheld_queries: int = 0
    withheld_visitors: int = 0


def find_gaps(searches: Iterable[Search], *, min_visitors: int = 3) -> Gaps:
    """The queries that failed, grouped by `query_key`, most failing people first."""
    groups: dict[str, list[Search]] = defaultdict(list)
    for search in searches:
        groups[search.key].append(search)
    asked = [_gap(group) for group in groups.values()]
    people = sum(gap.visitors for gap in asked)
    usual = (sum(gap.failed for gap in asked) + 0.5) / (people + 1)
    found = [gap for gap in asked if _is_gap(gap, usual)]
    shown = [gap for gap in found if gap.failed >= min_visitors]
    hidden = [gap for gap in found if gap.failed < min_visitors]
    return Gaps(
        rows=tuple(sorted(shown, key=lambda gap: (-gap.failed, -gap.visitors, gap.query))),
        withheld_queries=len(hidden),
        withheld_visitors=sum(gap.failed for gap in hidden),
    )


def _gap(group: Sequence[Search]) -> Gap:
    outcome = _outcomes(group)
    count = Counter(outcome.values())
    opened = Counter(key for search in group for key in search.clicked)
    days = {search.at.date() for search in group}
    return Gap(
        query=_commonest(search.query for search in group),
        lang=_commonest(search.lang for search in group),
        visitors=len(outcome),
        nothing=count["nothing"],
        no_click=count["no_click"],
        unhelped=count["unhelped"],
        contacted=len({search.visitor for search in group if search.contacted}),
        days=len(days),
        first=min(days),
        last=max(days),
        opened=tuple(sorted(opened.items(), key=lambda item: (-item[1], item[0]))),
    )


def _outcomes(group: Iterable[Search]) -> dict[str, Outcome]:
    """Each visitor's gravest outcome."""
    found: dict[str, Outcome] = {}
    for search in group:
        known = found.get(search.visitor, search.outcome)
        found[search.visitor] = min(known, search.outcome, key=_GRAVEST.index)
    return found


def _commonest(texts: Iterable[str]) -> str:
    return min(Counter(texts).items(), key=lambda item: (-item[1], item[0]))[0]


def _is_gap(gap: Gap, usual: float) -> bool:
    """Half of the people left without an answer, or more than usual beyond chance."""
    if not gap.failed or 2 * gap.failed >= gap.visitors:
        return gap.failed > 0
    a = _USUAL_WEIGHT * usual + gap.failed
    b = _USUAL_WEIGHT * (1 - usual) + gap.visitors - gap.failed
    return float(betaincinv(a, b, 0.2)) > usual
