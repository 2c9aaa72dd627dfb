"""Edits: one text of an article, and the next one, with the votes on both.

A vote names the text that it judged, so votes of a page that a browser kept from before the edit
still count for the text before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from kbgen.insights.stream import Key
from kbgen.insights.votes import Vote


@dataclass(frozen=True, slots=True)
class Edit:
    """A change from the text `old` to `new` (revisions; "" is an earlier text that no vote names).

    `before` and `after` are all votes on the two, by time; nobody may have voted on today's text
    yet. `is_last` if `new` is today's text: then more votes may come.
    """

    key: Key
    old: str
    new: str
    before: tuple[Vote, ...]
    after: tuple[Vote, ...]
    is_last: bool


def edits(cast: Iterable[Vote], today: Mapping[Key, str]) -> list[Edit]:
    """Every edit between texts that were voted on, by article and time.

    `today` holds the revision of each article as it is now. Texts follow each other by their
    first vote; today's comes last, also where it brings an earlier one back.
    """
    texts: dict[Key, dict[str, list[Vote]]] = defaultdict(lambda: defaultdict(list))
    for vote in cast:
        texts[vote.key][vote.rev].append(vote)
    found = []
    for key in sorted(texts.keys() & today.keys()):
        now = today[key]
        for old, new in pairwise([*(rev for rev in texts[key] if rev != now), now]):
            before, after = texts[key][old], texts[key].get(new, [])
            found.append(Edit(key, old, new, tuple(before), tuple(after), new == now))
    return found
