"""Small corpora and projects that the tests of the site are made of."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from kbgen.articles import Article, Category, Corpus, rev_of
from kbgen.settings import Settings
from kbgen.site.assets import Assets
from kbgen.site.extensions import complete
from kbgen.site.markdown import Renderer
from kbgen.site.pages import Plan, plan
from kbgen.site.views import Views

NAMES = {"ko": "고객센터", "en": "Help", "de": "Hilfe"}


def article(path: str, **values: Any) -> Article:
    """An article at a path such as `ko/returns/refund.md`; what is not named is derived."""
    folders, _, name = path.rpartition("/")
    lang, _, category = folders.partition("/")
    slug = name.removesuffix(".md")
    given: dict[str, Any] = {
        "id": f"KB-{slug}",
        "lang": lang,
        "category": category,
        "slug": slug,
        "title": slug.capitalize(),
        "body": f"About {slug}.",
        "body_line": 5,
    }
    given |= values
    given.setdefault("rev", rev_of(given["title"], given["body"]))
    return Article(path=path, **given)


def category(path: str, lang: str, title: str, **values: Any) -> Category:
    """A category with its address in a site with language folders."""
    return Category(
        path=path, lang=lang, title=title, folder=f"{lang}/{path}".rstrip("/"), **values
    )


def corpus(
    *articles: Article,
    categories: Iterable[Category] = (),
    languages: Sequence[str] = ("ko", "en"),
) -> Corpus:
    """A corpus of these articles, sorted as `load` sorts them."""
    ordered = tuple(sorted(articles, key=lambda entry: entry.path))
    return Corpus(ordered, tuple(categories), (), tuple(languages))


def planned(
    *articles: Article,
    categories: Iterable[Category] = (),
    languages: Sequence[str] = ("ko", "en"),
) -> Plan:
    """The plan of a corpus of these articles."""
    names = {lang: NAMES[lang] for lang in languages}
    return plan(corpus(*articles, categories=categories, languages=languages), languages, names)


def views(made: Plan, *, popular: Mapping[str, float] | None = None, **settings: Any) -> Views:
    """The views of a plan."""
    chosen = Settings(root=Path("/nowhere"), languages=made.languages, names=NAMES, **settings)
    return Views(made, chosen, popular or {}, Assets("assets/kbgen-0", {}), "default-src 'self'")


def renderer(resolve: Any = lambda _path, link: link) -> Renderer:
    """A renderer with the extensions that every project has."""
    extensions: list[Any] = []
    configs: dict[str, Any] = {}
    complete(extensions, configs)
    return Renderer(extensions, configs, resolve)


def markdown(title: str, body: str = "", **keys: Any) -> str:
    """The text of an article's file."""
    front = yaml.safe_dump({"title": title, **keys}, allow_unicode=True, sort_keys=False)
    return f"---\n{front}---\n{textwrap.dedent(body)}"


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Writes files below a folder."""
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())


def project(root: Path, files: Mapping[str, str | bytes], **options: Any) -> Path:
    """A project with these files below `content/`; returns its mkdocs.yml."""
    config = {
        "site_name": "Help",
        "site_url": "https://help.example/",
        "docs_dir": "content",
        "theme": {"name": "material"},
        "plugins": [{"kbgen": {"languages": ["ko", "en"], **options}}],
    }
    write(root / "content", files)
    (root / "mkdocs.yml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    return root / "mkdocs.yml"


def tree(folder: Path) -> dict[str, str]:
    """A digest of every file below a folder, by its path."""
    return {
        file.relative_to(folder).as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
