"""Everything that events say about a corpus on one day. Pure: same input, same findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from kbgen.articles.model import Corpus
from kbgen.events.model import Event
from kbgen.insights.beside import Beside
from kbgen.insights.beyond import agent_uses, with_comparisons
from kbgen.insights.contacts import contacts
from kbgen.insights.edits import edits
from kbgen.insights.epochs import Kept, epochs, unreviewed
from kbgen.insights.flags import Flags, flags
from kbgen.insights.gaps import Gap, Gaps, find_gaps
from kbgen.insights.helpfulness import Prior
from kbgen.insights.metrics import Metric, metrics
from kbgen.insights.options import Options
from kbgen.insights.proof import Proof, prove
from kbgen.insights.queue import Only, Standing, queue
from kbgen.insights.replies import Replies, replies
from kbgen.insights.sessions import Search, searches
from kbgen.insights.standings import Known, Usual, standings
from kbgen.insights.stream import Key, Stream, stream
from kbgen.insights.traffic import Traffic, traffic
from kbgen.insights.votes import Tally, Vote, tallies, votes

Suggest = Callable[[str, str], Sequence[Key]]  # query, language -> articles near it, best first


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What one run found out."""

    today: date
    options: Options
    stream: Stream
    votes: tuple[Vote, ...]  # each voter's last choice, all revisions
    tallies: dict[tuple[Key, str], Tally]  # by (article, language) and revision
    searches: tuple[Search, ...]
    prior: Prior  # what is usual in the whole library
    traffic: Traffic
    flags: Flags  # of every text that was voted on
    proofs: tuple[Proof, ...]  # of every edit between texts that were voted on
    standings: tuple[Standing, ...]  # every article that is not a draft, by path
    queue: tuple[Standing, ...]
    gaps: Gaps
    metrics: tuple[Metric, ...]
    replies: Replies  # to flags
    only: Only = field(default_factory=Only)  # what the queue was narrowed to


def narrowed(findings: Findings, only: Only) -> Findings:
    """The findings with these articles alone in the queue; figures and shares stay those of all."""
    kept = tuple(standing for standing in findings.queue if only.holds(standing.article))
    return replace(findings, queue=kept, only=only)


def analyse(
    corpus: Corpus,
    events: Iterable[Event],
    today: date,
    *,
    options: Options | None = None,
    suggest: Suggest | None = None,
    kept: Kept | None = None,
    beside: Beside | None = None,
) -> Findings:
    """What the events up to and including `today` say about the articles of the corpus.

    `suggest` names articles that might answer a failed query; without it none are named. `kept`
    tells when somebody read a text and kept it as it is, `beside` what else is known.
    """
    options = options or Options()
    seen = stream(events, corpus, today)
    cast = votes(seen.seen, corpus)
    counts = tallies(cast)
    asked = searches(seen.seen)
    readers = traffic(seen, cast, window=options.window_days, vote_rate=options.vote_rate)
    articles = [article for article in corpus.articles if not article.draft]
    kept = kept or {}
    usual = Usual(articles, counts)
    written = epochs(cast, kept, today)
    judged = flags(
        written,
        usual.groups,
        options.thresholds,
        least=options.min_visitors,
        contacts=contacts(seen.seen),
    )
    known = Known(
        counts=counts,
        fresh=tallies(unreviewed(cast, kept)),
        usual=usual,
        flags=judged,
        readers=readers,
        kept=kept,
        beside=beside or Beside(),
    )
    changed = edits(cast, {(article.id, article.lang): article.rev for article in articles})
    uses = agent_uses(seen, options.window_days)
    source = corpus.languages[0] if corpus.languages else ""
    rows = with_comparisons(standings(articles, known, today, options), uses, source, options)
    since = today - timedelta(days=options.gap_days)
    recent = [search for search in asked if search.at.date() > since]
    gaps = find_gaps(recent, min_visitors=options.min_visitors)
    return Findings(
        today=today,
        options=options,
        stream=seen,
        votes=tuple(cast),
        tallies=counts,
        searches=tuple(asked),
        prior=usual.whole,
        traffic=readers,
        flags=judged,
        proofs=prove(changed, judged, options.thresholds, proven=options.proven),
        standings=rows,
        queue=queue(rows),
        gaps=_suggested(gaps, suggest) if suggest else gaps,
        metrics=metrics(seen, cast, asked, window=options.window_days),
        replies=replies(written, judged.states, articles, kept, today, window=options.reply_days),
    )


def _suggested(gaps: Gaps, suggest: Suggest) -> Gaps:
    def near(gap: Gap) -> Gap:
        return replace(gap, nearest=tuple(suggest(gap.query, gap.lang)))

    return replace(gaps, rows=tuple(near(gap) for gap in gaps.rows))
