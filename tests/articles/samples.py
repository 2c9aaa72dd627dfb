"""Content folders made for a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kbgen.articles import Corpus, load_corpus
from kbgen.settings import Settings

HEAD = "---\nid: KB-0001\ntitle: T\n---\n"


def project(root: Path, files: Mapping[str, str | bytes], *languages: str) -> Settings:
    """The settings of a project whose content folder holds `files`."""
    content = root / "content"
    content.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        file = content / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data if isinstance(data, bytes) else data.encode())
    listed = ", ".join(languages or ("ko", "en"))
    (root / "mkdocs.yml").write_text(
        f"site_name: Help\ndocs_dir: content\nplugins:\n  - kbgen:\n      languages: [{listed}]\n"
    )
    return Settings(root=root, content=content, languages=languages or ("ko", "en"))


def corpus(root: Path, files: Mapping[str, str | bytes], *languages: str) -> Corpus:
    """The corpus of a content folder that holds `files`."""
    return load_corpus(project(root, files, *languages), history=False)


def article(number: int = 1, title: str = "제목", body: str = "본문", **keys: str) -> str:
    """An article that has nothing wrong with it; `keys` are YAML."""
    more = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return f"---\nid: KB-{number:04d}\ntitle: {title}\n{more}---\n{body}\n"


def said(found: Corpus) -> list[str]:
    """The problems of a corpus as a person reads them."""
    return [str(problem) for problem in found.problems]


def codes(found: Corpus) -> list[str]:
    """The codes of the problems of a corpus, in order of the files."""
    return [problem.code for problem in found.problems]
