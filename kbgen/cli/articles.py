"""`kbgen new`, `check`, `schema` and `adopt`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import click

from kbgen import settings as settings_module
from kbgen.articles import Corpus, load_corpus, report
from kbgen.articles import adopt as adopting
from kbgen.articles import check as checking
from kbgen.articles.new import create
from kbgen.articles.reviews import read_reviews, unknown_reviews
from kbgen.articles.schema import json_schema
from kbgen.cli.common import config_option
from kbgen.errors import Problem, has_errors
from kbgen.search.knowledge import read_knowledge
from kbgen.settings import Settings

_FORMATS = {"text": report.as_text, "json": report.as_json, "github": report.as_github}


@click.command()
@click.argument("title")
@click.option("--category", default="", help="Where it belongs: returns or returns/exchange.")
@click.option("--lang", default="", help="Its language; the source language by default.")
@click.option("--id", "article_id", default="", help="Translate the article that has this id.")
@config_option
def new(title: str, category: str, lang: str, article_id: str, config: Path) -> None:
    """Begin an article: a draft with an id that is never given again."""
    made = create(
        settings_module.load(config),
        title,
        category=category,
        lang=lang,
        article_id=article_id,
        today=date.today(),  # noqa: DTZ011  (the writer's own day)
    )
    here = Path.cwd()
    click.echo(made.path.relative_to(here) if made.path.is_relative_to(here) else made.path)
    more = " in a new category" if made.new_category else ""
    click.echo(f"{made.id}{more}; remove draft: true when it is ready", err=True)


@click.command()
@click.option("--format", "style", type=click.Choice(list(_FORMATS)), default="text")
@click.option("--json", "style", flag_value="json", help="The same as --format json.")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    default=lambda: datetime.now().replace(microsecond=0),  # noqa: DTZ005  (the writer's own day)
    show_default="today",
    help="The day to judge dates by.",
)
@click.option("--search", is_flag=True, help="Search for each of the articles' questions, too.")
@click.option("--links", is_flag=True, help="Ask whether links to other sites lead somewhere, too.")
@click.option(
    "--link-days",
    type=click.IntRange(1),
    default=7,
    show_default=True,
    help="How many days an answer is believed.",
)
@click.option("--private-links", is_flag=True, help="Ask for addresses of private networks, too.")
@config_option
def check(
    style: str,
    today: datetime,
    config: Path,
    *,
    search: bool,
    links: bool,
    link_days: int,
    private_links: bool,
) -> None:
    """Report everything that is wrong with mkdocs.yml and the articles; exit 1 on errors."""
    settings = settings_module.load(config)
    ask = _ask(settings) if search else _nothing
    visit = _visit(settings, today.date(), link_days, private_links) if links else _nothing

    def also(corpus: Corpus, prefix: str) -> Iterable[Problem]:
        reviews = read_reviews(settings.content, prefix)
        return (
            *read_knowledge(settings.content, prefix).problems,
            *reviews.problems,
            *unknown_reviews(reviews, corpus, prefix),
            *ask(corpus, prefix),
            *visit(corpus, prefix),
        )

    problems = checking.check(settings, today=today.date(), also=also)
    click.echo(_FORMATS[style](problems), nl=False)
    click.echo(report.summary(problems), err=True)
    if has_errors(problems):
        raise SystemExit(1)


def _nothing(_corpus: Corpus, _prefix: str) -> Iterable[Problem]:
    return ()


def _visit(settings: Settings, today: date, days: int, private: bool) -> checking.Judge:
    """Has each address of another site asked that is due, and keeps what came of it."""
    from kbgen import __version__  # noqa: PLC0415  (slow to load, and only asked for here)
    from kbgen.articles.outside import check as outside  # noqa: PLC0415
    from kbgen.articles.outside.client import Client  # noqa: PLC0415
    from kbgen.articles.outside.known import read_known, write_known  # noqa: PLC0415
    from kbgen.articles.outside.visit import Visitor  # noqa: PLC0415

    agent = f"kbgen/{__version__} (checks links of a help center)"
    visitor = Visitor(Client(agent, private=private))

    def judge(corpus: Corpus, prefix: str) -> Iterable[Problem]:
        found = outside.check_outside(corpus, read_known(settings.cache), visitor, today, days=days)
        if found.offline:
            click.echo("No other site answered; is this machine online? Nothing is kept.", err=True)
        else:
            write_known(settings.cache, found.known)
            click.echo(found.summary(), err=True)
        return outside.outside_problems(corpus, found.known, prefix)

    return judge


def _ask(settings: Settings) -> checking.Judge:
    """Has each question of each article searched for."""
    from kbgen.search.check import question_problems  # noqa: PLC0415  (only if it is asked for)
    from kbgen.search.lookup import open_index  # noqa: PLC0415

    index = open_index(settings, lambda settings: load_corpus(settings, links=False))
    return lambda corpus, prefix: question_problems(index, corpus, prefix)


@click.command()
def schema() -> None:
    """Print the JSON Schema of the front matter, for editors."""
    click.echo(json.dumps(json_schema(), ensure_ascii=False, indent=2))


@click.command()
@click.argument("source", type=click.Path(file_okay=False, exists=True, path_type=Path))
@click.argument("dest", type=click.Path(file_okay=False, path_type=Path))
@click.option("--lang", default="", help="The language of the tree; guessed from it by default.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def adopt(source: Path, dest: Path, lang: str, as_json: bool) -> None:
    """Turn the Markdown tree SOURCE into articles of the project DEST."""
    done = adopting.adopt(source, dest, lang=lang)
    click.echo(adopting.as_json(done) if as_json else adopting.as_text(done), nl=False)
