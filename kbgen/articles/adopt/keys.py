"""What the front matter keys of other tools mean to kbgen.

A mapping adds a key of kbgen's own and leaves the line it came from. Only what has one meaning is
mapped: `ROBOTS: NOINDEX` on every page of a tree says nothing about an article, `audience: Admin`
says whom it suits, not who may see it, and `date` may be anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from kbgen.articles.nodes import Items, Node, Scalar
from kbgen.articles.times import day
from kbgen.articles.values import Notes, UnfitError, addresses, boolean, whole, words
from kbgen.articles.yamltext import flow_list, quoted

# A value of the other tool -> the YAML of kbgen's key, or "" if it says nothing to kbgen.
Translate = Callable[[Node], str]


@dataclass(frozen=True, slots=True)
class Rule:
    """Reads `source` as `target`. `pages` says whether of articles or of category pages."""

    source: str
    target: str
    translate: Translate
    pages: str = "article"


def _list(node: Node) -> str:
    found = words(node, Notes())
    return flow_list(found) if found else ""


def _line(node: Node) -> str:
    text = " ".join(node.text.split()) if isinstance(node, Scalar) and not node.is_null else ""
    return quoted(text) if text else ""


def _day(node: Node) -> str:
    found = day(node, Notes())
    return str(found) if found else ""


def _month_first(node: Node) -> str:
    """Microsoft's guide asks for mm/dd/yyyy, so 06/05/2025 is not ambiguous there."""
    text = node.text.strip() if isinstance(node, Scalar) else ""
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text)
    return str(date(int(match[3]), int(match[1]), int(match[2]))) if match else _day(node)


def _if_true(yaml: str) -> Translate:
    return lambda node: yaml if boolean(node, Notes()) else ""


def _if_false(yaml: str) -> Translate:
    return lambda node: "" if boolean(node, Notes()) else yaml


def _addresses(node: Node) -> str:
    found = [address for address in addresses(node, Notes()) if address != "/"]
    return flow_list(f"/{address}" for address in found) if found else ""


def _number(node: Node) -> str:
    return str(whole(node, Notes()))


def _rooted(node: Node) -> str:
    """Hugo's `aliases` are old addresses; kbgen's are synonyms."""
    texts = node.items if isinstance(node, Items) else (node,)
    if all(isinstance(text, Scalar) and text.text.startswith("/") for text in texts):
        return _addresses(node)
    return ""


MAPPINGS = (
    Rule("keywords", "tags", _list),
    Rule("summary", "description", _line),
    Rule("excerpt", "description", _line),
    Rule("ms.author", "owner", _line),
    Rule("ms.date", "reviewed", _month_first),
    Rule("last_reviewed", "reviewed", _day),
    Rule("last_reviewed_on", "reviewed", _day),
    Rule("review_in", "review_every", _line),
    Rule("expiry_date", "expires", _day),
    Rule("aliases", "redirect_from", _rooted),
    Rule("slug", "redirect_from", _rooted),
    Rule("permalink", "redirect_from", _rooted),
    Rule("published", "draft", _if_false("true")),
    Rule("hide", "search", _if_true("{exclude: true}")),
    Rule("unlisted", "search", _if_true("{exclude: true}")),
    Rule("search_exclude", "search", _if_true("{exclude: true}")),
    Rule("promoted", "search", _if_true("{boost: 1.5}")),
    Rule("nav_order", "order", _number, "category"),
    Rule("sidebar_position", "order", _number, "category"),
    Rule("weight", "order", _number, "category"),
)


def mapped(
    keys: Mapping[str, Node], present: Collection[str], *, is_category: bool
) -> dict[str, tuple[str, str]]:
    """kbgen's keys that can be filled: target -> (source, YAML). Those `present` are left alone."""
    found: dict[str, tuple[str, str]] = {}
    for rule in MAPPINGS:
        node = keys.get(rule.source)
        is_wanted = rule.target not in present and rule.target not in found
        if node is None or not is_wanted or is_category != (rule.pages == "category"):
            continue
        try:
            yaml = rule.translate(node)
        except (UnfitError, ValueError):
            continue  # the value is odd there too; it stays in its own key
        if yaml:
            found[rule.target] = (rule.source, yaml)
    return found
