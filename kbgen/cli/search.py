"""`kbgen search`: look an answer up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kbgen.agents.reply import FORMATS, permalink, reply
from kbgen.cli.common import config_option
from kbgen.search import Excerpt, Hit
from kbgen.search.collection import Reason
from kbgen.search.lookup import open_index
from kbgen.settings import Settings, load

if TYPE_CHECKING:
    from kbgen.articles import Corpus

Explained = tuple[Hit, Sequence[Reason]]


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
    index = open_index(settings, _read_articles)
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


def _read_articles(settings: Settings) -> Corpus:
    """Loads what reads articles only if one has changed: that takes as long as a search."""
    from kbgen.articles import load_corpus  # noqa: PLC0415

    return load_corpus(settings, links=False)


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
