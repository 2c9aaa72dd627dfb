"""What the public site may show of its readers: which articles helped, and which are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import log1p
from pathlib import Path

import numpy as np

from kbgen.insights.findings import Findings
from kbgen.insights.helpfulness import estimate
from kbgen.insights.queue import Standing
from kbgen.insights.reasons import COMPLAINTS, Reason

FILE = ".kbgen/popular.yml"
_HEAD = """\
# Written by `kbgen insights --save`. Do not edit.
#
# articles: how much each helped, the share of yes that its votes leave no doubt about. The home
#   page lists the highest.
# readers: how much each is read, on a logarithmic scale, 1 for the most read.
# Of two articles that match a search equally well, the better one by these comes first.
"""


def popular(findings: Findings) -> dict[str, float]:
    """The lower end of the share of yes per public article with enough votes, by id.

    The lower end, because it grows with the share and with the number of votes. Votes of all
    languages count together: the home page of each shows the same articles. An article that
    readers complain about or that is past its end date is left out, whatever its share.
    """
    yes: dict[str, int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    for standing in _recommended(findings):
        yes[standing.article.id] += standing.tally.yes
        total[standing.article.id] += standing.tally.votes
    ids = sorted(
        name for name, count in total.items() if count >= findings.options.thresholds.min_votes
    )
    found = estimate(
        np.array([yes[name] for name in ids], dtype=float),
        np.array([total[name] for name in ids], dtype=float),
        [findings.prior] * len(ids),
    )
    return {name: round(float(low), 3) for name, low in zip(ids, found.low, strict=True)}


def readership(findings: Findings) -> dict[str, float]:
    """How much each of the same articles is read, by id: log(1 + readers), 1 for the most read.

    The logarithm, because the most read article has many times the readers of the tenth. Two
    digits, so that the file changes when something has changed.
    """
    readers: dict[str, float] = defaultdict(float)
    for standing in _recommended(findings):
        readers[standing.article.id] += standing.readers
    most = log1p(max(readers.values(), default=0))
    shares = {name: round(log1p(readers[name]) / most, 2) for name in sorted(readers) if most}
    return {name: share for name, share in shares.items() if share}


def _recommended(findings: Findings) -> list[Standing]:
    doubtful = {
        s.article.id for s in findings.standings if any(_recommends_not(r) for r in s.reasons)
    }
    public = (s for s in findings.standings if s.article.is_public)
    return [standing for standing in public if standing.article.id not in doubtful]


def _recommends_not(reason: Reason) -> bool:
    return reason.code in COMPLAINTS or reason.code == "expired"


def save_popular(findings: Findings, content: Path) -> Path:
    """Writes them below the content folder; the same votes give the same bytes."""
    path = content / FILE
    sections = _section("articles", popular(findings)) + _section("readers", readership(findings))
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".new")
    aside.write_text(_HEAD + sections, "utf-8")
    aside.replace(path)
    return path


def _section(name: str, shares: Mapping[str, float]) -> str:
    # Ids hold no white space, but an adopted one may hold a colon: always in quotes.
    rows = [f'  "{article}": {share}\n' for article, share in shares.items()]
    return f"{name}:\n" + "".join(rows) if rows else f"{name}: {{}}\n"
