"""The page of one article in the report: its votes by week and by text, and what people wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup

from kbgen.articles.model import Article
from kbgen.insights.charts import Names, Week, votes_by_week
from kbgen.insights.intervals import Share
from kbgen.insights.queue import Standing
from kbgen.insights.story import Commits, Stories, Story
from kbgen.insights.story_text import Told, texts, told
from kbgen.insights.stream import Key
from kbgen.insights.views import Row, Views, language_name
from kbgen.insights.votes import Vote
from kbgen.insights.words import Words, rounded

_WEEKS = 26
_COMMENTS = 30


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
    evidence: tuple[tuple[str, str], ...]  # what its flag rests on
    kept: str  # who reviewed and kept it
    chart: Markup | None
    weeks: tuple[tuple[str, int, int], ...]  # first day, yes, no; newest first
    revisions: tuple[tuple[str, ...], ...]  # text, share, votes, first, last
    because: tuple[tuple[str, int], ...]
    searched: tuple[tuple[str, int], ...]  # query, people
    story: tuple[Told, ...]  # what happened, and what edits did
    comments: tuple[Comment, ...]


def article_pages(views: Views, commits: Commits) -> list[ArticlePage]:
    """The pages of all articles that have one; `commits` tells when and why texts were written."""
    votes: dict[Key, list[Vote]] = defaultdict(list)
    for vote in views.findings.votes:
        votes[vote.key].append(vote)
    stories = Stories(views.findings, commits)
    return [
        _page(views, stories.of(standing), votes[standing.key])
        for standing in views.findings.standings
        if standing.key in views.pages
    ]


def _page(views: Views, story: Story, votes: Sequence[Vote]) -> ArticlePage:
    words, findings, standing = views.words, views.findings, story.standing
    weeks = _weeks(votes, findings.today)
    return ArticlePage(
        page=views.pages[standing.key],
        article=standing.article,
        row=views.row(standing),
        facts=_facts(views, standing),
        chance=words.needs_work(standing, findings.options),
        more=words.settle(standing) or words.more_votes(standing, findings.options),
        evidence=_evidence(views, standing),
        kept=words.kept(standing),
        chart=_chart(views, standing, weeks) if weeks else None,
        weeks=tuple((words.day(first), yes, no) for first, yes, no in reversed(weeks)),
        revisions=tuple(texts(story, words)),
        because=tuple(
            (words(f"because.{reason}"), count) for reason, count in standing.tally.reasons.items()
        ),
        searched=story.searches,
        story=tuple(told(story, words)),
        comments=_comments(views, votes),
    )


def _evidence(views: Views, standing: Standing) -> tuple[tuple[str, str], ...]:
    """What a flag rests on, by name; empty without one."""
    words, flag = views.words, standing.flag
    if not flag:
        return ()
    searches = ", ".join(f"{query} ({voters:,})" for query, voters in flag.searches)
    found = [
        ("tier", words.tier(flag)),
        ("since", words.day(flag.since)),
        ("changed", words.day(flag.changed) if flag.changed else ""),
        ("before", _yes_of(words, flag.before) if flag.before.whole else ""),
        ("after" if flag.changed else "votes", _yes_of(words, flag.after)),
        ("because", ", ".join(words.because(flag.because))),
        ("comments", f"{flag.comments:,}"),
        ("searches", searches),
        ("contacts", words("evidence.people", flag.contacts)),
    ]
    return tuple((words(f"evidence.{name}"), text) for name, text in found if text)


def _yes_of(words: Words, share: Share) -> str:
    return words("evidence.yes", share.whole, yes=f"{share.part:,}")


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
