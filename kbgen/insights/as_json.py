"""Findings as JSON: the interface that other programs rely on. docs/insights.md describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from kbgen.insights.findings import Findings
from kbgen.insights.gaps import Gap
from kbgen.insights.intervals import Share
from kbgen.insights.metrics import Metric
from kbgen.insights.queue import Standing
from kbgen.insights.reasons import Reason
from kbgen.insights.stream import Key

VERSION = 1


def as_json(findings: Findings) -> dict[str, Any]:
    """Settings, site, articles, queue and gaps. No comment and no rare query is in it."""
    place = {standing.key: n for n, standing in enumerate(findings.queue, 1)}
    return {
        "v": VERSION,
        "settings": {"today": findings.today.isoformat(), **asdict(findings.options)},
        "site": _site(findings),
        "articles": [_article(s, place.get(s.key)) for s in findings.standings],
        "queue": list(dict.fromkeys(standing.article.id for standing in findings.queue)),
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
        "metrics": {metric.code: _metric(metric) for metric in findings.metrics},
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


def _article(standing: Standing, place: int | None) -> dict[str, Any]:
    """One article in one language. Without a vote nothing is claimed about its helpfulness."""
    article, tally = standing.article, standing.tally
    voted = tally.votes > 0
    return {
        "id": article.id,
        "lang": article.lang,
        "rev": article.rev,
        "votes": tally.votes,
        "helpful": _round(standing.helpful) if voted else None,
        "low": _round(standing.low) if voted else None,
        "high": _round(standing.high) if voted else None,
        "p_needs_work": _round(standing.p_needs_work) if voted else None,
        "tier": None,
        "since": None,
        "reasons": [_reason(reason) for reason in standing.reasons],
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
        "touched": standing.age.isoformat() if standing.age else None,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "kind": reason.kind,
        "since": reason.since.isoformat() if reason.since else None,
        "votes": reason.votes,
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
