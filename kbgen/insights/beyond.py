"""Reasons that need more than the votes on one text: what agents do, what the source reaches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kbgen.insights.intervals import Change, Share
from kbgen.insights.options import Options
from kbgen.insights.queue import Standing, by_gravity
from kbgen.insights.reasons import Reason
from kbgen.insights.stream import AGENTS, Key, Stream


def agent_uses(stream: Stream, days: int) -> Counter[Key]:
    """How often agents and assistants opened each article in the last days: once a session and
    day, however often they looked."""
    seen = {
        (entry.key, entry.visitor, entry.day)
        for entry in stream.window(days)
        if entry.event.source in AGENTS and entry.event.type in ("click", "view") and entry.key
    }
    return Counter(key for key, _, _ in seen)


def with_comparisons(
    standings: Sequence[Standing], uses: Mapping[Key, int], source_lang: str, options: Options
) -> tuple[Standing, ...]:
    """The standings, with the reasons that come from comparing."""
    sources = {s.article.id: s for s in standings if s.article.lang == source_lang}
    done = []
    for standing in standings:
        found = [
            _agents(standing, uses.get(standing.key, 0), options),
            _translation(standing, sources.get(standing.article.id), options),
        ]
        more = [reason for reason in found if reason]
        reasons = by_gravity([*standing.reasons, *more]) if more else standing.reasons
        done.append(replace(standing, reasons=reasons))
    return tuple(done)


def _agents(standing: Standing, uses: int, options: Options) -> Reason | None:
    """Agents use it, and those readers who voted since its last review say no."""
    limits = options.thresholds
    heard = standing.enough and standing.fresh.votes >= limits.min_votes
    is_low = heard and standing.helpful < limits.target
    if uses < options.agent_uses or not (standing.flag or is_low):
        return None
    return Reason("agents-use-it", votes=standing.fresh.votes, times=uses)


def _translation(standing: Standing, source: Standing | None, options: Options) -> Reason | None:
    """A translation that helps clearly less than its source, beyond what is usual between the two
    languages: then it is the words and not the content."""
    if source is None or source is standing or not _is_heard(standing, options):
        return None
    if not _is_heard(source, options):
        return None
    own, other = _share(standing), _share(source)
    _, high = Change(before=other, now=own).interval
    if high >= min(0.0, standing.usual - source.usual):
        return None
    return Reason("translation-differs", votes=own.whole, names=(source.article.lang,), other=other)


def _is_heard(standing: Standing, options: Options) -> bool:
    return standing.enough and standing.fresh.votes >= options.thresholds.min_votes


def _share(standing: Standing) -> Share:
    return Share(standing.fresh.yes, standing.fresh.votes)
