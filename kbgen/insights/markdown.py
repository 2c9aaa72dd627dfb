"""Findings as Markdown, for a pull request or a chat: counts and reasons, never a comment.

What readers and writers wrote stays text: no markup, no mention of anybody, no link of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from kbgen.articles.model import Article
from kbgen.insights.columns import shorten
from kbgen.insights.findings import Findings
from kbgen.insights.queue import Standing
from kbgen.insights.text import change
from kbgen.insights.words import Words, rounded

MOST = 60_000  # characters; GitHub takes 65,536 in one comment
_LONGEST = 160  # columns of what somebody else wrote
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BREAK = "\u2060"  # joins words, unseen: what it stands in is no mention and no address


def as_markdown(
    findings: Findings, words: Words, *, site_name: str, site_url: str = "", limit: int = 20
) -> str:
    """The report as Markdown, `limit` rows of each list or as many as a comment may hold."""
    while True:
        text = _whole(findings, words, site_name, site_url, limit)
        if len(text) <= MOST or limit <= 1:
            return text
        limit //= 2


def plain(text: str) -> str:
    """Somebody else's text as Markdown that shows it as it is, in one line."""
    text = shorten(" ".join(_HIDDEN.sub(" ", text).split()), _LONGEST)
    text = re.sub(r"@(?=\w)|#(?=\d)|:(?=//)|(?<=\bwww)(?=\.)", rf"\g<0>{_BREAK}", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"[\\`*_\[\]|~$]", r"\\\g<0>", text)
    # What begins a list or a heading, should the text begin a line.
    return re.sub(r"^([-+=#]|\d+(?=[.)]))", lambda m: _leading(m[1]), text)


def _leading(sign: str) -> str:
    return f"{sign}{_BREAK}" if sign[0].isdigit() else f"\\{sign}"


def article_link(article: Article, site_url: str) -> str:
    """The title, as a link where the public site has the article."""
    if not (site_url and article.is_public):
        return plain(article.title)
    return f"[{plain(article.title)}]({address(article, site_url)})"


def address(article: Article, site_url: str) -> str:
    """Where the public site has it."""
    return site_url + quote(article.url, safe="/")


def table(head: Sequence[str], rows: Iterable[Sequence[str]], align: Sequence[str]) -> list[str]:
    """Lines of a table; `align` has one of `-` and `-:` per column."""
    return [_row(head), _row(align), *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _whole(findings: Findings, words: Words, site_name: str, site_url: str, limit: int) -> str:
    title = words("about", site=plain(site_name), date=words.day(findings.today))
    blocks = [
        [f"## {title}"],
        [text for text in (words.simulated(findings), *words.events(findings)) if text],
        words.summary(findings) if findings.stream.first or findings.queue else [],
        _queue(findings, words, site_url, limit),
        _gaps(findings, words, limit),
        _site(findings, words),
        [f"<sub>{words('private')}</sub>"],
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _queue(findings: Findings, words: Words, site_url: str, limit: int) -> list[str]:
    if not findings.queue:
        return []
    names = ("column.number", "column.article", "column.helpful", "text.readers", "text.win",
             "column.owner", "column.age", "text.effort", "column.reasons")  # fmt: skip
    rows = [
        _queue_row(n, standing, findings, words, site_url)
        for n, standing in enumerate(findings.queue[:limit], 1)
    ]
    more = len(findings.queue) - limit
    return [
        f"### {words('text.queue')}",
        "",
        *table(
            [words(name) for name in names],
            rows,
            ["-:", "-", "-", "-:", "-:", "-", "-:", "-:", "-"],
        ),
        *(["", words("queue.more", more)] if more > 0 else []),
        "",
        f"<sub>{words('queue.formula')}</sub>",
    ]


def _queue_row(
    number: int, standing: Standing, findings: Findings, words: Words, site_url: str
) -> list[str]:
    article = standing.article
    return [
        str(number),
        f"{article_link(article, site_url)} {plain(article.id)} {article.lang}",
        words.share(standing, short=True),
        f"{rounded(standing.readers):,}",
        f"{rounded(standing.could_help):,}",
        plain(article.owner) or "–",
        words.age(standing, findings.today),
        words.effort(standing),
        words.shorts(standing),
    ]


def _gaps(findings: Findings, words: Words, limit: int) -> list[str]:
    gaps = findings.gaps
    if not gaps.rows and not gaps.withheld_queries:
        return []
    names = ("query", "failed", "nothing", "no_click", "unhelped", "visitors")
    rows = [
        [plain(gap.query), *(f"{getattr(gap, name):,}" for name in names[1:])]
        for gap in gaps.rows[:limit]
    ]
    said = []
    if len(gaps.rows) > limit:
        said += ["", words("gaps.more", len(gaps.rows) - limit)]
    if gaps.withheld_queries:
        least = findings.options.min_visitors
        said += ["", words("gaps.withheld", gaps.withheld_queries, least=least)]
    head = [words(f"gaps.{name}") for name in names]
    lines = table(head, rows, ["-", *["-:"] * 5]) if rows else []
    return [f"### {words('text.gaps')}", "", *lines, *said]


def _site(findings: Findings, words: Words) -> list[str]:
    rows = []
    for metric in findings.metrics:
        now = metric.now
        if now.whole:
            name = words(f"metric.{metric.code}")
            counted = words("metric.of", part=f"{now.part:,}", whole=f"{now.whole:,}")
            rows.append([name, words.percent(now.share), counted, change(metric, words)])
    if not rows:
        return []
    title = words("text.site", days=findings.options.window_days)
    head = [
        words("column.figure"),
        words("column.share"),
        words("column.count"),
        words("column.change"),
    ]
    lines = [f"### {title}", "", *table(head, rows, ["-", "-:", "-:", "-"])]
    reply = words.replies(findings)
    return [*lines, "", reply] if reply else lines
