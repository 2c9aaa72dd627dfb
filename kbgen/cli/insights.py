"""`kbgen insights` and `kbgen simulate`: what readers say, and made-up readers to try it on."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import click
import numpy as np
from click.core import ParameterSource

from kbgen.articles import Article, Corpus
from kbgen.articles.corpus import prefix_of
from kbgen.articles.improved import write_improved
from kbgen.articles.report import as_github
from kbgen.articles.texts import texts
from kbgen.cli.common import config_option
from kbgen.cli.findings import (
    day,
    events_option,
    findings_of,
    language_of,
    natural_day,
    only_of,
    open_project,
    read_events,
)
from kbgen.cli.forecast import say_forecast
from kbgen.cli.proof import proof
from kbgen.insights import Findings, Options
from kbgen.insights import simulate as simulation
from kbgen.insights.as_json import as_json
from kbgen.insights.digest import WEEK, digests
from kbgen.insights.findings import Suggest, narrowed
from kbgen.insights.improved import improvements, wanted
from kbgen.insights.letters import write_digests
from kbgen.insights.markdown import as_markdown
from kbgen.insights.popular import save_popular
from kbgen.insights.problems import problems
from kbgen.insights.report import write_report
from kbgen.insights.simulate import Plan, World, thin, to_lines
from kbgen.insights.story import Commits
from kbgen.insights.stream import Key
from kbgen.insights.text import as_text
from kbgen.insights.words import Words
from kbgen.search import Index, build_index
from kbgen.settings import Settings

_OPTIONS, _PLAN = Options(), Plan(until=date.min)  # for the defaults that --help shows


@click.group(invoke_without_command=True)
@click.pass_context
@config_option
@events_option("A store, an export (.jsonl, .csv) or its address; may be given again.")
@click.option(
    "--today", type=day, metavar="YYYY-MM-DD", help="The day of the report (UTC). [default: today]"
)
@click.option("--lang", help="Language of the report. [default: the first of the site]")
@click.option(
    "--json", "form", flag_value="json", help="Print JSON; docs/insights.md has its form."
)
@click.option(
    "--markdown",
    "form",
    flag_value="markdown",
    help="Print Markdown for a pull request or a chat, without comments.",
)
@click.option(
    "--annotations",
    "form",
    flag_value="annotations",
    help="Print annotations that GitHub shows beside the files.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write what would be printed. [default: standard output]",
)
@click.option(
    "--html",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the report as pages into a folder of its own.",
)
@click.option(
    "--digest",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write what is new this week, as Markdown and as a mail for each owner.",
)
@click.option(
    "--save",
    is_flag=True,
    help="Write into content/.kbgen what the site shows: how much each article helped, and which "
    "edits answered readers.",
)
@click.option(
    "--min-visitors",
    type=click.IntRange(1),
    default=_OPTIONS.min_visitors,
    show_default=True,
    help="Questions that left fewer people alone are not shown.",
)
@click.option("--owner", default="", help="Only articles of this owner in the queue.")
@click.option("--category", default="", help="Only this category, and those below it.")
@click.option("--article-lang", default="", help="Only articles in this language.")
@click.option(
    "--limit", type=click.IntRange(1), default=20, show_default=True, help="Rows of each list."
)
def insights(
    context: click.Context,
    *,
    config: Path,
    sources: tuple[str, ...],
    today: datetime | None,
    lang: str | None,
    form: str | None,
    output: Path | None,
    html: Path | None,
    digest: Path | None,
    save: bool,
    min_visitors: int,
    owner: str,
    category: str,
    article_lang: str,
    limit: int,
) -> None:
    """What readers say: which article to mend next, and what is missing.

    Reads the articles and the events of their readers and prints the queue of articles to look
    at, the questions that found no answer, and how the help center does as a whole.
    """
    if context.invoked_subcommand:
        _refuse_options(context)
        return
    settings, corpus = open_project(config)
    only = only_of(corpus, owner=owner, category=category, lang=article_lang)
    events = read_events(settings, sources, today).events
    on = today.date() if today else natural_day(events, datetime.now(UTC).date())
    options = replace(Options().changed(settings.insights), min_visitors=min_visitors)
    find = partial(findings_of, settings, corpus, events, options=options)
    findings = narrowed(find(on, suggest=_suggestions(settings, corpus)), only)
    words = Words(language_of(lang, settings))
    if html:
        commits = _history(settings, wanted(findings, wording="commits"))
        index = write_report(findings, corpus, settings, words, html, commits=commits)
        click.echo(words("text.written", path=index), err=True)
    if digest:
        count = len(_digested(findings, find(on - WEEK, quiet=True), words, settings, digest))
        click.echo(words("digest.written", count, path=digest), err=True)
    if save:
        for path in _saved(findings, settings):
            click.echo(words("text.written", path=path), err=True)
    if form or output or not (html or save or digest):
        _say(_printed(form, findings, words, settings, limit), output, words)


@click.command()
@config_option
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same events."
)
@click.option(
    "--days", type=click.IntRange(1, 3660), default=60, show_default=True, help="How many."
)
@click.option(
    "--until", type=day, metavar="YYYY-MM-DD", help="The last day (UTC). [default: today]"
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
@click.option(
    "--forecast",
    is_flag=True,
    help="Make no events: say how long flags would take to find a broken article here, and how "
    "many would be false.",
)
@events_option("With --forecast: where readers and votes are counted.")
@click.option("--lang", help="With --forecast: its language. [default: the first of the site]")
@click.option("--json", "print_json", is_flag=True, help="With --forecast: print JSON.")
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
    forecast: bool,
    sources: tuple[str, ...],
    lang: str | None,
    print_json: bool,
) -> None:
    """Make up readers of these articles, to see what a report would look like.

    A few articles are bad or go out of date, and people ask for things that no article answers.
    Every event says that it is simulated.
    """
    settings, corpus = open_project(config)
    if forecast:
        say_forecast(
            settings, corpus, sources,
            visits=visits, vote_rate=vote_rate, seed=seed, lang=lang, as_json=print_json,
        )  # fmt: skip
        return
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


insights.add_command(proof)


def _history(settings: Settings, articles: list[Article]) -> Commits:
    """Which commits wrote which texts of these articles."""
    found = texts(settings.content, [article.path for article in articles], settings.languages)
    return {(article.id, article.lang): found.get(article.path, {}) for article in articles}


def _saved(findings: Findings, settings: Settings) -> list[Path]:
    """Writes what the site shows of its readers; the paths that were written."""
    wording = settings.improved.wording
    commits = _history(settings, wanted(findings, wording=wording))
    told = improvements(findings, commits, wording=wording)
    written = write_improved(settings.content, told)
    return [save_popular(findings, settings.content), *([written] if written else [])]


def _refuse_options(context: click.Context) -> None:
    """What is written before a subcommand would silently be of no use to it."""
    given = ParameterSource.COMMANDLINE
    for option in context.command.params:
        if option.name and context.get_parameter_source(option.name) is given:
            name, command = max(option.opts, key=len), context.invoked_subcommand
            raise click.UsageError(f"write {name} after `{command}`: kbgen insights {command} …")


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


def _printed(
    form: str | None, findings: Findings, words: Words, settings: Settings, limit: int
) -> str:
    """The report in the form that was asked for."""
    name = settings.name(words.lang)
    if form == "json":
        return json.dumps(as_json(findings), ensure_ascii=False, indent=2) + "\n"
    if form == "markdown":
        url = settings.site_url
        return as_markdown(findings, words, site_name=name, site_url=url, limit=limit)
    if form == "annotations":
        return as_github(problems(findings, words, prefix=prefix_of(settings), limit=limit))
    width = shutil.get_terminal_size((110, 24)).columns if sys.stdout.isatty() else 110
    return as_text(findings, words, site_name=name, width=max(72, width), limit=limit)


def _digested(
    findings: Findings, before: Findings, words: Words, settings: Settings, folder: Path
) -> list[Path]:
    """Writes the digests of the week that ends with the findings."""
    name, url = settings.name(words.lang), settings.site_url
    found = digests(findings, before, words, site_name=name, site_url=url)
    return write_digests(
        found, folder, today=findings.today, lang=words.lang, site_name=name, site_url=url
    )


def _say(text: str, output: Path | None, words: Words) -> None:
    """Prints a text, or writes it into a file and says so."""
    if not output:
        click.echo(text, nl=False)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, "utf-8")
    click.echo(words("text.written", path=output), err=True)


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
