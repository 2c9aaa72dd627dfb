"""Findings for the terminal: a page of plain text."""

from __future__ import annotations

from datetime import date
from textwrap import wrap

from kbgen.insights.columns import Align, display_width, shorten, table
from kbgen.insights.findings import Findings
from kbgen.insights.forecast import WITHIN, Band, Forecast
from kbgen.insights.gaps import Gap
from kbgen.insights.metrics import Metric
from kbgen.insights.queue import Standing
from kbgen.insights.votes import Vote
from kbgen.insights.words import Words, rounded


def as_text(
    findings: Findings, words: Words, *, site_name: str, width: int = 100, limit: int = 20
) -> str:
    """The report as text, at most `width` columns wide; `limit` rows of each list."""
    blocks = [
        [words("about", site=site_name, date=words.day(findings.today))],
        _opening(findings, words, width),
        _queue(findings, words, width, limit),
        _gaps(findings, words, width, limit),
        _latest(findings, words, width),
        _site(findings, words, width),
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines) + "\n"


def _opening(findings: Findings, words: Words, width: int) -> list[str]:
    said = [words.simulated(findings), *words.events(findings)]
    if findings.stream.first or findings.queue:
        said += words.summary(findings)
    return [line for text in said if text for line in fold(text, width)]


def _queue(findings: Findings, words: Words, width: int, limit: int) -> list[str]:
    rows = findings.queue
    if not rows:
        return []
    head = [words(name) for name in _QUEUE]
    cells = [_queue_row(n, row, words, findings.today) for n, row in enumerate(rows[:limit], 1)]
    align: list[Align] = ["right", "left", "left", *("right",) * 2, "left", *("right",) * 2, "left"]
    lines = [words("text.queue"), *table(head, cells, align, width=width, flexible=1)]
    if len(rows) > limit:
        lines.append(words("queue.more", len(rows) - limit))
    return [*lines, "", *fold(words("queue.formula"), width)]


_QUEUE = (
    "column.number",
    "column.article",
    "column.helpful",
    "text.readers",
    "text.win",
    "column.owner",
    "column.age",
    "text.effort",
    "column.reasons",
)


def _queue_row(number: int, standing: Standing, words: Words, today: date) -> list[str]:
    article = standing.article
    return [
        str(number),
        f"{article.id} {article.lang} {article.title}",
        words.cell(standing),
        f"{rounded(standing.readers):,}",
        f"{rounded(standing.could_help):,}",
        shorten(standing.article.owner, 14) or "–",
        words.age(standing, today),
        words.effort(standing),
        words.shorts(standing),
    ]


def _gaps(findings: Findings, words: Words, width: int, limit: int) -> list[str]:
    gaps = findings.gaps
    if not gaps.rows and not gaps.withheld_queries:
        return []
    lines = [words("text.gaps")]
    if gaps.rows:
        head = [words(f"gaps.{name}") for name in _GAPS]
        cells = [_gap_row(gap) for gap in gaps.rows[:limit]]
        align: list[Align] = ["left", "right", "right", "right", "right", "right"]
        lines += table(head, cells, align, width=width, flexible=0)
    if len(gaps.rows) > limit:
        lines.append(words("gaps.more", len(gaps.rows) - limit))
    if gaps.withheld_queries:
        least = findings.options.min_visitors
        lines += fold(words("gaps.withheld", gaps.withheld_queries, least=least), width)
    return lines


_GAPS = ("query", "failed", "nothing", "no_click", "unhelped", "visitors")


def _gap_row(gap: Gap) -> list[str]:
    counts = (gap.failed, gap.nothing, gap.no_click, gap.unhelped, gap.visitors)
    return [gap.query, *(f"{count:,}" for count in counts)]


def _latest(findings: Findings, words: Words, width: int) -> list[str]:
    standings = {standing.key: standing for standing in findings.standings}
    rows = [
        _latest_row(vote, standings[vote.key], words)
        for vote in reversed(findings.votes)
        if vote.key in standings
    ][:_LATEST]
    if not rows:
        return []
    head = [words(f"column.{name}") for name in ("date", "article", "vote", "helpful")]
    align: list[Align] = ["left", "left", "left", "left"]
    return [words("summary.latest"), *table(head, rows, align, width=width, flexible=1)]


_LATEST = 5


def forecast_text(found: Forecast, words: Words, *, basis: str, width: int = 100) -> str:
    """What flags can find, as text; `basis` is "events" or "options"."""
    known = {
        "readers": f"{rounded(found.readers_a_month):,}",
        "rate": words("percent", n=f"{100 * found.vote_rate:.2g}"),
        "articles": f"{found.articles:,}",
    }
    head = [words(f"forecast.{name}") for name in ("votes", "articles", "found", "after")]
    align: list[Align] = ["left", "right", "right", "right"]
    rows = [_band(band, words) for band in found.bands]
    false = {
        "likely": f"{found.false_likely_a_month:.2g}",
        "confirmed": f"{found.false_confirmed_a_month:.2g}",
    }
    lines = [
        *fold(words(f"forecast.from_{basis}", None, **known), width),
        "",
        *table(head, rows, align, width=width, flexible=0),
        "",
        *fold(words("forecast.wrong", None, **false), width),
        *fold(words("forecast.note", days=WITHIN, runs=found.runs), width),
    ]
    return "\n".join(lines) + "\n"


def _band(band: Band, words: Words) -> list[str]:
    few = band.falls < _FEW_FALLS
    return [
        words("forecast.band", n=f"{band.votes:g}") if band.votes else words("forecast.band_last"),
        f"{band.articles:,}",
        "–" if few else words.percent(band.found),
        "–" if few or band.days is None else words("forecast.days", band.days),
    ]


_FEW_FALLS = 10  # of fewer simulated falls nothing is said


def _latest_row(vote: Vote, standing: Standing, words: Words) -> list[str]:
    article = standing.article
    return [
        words.day(vote.day),
        f"{article.id} {article.lang} {article.title}",
        words("article.said_yes" if vote.yes else "article.said_no"),
        words.share(standing, short=True),
    ]


def _site(findings: Findings, words: Words, width: int) -> list[str]:
    rows = [_metric_row(metric, words) for metric in findings.metrics if metric.now.whole]
    if not rows:
        return []
    days = findings.options.window_days
    align: list[Align] = ["left", "right", "left", "right", "left"]
    head = ["", "", "", "", ""]
    lines = table(head, rows, align, width=width, flexible=0)[1:]
    return [words("text.site", days=days), *lines, *_reply(findings, words, width)]


def _reply(findings: Findings, words: Words, width: int) -> list[str]:
    said = words.replies(findings)
    return fold(said, width) if said else []


def _metric_row(metric: Metric, words: Words) -> list[str]:
    low, high = metric.now.interval
    return [
        words(f"metric.{metric.code}"),
        words.percent(metric.now.share),
        f"({100 * low:.0f}-{100 * high:.0f})",
        words("metric.of", part=f"{metric.now.part:,}", whole=f"{metric.now.whole:,}"),
        change(metric, words),
    ]


def change(metric: Metric, words: Words) -> str:
    """What became of a share since the window before."""
    difference = metric.change.difference
    points = "" if difference is None else words.points(difference)
    return words(f"metric.{metric.verdict}", change=points)


def fold(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` columns, broken at spaces."""
    wide = display_width(text) / max(1, len(text))  # columns per character, on average
    return wrap(text, max(20, int(width / wide)), break_long_words=False) or [""]
