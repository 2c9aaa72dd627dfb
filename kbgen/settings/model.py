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
TargetName = Literal["collector", "ga4", "plausible", "matomo", "umami", "posthog", "dom"]
Prior = Literal["readers", "none"]
Wording = Literal["changes", "commits"]
Text = Mapping[str, str]  # language -> text; "" holds the text of every other language

PLACEHOLDERS = ("article", "title", "url", "query")  # of a channel's address
COLLECTOR = "/v1/events"  # where `kbgen serve` and a proxy before `kbgen collect` answer
ASSETS = ("assets/**", ".well-known/**", "CNAME", "robots.txt", "favicon.*")


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach a person."""

    kind: ChannelKind
    href: str  # may hold PLACEHOLDERS in braces
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
class Target:
    """One place that events go to.

    The collector has one address, a path if it is behind the site's own host. The others have
    those that pages may load the tool's script from and send to; () stands for the tool's usual.
    """

    name: TargetName
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Events:
    """Where votes, searches and clicks go, and whether the reader's device may remember them."""

    targets: tuple[Target, ...] = (Target("collector", (COLLECTOR,)),)
    storage: Storage = "local"

    @property
    def collector(self) -> str:
        """Where pages send events; "" sends no request."""
        found = [target.addresses[0] for target in self.targets if target.name == "collector"]
        return found[0] if found else ""

    @property
    def tools(self) -> tuple[Target, ...]:
        """Web analytics of the page that get the events too."""
        return tuple(target for target in self.targets if target.name not in ("collector", "dom"))


@dataclass(frozen=True, slots=True)
class Search:
    """How results are ordered. With `prior` "readers" what they read and liked wins near-ties."""

    prior: Prior = "readers"


@dataclass(frozen=True, slots=True)
class Improved:
    """Where the sentences of "You said, we did" come from: `changes:` of articles, or else the
    subjects of commits too."""

    wording: Wording = "changes"


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
    events: Events = Events()
    search: Search = Search()
    insights: Mapping[str, float] = field(default_factory=dict)  # thresholds of reports, by name
    products: Mapping[str, str] = field(default_factory=dict)  # name -> current version
    improved: Improved = Improved()
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
