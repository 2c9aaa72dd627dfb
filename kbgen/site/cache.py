"""Rendered articles of earlier builds, so that a build renders only what has changed."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kbgen import __version__
from kbgen.site.markdown import Heading, Rendered, Renderer, Source
from kbgen.strings import strings


@dataclass(frozen=True)
class PageCache:
    """A folder of rendered articles, named after a hash of all that decides their HTML.

    That is: the article, the addresses that links can lead to, the extensions, the words of its
    language, the versions. A file that cannot be read is rendered again; a folder that cannot be
    written is done without.
    """

    folder: Path
    renderer: Renderer
    targets: Sequence[tuple[str, str]]

    def render_all(self, sources: Sequence[Source]) -> dict[str, Rendered]:
        """The HTML of every article, by its path."""
        base = self._base()
        files = {source.path: self._file(base, source) for source in sources}
        found = {path: page for path, file in files.items() if (page := _read(file))}
        fresh = [source for source in sources if source.path not in found]
        for source, page in zip(fresh, self.renderer.render_all(fresh), strict=True):
            found[source.path] = page
            if not page.failed:
                _write(files[source.path], page)
        return found

    def _base(self) -> bytes:
        configs = {name: _stable(self.renderer.configs[name]) for name in self.renderer.configs}
        parts: list[Any] = [
            __version__,
            version("markdown"),
            version("nh3"),
            [_stable(extension) for extension in self.renderer.extensions],
            sorted(configs.items()),
            list(self.targets),
        ]
        return blake2b(json.dumps(parts).encode()).digest()

    def _file(self, base: bytes, source: Source) -> Path:
        digest = blake2b(base, digest_size=16)
        words = sorted(strings(source.lang)["body"].items())
        digest.update(f"{source.path}\0{source.body}\0{words}".encode())
        name = digest.hexdigest()
        return self.folder / name[:2] / f"{name[2:]}.json"


def _stable(value: Any) -> str:
    """What a setting is, the same in every process: without addresses in memory."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))


def _read(file: Path) -> Rendered | None:
    try:
        data = json.loads(file.read_text("utf-8"))
        if not isinstance(data["html"], str):
            return None
        return Rendered(data["html"], tuple(Heading(**entry) for entry in data["headings"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(file: Path, page: Rendered) -> None:
    text = json.dumps(
        {"html": page.html, "headings": [asdict(heading) for heading in page.headings]},
        ensure_ascii=False,
    )
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    except OSError:
        return
