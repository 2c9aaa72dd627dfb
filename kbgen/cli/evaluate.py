"""`kbgen eval`: measure how well the search answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import click

from kbgen.articles import load_corpus
from kbgen.cli.common import config_option
from kbgen.errors import ConfigError
from kbgen.search import build_index
from kbgen.search.browser import engine as browser_engine
from kbgen.search.evaluate import (
    Measure,
    Questions,
    Report,
    by_language,
    own_questions,
    read_questions,
)
from kbgen.search.learned import Lessons, read_lessons
from kbgen.settings import load

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("eval")
@config_option
@click.option("--docs", type=_file, help="Documents: {id, title, text, lang} a line.")
@click.option("--queries", type=_file, help="Questions: {id, text, split} a line.")
@click.option("--qrels", type=_file, help="Answers: query, document, grade, between tabs.")
@click.option("--split", help="Only the questions of this split.")
@click.option("--learn", type=_file, help="Learn from this file first: {text, article} a line.")
@click.option(
    "--engine",
    type=click.Choice(["python", "browser"]),
    default="python",
    show_default=True,
    help="What searches; `browser` runs the scripts of the site in Chromium.",
)
@click.option("--json", "print_json", is_flag=True, help="Print JSON.")
def evaluate(
    config: Path,
    *,
    docs: Path | None,
    queries: Path | None,
    qrels: Path | None,
    split: str | None,
    learn: Path | None,
    engine: str,
    print_json: bool,
) -> None:
    """Measure the search on questions with known answers.

    Without files: on the `questions:` of the project itself, which are taken out of the index.
    """
    questions = _questions(config, docs, queries, qrels, split)
    lessons = read_lessons(learn, questions) if learn else None
    if lessons:
        click.echo(f"{learn}: {lessons}", err=True)
    if not questions.asked:
        raise ConfigError(_nothing_asked(queries, split))
    found = _measured(questions, lessons, engine)
    if print_json:
        click.echo(json.dumps({lang: asdict(r) for lang, r in found.items()}, indent=2))
    else:
        for lang, result in found.items():
            click.echo("\n".join(_table(lang, result)))


def _questions(
    config: Path, docs: Path | None, queries: Path | None, qrels: Path | None, split: str | None
) -> Questions:
    if docs and queries and qrels:
        return read_questions(docs, queries, qrels, split=split)
    if docs or queries or qrels:
        raise ConfigError("--docs, --queries and --qrels belong together")
    return own_questions(load_corpus(load(config)))


def _nothing_asked(queries: Path | None, split: str | None) -> str:
    if queries:
        return f"{queries}: no question" + (f" has the split {split!r}" if split else "")
    return "no public article has `questions:` in its front matter, so there is nothing to ask"


def _measured(questions: Questions, lessons: Lessons | None, engine: str) -> Mapping[str, Report]:
    learned = lessons.learned if lessons else None
    index = build_index(questions.corpus, None, learned=learned)
    if engine == "browser":
        with browser_engine(index, questions.corpus) as asked:
            return by_language(questions, asked.ask_all)
    return by_language(questions, lambda texts, lang: [index.ranking(text, lang) for text in texts])


def _table(lang: str, result: Report) -> Iterator[str]:
    yield f"{lang}: {result.questions} questions"
    rows: list[tuple[str, Measure]] = [
        ("MRR@10", result.mrr),
        ("success@1", result.success_1),
        ("success@3", result.success_3),
        ("success@10", result.success_10),
        ("nDCG@10", result.ndcg),
        ("nothing found", result.zero),
    ]
    for name, value in rows:
        yield f"  {name:<14} {value.mean:.3f}  ({value.low:.3f} to {value.high:.3f})"


eval = evaluate  # noqa: A001  (commands are found by their name)
