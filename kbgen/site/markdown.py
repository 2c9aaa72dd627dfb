"""Markdown to safe HTML, on all cores, with a limit on the time that one article may take.

Writers' Markdown may hold HTML. It is cleaned by an allow-list, so a page never runs a script
that an article brought along, and carries no inline style that a strict CSP would refuse.
"""

from __future__ import annotations

import html
import multiprocessing
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import markdown
import nh3

from kbgen.articles.expiry import COMMENT
from kbgen.articles.markup import Kind, kinds
from kbgen.site.aside import end_with_parent
from kbgen.site.labels import labelled
from kbgen.site.limit import time_limit

TIME_LIMIT = 5.0  # seconds of CPU time for one article; ordinary ones need a few hundredths
DEEPEST = 1000  # elements within each other; cleaning takes time that grows with the square
POOL_FROM = 40  # below this many articles, starting workers costs more than they save

# A link as written -> the address to print, or None to leave the attribute out.
Resolve = Callable[[str, str], str | None]


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of an article's contents."""

    anchor: str
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """An article as HTML. `failed` says why it could not be rendered, "" if it was."""

    html: str
    headings: tuple[Heading, ...] = ()
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """An article to render: its path below the content folder, its Markdown and its language."""

    path: str
    body: str
    lang: str = "en"


@dataclass(frozen=True)
class Renderer:
    """Turns articles into HTML with one set of Markdown extensions.

    `resolve(path, link)` gives the address that a link of the article at `path` leads to.
    """

    extensions: Sequence[Any]
    configs: Mapping[str, Any]
    resolve: Resolve
    _local: threading.local = field(default_factory=threading.local, repr=False)

    def render(self, source: Source) -> Rendered:
        """One article. Never raises: an article that cannot be rendered shows its text."""
        try:
            with time_limit(TIME_LIMIT):
                return self._render(source)
        except TimeoutError:
            reason = f"takes longer than {TIME_LIMIT:g} seconds to render"
        except RecursionError:
            reason = "is nested too deeply to render"
        except Exception as error:  # noqa: BLE001  (extensions may raise anything)
            reason = f"cannot be rendered: {type(error).__name__}: {error}"
        self._local.engine = None  # it stopped in the middle and would spoil the next article
        plain = html.escape(COMMENT.sub("", source.body))
        return Rendered(f"<pre>{plain}</pre>", failed=reason)

    def render_all(self, sources: Sequence[Source]) -> list[Rendered]:
        """All articles, in order; on every core where that pays and the platform can fork."""
        workers = min(os.cpu_count() or 1, 8)
        can_fork = "fork" in multiprocessing.get_all_start_methods()
        # Forking while other threads run may deadlock the child.
        alone = threading.active_count() == 1
        if len(sources) < POOL_FROM or workers < 2 or not can_fork or not alone:
            return [self.render(source) for source in sources]
        global _inherited  # noqa: PLW0603  (extensions cannot be pickled; a fork inherits them)
        _inherited = self
        try:
            context = multiprocessing.get_context("fork")
            with ProcessPoolExecutor(workers, context, end_with_parent) as pool:
                return list(pool.map(_render_inherited, sources, chunksize=8))
        finally:
            _inherited = None

    def _render(self, source: Source) -> Rendered:
        engine = self._engine()
        engine.reset()
        dirty = engine.convert(_prepare(source.body))
        if _depth(dirty) > DEEPEST:
            raise RecursionError
        tokens = getattr(engine, "toc_tokens", [])
        clean = clean_html(dirty, lambda link: self.resolve(source.path, link))
        return Rendered(labelled(clean, source.lang), tuple(_headings(tokens)))

    def _engine(self) -> markdown.Markdown:
        engine: markdown.Markdown | None = getattr(self._local, "engine", None)
        if engine is None:
            engine = markdown.Markdown(
                extensions=list(self.extensions), extension_configs=dict(self.configs)
            )
            self._local.engine = engine
        return engine


