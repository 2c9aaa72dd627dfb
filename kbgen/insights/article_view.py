"""The page of one article in the report: its votes by week and by text, and what people wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from markupsafe import Markup

from kbgen.articles.model import Article
from kbgen.insights.charts import Names, Week, votes_by_week
from kbgen.insights.helpfulness import estimate
from kbgen.insights.queue import Standing
from kbgen.insights.stream import Key
from kbgen.insights.views import Row, Views, language_name
from kbgen.insights.votes import Vote
from kbgen.insights.words import rounded

_WEEKS = 26
_COMMENTS = 30
_SEARCHES = 20


@dataclass(frozen=True, slots=True)
class Comment:
    """What one voter wrote."""

    date: str
    yes: bool
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Everything that the page of one article shows."""

    page: str
    article: Article
    row: Row
    facts: tuple[tuple[str, str], ...]
    chance: str
    more: str
    chart: Markup | None
    weeks: tuple[tuple[str, int, int], ...]  # first day, yes, no; newest first
    revisions: tuple[tuple[str, ...], ...]  # text, share, votes, first, last
    because: tuple[tuple[str, int], ...]
    searched: tuple[tuple[str, int], ...]  # query, people
    comments: tuple[Comment, ...]


def article_pages(views: Views) -> list[ArticlePage]:
    """The pages of all articles that have one."""
    votes: dict[Key, list[Vote]] = defaultdict(list)
    for vote in views.findings.votes:
        votes[vote.key].append(vote)
    searched = _searched(views)
    return [
        _page(views, standing, votes[standing.key], searched.get(standing.key, ()))
        for standing in views.findings.standings
        if standing.key in views.pages
    ]


def _page(
    views: Views,
    standing: Standing,
    votes: Sequence[Vote],
    searched: tuple[tuple[str, int], ...],
) -> ArticlePage:
    words, findings = views.words, views.findings
    chance = words(
        "article.likely_low",
        target=words.percent(findings.options.target),
        chance=words.chance(standing.p_needs_work),
    )
    weeks = _weeks(votes, findings.today)
    return ArticlePage(
        page=views.pages[standing.key],
        article=standing.article,
        row=views.row(standing),
        facts=_facts(views, standing),
        chance=chance if standing.enough else "",
        more=words.more_votes(standing, findings.options),
        chart=_chart(views, standing, weeks) if weeks else None,
        weeks=tuple((words.day(first), yes, no) for first, yes, no in reversed(weeks)),
        revisions=_revisions(views, standing),
        because=tuple(
            (words(f"because.{reason}"), count) for reason, count in standing.tally.reasons.items()
        ),
        searched=searched,
        comments=_comments(views, votes),
    )


def _facts(views: Views, standing: Standing) -> tuple[tuple[str, str], ...]:
    article, words = standing.article, views.words
    never = words("article.never")
    facts = [
        ("id", article.id),
        ("language", language_name(article.lang)),
        ("category", _category(views, article)),
        ("owner", article.owner or words("article.nobody")),
        ("updated", words.day(article.updated) if article.updated else ""),
        ("reviewed", words.day(article.reviewed) if article.reviewed else never),
        ("expires", words.day(article.expires) if article.expires else ""),
        ("file", article.path),
        ("readers", f"{rounded(standing.readers):,}"),
        ("unhelped", f"{rounded(standing.unhelped):,}" if standing.enough else ""),
    ]
    return tuple((words(f"article.{name}"), text) for name, text in facts if text)


def _category(views: Views, article: Article) -> str:
    """The titles from the top category down to the article's own."""
    titles = {c.path: c.title for c in views.corpus.categories if c.lang == article.lang}
    parts = article.category.split("/") if article.category else []
    paths = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    return " › ".join(titles.get(path, path) for path in paths)


Weeks = list[tuple[date, int, int]]


def _weeks(votes: Sequence[Vote], today: date) -> Weeks:
    """First day, yes and no of each week up to today, from the first vote on, at most 26."""
    if not votes:
        return []
    count = min(_WEEKS, (today - votes[0].day).days // 7 + 1)
    first = today - timedelta(days=7 * count - 1)
    weeks = [[0, 0] for _ in range(count)]
    for vote in votes:
        place = (vote.day - first).days // 7
        if place >= 0:
            weeks[place][0 if vote.yes else 1] += 1
    return [(first + timedelta(weeks=n), yes, no) for n, (yes, no) in enumerate(weeks)]


def _chart(views: Views, standing: Standing, weeks: Weeks) -> Markup:
    words = views.words
    yes, no = words("article.said_yes"), words("article.said_no")
    bars = [Week(y, n, f"{words.day(first)}: {yes} {y}, {no} {n}") for first, y, n in weeks]
    total = {"yes": sum(y for _, y, _ in weeks), "no": sum(n for _, _, n in weeks)}
    names = Names(
        chart=words("article.chart", **total),
        yes=yes,
        no=no,
        first=words.day(weeks[0][0]),
        last=words.day(views.findings.today),
        edited=words("article.updated"),
    )
    updated = standing.article.updated
    place = (updated - weeks[0][0]).days // 7 if updated else -1
    return votes_by_week(bars, names, edited=place if 0 <= place < len(weeks) else None)


def _revisions(views: Views, standing: Standing) -> tuple[tuple[str, ...], ...]:
    """One row per text that was voted on, today's first, then the latest."""
    words, key = views.words, standing.key
    mine = [(rev, tally) for (of, rev), tally in views.findings.tallies.items() if of == key]
    mine.sort(
        key=lambda item: (item[0] != standing.article.rev, -(item[1].last or date.min).toordinal())
    )
    found = estimate(
        np.array([tally.yes for _, tally in mine], dtype=float),
        np.array([tally.votes for _, tally in mine], dtype=float),
        [standing.prior] * len(mine),
        target=views.findings.options.target,
    )
    return tuple(
        (
            words("article.current" if rev == standing.article.rev else "article.earlier"),
            rev,
            words.of_voters(found.mean[n], found.low[n], found.high[n], tally.votes),
            words.day(tally.first) if tally.first else "",
            words.day(tally.last) if tally.last else "",
        )
        for n, (rev, tally) in enumerate(mine)
    )


def _searched(views: Views) -> dict[Key, tuple[tuple[str, int], ...]]:
    """Queries from which each article was opened, by enough people to be shown."""
    people: dict[Key, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    spelled: dict[str, str] = {}
    for search in views.findings.searches:
        spelled.setdefault(search.key, search.query)
        for key in search.clicked:
            people[key][search.key].add(search.visitor)
    least = views.findings.options.min_visitors
    found = {}
    for key, queries in people.items():
        counts = [(spelled[q], len(who)) for q, who in queries.items() if len(who) >= least]
        found[key] = tuple(sorted(counts, key=lambda item: (-item[1], item[0]))[:_SEARCHES])
    return found


def _comments(views: Views, votes: Sequence[Vote]) -> tuple[Comment, ...]:
    words = views.words
    written = [vote for vote in reversed(votes) if vote.comment]
    return tuple(
        Comment(
            date=words.day(vote.day),
            yes=vote.yes,
            reason=words(f"because.{vote.reason}") if vote.reason else "",
            text=vote.comment,
        )
        for vote in written[:_COMMENTS]
    )
