"""`kbgen search` and `kbgen eval`: look an answer up, and measure how well that works."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from kbgen.agents.reply import FORMATS, permalink, reply
from kbgen.articles import load_corpus
from kbgen.cli.common import config_option
from kbgen.errors import ConfigError
from kbgen.search import Excerpt, Hit, Index, build_index
from kbgen.search.collection import Reason
from kbgen.search.evaluate import (
    Measure,
    Questions,
    Report,
    answers,
    learned_from,
    own_questions,
    read_questions,
    report,
)
from kbgen.search.lookup import open_index
from kbgen.settings import Settings, load

Explained = tuple[Hit, Sequence[Reason]]

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("query", nargs=-1, required=True)
@config_option
@click.option("--lang", help="Search one language only.")
@click.option("--category", help="Search this category and those below it.")
@click.option("--tag", help="Search the articles with this tag.")
@click.option("--public", is_flag=True, help="Leave out what only agents may see.")
@click.option(
    "--limit", type=click.IntRange(1, 100), default=5, show_default=True, help="Most results."
)
@click.option("--explain", is_flag=True, help="Say which words gave each result its score.")
@click.option(
    "--reply", "shape", type=click.Choice(list(FORMATS)), help="Print only what can be pasted."
)
@click.option("--json", "print_json", is_flag=True, help="Print JSON; docs/search.md has its form.")
def search(
    query: tuple[str, ...],
    config: Path,
    lang: str | None,
    category: str | None,
    tag: str | None,
    *,
    public: bool,
    limit: int,
    explain: bool,
    shape: str | None,
    print_json: bool,
) -> None:
    """Find the articles that answer QUERY, in any words, with a link and a reply to copy.

    Exits with 1 if nothing is found.
    """
    settings = load(config)
    index = open_index(settings, load_corpus)
    text = " ".join(query)
    audience = "public" if public else None
    hits = index.search(text, lang=lang, category=category, tag=tag, audience=audience, limit=limit)
    if shape:
        click.echo("\n\n".join(FORMATS[shape](reply(hit, settings)) for hit in hits))
    else:
        reasons = [index.explain(text, hit, audience=audience) if explain else [] for hit in hits]
        show = _print_json if print_json else _print_text
        show(list(zip(hits, reasons, strict=True)), settings, explain=explain)
    if not hits:
        click.echo(f"Nothing found for {_printable(text)!r:.120}.", err=True)
        raise SystemExit(1)


def _print_json(found: Sequence[Explained], settings: Settings, *, explain: bool) -> None:
    rows = [
        _as_json(hit, settings) | ({"reasons": [asdict(r) for r in why]} if explain else {})
        for hit, why in found
    ]
    click.echo(json.dumps(rows, ensure_ascii=False, indent=2))


def _print_text(found: Sequence[Explained], settings: Settings, *, explain: bool) -> None:
    for hit, why in found:
        only = "" if hit.public else "  [agents only]"
        title = click.style(_printable(hit.title.text), bold=True)
        click.echo(f"{title}  {hit.article} {hit.lang}{only}")
        click.echo(f"   {_link(hit, settings)}")
        click.echo(f"   {_printable(reply(hit, settings).answer)}")
        if explain:
            for r in why:
                click.echo(f"      {r.points:>9}  {r.term}: {r.weight} * {r.idf} * {r.impact}")
        click.echo()


def _link(hit: Hit, settings: Settings) -> str:
    """Where the article is: its address for ever, or its file if it is not on a public site."""
    return permalink(hit, settings) or str(settings.content / hit.path)


def _as_json(hit: Hit, settings: Settings) -> dict[str, Any]:
    return {
        "article": hit.article,
        "lang": hit.lang,
        "title": hit.title.text,
        "link": _link(hit, settings),
        "url": hit.url,
        "path": hit.path,
        "category": hit.category,
        "audience": "public" if hit.public else "agents",
        "score": hit.score,
        "reply": hit.reply,
        "snippet": _excerpt(hit.snippet),
        "sections": [
            {"anchor": s.anchor, "title": s.title.text, "snippet": _excerpt(s.excerpt)}
            for s in hit.sections
        ],
        "reviewed": hit.reviewed,
        "updated": hit.updated,
    }


def _excerpt(excerpt: Excerpt) -> dict[str, Any]:
    return {"text": excerpt.text, "marks": [list(mark) for mark in excerpt.marks]}


def _printable(text: str) -> str:
    """A text that any terminal takes: no half characters, no control codes."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() or c == " " else " " for c in whole)


@click.command("eval")
@config_option
@click.option("--docs", type=_file, help="Documents: {id, title, text, lang} a line.")
@click.option("--queries", type=_file, help="Questions: {id, text, split} a line.")
@click.option("--qrels", type=_file, help="Answers: query, document, grade, between tabs.")
@click.option("--split", help="Only the questions of this split.")
@click.option("--learn", is_flag=True, help="Learn from the questions of the split `train` first.")
@click.option("--json", "print_json", is_flag=True, help="Print JSON.")
def evaluate(
    config: Path,
    docs: Path | None,
    queries: Path | None,
    qrels: Path | None,
    split: str | None,
    *,
    learn: bool,
    print_json: bool,
) -> None:
    """Measure the search on questions with known answers.

    Without files: on the `questions:` of the project itself, which are taken out of the index.
    """
    if docs and queries and qrels:
        questions = read_questions(docs, queries, qrels, split=split)
        trained = read_questions(docs, queries, qrels, split="train") if learn else None
    elif docs or queries or qrels:
        raise ConfigError("--docs, --queries and --qrels belong together")
    else:
        questions, trained = own_questions(load_corpus(load(config))), None
    learned = learned_from(trained) if trained else None
    found = _by_language(questions, build_index(questions.corpus, None, learned=learned))
    if print_json:
        click.echo(json.dumps({lang: asdict(r) for lang, r in found.items()}, indent=2))
    else:
        for lang, result in found.items():
            click.echo("\n".join(_table(lang, result)))


def _by_language(questions: Questions, index: Index) -> dict[str, Report]:
    """A report for each language of the answers, and one for all if there are several."""
    spoken = {article.path: article.lang for article in questions.corpus.articles}
    found = {}
    for lang in questions.corpus.languages:
        asked = [
            (text, grades)
            for text, grades in questions.asked
            if any(spoken.get(path) == lang for path in grades)
        ]

        def look_up(text: str, lang: str = lang) -> list[str]:
            return index.ranking(text, lang)

        if asked:
            found[lang] = report(answers(Questions(questions.corpus, asked), look_up))
    return found


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
        yield f"  {name:<14} {value.mean:.3f} ± {value.margin:.3f}"


eval = evaluate  # noqa: A001  (commands are found by their name)
