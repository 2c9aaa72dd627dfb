"""The story of one article: its texts, its flags and its edits, in the order of their days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kbgen.articles.texts import Commit
from kbgen.insights.epochs import Epoch
from kbgen.insights.findings import Findings
from kbgen.insights.flags import Flag
from kbgen.insights.proof import Proof
from kbgen.insights.queue import Standing
from kbgen.insights.stream import Key
from kbgen.insights.votes import Tally

Commits = Mapping[Key, Mapping[str, Commit]]  # by article and revision
Happened = Literal["first-vote", "fell", "likely", "confirmed", "edited", "reviewed"]

_ORDER: tuple[Happened, ...] = (
    "edited", "first-vote", "fell", "likely", "confirmed", "reviewed",
)  # fmt: skip
_SEARCHES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened. `rev` is the text it is about, `flag` what a flag rests on, and
    `commit` and `proof` belong to an edit; without a commit its day is that of the first vote."""

    day: date
    what: Happened
    rev: str = ""
    flag: Flag | None = None
    commit: Commit | None = None
    proof: Proof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is known of one article in one language. `texts` are by first vote, today's last."""

    standing: Standing
    texts: tuple[tuple[str, Tally], ...]
    moments: tuple[Moment, ...]  # by day
    searches: tuple[tuple[str, int], ...]  # query, people who opened the article from it

    @property
    def proofs(self) -> tuple[Proof, ...]:
        """The edits, oldest first."""
        return tuple(moment.proof for moment in self.moments if moment.proof)


class Stories:
    """Tells the story of any article of the findings."""

    def __init__(self, findings: Findings, commits: Commits) -> None:
        self._findings, self._commits = findings, commits
        self._tallies: dict[Key, dict[str, Tally]] = defaultdict(dict)
        for (key, rev), tally in findings.tallies.items():
            self._tallies[key][rev] = tally
        self._flags: dict[Key, list[tuple[Epoch, Flag]]] = defaultdict(list)
        for epoch, state in findings.flags.states.items():
            if state.flag:
                self._flags[epoch.key].append((epoch, state.flag))
        self._proofs: dict[Key, list[Proof]] = defaultdict(list)
        for proof in findings.proofs:
            self._proofs[proof.edit.key].append(proof)
        self._searches = searched(findings)

    def of(self, standing: Standing) -> Story:
        """The story of one article."""
        key, article = standing.key, standing.article
        tallies = self._tallies[key]
        texts = sorted(tallies.items(), key=lambda item: item[0] == article.rev)  # today's last
        moments = [*self._edits(standing), *self._raised(key)]
        if texts and texts[0][1].first:
            moments.append(Moment(day=texts[0][1].first, what="first-vote", rev=texts[0][0]))
        if article.reviewed and article.reviewed <= self._findings.today:
            moments.append(Moment(day=article.reviewed, what="reviewed"))
        return Story(
            standing=standing,
            texts=tuple(texts),
            moments=tuple(sorted(moments, key=lambda m: (m.day, _ORDER.index(m.what), m.rev))),
            searches=self._searches.get(key, ())[:_SEARCHES],
        )

    def _edits(self, standing: Standing) -> list[Moment]:
        """What was edited, whether or not anybody has voted on it."""
        commits = self._commits.get(standing.key, {})
        proofs = {proof.edit.new: proof for proof in self._proofs[standing.key]}
        today = self._findings.today  # the day of what is neither committed nor voted on
        days = {rev: edited(proof, commits) or today for rev, proof in proofs.items()}
        for rev, commit in commits.items():
            if commit.day <= today:
                days.setdefault(rev, commit.day)
        return [
            Moment(day=day, what="edited", rev=rev, commit=commits.get(rev), proof=proofs.get(rev))
            for rev, day in days.items()
        ]

    def _raised(self, key: Key) -> list[Moment]:
        found = []
        for epoch, flag in self._flags[key]:
            found.append(Moment(day=flag.since, what=flag.tier, rev=epoch.rev, flag=flag))
            if flag.changed:
                found.append(Moment(day=flag.changed, what="fell", rev=epoch.rev, flag=flag))
        return found


def edited(proof: Proof, commits: Mapping[str, Commit]) -> date | None:
    """The day of an edit: of its commit, else of the first vote on the new text, if any."""
    commit = commits.get(proof.edit.new)
    if commit:
        return commit.day
    return proof.edit.after[0].day if proof.edit.after else None


def searched(findings: Findings) -> dict[Key, tuple[tuple[str, int], ...]]:
    """Queries from which each article was opened, by enough people to be shown; most first."""
    people: dict[Key, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    spelled: dict[str, str] = {}
    for search in findings.searches:
        spelled.setdefault(search.key, search.query)
        for key in search.clicked:
            people[key][search.key].add(search.visitor)
    least = findings.options.min_visitors
    found = {}
    for key, queries in people.items():
        counts = [(spelled[q], len(who)) for q, who in queries.items() if len(who) >= least]
        found[key] = tuple(sorted(counts, key=lambda item: (-item[1], item[0])))
    return found
