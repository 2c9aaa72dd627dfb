"""`kbgen review`: what asks for a look at one article, and the decision to keep it as it is."""

from __future__ import annotations

import subprocess
from datetime import UTC, date, datetime
from pathlib import Path

import click

from kbgen.articles import Corpus
from kbgen.articles.corpus import prefix_of
from kbgen.articles.model import Article
from kbgen.articles.reviews import Review, add_review, clean_note, read_reviews
from kbgen.cli.common import config_option
from kbgen.cli.findings import (
    day,
    events_option,
    findings_of,
    language_of,
    natural_day,
    open_project,
    read_events,
)
from kbgen.errors import did_you_mean
from kbgen.insights.queue import Standing
from kbgen.insights.words import Words
from kbgen.settings import Settings


@click.command()
@click.argument("article_id", metavar="ID")
@click.option("--lang", help="Which language of the article; needed to keep one of several.")
@click.option("--keep", is_flag=True, help="Record: reviewed, and kept as it is.")
@click.option("--note", default="", help="Why, in a sentence.")
@events_option("As of kbgen insights.")
@click.option("--today", type=day, metavar="YYYY-MM-DD", help="The day (UTC). [default: today]")
@config_option
def review(
    *,
    article_id: str,
    lang: str | None,
    keep: bool,
    note: str,
    sources: tuple[str, ...],
    today: datetime | None,
    config: Path,
) -> None:
    """What asks for a look at the article ID; with --keep, that it was looked at and stays.

    What readers said of the text until then raises no flag any more; later votes can.
    """
    settings, corpus = open_project(config)
    articles = _articles(corpus, article_id, lang)
    if keep:
        _keep(settings, articles, note, today.date() if today else datetime.now(UTC).date())
        return
    if note:
        raise click.UsageError("--note goes with --keep")
    events = read_events(settings, sources, today).events
    on = today.date() if today else natural_day(events, datetime.now(UTC).date())
    found = findings_of(settings, corpus, events, on)
    words = Words(language_of(None, settings))
    standings = {standing.key: standing for standing in found.standings}
    for article in articles:
        click.echo("\n".join(_lines(article, standings, settings, words, on)))


def _articles(corpus: Corpus, article_id: str, lang: str | None) -> tuple[Article, ...]:
    """The article in each language, or in the one asked for."""
    found = corpus.by_id.get(article_id, ())
    if not found:
        near = did_you_mean(article_id, corpus.by_id) or "kbgen search finds the id of an article"
        raise click.BadParameter(f"no article has the id {article_id}; {near}", param_hint="ID")
    chosen = tuple(article for article in found if lang in (None, article.lang))
    if not chosen:
        known = ", ".join(article.lang for article in found)
        raise click.BadParameter(f"{article_id} is there in {known} only", param_hint="--lang")
    return chosen


def _keep(settings: Settings, articles: tuple[Article, ...], note: str, today: date) -> None:
    if len(articles) > 1:
        known = " or ".join(article.lang for article in articles)
        raise click.UsageError(f"{articles[0].id} has several texts; say --lang {known}")
    (article,) = articles
    made = Review(
        id=article.id,
        lang=article.lang,
        day=today,
        rev=article.rev,
        by=clean_note(_user(settings.content)),
        note=clean_note(note),
    )
    path = add_review(settings.content, made, prefix_of(settings))
    click.echo(f"{article.id} {article.lang}: kept as it is, in {path}")
    due = article.review_due
    if due is None or due <= today:
        file = f"{prefix_of(settings)}{article.path}"
        click.echo(f"Its review date stays as it is; {file} may say reviewed: {today}", err=True)


def _user(folder: Path) -> str:
    """The name that git signs commits with here; "" if it knows none."""
    command = ["git", "-C", str(folder), "config", "user.name"]
    try:
        run = subprocess.run(command, capture_output=True, check=True, timeout=10)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return run.stdout.decode("utf-8", "replace").strip()


def _lines(
    article: Article,
    standings: dict[tuple[str, str], Standing],
    settings: Settings,
    words: Words,
    today: date,
) -> list[str]:
    """What is open about one text, and its reviews."""
    lines = [f"{article.id} {article.lang} {article.title}"]
    standing = standings.get((article.id, article.lang))
    if standing:
        reasons = [words.reason(reason, standing, today) for reason in standing.reasons]
        lines += [f"  {words('review.open')}: {words('review.nothing')}"] if not reasons else []
        lines += [f"  {words('review.open')}: {said}" for said in reasons]
    past = read_reviews(settings.content).of((article.id, article.lang))
    lines += [f"  {words('review.recorded')}: {_recorded(row, article, words)}" for row in past]
    if standing and standing.review:
        lines.append(f"  {_since(standing, words)}")
    return lines


def _recorded(row: Review, article: Article, words: Words) -> str:
    earlier = "" if row.rev == article.rev else words("review.earlier")
    parts = (words.day(row.day), row.by, row.note, earlier)
    return ", ".join(part for part in parts if part)


def _since(standing: Standing, words: Words) -> str:
    fresh = standing.fresh
    return (
        words("review.votes", fresh.votes, yes=fresh.yes)
        if fresh.votes
        else words("review.no_votes")
    )
