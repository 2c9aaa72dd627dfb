"""The story of an article in words: the sentences of the report, and a page for the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from kbgen.insights.columns import Align, table
from kbgen.insights.flags import Flag
from kbgen.insights.helpfulness import estimate
from kbgen.insights.options import Options
from kbgen.insights.proof import Estimate, Proof
from kbgen.insights.story import Moment, Story
from kbgen.insights.text import fold
from kbgen.insights.words import Words, rounded


@dataclass(frozen=True, slots=True)
class Told:
    """One moment as sentences. `rev` is the text it is about."""

    day: date
    date: str
    rev: str
    said: tuple[str, ...]
    tone: str  # "good", "bad" or ""


def told(story: Story, words: Words) -> list[Told]:
    """The moments of a story, oldest first."""
    return [
        Told(
            day=moment.day,
            date=words.day(moment.day),
            rev=moment.rev,
            said=_said(moment, words),
            tone=_tone(moment),
        )
        for moment in story.moments
    ]


def _said(moment: Moment, words: Words) -> tuple[str, ...]:
    if moment.what != "edited":
        return (
            words(f"proof.{moment.what}", None, **(_counts(moment.flag) if moment.flag else {})),
        )
    commit = moment.commit
    if commit and commit.subject:
        name = "written" if commit.is_first else "edited_why"
        said = words(f"proof.{name}", subject=commit.subject)
    else:
        said = words("proof.edited")
    return (said, *(proof_said(moment.proof, words) if moment.proof else ()))


def _tone(moment: Moment) -> str:
    if moment.flag:
        return "bad"
    verdict = moment.proof.verdict if moment.proof else ""
    return {"better": "good", "worse": "bad"}.get(verdict, "")


def _counts(flag: Flag) -> dict[str, str]:
    return {
        "yes": f"{flag.after.part:,}",
        "votes": f"{flag.after.whole:,}",
        "before_yes": f"{flag.before.part:,}",
        "before_votes": f"{flag.before.whole:,}",
    }


def proof_said(proof: Proof, words: Words) -> tuple[str, ...]:
    """Before, after, the verdict, and what would bring one."""
    said = [words("proof.before", share=_share(proof.before, words))]
    if proof.after.votes:
        said.append(words("proof.after", share=_share(proof.after, words)))
    else:
        said.append(words("proof.no_after"))
    said.append(words(f"proof.{proof.verdict}", chance=words.chance(proof.better)))
    if proof.verdict == "unknown":
        said.append(_missing(proof, words))
    return tuple(said)


def _missing(proof: Proof, words: Words) -> str:
    if not proof.edit.is_last:
        return words("proof.over")
    return words("votes.more", rounded(proof.more)) if proof.more else words("proof.never")


def _share(found: Estimate, words: Words) -> str:
    return words.of_voters(found.mean, found.low, found.high, found.votes)


def as_text(story: Story, words: Words, options: Options, *, width: int = 100) -> str:
    """The story as text, at most `width` columns wide."""
    standing = story.standing
    article = standing.article
    blocks = [
        [f"{article.id} {article.lang} {article.title}", article.path],
        [words.share(standing), words.needs_work(standing, options)],
        _timeline(story, words, width),
        _texts(story, words, width),
        _searches(story, words, width),
    ]
    return (
        "\n\n".join("\n".join(line for line in lines if line) for lines in blocks if lines) + "\n"
    )


def _timeline(story: Story, words: Words, width: int) -> list[str]:
    lines = [words("proof.heading")]
    for moment in told(story, words):
        mark = f"{moment.day.isoformat()}  "
        for number, sentence in enumerate(moment.said):
            for place, line in enumerate(fold(sentence, width - len(mark))):
                lines.append(f"{mark if not (number or place) else ' ' * len(mark)}{line}")
    return lines if len(lines) > 1 else [*lines, words("proof.nothing")]


def texts(story: Story, words: Words) -> list[tuple[str, ...]]:
    """Each text as a row: whether it is today's, revision, share, first and last vote."""
    rows = [(rev, tally) for rev, tally in reversed(story.texts)]
    found = estimate(
        np.array([tally.yes for _, tally in rows], dtype=float),
        np.array([tally.votes for _, tally in rows], dtype=float),
        [story.standing.prior] * len(rows),
    )
    return [
        (
            words(f"article.{'current' if rev == story.standing.article.rev else 'earlier'}"),
            rev,
            words.of_voters(found.mean[n], found.low[n], found.high[n], tally.votes),
            words.day(tally.first) if tally.first else "",
            words.day(tally.last) if tally.last else "",
        )
        for n, (rev, tally) in enumerate(rows)
    ]


def _texts(story: Story, words: Words, width: int) -> list[str]:
    rows = texts(story, words)
    if not rows:
        return []
    names = ("column.revision", "column.helpful", "column.since", "column.until")
    cells = [[f"{name} {rev}".strip(), *rest] for name, rev, *rest in rows]
    align: list[Align] = ["left"] * 4
    head = [words(name) for name in names]
    return [words("article.revisions"), *table(head, cells, align, width=width, flexible=0)]


def _searches(story: Story, words: Words, width: int) -> list[str]:
    if not story.searches:
        return []
    head = [words("column.query"), words("column.people")]
    cells = [[query, f"{people:,}"] for query, people in story.searches]
    return [
        words("article.searched"),
        *table(head, cells, ["left", "right"], width=width, flexible=0),
    ]
