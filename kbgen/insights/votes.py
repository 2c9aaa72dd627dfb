"""Votes: one voter, one text, one vote; the last choice counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from kbgen.articles.model import Article, Corpus
from kbgen.events import Event, last_details, last_votes
from kbgen.insights.stream import Key, Seen


@dataclass(frozen=True, slots=True)
class Vote:
    """What one voter finally said about one revision of one article."""

    key: Key
    rev: str  # "" if it was cast on a text that nobody can name any more
    at: datetime
    yes: bool
    reason: str = ""
    comment: str = ""
    query: str = ""  # the search that led here, if the event says so
    findable: bool | None = None  # None: the voter did not say

    @property
    def day(self) -> date:
        """The day (UTC) of the vote."""
        return self.at.date()


@dataclass(frozen=True, slots=True)
class Tally:
    """The votes on one revision of one article. `reasons` are those of the voters for no."""

    yes: int = 0
    votes: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)  # commonest first
    first: date | None = None
    last: date | None = None


def votes(seen: Iterable[Seen], corpus: Corpus) -> list[Vote]:
    """Each voter's last choice per (article, language, revision), by time.

    What follows a vote in a detail belongs to it, whichever arrives first.
    """
    known = {entry.event.event_id: entry for entry in seen}
    events = [entry.event for entry in known.values()]
    details = last_details(events)
    found = [
        _vote(entry, entry.key, details.get(event.root), corpus)
        for event in last_votes(events)
        if (entry := known[event.event_id]).key
    ]
    return sorted(found, key=lambda vote: (vote.at, vote.key, vote.rev, vote.yes))


def _vote(entry: Seen, key: Key, detail: Event | None, corpus: Corpus) -> Vote:
    event = entry.event
    findable = event.findable if detail is None or detail.findable is None else detail.findable
    return Vote(
        key=key,
        rev=event.rev or _revision(entry, corpus.by_key[key]),
        at=event.ts,
        yes=event.vote == 1,
        reason=(detail and detail.reason) or event.reason,
        comment=(detail and detail.comment) or event.comment,
        query=event.prev[1:] if event.prev.startswith("?") else "",
        findable=None if findable is None else findable == 1,
    )


def _revision(entry: Seen, article: Article) -> str:
    """The text that was judged. Exports of other tools do not name it: then a vote since the last
    commit is about today's text, and an older one about some earlier text."""
    is_todays = article.updated is None or entry.day >= article.updated
    return article.rev if is_todays else ""


def tallies(cast: Iterable[Vote]) -> dict[tuple[Key, str], Tally]:
    """Counts per (article, language) and revision."""
    groups: dict[tuple[Key, str], list[Vote]] = defaultdict(list)
    for vote in cast:
        groups[vote.key, vote.rev].append(vote)
    return {epoch: _tally(group) for epoch, group in groups.items()}


def _tally(group: list[Vote]) -> Tally:
    reasons = Counter(vote.reason for vote in group if vote.reason and not vote.yes)
    return Tally(
        yes=sum(vote.yes for vote in group),
        votes=len(group),
        reasons=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        first=min(vote.day for vote in group),
        last=max(vote.day for vote in group),
    )
