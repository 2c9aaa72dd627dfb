"""The mkdocs.yml of an adopted tree: written if there is none, else only its languages grow."""

from __future__ import annotations

import re
from pathlib import Path

from kbgen.articles.yamltext import quoted
from kbgen.settings import load

_FLOW = re.compile(r"^(\s+languages:\s*)\[([^\]\n]*)\](.*)$", re.MULTILINE)
_BLOCK = re.compile(r"^(\s+)languages:[ \t]*\n((?:[ \t]*- .*\n)+)", re.MULTILINE)


def ensure(config: Path, name: str, lang: str) -> str:
    """Makes sure that a project lists a language; says what was done.

    Raises ConfigError if an existing mkdocs.yml is no YAML.
    """
    if not config.exists():
        config.write_text(_fresh(name, lang), "utf-8", newline="\n")
        return f"wrote {config.name}: set site_name and site_url there"
    settings = load(config)
    if lang in settings.languages:
        return f"{config.name} already lists {lang}"
    text = config.read_bytes().decode("utf-8-sig")
    changed = _with_language(text, lang)
    if changed is None:
        return f"add {lang} to the languages of the kbgen plugin in {config.name}"
    before = config.read_bytes()
    config.write_bytes(changed.encode("utf-8"))
    if lang not in load(config).languages:  # an unusual layout: leave it to its writer
        config.write_bytes(before)
        return f"add {lang} to the languages of the kbgen plugin in {config.name}"
    return f"added {lang} to the languages in {config.name}"


def _fresh(name: str, lang: str) -> str:
    return (
        f"site_name: {quoted(name)}\nsite_url: ''\ndocs_dir: content\nsite_dir: site\n\n"
        f"theme:\n  name: material\n\nplugins:\n  - kbgen:\n      languages: [{lang}]\n"
    )


def _with_language(text: str, lang: str) -> str | None:
    if match := _FLOW.search(text):
        listed = match[2].strip().rstrip(",")
        return f"{text[: match.start()]}{match[1]}[{listed}, {lang}]{match[3]}{text[match.end() :]}"
    if match := _BLOCK.search(text):
        last = match[2].splitlines()[-1]
        indent = last[: len(last) - len(last.lstrip())]
        return f"{text[: match.end()]}{indent}- {lang}\n{text[match.end() :]}"
    return None
