"""Markdown as lines and as plain words: what search, links and anchors need, without rendering.

Every pattern here runs in linear time (possessive or bounded), because an article may hold
anything: eight thousand `[` in a row must cost milliseconds.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from enum import Enum

_FENCE = re.compile(r"^(?P<indent>[> \t]*)(?P<fence>`{3,}|~{3,})[^`\n]*$")
_BLOCK_TAG = re.compile(
    r"^ {0,3}<(?P<tag>address|article|aside|blockquote|body|center|details|dialog|dir|div|dl|"
    r"fieldset|figcaption|figure|footer|form|frameset|h[1-6]|header|hgroup|html|iframe|"
    r"legend|main|menu|nav|noscript|object|ol|p|pre|script|section|style|summary|svg|table|"
    r"tbody|textarea|tfoot|thead|tr|ul|video)(?=[\s/>])(?P<rest>[^>]*+)",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<!`)(`++)(?!`)(.{1,2000}?)(?<!`)\1(?!`)", re.DOTALL)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()<>#+\-.!~|^=:&\"'])")
_TARGET = (
    r"\(\s*+(?:<[^<>\n]*+>|(?:[^\s()<>]|\((?:[^\s()])*+\))*+)"
    r"(?:\s++(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'))?\s*+\)"
)
_IMAGE = re.compile(r"!\[([^\[\]]{0,1000}+)\](?:" + _TARGET + r"|\[[^\[\]\n]{0,300}+\])")
_LINK = re.compile(r"\[([^\[\]]{0,1000}+)\](?:" + _TARGET + r"|\[[^\[\]\n]{0,300}+\])")
_DOCS_SPAN = re.compile(r"\[!(?:DNL|UICONTROL|BADGE|PRESENTED BY)\s++([^\[\]\n]{1,300}+)\]")
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,100}+\]")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]++|[^\s<>@!/]++@[^\s<>@]++)>")
_COMMENT = re.compile(r"<!--(?:[^-]|-(?!->))*+-->")
_TAG = re.compile(r"</?[a-zA-Z](?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+>")
_STRONG = re.compile(r"(\*{1,3})(?=\S)([^*]{1,1000}+)(?<=\S)\1")
_UNDERSCORES = re.compile(r"_{1,3}(?!_)")
_JOINED_ATTRS = re.compile(r"(?<=[)*_>\x03])\{:?[ ]*+[^{}\n ][^{}\n]{0,200}+\}")
_INLINE_ATTRS = re.compile(r"\{:?\s*+[.#][^{}\n]{0,200}+\}|\{:?\s*+[\w-]++=[^{}\n]{0,200}+\}")
_WORD = re.compile(r"\w")
_HELD = re.compile("\x02(\\d+)\x03")


class Kind(Enum):
    """What a line of Markdown is part of."""

    TEXT = "text"
    CODE = "code"  # a fenced block, its fences included
    HTML = "html"  # a raw HTML block or a comment, which Markdown leaves alone


def kinds(lines: list[str]) -> list[Kind]:
    """The kind of each line, as Python-Markdown sees it: an unclosed fence is text."""
    found = [Kind.TEXT] * len(lines)
    ends = _Ends(lines)
    at = 0
    while at < len(lines):
        end, kind = ends.of_fence(at), Kind.CODE
        if end == at:
            end, kind = ends.of_html(at), Kind.HTML
        found[at:end] = [kind] * (end - at)
        at = max(end, at + 1)
    return found


class _Ends:
    """Where blocks end. Looks each end up instead of searching it, to stay linear."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.fences: dict[str, list[int]] = {}
        self.comments = [at for at, line in enumerate(lines) if "-->" in line]
        self.unquoted = [at for at, line in enumerate(lines) if ">" not in line]
        for at, line in enumerate(lines):
            if "```" in line or "~~~" in line:
                self.fences.setdefault(line.strip("> \t"), []).append(at)

    def of_fence(self, at: int) -> int:
        """The line after the fenced block that begins here, or `at` if none does."""
        opening = _FENCE.match(self.lines[at])
        closing = _after(self.fences.get(opening["fence"], []), at) if opening else None
        if not opening or closing is None:
            return at
        outside = _after(self.unquoted, at) if ">" in opening["indent"] else None
        return at if outside is not None and outside < closing else closing + 1

    def of_html(self, at: int) -> int:
        """The line after the raw HTML that begins here, or `at` if none does."""
        line = self.lines[at]
        if line.lstrip()[:4] == "<!--" and len(line) - len(line.lstrip()) <= 3:
            closing = _after(self.comments, at - 1)
            return at if closing is None else closing + 1
        opening = _BLOCK_TAG.match(line)
        if not opening or "markdown" in opening["rest"]:
            return at
        return _closing_tag(self.lines, at, opening["tag"].lower())


