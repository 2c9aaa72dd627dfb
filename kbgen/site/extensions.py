"""The Markdown extensions of articles: a good set, to which mkdocs.yml may add."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kbgen.articles.sections import slugify

_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "footnotes": {},
    "md_in_html": {},
    "tables": {},
    "toc": {},
    "pymdownx.details": {},
    "pymdownx.highlight": {},
    "pymdownx.superfences": {},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tasklist": {},
}

# What kbgen relies on, whatever mkdocs.yml says: anchors that search knows, no inline styles.
_FIXED: Mapping[str, Mapping[str, Any]] = {
    "toc": {"slugify": slugify, "permalink": False, "anchorlink": False},
    "tables": {"use_align_attribute": True},
}


def complete(extensions: list[Any], configs: dict[str, Any]) -> None:
    """Adds, in place, the extensions and settings that articles count on."""
    if "pymdownx.superfences" not in extensions and "fenced_code" in extensions:
        extensions.remove("fenced_code")  # superfences does its work, and both clash
    for name, options in _DEFAULTS.items():
        if name not in extensions:
            extensions.append(name)
            configs.setdefault(name, dict(options))
    for name, options in _FIXED.items():
        configs[name] = {**(configs.get(name) or {}), **options}
