"""The theme's styles and scripts as files of the site.

All of them lie in one folder whose name is a hash of their content, so a browser may keep them
for ever and the relative imports between ES modules need no rewriting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

_FOR_WRITERS = re.compile(
    r"^[ \t]*(?:(?:/\*(?:[^*]|\*(?!/))*\*/|//[^\n]*)?[ \t]*\n)?", re.MULTILINE
)
STYLES_FIRST = ("tokens.css", "base.css", "typeset.css")


@dataclass(frozen=True, slots=True)
class Assets:
    """Files by their address on the site, and the folder that they lie in."""

    folder: str
    files: Mapping[str, str]

    def address(self, name: str) -> str:
        """Address of one of the theme's files."""
        return f"{self.folder}/{name}"


def collect(theme: Path, brand_hue: int | None = None) -> Assets:
    """One style sheet of all components, and every ES module at its path below the theme."""
    styles = [theme / name for name in STYLES_FIRST]
    styles += sorted((theme / "components").glob("*/*.css"))
    css = "\n".join(file.read_text("utf-8") for file in styles)
    if brand_hue is not None:
        css += f"\n:root {{ --kb-hue: {brand_hue}; }}\n"
    scripts = sorted([*theme.glob("*.js"), *(theme / "components").glob("*/*.js")])
    files = {file.relative_to(theme).as_posix(): file.read_text("utf-8") for file in scripts}
    files["kbgen.css"] = css
    files = {name: sent(text) for name, text in files.items()}
    digest = blake2b(digest_size=5)
    for name, text in sorted(files.items()):
        digest.update(f"{name}\0{text}\0".encode())
    folder = f"assets/kbgen-{digest.hexdigest()}"
    return Assets(folder, {f"{folder}/{name}": text for name, text in files.items()})


def sent(text: str) -> str:
    """A script or a style sheet as a reader gets it: without indentation, empty lines, and
    comments that have lines of their own. No text of the theme goes over several lines.
    """
    return _FOR_WRITERS.sub("", text)
