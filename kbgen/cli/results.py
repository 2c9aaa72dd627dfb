"""What `kbgen search` prints: results as text for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from kbgen.agents.reply import permalink, reply
from kbgen.search.excerpt import Excerpt
from kbgen.search.index import Hit
from kbgen.settings import Settings

if TYPE_CHECKING:
    from kbgen.search.explain import Cause, Explanation

Explained = tuple[Hit, "Explanation | None"]

_HOW = {
    "joined": "one word in the articles",
    "completed": "begins so",
    "mode": "typed in the other keyboard mode",
    "initials": "by its initial consonants",
    "repaired": "the nearest word",
    "split": "two words in the articles",
}
_KINDS = {
    "whole": "has much of the query at once",
    "learned": "earlier questions like this one led here",
    "own": "its boost, and how much it helped readers",
}


def print_json(found: Sequence[Explained], settings: Settings) -> None:
    """A list of results; docs/search.md has its form."""
    rows = [_as_json(hit, settings) | (_explained(why) if why else {}) for hit, why in found]
    click.echo(json.dumps(rows, ensure_ascii=False, indent=2))


def print_text(found: Sequence[Explained], settings: Settings) -> None:
    """Title, link and answer of each result."""
    for hit, why in found:
        only = "" if hit.public else "  [agents only]"
        title = click.style(printable(hit.title.text), bold=True)
        click.echo(f"{title}  {hit.article} {hit.lang}{only}")
        click.echo(f"   {_link(hit, settings)}")
        click.echo(f"   {printable(reply(hit, settings).answer)}")
        for line in _explanation(why, hit) if why else ():
            click.echo(f"      {printable(line)}")
        click.echo()


def printable(text: str) -> str:
    """A text that any terminal takes: no half characters, no control codes."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() or c == " " else " " for c in whole)


def _explanation(why: Explanation, hit: Hit) -> Iterator[str]:
    if why.place:
        yield f"{why.score:,} points, place {why.place} of {why.among} in {hit.lang}"
    elif why.score:
        yield f"{why.score:,} points, too few beside the best to be a result"
    else:
        yield "has no word of the query"
    for typed, reading in why.read_as.items():
        yield f"{typed} read as {', '.join(reading.words)} ({_HOW.get(reading.how, reading.how)})"
    yield from map(_cause, why.causes)


def _cause(cause: Cause) -> str:
    reason, fields = cause
    if not reason.term:
        return f"{reason.points:>9}  {reason.kind}: {_KINDS.get(reason.kind, '')}"
    numbers = f"{reason.weight} * {reason.idf} * {reason.impact}"
    return f"{reason.points:>9}  {reason.term}: {numbers} in {', '.join(fields)}"


def _explained(why: Explanation) -> dict[str, Any]:
    return {
        "place": why.place,
        "among": why.among,
        "read_as": {typed: reading._asdict() for typed, reading in why.read_as.items()},
        "reasons": [asdict(cause.reason) | {"fields": cause.fields} for cause in why.causes],
    }


def _link(hit: Hit, settings: Settings) -> str:
    """Where the article is: its address for ever, or its file if it is not on a public site."""
    return permalink(hit, settings) or str(settings.content / hit.path)


def _as_json(hit: Hit, settings: Settings) -> dict[str, Any]:
    return {
        "article": hit.article,
        "lang": hit.lang,
        "title": hit.title.text,
        "question": _excerpt(hit.question) if hit.question else None,
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
