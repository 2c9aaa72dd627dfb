"""Adopts a tree: reads each file, gives it an id, adds the keys it can, writes it once."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from kbgen.articles import frontmatter, nodes, reading
from kbgen.articles.adopt import config, edit
from kbgen.articles.adopt.keys import mapped
from kbgen.articles.adopt.report import Adoption
from kbgen.articles.adopt.survey import Survey, guess_language, survey
from kbgen.articles.codes import problem
from kbgen.articles.corpus import load
from kbgen.articles.decode import LARGEST, decode
from kbgen.articles.ids import last_given, number_of, numbered, remember
from kbgen.articles.links import links, places
from kbgen.articles.nodes import Node
from kbgen.articles.place import Layout, is_category_file, layout
from kbgen.articles.reading import Page
from kbgen.articles.schema import KEYS
from kbgen.articles.yamltext import quoted
from kbgen.errors import ConfigError
from kbgen.settings import load as load_settings


def adopt(source: Path, dest: Path, *, lang: str = "") -> Adoption:
    """Turns the Markdown tree `source` into the articles of one language of the project `dest`.

    Paths stay as they are, below `content/<lang>/`; so does every byte below the front matter. A
    file that the project already has is never touched, so a second run changes nothing. With the
    project's own content folder as `source`, ids are written into it in place.

    Raises ConfigError if `source` is no folder or mkdocs.yml is no YAML.
    """
    source, dest = source.resolve(), dest.resolve()
    if not source.is_dir():
        raise ConfigError(f"{source}: no such folder (name the folder that holds the Markdown)")
    own = _own_language(source, dest)
    inside = dest if dest != source and dest.is_relative_to(source) else None
    found = survey(source, without=inside)
    guessed = "" if lang or own else guess_language(_texts(source, found))
    adoption = Adoption(own or lang or guessed, lang_guessed=bool(guessed))
    adoption.left_out += found.left_out
    dest.mkdir(parents=True, exist_ok=True)
    adoption.settings_note = config.ensure(dest / "mkdocs.yml", dest.resolve().name, adoption.lang)
    _Adopter.open(source, dest, adoption).run(found)
    return adoption


def _own_language(source: Path, dest: Path) -> str:
    """The language of a source that is the project's own content; "" if it is not.

    Raises ConfigError for a folder below the content that is not that of a language.
    """
    if not (dest / "mkdocs.yml").is_file():
        return ""
    settings = load_settings(dest / "mkdocs.yml")
    content = settings.content.resolve()
    if source == content:
        return settings.source_language
    if not source.is_relative_to(content):
        return ""
    name = source.relative_to(content).as_posix()
    if name not in settings.languages:
        raise ConfigError(f"{source}: name the content folder itself: kbgen adopt {content} {dest}")
    return name


@dataclass
class _Adopter:
    source: Path
    base: Path  # the folder that the relative paths of the source are kept below
    content: Path
    where: Layout
    adoption: Adoption
    by_key: dict[str, str]  # an article in any language -> its id
    owners: dict[tuple[str, str], str]  # (id, language) -> path that has it
    last: int
    shown: set[str] = field(default_factory=set)  # files that articles show

    @classmethod
    def open(cls, source: Path, dest: Path, adoption: Adoption) -> _Adopter:
        settings = load_settings(dest / "mkdocs.yml")
        content = settings.content
        content.mkdir(parents=True, exist_ok=True)
        in_place = source == content.resolve()
        found = layout(content, settings.languages)
        where = found if in_place else Layout(found.languages, has_folders=True)
        corpus = load(content, settings.languages, links=False)
        own = [article for article in corpus.articles if not article.id_derived]
        numbers = [number_of(article.id) for article in own]
        return cls(
            source=source,
            base=content if in_place else content / adoption.lang,
            content=content,
            where=where,
            adoption=adoption,
            by_key={where.place(article.path).key: article.id for article in own},
            owners={(article.id.casefold(), article.lang): article.path for article in own},
            last=max([last_given(content), *numbers]),
        )

    def run(self, found: Survey) -> None:
        for path in found.articles:
            self.article(path, found.others)
        self.copy_along(found)
        remember(self.content, self.last)

    def article(self, path: str, others: frozenset[str]) -> None:
        """Adopts one article or category page."""
        file, target = self.source / path, self.base / path
        is_own = target == file
        data = self.bytes_of(file, path)
        if data is None:
            return
        place = self.where.place(target.relative_to(self.content).as_posix())
        page, problems = reading.read(data, path, place)
        if page is None:
            self.adoption.problems.append(problems[-1])
            return
        self.note_shown(path, page, others)
        if target.exists() and not is_own:
            self.adoption.kept += 1
            return
        text, _ = decode(data, path)
        here = target.relative_to(self.content).as_posix()
        changed = self.changed(edit.as_source(data), str(text), page, here)
        if is_own and changed == data:
            self.adoption.kept += 1
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(changed)
        self.adoption.written += 1

    def bytes_of(self, file: Path, path: str) -> bytes | None:
        try:
            with file.open("rb") as stream:
                return stream.read(LARGEST + 1)
        except OSError as error:
            message = error.strerror or str(error)
            self.adoption.problems.append(
                problem("unreadable", path, 0, message, "make the file readable")
            )
            return None

    def note_shown(self, path: str, page: Page, others: frozenset[str]) -> None:
        for link in links(page.body):
            if not link.is_external:
                targets = places(path, unicodedata.normalize("NFC", link.path))
                self.shown.update(target for target in targets if target in others)

    def changed(self, source: edit.Source, text: str, page: Page, here: str) -> bytes:
        """The bytes of the file with what it lacks; unchanged if that cannot be done safely."""
        parts = frontmatter.split(text)
        keys: dict[str, Node] = {}
        if parts.block is not None:
            keys = {key.text: node for key, node in nodes.parse(parts.block).pairs}
        identity = "" if is_category_file(page.path) else self.identity(page, here)
        rules = mapped(keys, page.lines, is_category=is_category_file(page.path))
        added = {"id": identity} if identity else {}
        if "title" not in page.lines:
            added["title"] = quoted(page.title)
        added |= {target: yaml for target, (_, yaml) in rules.items()}
        if identity and "id" in page.lines:
            source = edit.without_id(source, page.lines["id"])
        lines = [f"{key}: {yaml}" for key, yaml in added.items()]
        result = edit.with_lines(source, parts.block_line, lines).encode()
        if not _says(result, page, identity):
            hint = "write one key a line, then adopt again"
            message = "keys cannot be added to this front matter; the file is as it was"
            self.adoption.problems.append(
                problem("yaml-shape", page.path, parts.block_line, message, hint)
            )
            return source.encode()
        self.adoption.mapped.update(f"{old} -> {new}" for new, (old, _) in rules.items())
        used = {old for old, _ in rules.values()}
        self.adoption.foreign.update(
            key for key in keys if key not in KEYS and key not in used and key not in page.lines
        )
        return result

    def identity(self, page: Page, here: str) -> str:
        """The id to write into a page; "" if it has one of its own. `here` is its new path."""
        lang = page.values.get("lang") or page.place.lang
        key = page.place.key
        own = str(page.values.get("id", ""))
        if own and self.owners.setdefault((own.casefold(), lang), here) == here:
            self.by_key.setdefault(key, own)
            self.last = max(self.last, number_of(own))
            return ""
        identity = self.by_key.get(key, "")
        if identity and (identity.casefold(), lang) not in self.owners:
            self.adoption.shared_ids += 1
        else:
            self.last += 1
            self.adoption.given_ids += 1
            identity = numbered(self.last)
        self.owners[identity.casefold(), lang] = here
        self.by_key.setdefault(key, identity)
        return identity

    def copy_along(self, found: Survey) -> None:
        """Copies what articles show, and snippets; counts what is left behind."""
        for path in sorted(self.shown | set(found.snippets)):
            target = self.base / path
            if target.exists():
                self.adoption.kept += target != self.source / path
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.source / path, target)
            self.adoption.copied += 1
        self.adoption.unused.update(
            PurePosixPath(path).suffix or PurePosixPath(path).name
            for path in found.others - self.shown
        )


def _says(data: bytes, page: Page, identity: str) -> bool:
    """Whether the edited file still reads as the page, with the id that was to be written."""
    again, _ = reading.read(data, page.path, page.place)
    if again is None or again.body != page.body:
        return False
    return not identity or again.values.get("id") == identity


def _texts(source: Path, found: Survey) -> Iterator[str]:
    for path in found.articles:
        with suppress(OSError):
            yield decode((source / path).read_bytes(), path)[0] or ""
