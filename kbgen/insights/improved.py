"""You said, we did: edits that answered readers, in words that writers wrote.

An edit is told if readers had raised a flag on the old text, or if enough people had searched in
vain for what the article now answers; if the votes since do not say that it got worse and raise no
new flag; and if there is a sentence for it. No comment and no query is part of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kbgen.articles.improved import Improvement
from kbgen.articles.model import Article
from kbgen.articles.texts import Commit
from kbgen.insights.findings import Findings
from kbgen.insights.gaps import find_gaps
from kbgen.insights.proof import Proof
from kbgen.insights.sessions import Search
from kbgen.insights.story import Commits, edited
from kbgen.insights.stream import Key
from kbgen.settings.model import Wording

_EARLIEST = timedelta(days=14)  # a `changes:` entry may be dated so long before its commit
_SHORTEST, _LONGEST = 12, 140  # characters of a subject that readers may see

_PREFIX = re.compile(r"(?P<type>[a-z]+)(\([^)]*\))?!?: +", re.IGNORECASE)
_FOR_READERS = ("feat", "fix", "docs", "content")
_TICKET = re.compile(r"^\[?[A-Z][A-Z0-9]+-\d+\]?:? +|\s*[([]#?[A-Z0-9-]*\d+[)\]]|\s*\[[^\]]*\]$")
_INTERNAL = re.compile(
    r"@|://|\.md\b|\.ya?ml\b|/|_|#|`|[{}<>|\\]|\d{5,}|\b[0-9a-f]{7,40}\b|[A-Z]{2,}-\d+"
    r"|^(merge|revert|wip|fixup|squash|typo|tmp|test|bump|chore|lint|todo)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Edited:
    """One text of an article and the day it appeared; `until` is that of the next one."""

    day: date
    until: date | None
    commit: Commit | None
    proof: Proof | None


def improvements(
    findings: Findings, commits: Commits, *, wording: Wording = "changes"
) -> tuple[Improvement, ...]:
    """What may be told, newest first.

    The sentence of an edit is the nearest entry of its article's `changes:`; with `wording`
    "commits" else the subject of its commit, if that reads like a sentence for readers.
    """
    proofs: dict[Key, list[Proof]] = defaultdict(list)
    for proof in findings.proofs:
        proofs[proof.edit.key].append(proof)
    flagged = {
        (epoch.key, epoch.rev) for epoch, state in findings.flags.states.items() if state.flag
    }
    searches = _Searches(findings)
    found: dict[tuple[Key, str], Improvement] = {}
    for standing in findings.standings:
        article, key = standing.article, standing.key
        # What readers complain about today has not been mended.
        if article.changes_hidden or not article.is_public or standing.flag:
            continue
        for change in _edited(proofs[key], commits.get(key, {}), findings.today):
            text = _text(article, change, wording)
            votes = _votes(change.proof, flagged, findings.options.min_visitors)
            people = searches.answered(key, change.day) if text else 0
            if text and (votes or people):
                found[key, text] = Improvement(
                    article=key[0], lang=key[1], day=change.day, text=text,
                    votes=votes, searches=people,
                )  # fmt: skip
    return tuple(sorted(found.values(), key=lambda row: row.place))


def wanted(findings: Findings, *, wording: Wording = "changes") -> list[Article]:
    """The articles whose history is worth reading."""
    edited_keys = {proof.edit.key for proof in findings.proofs}
    return [
        standing.article
        for standing in findings.standings
        if standing.article.changes or (wording == "commits" and standing.key in edited_keys)
    ]


def _edited(proofs: Iterable[Proof], commits: Mapping[str, Commit], today: date) -> list[_Edited]:
    by_rev = {proof.edit.new: proof for proof in proofs}
    days = {rev: commit.day for rev, commit in commits.items() if commit.day <= today}
    for rev, proof in by_rev.items():
        if day := edited(proof, commits):
            days.setdefault(rev, day)
    order = sorted(days.items(), key=lambda item: (item[1], item[0]))
    ends = [*(day for _, day in order[1:]), None]
    return [
        _Edited(day, until, commits.get(rev), by_rev.get(rev))
        for (rev, day), until in zip(order, ends, strict=False)
    ]


def _text(article: Article, change: _Edited, wording: Wording) -> str:
    near = [
        entry
        for entry in article.changes
        if change.day - _EARLIEST <= entry.day
        and (change.until is None or entry.day < change.until)
    ]
    if near:
        return min(near, key=lambda entry: (abs(entry.day - change.day), entry.text)).text
    if wording == "commits" and change.commit:
        return sentence(change.commit.subject, article.lang)
    return ""


def sentence(subject: str, lang: str) -> str:
    """The subject of a commit as a sentence for readers; "" if it is none.

    Prefixes such as `fix(returns):` and ticket numbers are cut. What still looks internal (paths,
    names, numbers, addresses), is too short, or is not in the language of the article is none.
    """
    prefix = _PREFIX.match(subject)
    if prefix and prefix["type"].lower() not in _FOR_READERS:
        return ""
    text = subject[prefix.end() :] if prefix else subject
    text = " ".join(_TICKET.sub("", text).split())
    is_korean = bool(re.search(r"[가-힣]", text))
    if not _SHORTEST <= len(text) <= _LONGEST or _INTERNAL.search(text):
        return ""
    if len(text.split()) < 3 or is_korean != (lang == "ko"):
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?…" else ".")


def _votes(proof: Proof | None, flagged: Container[tuple[Key, str]], least: int) -> int:
    """Readers who had said no to the old text, if they had raised a flag on it."""
    if proof is None or not proof.edit.old or proof.verdict == "worse":
        return 0
    count = proof.before.votes - proof.before.yes
    return count if (proof.edit.key, proof.edit.old) in flagged and count >= least else 0


class _Searches:
    """Searches by what they asked, and who was left alone with them before an edit."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._asked: dict[str, list[Search]] = defaultdict(list)
        self._opened: dict[Key, set[str]] = defaultdict(set)
        for search in findings.searches:
            self._asked[search.key].append(search)
            for key in search.clicked:
                self._opened[key].add(search.key)

    def answered(self, key: Key, day: date) -> int:
        """People who had searched in vain, in all questions that the article answers since."""
        people: set[str] = set()
        for asked in sorted(self._opened[key]):
            people |= self._answered(self._asked[asked], key, day)
        return len(people) if len(people) >= self._findings.options.min_visitors else 0

    def _answered(self, searches: list[Search], key: Key, day: date) -> set[str]:
        options = self._findings.options
        since = day - timedelta(days=options.gap_days)
        before = [search for search in searches if since <= search.at.date() < day]
        after = [search for search in searches if search.at.date() > day]
        helped = {s.visitor for s in after if key in s.clicked and not s.failed}
        was_gap = find_gaps(before, min_visitors=options.min_visitors).rows
        is_gap = find_gaps(after, min_visitors=1).rows
        if not was_gap or is_gap or len(helped) < options.min_visitors:
            return set()
        return {search.visitor for search in before if search.failed}
