"""Findings as problems of files, for annotations beside the lines of a pull request."""

from __future__ import annotations

from kbgen.errors import Problem, Severity
from kbgen.insights.findings import Findings
from kbgen.insights.queue import Standing
from kbgen.insights.reasons import Reason
from kbgen.insights.words import Words

# These ask for nothing today.
_NOTES = ("expires-soon", "passage-expires-soon", "review-soon", "never-reviewed")


def problems(
    findings: Findings, words: Words, *, prefix: str, limit: int = 20
) -> tuple[Problem, ...]:
    """Every reason of the first `limit` articles of the queue, with counts and without a comment.

    `prefix` is the path of the content folder as problems show it: `content/`.
    """
    return tuple(
        _problem(reason, standing, findings, words, prefix)
        for standing in findings.queue[:limit]
        for reason in standing.reasons
    )


def _problem(
    reason: Reason, standing: Standing, findings: Findings, words: Words, prefix: str
) -> Problem:
    severity: Severity = "info" if reason.code in _NOTES else "warning"
    said = [words.reason(reason, standing, findings.today)]
    if standing.flag and reason.code in ("readers-say-no", "readers-say-worse"):
        said.append(words.settle(standing))
    return Problem(
        path=prefix + standing.article.path,
        line=reason.line or 1,
        code=reason.code,
        message=" ".join(said),
        severity=severity,
    )
