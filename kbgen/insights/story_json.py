"""The story of an article as JSON; docs/insights.md describes it."""

from __future__ import annotations

from typing import Any

from kbgen.insights.flags import Flag
from kbgen.insights.proof import Estimate, Proof
from kbgen.insights.story import Moment, Story
from kbgen.insights.votes import Tally

VERSION = 1


def as_json(story: Story) -> dict[str, Any]:
    """Texts, moments and searches. No comment and no rare query is in it."""
    article = story.standing.article
    return {
        "v": VERSION,
        "id": article.id,
        "lang": article.lang,
        "rev": article.rev,
        "title": article.title,
        "path": article.path,
        "url": article.url,
        "texts": [_text(rev, tally) for rev, tally in story.texts],
        "timeline": [_moment(moment) for moment in story.moments],
        "searches": [{"query": query, "people": people} for query, people in story.searches],
    }


def _text(rev: str, tally: Tally) -> dict[str, Any]:
    return {
        "rev": rev,
        "yes": tally.yes,
        "votes": tally.votes,
        "first": tally.first.isoformat() if tally.first else None,
        "last": tally.last.isoformat() if tally.last else None,
        "said_no_because": dict(tally.reasons),
    }


def _moment(moment: Moment) -> dict[str, Any]:
    found: dict[str, Any] = {
        "day": moment.day.isoformat(),
        "what": moment.what,
        "rev": moment.rev or None,
    }
    if moment.what == "edited":
        found["subject"] = moment.commit.subject if moment.commit else None
        found["proof"] = _proof(moment.proof) if moment.proof else None
    return found | (_flag(moment.flag) if moment.flag else {})


def _flag(flag: Flag) -> dict[str, Any]:
    return {
        "before": {"yes": flag.before.part, "votes": flag.before.whole},
        "after": {"yes": flag.after.part, "votes": flag.after.whole},
    }


def _proof(proof: Proof) -> dict[str, Any]:
    return {
        "from": proof.edit.old or None,
        "before": _estimate(proof.before),
        "after": _estimate(proof.after),
        "p_better": round(proof.better, 4),
        "verdict": proof.verdict,
        "votes_to_verdict": proof.more,
    }


def _estimate(found: Estimate) -> dict[str, Any]:
    return {
        "helpful": round(found.mean, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
        "yes": found.yes,
        "votes": found.votes,
    }
