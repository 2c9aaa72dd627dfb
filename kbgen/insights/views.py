"""What the pages of the report show, in words and pictures: templates only lay it out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from kbgen.articles.model import Corpus
from kbgen.insights.charts import Range, mini_range, parts_bar, range_bar, trend
from kbgen.insights.findings import Findings
from kbgen.insights.gaps import Gap
from kbgen.insights.metrics import Metric
from kbgen.insights.queue import Standing
from kbgen.insights.stream import Key
from kbgen.insights.text import change
from kbgen.insights.words import Words, rounded
from kbgen.strings import languages, strings

LISTED = 500  # rows of a list that the pages show


@dataclass(frozen=True, slots=True)
class Link:
    """An article as a line of text: its title, and its page in the report if it has one."""

    title: str
    lang: str
    page: str  # relative to the root of the report, "" if there is none


@dataclass(frozen=True, slots=True)
class Row:
    """One article of the queue, or of the list of all articles."""

    link: Link
    facts: tuple[str, ...]  # number, language, owner ...
    said: tuple[str, ...]  # why it is here, and what an edit could win
    because: tuple[str, ...]  # what voters for no complain about
    share: str
    chart: Markup | None
    cells: tuple[str, ...]  # the same as figures
    win: str
    bad: bool
    tier: str  # of its flag, "" without one
    badge: str  # the same in a word
    settle: str  # what would settle it
    chance: str  # that it needs work


@dataclass(frozen=True, slots=True)
class Latest:
    """One of the latest votes."""

    link: Link
    date: str
    vote: str
    yes: bool
    reason: str
    comment: str


@dataclass(frozen=True, slots=True)
class Tile:
    """One share of the whole help center."""

    name: str
    value: str
    counted: str
    between: str
    verdict: str
    change: str
    before: str  # the share over the window before
    chart: Markup
    weeks: tuple[tuple[str, str, str], ...]  # first day, share, counts


class Views:
    """Makes what the pages show from the findings, in one language."""

    def __init__(self, findings: Findings, corpus: Corpus, words: Words) -> None:
        self.findings = findings
        self.corpus = corpus
        self.words = words
        self.pages = pages(findings)

    def link(self, key: Key) -> Link:
        """An article of the corpus by its key."""
        article = self.corpus.by_key[key]
        return Link(article.title, article.lang, self.pages.get(key, ""))

    def queue(self, limit: int = LISTED) -> list[Row]:
        """The first rows of the queue."""
        return [self.row(standing) for standing in self.findings.queue[:limit]]

    def judged(self) -> list[Row]:
        """Every article that has a page: the least helpful first, those of whom nothing can be
        said last."""
        rows = [s for s in self.findings.standings if s.key in self.pages]

        def place(standing: Standing) -> tuple[bool, float, Key]:
            order = standing.helpful if standing.enough else -standing.tally.votes
            return not standing.enough, round(order, 6), standing.key

        return [self.row(standing, small=True) for standing in sorted(rows, key=place)]

    def row(self, standing: Standing, *, small: bool = False) -> Row:
        """One article with its reasons, its chart and its figures."""
        words, today = self.words, self.findings.today
        reasons = [words.reason(reason, standing, today) for reason in standing.reasons]
        return Row(
            link=self.link(standing.key),
            facts=self._facts(standing),
            said=tuple(text for text in (*reasons, words.win(standing)) if text),
            because=self._because(standing),
            share=words.share(standing, short=small),
            chart=self._chart(standing, small=small),
            cells=self._cells(standing),
            win=f"{rounded(standing.could_help):,}" if round(standing.could_help) else "",
            bad=standing.flag is not None,
            tier=standing.flag.tier if standing.flag else "",
            badge=words.tier(standing.flag) if standing.flag else "",
            settle=words.missing(standing.flag) if standing.flag else "",
            chance=words.needs_work(standing, self.findings.options),
        )

    def _facts(self, standing: Standing) -> tuple[str, ...]:
        article, words = standing.article, self.words
        touched = standing.touched
        facts = [
            article.id,
            language_name(article.lang),
            article.owner,
            words("article.agents") if article.audience == "agents" else "",
            f"{words('column.touched')}: {words.day(touched)}" if touched else "",
            f"{words('column.effort')}: {words.effort(standing)}" if standing.reasons else "",
        ]
        return tuple(fact for fact in facts if fact)

    def _because(self, standing: Standing) -> tuple[str, ...]:
        return tuple(
            f"{self.words(f'because.{reason}')} {count}"
            for reason, count in standing.tally.reasons.items()
        )

    def _chart(self, standing: Standing, *, small: bool) -> Markup | None:
        if not (standing.enough or standing.flag):
            return None
        words = self.words
        data = Range(
            mean=standing.helpful,
            low=standing.low,
            high=standing.high,
            usual=standing.usual,
            label=words(
                "queue.chart",
                share=words.percent(standing.helpful),
                low=words.percent(standing.low),
                high=words.percent(standing.high),
                usual=words.percent(standing.usual),
            ),
            mean_text=words.percent(standing.helpful),
            usual_text=words("queue.usual", share=words.percent(standing.usual)),
            bad=standing.flag is not None,
        )
        return mini_range(data) if small else range_bar(data)

    def _cells(self, standing: Standing) -> tuple[str, ...]:
        words = self.words
        voted = standing.enough or standing.flag is not None
        shares = (standing.helpful, standing.low, standing.high)
        return (
            *(words.percent(share) if voted else "–" for share in shares),
            f"{standing.tally.votes:,}",
            f"{rounded(standing.readers):,}",
            f"{rounded(standing.could_help):,}",
            words.shorts(standing),
        )

    def latest(self, limit: int = 8) -> list[Latest]:
        """The latest votes, with what was said beside them."""
        words = self.words
        votes = [v for v in reversed(self.findings.votes) if v.key in self.pages][:limit]
        return [
            Latest(
                link=self.link(vote.key),
                date=words.day(vote.day),
                vote=words("article.said_yes" if vote.yes else "article.said_no"),
                yes=vote.yes,
                reason=words(f"because.{vote.reason}") if vote.reason else "",
                comment=vote.comment,
            )
            for vote in votes
        ]

    def tiles(self) -> list[Tile]:
        """The shares of the whole help center."""
        return [self._tile(metric) for metric in self.findings.metrics]

    def _tile(self, metric: Metric) -> Tile:
        words, now = self.words, metric.now
        name = words(f"metric.{metric.code}")
        low, high = (words.percent(end) for end in now.interval)
        known = [words.percent(share.share) for _, share in metric.weeks if share.whole]
        ends = {"first": known[0] if known else "–", "last": known[-1] if known else "–"}
        return Tile(
            name=name,
            value=words.percent(now.share),
            counted=self._of(now.part, now.whole) if now.whole else words("metric.empty"),
            between=words("metric.between", low=low, high=high) if now.whole else "",
            verdict=metric.verdict,
            change=change(metric, words),
            before=self._before(metric),
            chart=trend(
                [share for _, share in metric.weeks], words("metric.chart", None, name=name, **ends)
            ),
            weeks=tuple(
                (words.day(first), words.percent(share.share), self._of(share.part, share.whole))
                for first, share in metric.weeks
            ),
        )

    def _before(self, metric: Metric) -> str:
        words, share = self.words, metric.change.before
        return words("metric.before", share=words.percent(share.share)) if share.whole else ""

    def _of(self, part: int, whole: int) -> str:
        return self.words("metric.of", part=f"{part:,}", whole=f"{whole:,}")

    def gaps(self, limit: int = LISTED) -> list[Mapping[str, object]]:
        """The first questions without an answer."""
        most = max([gap.failed for gap in self.findings.gaps.rows], default=0)
        return [self._gap(gap, most) for gap in self.findings.gaps.rows[:limit]]

    def _gap(self, gap: Gap, most: int) -> Mapping[str, object]:
        parts = [("nothing", gap.nothing), ("no-click", gap.no_click), ("unhelped", gap.unhelped)]
        counts = {name: getattr(gap, name) for name in _GAP_COUNTS}
        label = self.words.left_alone(gap)
        return {
            **counts,
            "query": gap.query,
            "lang": gap.lang,
            "label": label,
            "chart": parts_bar(parts, most, label),
            "nearest": [self.link(key) for key in gap.nearest[:1]],
        }


def pages(findings: Findings) -> dict[Key, str]:
    """Where in the report each article has its page: those with a vote, a reader, or a place among
    the first of the queue."""
    judged = {vote.key for vote in findings.votes}
    listed = {standing.key for standing in findings.queue[:LISTED]}
    found: dict[Key, str] = {}
    taken: set[str] = set()
    for standing in findings.standings:
        key = standing.key
        if key in judged or key in listed or standing.readers:
            name = re.sub(r"[^\w.-]+", "-", f"{key[0]}.{key[1]}")
            while name.lower() in taken:  # ids that differ in a sign or in case only
                name += "-"
            taken.add(name.lower())
            found[key] = f"articles/{name}.html"
    return found


def language_name(lang: str) -> str:
    """What a language calls itself, or its tag."""
    return str(strings(lang)["site"]["language"]) if lang in languages() else lang


_GAP_COUNTS = ("failed", "visitors", "nothing", "no_click", "unhelped", "contacted", "days")
