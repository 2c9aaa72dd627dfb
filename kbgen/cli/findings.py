"""What commands that look at readers share: the project, its events, and what they say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

import click

from kbgen.articles import Corpus, load_corpus
from kbgen.articles.corpus import prefix_of
from kbgen.articles.drift import drifts
from kbgen.articles.outside.known import dead_addresses, read_known
from kbgen.articles.place import parents
from kbgen.articles.reviews import read_reviews, unknown_reviews
from kbgen.cli.common import store_place
from kbgen.errors import did_you_mean, has_errors
from kbgen.events import Event
from kbgen.insights import Findings, Options, analyse
from kbgen.insights.beside import Beside
from kbgen.insights.findings import Suggest
from kbgen.insights.queue import Only
from kbgen.insights.sources import Events, read_all
from kbgen.insights.stream import SIMULATED
from kbgen.settings import Settings, load
from kbgen.strings import languages

F = TypeVar("F", bound=Callable[..., Any])

day = click.DateTime(formats=["%Y-%m-%d"])
_NO_STORE = """\
There are no events yet ({path}), so this is what the calendar says.
Votes and searches arrive there while `kbgen serve` or `kbgen collect` runs; exported ones come in
with `kbgen events import FILE`. To look around first: `kbgen simulate -o try.jsonl`, then
`kbgen insights --events try.jsonl`."""


def events_option(purpose: str) -> Callable[[F], F]:
    """Adds `--events`, the sources that `read_events` reads; `purpose` is its help."""
    return click.option(
        "--events",
        "sources",
        multiple=True,
        metavar="FILE|URL",
        help=f"{purpose} [default: $KBGEN_DB, else the store of the project]",
    )


def open_project(config: Path) -> tuple[Settings, Corpus]:
    """The settings and the articles of a project."""
    settings = load(config)
    corpus = load_corpus(settings)
    if has_errors(corpus.problems):
        click.echo("Some articles have errors; see `kbgen check`.", err=True)
    return settings, corpus


def has_events(settings: Settings, sources: tuple[str, ...]) -> bool:
    """Whether there is something to read: only the project's own store may not be there yet."""
    place = store_place(None, settings)
    return bool(sources) or place != str(settings.database) or settings.database.is_file()


def read_events(settings: Settings, sources: tuple[str, ...], today: datetime | None) -> Events:
    """The events of these sources, or of the store that the environment or the project names."""
    place = store_place(None, settings)
    if not has_events(settings, sources):
        click.echo(_NO_STORE.format(path=place), err=True)
        return Events()
    latest = datetime.now(UTC)
    if today:
        latest = max(latest, datetime.combine(today.date(), time.max, UTC))
    found = read_all(sources or (place,), now=latest)
    for line in found.complaints():
        click.echo(line, err=True)
    return found


def natural_day(events: list[Event], clock: date) -> date:
    """Today; but a file that only a simulation made is read as of its own last day."""
    if events and all(event.source.startswith(SIMULATED) for event in events):
        return min(clock, max(event.ts for event in events).date())
    return clock


def findings_of(
    settings: Settings,
    corpus: Corpus,
    events: list[Event],
    today: date,
    *,
    options: Options | None = None,
    suggest: Suggest | None = None,
    quiet: bool = False,
) -> Findings:
    """What the events say, together with what is known of the articles beside them. `quiet` says
    nothing of reviews that cannot be used."""
    prefix = prefix_of(settings)
    reviews = read_reviews(settings.content, prefix)
    for problem in () if quiet else (*reviews.problems, *unknown_reviews(reviews, corpus, prefix)):
        click.echo(str(problem), err=True)
    return analyse(
        corpus,
        events,
        today,
        options=options,
        suggest=suggest,
        kept=reviews.kept(today),
        beside=Beside(
            reviews=reviews.latest(today),
            dead=dead_addresses(read_known(settings.cache), today),
            products=settings.products,
            drifts={
                (drift.article.id, drift.article.lang): drift
                for drift in drifts(corpus, settings.content)
            },
        ),
    )


def only_of(corpus: Corpus, *, owner: str, category: str, lang: str) -> Only:
    """What the queue is narrowed to. A name that no article has is most likely a slip."""
    category = category.strip("/")
    _refuse_unknown("--owner", owner, {a.owner for a in corpus.articles}, str.casefold)
    folders = {name for a in corpus.articles for name in [a.category, *parents(a.category)]}
    _refuse_unknown("--category", category, folders, str)
    _refuse_unknown("--article-lang", lang, {a.lang for a in corpus.articles}, str)
    return Only(owner=owner, category=category, lang=lang)


def _refuse_unknown(option: str, value: str, known: set[str], form: Callable[[str], str]) -> None:
    if value and form(value) not in {form(name) for name in known}:
        names = ", ".join(sorted(name for name in known if name)[:20]) or "none"
        hint = did_you_mean(value, known) or f"there are: {names}"
        raise click.BadParameter(f"no article has {value!r}; {hint}", param_hint=option)


def language_of(lang: str | None, settings: Settings) -> str:
    """The language of a report: the one asked for, or the first of the site."""
    if lang and lang not in languages():
        raise click.BadParameter(
            f"there are no words for {lang!r}; known: {', '.join(languages())}", param_hint="--lang"
        )
    return lang or settings.source_language
