"""The site, built aside and swapped in, so that a failed build leaves the old one."""

from __future__ import annotations

import logging
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, MkDocsException

from kbgen.articles import Corpus
from kbgen.articles.corpus import prefix_of
from kbgen.articles.urls import read_ledger, record, vanished, write_ledger
from kbgen.errors import BuildError, Problem, has_errors
from kbgen.settings import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kbgen.site.plugin import KbgenPlugin
    from kbgen.site.project import Project


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made and what was wrong. `site` is None if nothing was put in place."""

    site: Path | None
    pages: int
    articles: int
    problems: tuple[Problem, ...]


def build(
    config: Path,
    *,
    site: Path | None = None,
    strict: bool = False,
    audience: str | None = None,
    ledger: bool = True,
) -> Built:
    """Builds the help center of an mkdocs.yml and puts it in place of the old one.

    The old site stays where it is if an address vanished without a redirect, or if `strict` and
    anything is an error. `ledger` says whether to remember the published addresses in the content
    folder. Raises BuildError if MkDocs cannot build at all.
    """
    target = site or load(config).site
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that both are on one file system and a rename is possible.
    with tempfile.TemporaryDirectory(prefix=".kbgen-", dir=target.parent) as aside:
        made = Path(aside) / "site"
        project = make(config, made, audience=audience)
        shown = project.corpus
        # Addresses of an internal site are nobody's to keep.
        ledger = ledger and project.settings.audience == "public"
        gone = _gone(project, shown) if ledger else ()
        problems = tuple(sorted([*project.problems, *gone]))
        refused = has_errors(gone) or (strict and has_errors(problems))
        if not refused:
            swap(made, target)
            if ledger:
                _remember(project, shown)
        pages = len(project.plan.pages)
        return Built(None if refused else target, pages, len(shown.articles), problems)


def make(
    config: Path, folder: Path, *, site_url: str | None = None, audience: str | None = None
) -> Project:
    """Builds into a folder, which is made anew, and returns what was built.

    Raises BuildError if MkDocs cannot build.
    """
    options: dict[str, str] = {"site_dir": str(folder)}
    if site_url is not None:
        options["site_url"] = site_url
    try:
        with _quiet():
            loaded = load_config(str(config), **options)
            plugin = loaded.plugins.get("kbgen")
            if plugin is None:
                raise BuildError(f"{config}: the kbgen plugin is missing (add it under plugins:)")
            if audience is not None:
                plugin.config["audience"] = audience
            mkdocs_build(loaded)
    except (MkDocsException, Abort) as error:
        raise BuildError(f"{config}: {error}") from error
    built: KbgenPlugin = plugin
    return built.project


def swap(made: Path, target: Path) -> None:
    """Puts a finished folder in the place of another by two renames."""
    old = made.with_name("old")
    if target.exists():
        target.rename(old)
    try:
        made.rename(target)
    except OSError:
        if old.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _gone(project: Project, shown: Corpus) -> tuple[Problem, ...]:
    settings = project.settings
    return tuple(vanished(read_ledger(settings.content), shown, prefix_of(settings)))


def _remember(project: Project, shown: Corpus) -> None:
    content = project.settings.content
    write_ledger(content, record(read_ledger(content), shown))


@contextmanager
def _quiet() -> Iterator[None]:
    """MkDocs reports through logging; kbgen reports problems itself, with file and line."""
    loggers = [logging.getLogger(name) for name in ("mkdocs", "properdocs")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
