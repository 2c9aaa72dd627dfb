"""The settings of one help center: mkdocs.yml, and in it the options of the kbgen plugin.

One table of fields (`Settings`, `Contact`, `Channel`, `Votes`) serves the command line and the
MkDocs plugin, so both read the same keys and report the same problems.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml

from kbgen.errors import ConfigError, Problem

ChannelKind = Literal["chat", "email", "phone", "form", "link"]
Storage = Literal["local", "none"]
Text = Mapping[str, str]  # language -> text; "" holds the text of every other language

_ASSETS = ("assets/**", ".well-known/**", "CNAME", "robots.txt", "favicon.*")

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


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
    assets: tuple[str, ...] = _ASSETS  # files that are published though no article shows them
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


class _Loader(yaml.SafeLoader):
    """Reads the tags that mkdocs.yml may hold (`!ENV`, `!!python/name:`) as nothing."""


_Loader.add_multi_constructor("", lambda _loader, _suffix, _node: None)


def load(config: Path) -> Settings:
    """Settings from an mkdocs.yml; odd values are reported in `problems` and left at default.

    Raises ConfigError if the file is missing or no YAML.
    """
    if not config.is_file():
        raise ConfigError(f"{config}: no such file (run kbgen where mkdocs.yml is, or name it)")
    try:
        data = yaml.load(config.read_text("utf-8-sig"), _Loader)  # noqa: S506  (a SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError(f"{config}: cannot be read as YAML: {error}") from error
    if not isinstance(data, dict):
        raise ConfigError(f"{config}: expected keys such as site_name, found {data!r:.40}")
    return from_mapping(data, _plugin_options(data), config)


def from_mapping(data: Mapping[str, Any], options: Mapping[str, Any], config: Path) -> Settings:
    """Settings from the top level of mkdocs.yml and the options of its kbgen plugin."""
    root = config.parent.resolve()
    read = _Reader(config.name)
    read.refuse_unknown(options, "kbgen", _KEYS)
    languages = read.get(options, "languages", _languages, ("en",))
    return Settings(
        root=root,
        site_name=str(data.get("site_name") or "Help center"),
        site_url=_with_slash(str(data.get("site_url") or "")),
        content=root / str(data.get("docs_dir") or "content"),
        site=root / str(data.get("site_dir") or "site"),
        languages=languages,
        audience=read.get(options, "audience", _one_of("public", "agents"), "public"),
        brand_hue=read.get(options, "brand_hue", _hue, None),
        names=read.get(options, "name", _text, {}),
        home=read.get(options, "home", _text, {}),
        contact=_contact(read, read.get(options, "contact", _mapping, {})),
        votes=_votes(read, read.get(options, "votes", _mapping, {})),
        assets=read.get(
            options, "assets", _strings, Settings.__dataclass_fields__["assets"].default
        ),
        problems=tuple(read.problems),
    )


def in_language(text: Text, lang: str) -> str:
    """The text in a language, or in the first language that has it."""
    return text.get(lang) or text.get("") or next(iter(text.values()), "")


_KEYS = ("languages", "audience", "name", "brand_hue", "home", "contact", "votes", "assets")
_CONTACT_KEYS = ("channels", "timezone", "hours", "holidays")
_CHANNEL_KEYS = ("kind", "href", "label", "note")
_VOTES_KEYS = ("endpoint", "storage")


def _plugin_options(data: Mapping[str, Any]) -> Mapping[str, Any]:
    plugins = data.get("plugins") or []
    entries = plugins.items() if isinstance(plugins, dict) else (_entry(p) for p in plugins)
    options = dict(entries).get("kbgen") or {}
    return options if isinstance(options, dict) else {}


def _entry(plugin: Any) -> tuple[str, Any]:
    if isinstance(plugin, dict) and len(plugin) == 1:
        return next(iter(plugin.items()))
    return str(plugin), {}


def _contact(read: _Reader, data: Mapping[str, Any]) -> Contact:
    read.refuse_unknown(data, "contact", _CONTACT_KEYS)
    channels = [
        _channel(read, entry, place)
        for place, entry in enumerate(read.get(data, "channels", _mappings, ()), 1)
    ]
    return Contact(
        channels=tuple(channel for channel in channels if channel),
        timezone=read.get(data, "timezone", _timezone, "UTC"),
        hours=read.get(data, "hours", _hours, {}),
        holidays=read.get(data, "holidays", _dates, ()),
    )


def _channel(read: _Reader, data: Mapping[str, Any], place: int) -> Channel | None:
    read.refuse_unknown(data, f"contact.channels[{place}]", _CHANNEL_KEYS)
    kind = read.get(data, "kind", _one_of("chat", "email", "phone", "form", "link"), "link")
    href = read.get(data, "href", _href, "")
    if not href:
        read.report(
            "href", data.get("href"), f"channel {place} needs an address: https, mailto or tel"
        )
        return None
    return Channel(
        kind=kind,
        href=href,
        label=read.get(data, "label", _text, {}),
        note=read.get(data, "note", _text, {}),
    )


def _votes(read: _Reader, data: Mapping[str, Any]) -> Votes:
    read.refuse_unknown(data, "votes", _VOTES_KEYS)
    return Votes(
        endpoint=read.get(data, "endpoint", _endpoint, "/v1/events"),
        storage=read.get(data, "storage", _one_of("local", "none"), "local"),
    )


class _Reader:
    """Turns values into their types and collects what did not fit."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def get(
        self, data: Mapping[str, Any], key: str, convert: Callable[[Any], Any], default: Any
    ) -> Any:
        """The converted value of a key, or its default if it is absent or does not fit."""
        if data.get(key) is None:
            return default
        try:
            return convert(data[key])
        except (ValueError, TypeError, KeyError) as error:
            self.report(key, data[key], str(error))
            return default

    def report(self, key: str, value: Any, hint: str) -> None:
        """Notes a value that cannot be used."""
        self.problems.append(
            Problem(self.file, 0, "setting", f"{key}: {value!r:.60} cannot be used", hint, key)
        )

    def refuse_unknown(self, data: Mapping[str, Any], where: str, known: tuple[str, ...]) -> None:
        """Notes keys that nothing reads."""
        for key in data:
            if key not in known:
                near = get_close_matches(str(key), known, 1)
                hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
                self.problems.append(
                    Problem(
                        self.file, 0, "unknown-setting", f"{where}: {key} is not a setting", hint
                    )
                )


