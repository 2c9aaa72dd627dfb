"""The weekly digest: for each owner, what is new among their articles, and what got better.

What is new is what stands today and did not stand a week ago, so both findings are compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from kbgen.insights.findings import Findings
from kbgen.insights.gaps import Gap
from kbgen.insights.markdown import address
from kbgen.insights.proof import Proof, Verdict
from kbgen.insights.queue import Standing
from kbgen.insights.reasons import Reason
from kbgen.insights.story_text import proof_said
from kbgen.insights.stream import Key
from kbgen.insights.words import Words

WEEK = timedelta(days=7)
_TOP = 5  # rows of the owner's queue and of the questions


@dataclass(frozen=True, slots=True)
class Line:
    """One article or question, with its address ("" if it has none) and what is said of it."""

    title: str
    url: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one owner is told. `owner` is "" for the articles that nobody owns."""

    owner: str
    subject: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: str


def digests(
    now: Findings, before: Findings, words: Words, *, site_name: str, site_url: str = ""
) -> list[Digest]:
    """One digest per owner, by name, nobody last; owners of whom there is nothing to say have none.

    `before` are the findings of a week ago.
    """
    owned: dict[str, list[Standing]] = defaultdict(list)
    for standing in now.standings:
        if now.only.holds(standing.article):
            owned[_same(standing.article.owner)].append(standing)
    writer = _Writer(now, before, words, site_name, site_url)
    found = [writer.digest(mine) for owner, mine in sorted(owned.items(), key=_nobody_last)]
    return [digest for digest in found if digest.sections]


def _same(owner: str) -> str:
    return " ".join(owner.casefold().split())


def _nobody_last(item: tuple[str, list[Standing]]) -> tuple[bool, str]:
    return not item[0], item[0]


class _Writer:
    """Writes the digests of one week in one language."""

    def __init__(
        self, now: Findings, before: Findings, words: Words, site_name: str, site_url: str
    ) -> None:
        self._now, self._words = now, words
        self._name, self._url = site_name, site_url
        self._known = {s.key: {_mark(reason) for reason in s.reasons} for s in before.standings}
        self._tiers = {s.key: s.flag.tier for s in before.standings if s.flag}
        self._proven = {
            (proof.edit.key, proof.edit.old, proof.edit.new, proof.verdict)
            for proof in before.proofs
        }

    def digest(self, mine: Sequence[Standing]) -> Digest:
        """What the owner of these articles is told."""
        words, now = self._words, self._now
        owner = min(standing.article.owner for standing in mine)
        keys = {standing.key: standing for standing in mine}
        top = [standing for standing in now.queue if standing.key in keys]
        sections = [
            self._section("new", self._new(top)),
            self._section("better", self._proofs(keys, "better")),
            self._section("worse", self._proofs(keys, "worse")),
            self._section("top", [self._row(standing) for standing in top[:_TOP]]),
            self._section("gaps", self._gaps(keys)),
        ]
        ends = {"first": words.day(now.today - WEEK + timedelta(days=1))}
        return Digest(
            owner=owner,
            subject=words(
                "digest.subject",
                owner=owner or words("digest.nobody"),
                site=self._name,
                date=words.day(now.today),
            ),
            opening=tuple(
                text
                for text in (
                    words("digest.lead", len(top), last=words.day(now.today), **ends),
                    words.simulated(now),
                    words.shift(now),
                )
                if text
            ),
            sections=tuple(section for section in sections if section.lines),
            closing=words("private"),
        )

    def _section(self, name: str, lines: Sequence[Line]) -> Section:
        return Section(self._words(f"digest.{name}"), tuple(lines))

    def _line(self, standing: Standing, *said: str) -> Line:
        article = standing.article
        url = address(article, self._url) if self._url and article.is_public else ""
        return Line(article.title, url, tuple(text for text in said if text))

    def _new(self, top: Sequence[Standing]) -> list[Line]:
        found = []
        for standing in top:
            new = [reason for reason in standing.reasons if self._is_new(reason, standing)]
            if new:
                said = [self._words.reason(reason, standing, self._now.today) for reason in new]
                of_flag = any(reason.code in _OF_FLAG for reason in new)
                settle = self._words.settle(standing) if of_flag else ""
                found.append(self._line(standing, *said, settle))
        return found

    def _is_new(self, reason: Reason, standing: Standing) -> bool:
        """Not there a week ago; a flag also when it has become surer, a text when it is new."""
        today, since = self._now.today, reason.since
        if _mark(reason) not in self._known.get(standing.key, ()):
            return True
        if reason.code in _OF_FLAG and standing.flag:
            return self._tiers.get(standing.key) != standing.flag.tier
        return since is not None and today - WEEK < since <= today

    def _proofs(self, mine: dict[Key, Standing], verdict: Verdict) -> list[Line]:
        """Edits of which this became known within the week."""
        return [
            self._line(mine[proof.edit.key], *proof_said(proof, self._words))
            for proof in self._now.proofs
            if proof.edit.key in mine and proof.verdict == verdict and self._is_news(proof)
        ]

    def _is_news(self, proof: Proof) -> bool:
        edit = proof.edit
        return (edit.key, edit.old, edit.new, proof.verdict) not in self._proven

    def _row(self, standing: Standing) -> Line:
        words = self._words
        facts = [
            words.shorts(standing),
            words.share(standing, short=True),
            f"{words('column.effort')}: {words.effort(standing)}",
        ]
        return self._line(standing, words.win(standing), " · ".join(facts))

    def _gaps(self, mine: dict[Key, Standing]) -> list[Line]:
        """Questions of the week whose nearest article is one of these."""
        return [
            Line(gap.query, "", (self._words.left_alone(gap), self._near(gap, mine)))
            for gap in self._now.gaps.rows
            if gap.last > self._now.today - WEEK and gap.nearest and gap.nearest[0] in mine
        ][:_TOP]

    def _near(self, gap: Gap, mine: dict[Key, Standing]) -> str:
        return f"{self._words('gaps.nearest')}: {mine[gap.nearest[0]].article.title}"


_OF_FLAG = ("readers-say-no", "readers-say-worse")


def _mark(reason: Reason) -> tuple[object, ...]:
    """What makes two reasons of an article one; a flag stays one when its wording changes."""
    code = _OF_FLAG if reason.code in _OF_FLAG else reason.code
    return code, reason.line, reason.names
