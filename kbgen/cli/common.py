"""What the commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from kbgen.settings import Settings, load

F = TypeVar("F", bound=Callable[..., Any])


def config_option(command: F) -> F:
    """Adds `-f/--config-file`, the mkdocs.yml of the project."""
    option = click.option(
        "-f",
        "--config-file",
        "config",
        type=click.Path(dir_okay=False, path_type=Path),
        default=Path("mkdocs.yml"),
        show_default=True,
        help="The mkdocs.yml of the help center.",
    )
    return option(command)


def db_option(command: F) -> F:
    """Adds `--db`, the event store; `store_place` says where it is without the option."""
    option = click.option(
        "--db",
        metavar="FILE|URL",
        help="The event store: a file, or postgresql://… "
        "[default: $KBGEN_DB, else .kbgen/events.db beside mkdocs.yml]",
    )
    return option(command)


def store_place(db: str | None, settings: Settings) -> str:
    """Where the event store is: as said, or by the environment, or that of the project.

    An address with a password is better kept in the environment: everybody on a machine may read
    command lines.
    """
    return db or os.environ.get("KBGEN_DB") or str(settings.database)


def project_settings(config: Path) -> Settings:
    """The settings of the project, or none of them where there is no mkdocs.yml."""
    if config.is_file() or config != Path("mkdocs.yml"):
        return load(config)
    return Settings(root=Path.cwd(), content=Path.cwd() / "content", site=Path.cwd() / "site")
