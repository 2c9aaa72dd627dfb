"""What the commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

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
