"""`kbgen insights proof`: the story of one article, and whether its edits helped."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from kbgen.articles import Article, Corpus
from kbgen.articles.texts import texts
from kbgen.cli.common import config_option
from kbgen.cli.findings import (
    day,
    events_option,
    findings_of,
    natural_day,
    open_project,
    read_events,
)
from kbgen.errors import did_you_mean
from kbgen.insights import Options
from kbgen.insights.story import Stories
from kbgen.insights.story_json import as_json
from kbgen.insights.story_text import as_text
from kbgen.insights.words import Words


@click.command()
@click.argument("article_id", metavar="ID")
@config_option
@click.option(
    "--lang",
    help="Which translation, and the language it is told in. [default: the first there is]",
)
@events_option("As of kbgen insights.")
@click.option("--today", type=day, metavar="YYYY-MM-DD", help="The day (UTC). [default: today]")
@click.option(
    "--json", "print_json", is_flag=True, help="Print JSON; docs/insights.md has its form."
)
def proof(
    *,
    article_id: str,
    config: Path,
    lang: str | None,
    sources: tuple[str, ...],
    today: datetime | None,
    print_json: bool,
) -> None:
    """The story of the article ID: its texts, votes and flags, and whether edits helped."""
    settings, corpus = open_project(config)
    chosen = _chosen(corpus, article_id, lang)
    events = read_events(settings, sources, today).events
    on = today.date() if today else natural_day(events, datetime.now(UTC).date())
    options = Options().changed(settings.insights)
    findings = findings_of(settings, corpus, events, on, options=options)
    commits = texts(settings.content, [chosen.path], settings.languages)
    key = (chosen.id, chosen.lang)
    standing = next((s for s in findings.standings if s.key == key), None)
    if standing is None:
        raise click.BadParameter(
            f"{chosen.path} is a draft, so no reader has seen it yet", param_hint="ID"
        )
    told = Stories(findings, {key: commits.get(chosen.path, {})}).of(standing)
    if print_json:
        click.echo(json.dumps(as_json(told), ensure_ascii=False, indent=2))
        return
    width = shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 100
    said = as_text(told, Words(chosen.lang), findings.options, width=max(72, width))
    click.echo(said, nl=False)


def _chosen(corpus: Corpus, article_id: str, lang: str | None) -> Article:
    """The article with an id, in a language. Raises BadParameter that names what there is."""
    translations = corpus.by_id.get(article_id, ())
    if not translations:
        near = did_you_mean(article_id, corpus.by_id) or "kbgen search finds the id of an article"
        raise click.BadParameter(f"no article has the id {article_id}; {near}", param_hint="ID")
    found = [entry for entry in translations if lang in (None, entry.lang)]
    if not found:
        known = ", ".join(entry.lang for entry in translations)
        message = f"{article_id} is not there in {lang}; there are: {known}"
        raise click.BadParameter(message, param_hint="--lang")
    return found[0]
