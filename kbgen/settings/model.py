"""What the settings of a help center are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Literal

from kbgen.errors import Problem

ChannelKind = Literal["chat", "email", "phone", "form", "link"]
Storage = Literal["local", "none"]
Prior = Literal["readers", "none"]
Text = Mapping[str, str]  # language -> text; "" holds the text of every other language

ASSETS = ("assets/**", ".well-known/**", "CNAME", "robots.txt", "favicon.*")


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach a person."""

    kind: ChannelKind
    href: str
    label: Text
    note: Text


@dataclass(frozen=True, slots=True)
class Contact:
    """How and when to reach people. `hours` maps a weekday (0 = Monday) to its open spans."""

    channels: tuple[Channel, ...] = ()
    timezone: str = "UTC"
    hours: Mapping[int, tuple[tuple[time, time], ...]] = field(default_factory=dict)
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Votes:
    """Where votes go. `endpoint` is an address or a path on the site; "" sends no request."""

    endpoint: str = "/v1/events"
    storage: Storage = "local"


@dataclass(frozen=True, slots=True)
class Search:
    """How results are ordered. With `prior` "readers" what they read and liked wins near-ties."""

    prior: Prior = "readers"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that mkdocs.yml says about the help center. Paths are absolute."""

    root: Path
    site_name: str = "Help center"
    names: Text = field(default_factory=dict)  # the site's name by language
    site_url: str = ""
    content: Path = Path("content")
    site: Path = Path("site")
    languages: tuple[str, ...] = ("en",)  # the first is the source language
    audience: Literal["public", "agents"] = "public"
    brand_hue: int | None = None  # 0-359; None keeps the theme's own
    home: Text = field(default_factory=dict)  # address of the product's own site
    contact: Contact = Contact()
    votes: Votes = Votes()
    search: Search = Search()
    assets: tuple[str, ...] = ASSETS  # files that are published though no article shows them
    problems: tuple[Problem, ...] = ()

    @property
    def source_language(self) -> str:
        """The language that translations follow."""
        return self.languages[0]

    def name(self, lang: str) -> str:
        """What the site is called in a language."""
        return in_language(self.names, lang) or self.site_name

    @property
    def database(self) -> Path:
        """The event store of this project when no other is named."""
        return self.root / ".kbgen" / "events.db"

    @property
    def cache(self) -> Path:
        """Where things are kept that can be made again."""
        return self.root / ".kbgen" / "cache"


def in_language(text: Text, lang: str) -> str:
    """The text in a language, or in the first language that has it."""
    return text.get(lang) or text.get("") or next(iter(text.values()), "")