def _after(places: list[int], at: int) -> int | None:
    place = bisect_right(places, at)
    return places[place] if place < len(places) else None


def _closing_tag(lines: list[str], at: int, tag: str) -> int:
    """The line after the block that `tag` opens; to the end of the text if nothing closes it."""
    pattern = re.compile(rf"<(/?){tag}(?=[\s/>])[^<>]*+(/?)>?", re.IGNORECASE)
    depth = 0
    for place in range(at, len(lines)):
        for match in pattern.finditer(lines[place]):
            if not match[0].endswith("/>"):
                depth += -1 if match[1] else 1
        if depth <= 0:
            return place + 1
    return len(lines)


def inline_text(text: str, *, alt: bool = True) -> str:
    """A line of Markdown without its markup.

    With `alt`, as a reader would say it: images become their alternative text. Without, as an
    anchor is made from it.
    """
    held: list[str] = []

    def hold(content: str) -> str:
        held.append(content)
        return f"\x02{len(held) - 1}\x03"

    text = text.replace("\x02", "").replace("\x03", "")
    if "\\" in text or "`" in text:
        text = _CODE.sub(lambda m: hold(m[2].strip()), text)
        # The toc extension takes an escaped `\<b>` for a tag when it makes an anchor.
        text = _ESCAPE.sub(lambda m: "<" if m[1] == "<" and not alt else hold(m[1]), text)
    if "{" in text:
        text = (_INLINE_ATTRS if alt else _JOINED_ATTRS).sub("", text)
    if "[" in text:
        text = _unlinked(text, alt=alt)
    if "<" in text:
        text = _TAG.sub("", _AUTOLINK.sub(lambda m: hold(m[1]), _COMMENT.sub("", text)))
    if "*" in text:
        text = _STRONG.sub(r"\2", _STRONG.sub(r"\2", text))
    if "_" in text:
        text = _without_underscores(text)
    if "&" in text:
        text = html.unescape(text)
    return _HELD.sub(lambda m: held[int(m[1])], text) if held else text


def _without_underscores(text: str) -> str:
    """`_soft_` and `__loud__` without their marks; `snake_case` keeps its own."""
    openers: dict[int, list[int]] = {}
    cut: set[int] = set()
    for match in _UNDERSCORES.finditer(text):
        start, end = match.span()
        before, after = text[start - 1 : start], text[end : end + 1]
        size = end - start
        if openers.get(size) and not before.isspace() and not _WORD.match(after):
            for at in (openers[size].pop(), start):
                cut.update(range(at, at + size))
        elif not _WORD.match(before) and after.strip():
            openers.setdefault(size, []).append(start)
    return "".join(char for at, char in enumerate(text) if at not in cut) if cut else text


def _unlinked(text: str, *, alt: bool) -> str:
    """Links and images as their words. Twice, because a link may hold an image."""
    text = _FOOTNOTE.sub("", text)
    if alt:
        text = _DOCS_SPAN.sub(r"\1", text)
    for _ in range(2):
        text = _IMAGE.sub(r"\1" if alt else "", text)
        text = _LINK.sub(r"\1", text)
    return text
