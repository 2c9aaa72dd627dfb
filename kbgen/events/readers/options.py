"""What the user says about a file that kbgen did not write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kbgen.errors import ConfigError, did_you_mean
from kbgen.events.catalogue import Catalogue
from kbgen.events.model import FIELDS
from kbgen.events.readers.pseudonyms import Pseudonyms

DateOrder = Literal["", "dmy", "mdy"]

URL = "url"  # the address of the page; it gives `path`, and `article` where nothing else does
MAPPABLE = (*FIELDS, URL)

_NEXT = re.compile(rf",\s*(?=(?:{'|'.join(MAPPABLE)})\s*=)")


@dataclass(frozen=True, slots=True)
class Options:
    """How to read files that kbgen did not write. Its own files need none of it."""

    zone: tzinfo | None = None  # of times that name none
    dates: DateOrder = ""  # what 3/11/2026 means
    columns: Mapping[str, str] = field(default_factory=dict)  # field -> name in the file
    constants: Mapping[str, str] = field(default_factory=dict)  # field -> value, if absent
    yes: frozenset[str] = frozenset()  # further answers that mean yes
    no: frozenset[str] = frozenset()
    page_views: bool = False  # whether page views count as views
    catalogue: Catalogue | None = None  # the articles of the site
    pseudonyms: Pseudonyms = field(default_factory=Pseudonyms)  # of those who voted


def read_pairs(texts: Iterable[str], option: str) -> dict[str, str]:
    """The pairs of `FIELD=NAME,FIELD=NAME`, given once or several times.

    A name may hold commas and equals signs. Raises ConfigError for what is no pair.
    """
    pairs: dict[str, str] = {}
    for text in (part for whole in texts for part in _NEXT.split(whole)):
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not value:
            raise ConfigError(f"{option} {text!r}: expected FIELD=VALUE such as vote=Answer")
        if name not in MAPPABLE:
            hint = did_you_mean(name, MAPPABLE) or f"known: {', '.join(MAPPABLE)}"
            raise ConfigError(f"{option} {text!r}: there is no field {name!r} ({hint})")
        if name in pairs:
            raise ConfigError(f"{option}: {name} is given twice")
        pairs[name] = value
    return pairs


def read_zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name. Raises ConfigError with the cure."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(f"--zone {name!r}: no time zone such as Asia/Seoul or UTC") from error
