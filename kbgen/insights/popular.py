"""What the public site may show of the votes: how much each article helped, and nothing more."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np

from kbgen.insights.findings import Findings
from kbgen.insights.helpfulness import estimate
from kbgen.insights.reasons import Reason

FILE = ".kbgen/popular.yml"
_HEAD = """\
# How much each article helped: the share of yes that its votes leave no doubt about.
# Written by `kbgen insights --save`; the home page lists the highest. Do not edit.
"""


def popular(findings: Findings) -> dict[str, float]:
    """The lower end of the share of yes per public article with enough votes, by id.

    The lower end, because it grows with the share and with the number of votes. Votes of all
    languages count together: the home page of each shows the same articles. An article that
    readers complain about or that is past its end date is left out, whatever its share.
    """
    yes: dict[str, int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    doubtful = {s.article.id for s in findings.queue if any(_recommends_not(r) for r in s.reasons)}
    for standing in findings.standings:
        if standing.article.is_public and standing.article.id not in doubtful:
            yes[standing.article.id] += standing.tally.yes
            total[standing.article.id] += standing.tally.votes
    ids = sorted(name for name, count in total.items() if count >= findings.options.min_votes)
    found = estimate(
        np.array([yes[name] for name in ids], dtype=float),
        np.array([total[name] for name in ids], dtype=float),
        [findings.prior] * len(ids),
        target=findings.options.target,
    )
    return {name: round(float(low), 3) for name, low in zip(ids, found.low, strict=True)}


def _recommends_not(reason: Reason) -> bool:
    return reason.kind == "readers" or reason.code == "expired"


def save_popular(findings: Findings, content: Path) -> Path:
    """Writes them below the content folder; the same votes give the same bytes."""
    path = content / FILE
    # Ids hold no white space, but an adopted one may hold a colon: always in quotes.
    rows = [f'  "{name}": {low}\n' for name, low in popular(findings).items()]
    text = _HEAD + ("articles:\n" + "".join(rows) if rows else "articles: {}\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".new")
    aside.write_text(text, "utf-8")
    aside.replace(path)
    return path
