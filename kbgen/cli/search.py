"""`kbgen search`: look an answer up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kbgen.agents.reply import FORMATS, reply
from kbgen.cli.common import config_option
from kbgen.cli.results import print_json, print_text, printable
from kbgen.errors import ConfigError, SearchError
from kbgen.search.index import Hit, Index
from kbgen.search.lookup import open_index
from kbgen.settings import Settings, load

if TYPE_CHECKING:
    from kbgen.articles import Corpus
    from kbgen.search.explain import Explanation
    from kbgen.search.syntax import Asked


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
@click.option("--article", help="Explain the place of the article with this id as well.")
@click.option("--plain", is_flag=True, help="Take QUERY as plain words, whatever is in it.")
@click.option(
    "--reply", "shape", type=click.Choice(list(FORMATS)), help="Print only what can be pasted."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON; docs/search.md has its form.")
def search(
    query: tuple[str, ...],
    config: Path,
    lang: str | None,
    category: str | None,
    tag: str | None,
    *,
    article: str | None,
    public: bool,
    limit: int,
    explain: bool,
    plain: bool,
    shape: str | None,
    as_json: bool,
) -> None:
    """Find the articles that answer QUERY, in any words, with a link and a reply to copy.

    QUERY may name fields: 'tag:refund AND updated:>2026-01'. Exits with 1 if nothing is found.
    """
    settings = load(config)
    index = open_index(settings, _read_articles)
    text = " ".join(query)
    asked = None if plain else _asked(text)
    words = asked.text if asked else text
    audience = "public" if public else None
    hits = index.search(
        words, lang=lang, category=category, tag=tag, audience=audience, limit=limit, where=asked
    )
    if shape:
        click.echo("\n\n".join(FORMATS[shape](reply(hit, settings)) for hit in hits))
    else:
        if article:
            hits += _others(index, article, words, hits, lang=lang, audience=audience)
        why = [_why(index, words, hit, audience) if explain or article else None for hit in hits]
        (print_json if as_json else print_text)(list(zip(hits, why, strict=True)), settings)
    if not hits:
        hint = "" if asked is None else " (--plain takes it as plain words)"
        click.echo(f"Nothing found for {printable(text)!r:.120}{hint}.", err=True)
        raise SystemExit(1)


def _asked(text: str) -> Asked | None:
    """The query as one with fields; None if it has none. Parsing is loaded only if it has."""
    if ":" not in text:
        return None
    from kbgen.search import syntax  # noqa: PLC0415

    try:
        return syntax.parse(text) if syntax.is_meant(text) else None
    except SearchError as error:
        said = "\n".join(map(printable, str(error).split("\n")))
        raise SearchError(f"{said}\n  --plain takes it as plain words") from None


def _others(
    index: Index, article: str, words: str, hits: Sequence[Hit], **among: str | None
) -> list[Hit]:
    """The article that is asked about, unless it is among the results."""
    found = index.article(article, words, **among)
    if not found:
        raise ConfigError(f"--article {printable(article)}: no article in the search has this id")
    known = {hit.path for hit in hits}
    return [hit for hit in found if hit.path not in known]


def _why(index: Index, words: str, hit: Hit, audience: str | None) -> Explanation:
    from kbgen.search.explain import explain  # noqa: PLC0415  (rarely asked for)

    return explain(words, index.collection(hit.lang, public=audience == "public"), hit.path)


def _read_articles(settings: Settings) -> Corpus:
    """Loads what reads articles only if one has changed: that takes as long as a search."""
    from kbgen.articles import load_corpus  # noqa: PLC0415

    return load_corpus(settings, links=False)
