"""Words that no writer wrote: titles of notes, ways back from footnotes, ticks of tasks.

Markdown's extensions write them in English; here they become those of the article's language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from kbgen.strings import strings

_NOTE = re.compile(
    r'(<(?:div class="admonition |details class=")([a-z]+)[^>]*>\s*'
    r'<(?:p class="admonition-title"|summary)>)([A-Z][a-z]+)(?=</)'
)
_FOOTNOTE = re.compile(r'title="Jump back to footnote (\d+) in the text"')
_TASK = re.compile(
    r'(?:<label class="task-list-control">)?<input type="checkbox"([^>]*)>'
    r'(?:<span class="task-list-indicator"></span></label>)?'
)


def labelled(html: str, lang: str) -> str:
    """The cleaned HTML of an article, with these words in a language of the interface.

    A title that a writer gave stays, unless it is the very word that stands there for none.
    """
    words: Mapping[str, str] = strings(lang)["body"]
    for sign, pattern, label in (
        ("admonition", _NOTE, _note),
        ("<details", _NOTE, _note),
        ("Jump back", _FOOTNOTE, _footnote),
        ("task-list-item", _TASK, _task),
    ):
        if sign in html:
            html = pattern.sub(label(words), html)
    return html


Label = Callable[[re.Match[str]], str]


def _note(words: Mapping[str, str]) -> Label:
    def label(match: re.Match[str]) -> str:
        kind, title = match[2], match[3]
        return match[1] + (words.get(kind, title) if title == kind.capitalize() else title)

    return label


def _footnote(words: Mapping[str, str]) -> Label:
    return lambda match: f'title="{words["footnote_back"].format(number=match[1])}"'


def _task(words: Mapping[str, str]) -> Label:
    def label(match: re.Match[str]) -> str:
        done = "checked" in match[1]
        name = "kb-check kb-check--done" if done else "kb-check"
        said = words["task_done" if done else "task_open"]
        return f'<span class="{name}" role="img" aria-label="{said}"></span>'

    return label