def _languages(value: Any) -> tuple[str, ...]:
    found = _strings(value)
    if not found or not all(
        re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", lang) for lang in found
    ):
        raise ValueError("expected a list of language tags such as [ko, en]")
    return found


def _strings(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        raise ValueError("expected a list of texts")  # noqa: TRY004  (one way to report)
    return tuple(str(entry) for entry in value)


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("expected keys and values")  # noqa: TRY004
    return value


def _mappings(value: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise ValueError("expected a list of entries with keys and values")
    return tuple(value)


def _text(value: Any) -> Text:
    if isinstance(value, dict):
        return {str(lang): str(text) for lang, text in value.items()}
    return {"": str(value)}


def _one_of(*choices: str) -> Callable[[Any], str]:
    def convert(value: Any) -> str:
        if value not in choices:
            near = get_close_matches(str(value), choices, 1)
            raise ValueError(
                f"did you mean {near[0]}?" if near else f"expected one of {', '.join(choices)}"
            )
        return str(value)

    return convert


def _hue(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value < 360:
        raise ValueError("expected a hue from 0 to 359")
    return value


def _href(value: Any) -> str:
    if not re.match(r"(https?://|mailto:|tel:|/)", str(value)):
        raise ValueError("expected an address that begins with https://, mailto:, tel: or /")
    return str(value)


def _endpoint(value: Any) -> str:
    if value and not re.match(r"(https?://|/)", str(value)):
        raise ValueError("expected https://… or a path such as /v1/events, or '' for none")
    return str(value)


def _timezone(value: Any) -> str:
    try:
        ZoneInfo(str(value))
    except (KeyError, ValueError, OSError) as error:
        raise ValueError("expected a time zone such as Asia/Seoul") from error
    return str(value)


def _hours(value: Any) -> Mapping[int, tuple[tuple[time, time], ...]]:
    """`{mon-fri: "09:00-18:00", sat: "10:00-12:00, 13:00-15:00"}` as weekday -> spans."""
    found: dict[int, tuple[tuple[time, time], ...]] = {}
    for days, spans in _mapping(value).items():
        first, _, last = str(days).partition("-")
        start, end = DAYS.index(first.strip()), DAYS.index((last or first).strip())
        open_spans = tuple(_span(span) for span in str(spans).split(","))
        found.update(dict.fromkeys(range(start, end + 1), open_spans))
    return dict(sorted(found.items()))


def _span(text: str) -> tuple[time, time]:
    start, _, end = text.strip().partition("-")
    opens, closes = time.fromisoformat(start.strip()), time.fromisoformat(end.strip())
    if opens >= closes:
        raise ValueError("expected hours such as 09:00-18:00, the earlier time first")
    return opens, closes


def _dates(value: Any) -> tuple[date, ...]:
    return tuple(
        sorted(
            entry if isinstance(entry, date) else date.fromisoformat(str(entry)) for entry in value
        )
    )


def _with_slash(url: str) -> str:
    return url if not url or url.endswith("/") else url + "/"
