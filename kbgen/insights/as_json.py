"""Findings as JSON: the interface that other programs rely on. docs/insights.md describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from kbgen.insights.findings import Findings
from kbgen.insights.flags import Flag, State
from kbgen.insights.gaps import Gap
from kbgen.insights.intervals import Share
from kbgen.insights.metrics import Metric
from kbgen.insights.queue import Standing
from kbgen.insights.reasons import Reason
from kbgen.insights.replies import Replies
from kbgen.insights.stream import Key

VERSION = 1


def as_json(findings: Findings) -> dict[str, Any]:
    """Settings, site, articles, queue and gaps. No comment and no rare query is in it."""
    place = {standing.key: n for n, standing in enumerate(findings.queue, 1)}
    return {
        "v": VERSION,
        "settings": {"today": findings.today.isoformat(), **findings.options.settings()},
        "site": _site(findings),
        "articles": [_article(s, place.get(s.key), findings) for s in findings.standings],
        "queue": list(dict.fromkeys(standing.article.id for standing in findings.queue)),
        "only": asdict(findings.only),
        "gaps": [_gap(gap) for gap in findings.gaps.rows],
        "gaps_withheld": {
            "queries": findings.gaps.withheld_queries,
            "visitors": findings.gaps.withheld_visitors,
        },
    }


def _site(findings: Findings) -> dict[str, Any]:
    seen, prior = findings.stream, findings.prior
    return {
        "events": len(seen.seen),
        "simulated": seen.simulated,
        "unknown": seen.unknown,
        "first": seen.first.isoformat() if seen.first else None,
        "usual": _round(prior.mean),
        "usual_weight": _round(prior.strength),
        "usual_fitted": prior.fitted,
        "readers_from": findings.traffic.basis,
        "shift": _round(findings.flags.shift),
        "shift_since": findings.flags.shifted.isoformat() if findings.flags.shifted else None,
        "replies": _replies(findings.replies),
        "metrics": {metric.code: _metric(metric) for metric in findings.metrics},
    }


def _replies(found: Replies) -> dict[str, Any]:
    return {
        "answered": len(found.days),
        "median_days": found.median,
        "open": len(found.open),
        "open_median_days": found.open_median,
    }


def _metric(metric: Metric) -> dict[str, Any]:
    low, high = metric.change.interval
    known = metric.change.difference is not None
    return {
        **_share(metric.now),
        "before": _share(metric.change.before),
        "change": _round(metric.change.difference),
        "change_low": _round(low) if known else None,
        "change_high": _round(high) if known else None,
        "verdict": metric.verdict,
    }


def _share(share: Share) -> dict[str, Any]:
    low, high = share.interval
    known = share.share is not None
    return {
        "part": share.part,
        "whole": share.whole,
        "share": _round(share.share),
        "low": _round(low) if known else None,
        "high": _round(high) if known else None,
    }


def _article(standing: Standing, place: int | None, findings: Findings) -> dict[str, Any]:
    """One article in one language. Without a vote nothing is claimed about its helpfulness."""
    article, tally = standing.article, standing.tally
    voted, state, flag = tally.votes > 0, standing.state, standing.flag
    return {
        "id": article.id,
        "lang": article.lang,
        "rev": article.rev,
        "votes": tally.votes,
        "helpful": _round(standing.helpful) if voted else None,
        "low": _round(standing.low) if voted else None,
        "high": _round(standing.high) if voted else None,
        "p_needs_work": _round(state.needs_work) if state else None,
        "tier": flag.tier if flag else None,
        "since": flag.since.isoformat() if flag else None,
        "reasons": [_reason(reason) for reason in standing.reasons],
        "evidence": _evidence(standing.state, flag) if standing.state and flag else None,
        "kept": _kept(standing),
        "place": place,
        "yes": tally.yes,
        "enough": standing.enough,
        "readers_a_month": _round(standing.readers, 1),
        "unhelped_a_month": _round(standing.unhelped, 1) if voted else None,
        "could_help_a_month": _round(standing.could_help, 1),
        "said_no_because": dict(tally.reasons),
        "title": article.title,
        "path": article.path,
        "url": article.url,
        "owner": article.owner,
        "audience": article.audience,
        "touched": standing.touched.isoformat() if standing.touched else None,
        "age_days": standing.age(findings.today),
        "effort_minutes": standing.effort if standing.reasons else None,
    }


def _evidence(state: State, flag: Flag) -> dict[str, Any]:
    return {
        "p_declined": _round(state.declined),
        "p_value": float(f"{state.p_value:.3g}"),
        "changed": flag.changed.isoformat() if flag.changed else None,
        "before": {"yes": flag.before.part, "votes": flag.before.whole},
        "after": {"yes": flag.after.part, "votes": flag.after.whole},
        "said_no_because": dict(flag.because),
        "comments": flag.comments,
        "contacts": flag.contacts,
        "searches": [{"query": query, "voters": voters} for query, voters in flag.searches],
        "votes_to_confirm": flag.to_confirm,
    }


def _kept(standing: Standing) -> dict[str, Any] | None:
    review, flag = standing.review, standing.answered
    if not review:
        return None
    return {
        "date": review.day.isoformat(),
        "by": review.by,
        "note": review.note,
        "tier": flag.tier if flag else None,
        "votes_since": standing.fresh.votes,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "kind": reason.kind,
        "since": reason.since.isoformat() if reason.since else None,
        "votes": reason.votes,
        "line": reason.line or None,
        "names": list(reason.names),
        "other": {"yes": reason.other.part, "votes": reason.other.whole} if reason.other else None,
        "times": reason.times,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "query": gap.query,
        "lang": gap.lang,
        "visitors": gap.visitors,
        "failed": gap.failed,
        "nothing": gap.nothing,
        "no_click": gap.no_click,
        "unhelped": gap.unhelped,
        "contacted": gap.contacted,
        "days": gap.days,
        "first": gap.first.isoformat(),
        "last": gap.last.isoformat(),
        "opened": [{**_key(key), "times": times} for key, times in gap.opened],
        "nearest": [_key(key) for key in gap.nearest],
    }


def _key(key: Key) -> Mapping[str, str]:
    return {"id": key[0], "lang": key[1]}


def _round(number: float | None, digits: int = 4) -> float | None:
    return None if number is None else round(number, digits)
