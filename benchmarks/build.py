"""A help center of 953 articles, built by kbgen and by MkDocs Material, side by side.

The same Markdown, the same Markdown extensions, both with their search, both from nothing, taking
turns. Then one article is edited and kbgen builds again.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median
from typing import Any

import yaml

from benchmarks.common import Run, data, goal, run
from kbgen.site.extensions import complete

TURNS = 3
RATIO, PAGE = 1 / 3, 30_000  # goals: share of Material's time; bytes of HTML a page
SOURCE = "help-centers/adobe-analytics-en"


def main() -> None:
    """Measures and prints."""
    source = data(SOURCE)
    with tempfile.TemporaryDirectory(prefix="kbgen-bench-") as folder:
        projects = Path(folder)
        _project(projects / "kbgen", source, {"plugins": [{"kbgen": {"languages": ["en"]}}]})
        _project(projects / "material", source, _material())
        _report(projects)


def _report(projects: Path) -> None:
    kbgen, material = projects / "kbgen", projects / "material"
    found: list[tuple[Run, Run]] = []
    for turn in range(1, TURNS + 1):
        pair = _cold("kbgen", kbgen), _cold("mkdocs", material)
        found.append(pair)
        print(f"  turn {turn}: kbgen {_said(pair[0])}, Material {_said(pair[1])}", flush=True)
    ratio = median(ours.seconds / theirs.seconds for ours, theirs in found)
    again = median(_edited(kbgen, turn).seconds for turn in range(TURNS))
    nothing = median(run("kbgen", "build", cwd=kbgen).seconds for _ in range(TURNS))
    ours, theirs = _pages(kbgen / "site"), _pages(material / "site")
    print(f"  kbgen again, one article edited: {again:.1f} s; nothing edited: {nothing:.1f} s")
    print(f"  pages: kbgen {len(ours):,} of {mean(ours):,.0f} bytes on average, "
          f"largest {max(ours):,}; Material {len(theirs):,} of {mean(theirs):,.0f}")  # fmt: skip
    print(f"  whole site: kbgen {_size(kbgen / 'site')}, Material {_size(material / 'site')}")
    goal(f"a third of Material's time at most: {ratio:.2f}", met=ratio <= RATIO)
    goal(f"{PAGE:,} bytes a page at most: {mean(ours):,.0f}", met=mean(ours) <= PAGE)


def _project(root: Path, source: Path, config: dict[str, Any]) -> None:
    """A project whose content is a copy of the Markdown of `source`."""
    for file in source.rglob("*.md"):
        target = root / "content" / file.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        # Material's templates fail on this key, which means something else there.
        target.write_bytes(re.sub(rb"(?m)^hide: \w+\r?\n", b"", file.read_bytes()))
    config = {
        "site_name": "Analytics help",
        "site_url": "https://help.example/",
        "docs_dir": "content",
        "theme": {"name": "material"},
        **config,
    }
    text = yaml.dump(config, Dumper=_Dumper, sort_keys=False)
    (root / "mkdocs.yml").write_text(text, "utf-8")


def _material() -> dict[str, Any]:
    """Plain Material with the Markdown extensions that kbgen uses."""
    extensions: list[str] = []
    configs: dict[str, Any] = {}
    complete(extensions, configs)
    return {
        "theme": {"name": "material", "font": False},
        "plugins": ["search"],
        "markdown_extensions": [{name: configs.get(name) or {}} for name in extensions],
    }


class _Dumper(yaml.SafeDumper):
    """Writes functions the way MkDocs reads them."""

    def represent_function(self, function: Callable[..., Any]) -> yaml.Node:
        name = f"{function.__module__}.{function.__qualname__}"
        return self.represent_scalar(f"tag:yaml.org,2002:python/name:{name}", "")


_Dumper.add_multi_representer(type(lambda: None), _Dumper.represent_function)


def _cold(command: str, project: Path) -> Run:
    """A build from nothing: no site, no cache, no memory of earlier addresses."""
    for made in ("site", ".kbgen", "content/.kbgen"):
        shutil.rmtree(project / made, ignore_errors=True)
    return run(command, "build", cwd=project)


def _edited(project: Path, turn: int) -> Run:
    article = sorted((project / "content").rglob("*.md"))[100 + turn]
    with article.open("a", encoding="utf-8") as file:
        file.write("\nOne more sentence.\n")
    return run("kbgen", "build", cwd=project)


def _pages(site: Path) -> list[int]:
    """Bytes of each HTML page that shows something; pages that only forward are left out."""
    return [
        file.stat().st_size
        for file in site.rglob("*.html")
        if b'http-equiv="refresh"' not in file.read_bytes()[:1000]
    ]


def _size(site: Path) -> str:
    total = sum(file.stat().st_size for file in site.rglob("*") if file.is_file())
    return f"{total / 1e6:.1f} MB"


def _said(found: Run) -> str:
    return f"{found.seconds:.1f} s ({found.megabytes:.0f} MB)"
