"""`kbgen insights` and `kbgen simulate`: what readers say, and made-up readers to try it on."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path

import click
import numpy as np

from kbgen.articles import Corpus, load_corpus
from kbgen.cli.common import config_option
from kbgen.errors import has_errors
from kbgen.events import Event
from kbgen.insights import Findings, Options, analyse
from kbgen.insights import simulate as simulation
from kbgen.insights.as_json import as_json
from kbgen.insights.findings import Suggest
from kbgen.insights.popular import save_popular
from kbgen.insights.report import write_report
from kbgen.insights.simulate import Plan, World, thin, to_lines
from kbgen.insights.sources import Events, read_all
from kbgen.insights.stream import SIMULATED, Key
from kbgen.insights.text import as_text
from kbgen.insights.words import Words
from kbgen.search import Index, build_index
from kbgen.settings import Settings, load
from kbgen.strings import languages

_OPTIONS, _PLAN = Options(), Plan(until=date.min)  # for the defaults that --help shows
_day = click.DateTime(formats=["%Y-%m-%d"])
_NO_STORE = """\
There are no events yet ({path}), so this is what the calendar says.
Votes and searches arrive there while `kbgen serve` or `kbgen collect` runs; exported ones come in
with `kbgen events import FILE`. To look around first: `kbgen simulate -o try.jsonl`, then
`kbgen insights --events try.jsonl`."""


@click.command()
@config_option
@click.option(
    "--events",
    "sources",
    multiple=True,
    metavar="FILE|URL",
    help="A store, an export (.jsonl, .csv) or its address; may be given again. "
    "[default: the store of the project]",
)
@click.option(
    "--today", type=_day, metavar="YYYY-MM-DD", help="The day of the report (UTC). [default: today]"
)
@click.option("--lang", help="Language of the report. [default: the first of the site]")
@click.option(
    "--json", "print_json", is_flag=True, help="Print JSON; docs/insights.md has its form."
)
@click.option(
    "--html",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the report as pages into a folder of its own.",
)
@click.option(
    "--save",
    is_flag=True,
    help="Write how much each article helped into content/.kbgen, for the home page.",
)
@click.option(
    "--min-visitors",
    type=click.IntRange(1),
    default=_OPTIONS.min_visitors,
    show_default=True,
    help="Questions that left fewer people alone are not shown.",
)
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="Rows of each list."
)
def insights(
    *,
    config: Path,
    sources: tuple[str, ...],
    today: datetime | None,
    lang: str | None,
    print_json: bool,
    html: Path | None,
    save: bool,
    min_visitors: int,
    limit: int,
) -> None:
    """What readers say: which article to mend next, and what is missing.

    Reads the articles and the events of their readers and prints the queue of articles to look
    at, the questions that found no answer, and how the help center does as a whole.
    """
    settings, corpus = _project(config)
    events = _read(settings, sources, today)
    findings = analyse(
        corpus,
        events.events,
        today.date() if today else _natural_day(events.events, datetime.now(UTC).date()),
        options=Options(min_visitors=min_visitors),
        suggest=_suggestions(settings, corpus),
    )
    words = Words(_language(lang, settings))
    if html:
        index = write_report(findings, corpus, settings, words, html)
        click.echo(words("text.written", path=index), err=True)
    if save:
        click.echo(words("text.written", path=save_popular(findings, settings.content)), err=True)
    if print_json:
        click.echo(json.dumps(as_json(findings), ensure_ascii=False, indent=2))
    elif not (html or save):
        click.echo(_page(findings, words, settings, limit), nl=False)


@click.command()
@config_option
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same events."
)
@click.option(
    "--days", type=click.IntRange(1, 3660), default=60, show_default=True, help="How many."
)
@click.option(
    "--until", type=_day, metavar="YYYY-MM-DD", help="The last day (UTC). [default: today]"
)
@click.option(
    "--visits",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    show_default=True,
    help="A day, on average.",
)
@click.option(
    "--vote-rate",
    type=click.FloatRange(0, 1),
    default=_PLAN.vote_rate,
    show_default=True,
    help="Of readers, on average.",
)
@click.option(
    "--max-size",
    type=click.FloatRange(0, min_open=True),
    help="In megabytes: leave out whole visits until it fits.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="[default: standard output]",
)
@click.option(
    "--truth",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write how each article really is, as JSON.",
)
def simulate(
    *,
    config: Path,
    seed: int,
    days: int,
    until: datetime | None,
    visits: float,
    vote_rate: float,
    max_size: float | None,
    output: Path | None,
    truth: Path | None,
) -> None:
    """Make up readers of these articles, to see what a report would look like.

    A few articles are bad or go out of date, and people ask for things that no article answers.
    Every event says that it is simulated.
    """
    _, corpus = _project(config)
    plan = Plan(
        until=until.date() if until else datetime.now(UTC).date(),
        days=days,
        visits_a_day=visits,
        vote_rate=vote_rate,
    )
    rng = np.random.default_rng(seed)
    world = simulation.simulate(corpus, plan, rng)
    kept = thin(world.events, int(max_size * 1e6), rng) if max_size else world.events
    text = "".join(f"{line}\n" for line in to_lines(kept))
    if output:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, "utf-8")
        click.echo(f"{len(kept):,} simulated events in {output}", err=True)
    else:
        click.echo(text, nl=False)
    if truth:
        truth.write_text(json.dumps(_truth(world), ensure_ascii=False, indent=2) + "\n", "utf-8")


def _project(config: Path) -> tuple[Settings, Corpus]:
    settings = load(config)
    corpus = load_corpus(settings)
    if has_errors(corpus.problems):
        click.echo("Some articles have errors; see `kbgen check`.", err=True)
    return settings, corpus


def _read(settings: Settings, sources: tuple[str, ...], today: datetime | None) -> Events:
    if not sources and not settings.database.is_file():
        click.echo(_NO_STORE.format(path=settings.database), err=True)
        return Events()
    latest = datetime.now(UTC)
    if today:
        latest = max(latest, datetime.combine(today.date(), time.max, UTC))
    found = read_all(sources or (str(settings.database),), now=latest)
    for line in found.complaints():
        click.echo(line, err=True)
    return found


def _suggestions(settings: Settings, corpus: Corpus) -> Suggest:
    """Looks articles up by a question; the index is built when the first question comes."""
    index: list[Index] = []

    def suggest(query: str, lang: str) -> list[Key]:
        if not index:
            index.append(build_index(corpus, settings.cache / "insights"))
        known = lang if lang in index[0].languages else None
        hits = index[0].search(query, lang=known, audience="public", limit=2)
        return [(hit.article, hit.lang) for hit in hits]

    return suggest


def _natural_day(events: list[Event], clock: date) -> date:
    """Today; but a file that only a simulation made is read as of its own last day."""
    if events and all(event.source.startswith(SIMULATED) for event in events):
        return min(clock, max(event.ts for event in events).date())
    return clock


def _language(lang: str | None, settings: Settings) -> str:
    if lang and lang not in languages():
        raise click.BadParameter(
            f"there are no words for {lang!r}; known: {', '.join(languages())}", param_hint="--lang"
        )
    return lang or settings.source_language


def _page(findings: Findings, words: Words, settings: Settings, limit: int) -> str:
    width = shutil.get_terminal_size((110, 24)).columns if sys.stdout.isatty() else 110
    return as_text(
        findings, words, site_name=settings.name(words.lang), width=max(72, width), limit=limit
    )


def _truth(world: World) -> dict[str, object]:
    articles = [
        {
            "id": truth.key[0],
            "lang": truth.key[1],
            **{name: value for name, value in asdict(truth).items() if name != "key"},
            "changed": truth.changed.isoformat() if truth.changed else None,
            "kind": truth.kind,
        }
        for truth in world.articles
    ]
    return {"articles": articles, "gaps": dict(world.gaps)}
