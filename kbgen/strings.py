"""The words of the interface: one YAML file per language in the theme, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FALLBACK = "en"


@cache
def theme_folder() -> Path:
    """The folder with templates, components and strings: packaged, or beside the package."""
    inside = Path(__file__).parent / "theme"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "theme"


@cache
def strings(lang: str) -> Mapping[str, Any]:
    """The interface strings of a language, by component; English where there is no such file.

    `pt-BR` falls back to `pt`, then to English.
    """
    for name in (lang, lang.split("-", maxsplit=1)[0], FALLBACK):
        file = theme_folder() / "lang" / f"{name}.yml"
        if file.is_file():
            found: Mapping[str, Any] = yaml.safe_load(file.read_text("utf-8")) or {}
            return found
    raise FileNotFoundError(theme_folder() / "lang" / f"{FALLBACK}.yml")


@cache
def languages() -> tuple[str, ...]:
    """Languages that the interface speaks."""
    return tuple(sorted(file.stem for file in (theme_folder() / "lang").glob("*.yml")))
