"""What is known of the articles besides their texts and their readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from kbgen.articles.drift import Drift
from kbgen.articles.reviews import Review
from kbgen.insights.stream import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the caller has read elsewhere: all of it may be left out."""

    reviews: Mapping[tuple[Key, str], Review] = field(default_factory=dict)  # the last of each text
    dead: Mapping[str, date] = field(default_factory=dict)  # dead addresses, and since when
    products: Mapping[str, str] = field(default_factory=dict)  # current versions by name
    drifts: Mapping[Key, Drift] = field(default_factory=dict)  # translations behind their source