def clean_html(dirty: str, resolve: Callable[[str], str | None]) -> str:
    """HTML with only allowed elements and attributes, its links resolved.

    Pictures from other hosts lose their address: a page makes no third-party request.
    """

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name == "href":
            return resolve(value)
        if name in ("src", "poster"):
            return None if _is_foreign(value) else resolve(value)
        if tag == "input" and name == "type":
            return value if value in ("checkbox", "radio") else None
        return value

    cleaned = nh3.clean(
        dirty,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        generic_attribute_prefixes={"aria-"},
        attribute_filter=attribute,
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
    )
    # Wide tables scroll by keyboard too.
    return _TABLE.sub(r'<div class="kb-table" tabindex="0"><table class="kb-grid"\1</div>', cleaned)


def _depth(dirty: str) -> int:
    """How deep elements lie within each other, without those that end by themselves."""
    depth = deepest = 0
    for match in _NESTING.finditer(dirty):
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


_inherited: Renderer | None = None


def _render_inherited(source: Source) -> Rendered:
    assert _inherited is not None
    return _inherited.render(source)


def _headings(tokens: Iterable[Mapping[str, Any]]) -> Iterator[Heading]:
    for token in tokens:
        yield Heading(token["id"], token["level"], html.unescape(token["name"]))
        yield from _headings(token["children"])


def _prepare(body: str) -> str:
    """Reads the alerts of GitHub and DocFX (`> [!NOTE]`) as admonitions, but not in code."""
    if "[!" not in body:
        return body
    kind = kinds(body.split("\n"))

    def alert(match: re.Match[str]) -> str:
        line = body.count("\n", 0, match.start())
        return match[0] if kind[line] is Kind.CODE else _alert(match)

    return _ALERT.sub(alert, body)


_ALERT = re.compile(
    r"^>[ \t]*\[!(note|tip|important|warning|caution)\][ \t]*\n((?:>.*(?:\n|\Z))*)",
    re.IGNORECASE | re.MULTILINE,
)
_ALERT_KINDS = {"important": "info", "caution": "warning"}


def _alert(match: re.Match[str]) -> str:
    kind = match[1].lower()
    lines = [re.sub(r"^> ?", "", line) for line in match[2].splitlines()]
    body = "\n".join(f"    {line}".rstrip() for line in lines)
    return f'!!! {_ALERT_KINDS.get(kind, kind)} ""\n{body}\n'


def _is_foreign(address: str) -> bool:
    return bool(re.match(r"\s*([a-z][a-z0-9+.-]*:|//)", address, re.IGNORECASE))


_NESTING = re.compile(
    r"<(/?)(?!(?:br|col|dd|dt|hr|img|input|li|p|rp|rt|source|td|th|tr|track|wbr)\b)[a-z]",
    re.IGNORECASE,
)
_TABLE = re.compile(r"<table\b(.*?</table>)", re.DOTALL)
# fmt: off
_TAGS = {
    "a", "abbr", "audio", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd",
    "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3",
    "h4", "h5", "h6", "hr", "i", "img", "input", "ins", "kbd", "label", "li", "mark", "ol", "p",
    "picture", "pre", "q", "rp", "rt", "ruby", "s", "samp", "section", "small", "source",
    "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
    "time", "tr", "track", "u", "ul", "var", "video", "wbr",
}
# fmt: on
_ATTRIBUTES = {
    "*": {"id", "class", "title", "lang", "dir", "role"},
    "a": {"href", "hreflang", "download"},
    "audio": {"src", "controls", "preload"},
    "details": {"open"},
    "div": {"data-tabs"},
    "img": {"src", "alt", "width", "height", "loading"},
    "input": {"type", "checked", "disabled", "id", "name"},
    "label": {"for"},
    "ol": {"start", "type", "reversed"},
    "source": {"src", "type"},
    "td": {"align", "colspan", "rowspan", "headers"},
    "th": {"align", "colspan", "rowspan", "headers", "scope"},
    "time": {"datetime"},
    "track": {"src", "kind", "srclang", "label"},
    "video": {"src", "controls", "width", "height", "poster", "preload"},
}
