"""`kbgen simulate --forecast`: what flags can find with these readers."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from kbgen.articles import Corpus
from kbgen.cli.findings import (
    findings_of,
    has_events,
    language_of,
    natural_day,
    read_events,
)
from kbgen.insights.findings import Findings
from kbgen.insights.forecast import forecast
from kbgen.insights.options import Options
from kbgen.insights.text import forecast_text
from kbgen.insights.traffic import MONTH
from kbgen.insights.words import Words
from kbgen.insights.worlds import zipf
from kbgen.settings import Settings


def say_forecast(
    settings: Settings,
    corpus: Corpus,
    sources: tuple[str, ...],
    *,
    visits: float,
    vote_rate: float,
    seed: int,
    lang: str | None,
    as_json: bool,
) -> None:
    """Prints the forecast for the traffic of real events, or where there is none of the options."""
    known = _known(settings, corpus, sources)
    readers, rate, basis = known or (
        list(zipf(sum(a.is_public for a in corpus.articles), visits)), vote_rate, "options",
    )  # fmt: skip
    if not readers:
        raise click.ClickException("there is no public article, so there is nothing to forecast")
    found = forecast(readers, rate, Options().changed(settings.insights).thresholds, seed=seed)
    if as_json:
        click.echo(json.dumps({"from": basis, **asdict(found)}, ensure_ascii=False, indent=2))
        return
    click.echo(forecast_text(found, Words(language_of(lang, settings)), basis=basis), nl=False)


def _known(
    settings: Settings, corpus: Corpus, sources: tuple[str, ...]
) -> tuple[list[float], float, str] | None:
    """Readers a day of each public article and how many of them vote, if events count views."""
    if not has_events(settings, sources):
        return None
    events = read_events(settings, sources, None).events
    found = findings_of(settings, corpus, events, natural_day(events, datetime.now(UTC).date()))
    rate = _vote_rate(found)
    if found.traffic.basis != "views" or not rate:
        return None
    return [s.readers / MONTH for s in found.standings if s.article.is_public], rate, "events"


def _vote_rate(findings: Findings) -> float:
    shares = [metric.now for metric in findings.metrics if metric.code == "vote_rate"]
    return (shares[0].share or 0.0) if shares else 0.0
