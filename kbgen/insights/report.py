"""The report as pages: a folder of static HTML for the people who write and answer.

Private by construction: no page belongs to the public site, none may be indexed, none runs a
script or asks another host for anything. The folder is written aside and swapped in.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kbgen.articles.model import Corpus
from kbgen.errors import ConfigError
from kbgen.insights.article_view import article_pages
from kbgen.insights.as_json import as_json
from kbgen.insights.findings import Findings
from kbgen.insights.story import Commits
from kbgen.insights.views import LISTED, Views, language_name
from kbgen.insights.words import Words
from kbgen.settings import Settings
from kbgen.strings import theme_folder

DATA = "insights.json"  # also how a folder shows that it is a report
PAGES = ("index", "queue", "gaps", "articles", "methods")
CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)
_TOP = 5  # rows of each list on the overview


def write_report(
    findings: Findings,
    corpus: Corpus,
    settings: Settings,
    words: Words,
    folder: Path,
    *,
    commits: Commits | None = None,
) -> Path:
    """Writes the pages into `folder` and returns the first page. `commits` tell when and why texts
    were written.

    An earlier report there is replaced as a whole. Raises ConfigError if the folder holds
    anything else, so that nobody's files are lost.
    """
    _refuse_foreign(folder)
    aside = folder.with_name(folder.name + ".new")
    shutil.rmtree(aside, ignore_errors=True)
    for name, text in render(findings, corpus, settings, words, commits).items():
        path = aside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    _swap(aside, folder)
    return folder / "index.html"


def render(
    findings: Findings,
    corpus: Corpus,
    settings: Settings,
    words: Words,
    commits: Commits | None = None,
) -> dict[str, str]:
    """Path within the report -> text of every file. Same input, same bytes."""
    views = Views(findings, corpus, words)
    templates = _environment(words)
    shared = _shared(views, settings)
    files = {
        f"{name}.html": templates.get_template(f"{name}.html").render(
            shared, root="", current=name, **content
        )
        for name, content in _contents(views).items()
    }
    template = templates.get_template("article.html")
    for page in article_pages(views, commits or {}):
        files[page.page] = template.render(shared, root="../", current="articles", page=page)
    theme = theme_folder()
    files["assets/tokens.css"] = (theme / "tokens.css").read_text("utf-8")
    files["assets/report.css"] = (theme / "report" / "report.css").read_text("utf-8")
    if settings.brand_hue is not None:
        files["assets/tokens.css"] += f"\n:root {{ --kb-hue: {settings.brand_hue}; }}\n"
    files[DATA] = json.dumps(as_json(findings), ensure_ascii=False, indent=1) + "\n"
    return files


def _contents(views: Views) -> dict[str, Mapping[str, Any]]:
    findings, words = views.findings, views.words
    return {
        "index": {
            "tiles": views.tiles(),
            "reply": words.reply(findings),
            "rows": views.queue(_TOP),
            "gaps": views.gaps(_TOP),
            "latest": views.latest(),
            "summary": words.summary(findings),
        },
        "queue": {"rows": views.queue(), "more": max(0, len(findings.queue) - LISTED)},
        "gaps": {
            "gaps": views.gaps(),
            "has_nearest": any(gap.nearest for gap in findings.gaps.rows),
        },
        "articles": {"rows": views.judged()},
        "methods": {"settings": _settings(findings)},
    }


def _shared(views: Views, settings: Settings) -> dict[str, Any]:
    findings, words = views.findings, views.words
    return {
        "csp": CSP,
        "site_name": settings.name(words.lang),
        "site_url": settings.site_url,
        "pages": PAGES,
        "counts": {
            "queue": len(findings.queue),
            "gaps": len(findings.gaps.rows),
            "articles": len(views.pages),
        },
        "findings": findings,
        "options": findings.options,
        "usual": words.percent(findings.prior.mean),
        "today": words.day(findings.today),
        "simulated": words.simulated(findings),
        "shift": words.shift(findings),
        "notes": [note for note in words.events(findings) if note != words.shift(findings)],
        "has_events": bool(findings.stream.seen),
    }


def _settings(findings: Findings) -> list[tuple[str, object]]:
    data: Mapping[str, object] = as_json(findings)["settings"]
    return [
        (name, ", ".join(map(str, value)) if isinstance(value, tuple) else value)
        for name, value in data.items()
    ]


def _environment(words: Words) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(theme_folder() / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_together,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(t=words, language_name=language_name)
    return environment


def _together(value: object) -> object:
    """A number and its percent sign stay on one line."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return value.replace(" %", "\u00a0%")


def _refuse_foreign(folder: Path) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not (folder / DATA).is_file():
        raise ConfigError(
            f"{folder}: is not empty and holds no report (name a new folder, such as report/)"
        )
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{folder}: is a file; the report needs a folder of its own")


def _swap(new: Path, place: Path) -> None:
    old = place.with_name(place.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)
