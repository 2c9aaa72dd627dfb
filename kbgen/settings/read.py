"""mkdocs.yml -> settings. One table of keys serves the command line and the MkDocs plugin."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from kbgen.errors import ConfigError, Problem, did_you_mean
from kbgen.settings import values
from kbgen.settings.model import ASSETS, Channel, Contact, Search, Settings, Votes


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
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
    read = Reader(config)
    read.refuse_unknown(options, "kbgen", KEYS)
    languages = read.get(options, "languages", values.languages, ("en",))
    return Settings(
        root=root,
        site_name=str(data.get("site_name") or "Help center"),
        site_url=_with_slash(str(data.get("site_url") or "")),
        content=root / str(data.get("docs_dir") or "content"),
        site=root / str(data.get("site_dir") or "site"),
        languages=languages,
        audience=read.get(options, "audience", values.one_of("public", "agents"), "public"),
        brand_hue=read.get(options, "brand_hue", values.hue, None),
        names=read.get(options, "name", values.text, {}),
        home=read.get(options, "home", values.text, {}),
        contact=_contact(read, read.get(options, "contact", values.mapping, {})),
        votes=_votes(read, read.get(options, "votes", values.mapping, {})),
        search=_search(read, read.get(options, "search", values.mapping, {})),
        assets=read.get(options, "assets", values.strings, ASSETS),
        problems=tuple(read.problems),
    )


KEYS = (
    "languages",
    "audience",
    "name",
    "brand_hue",
    "home",
    "contact",
    "votes",
    "search",
    "assets",
)
CONTACT_KEYS = ("channels", "timezone", "hours", "holidays")
CHANNEL_KEYS = ("kind", "href", "label", "note")
VOTES_KEYS = ("endpoint", "storage")
SEARCH_KEYS = ("prior",)


def _plugin_options(data: Mapping[str, Any]) -> Mapping[str, Any]:
    plugins = data.get("plugins") or []
    entries = plugins.items() if isinstance(plugins, dict) else (_entry(p) for p in plugins)
    options = dict(entries).get("kbgen") or {}
    return options if isinstance(options, dict) else {}


def _entry(plugin: Any) -> tuple[str, Any]:
    if isinstance(plugin, dict) and len(plugin) == 1:
        return next(iter(plugin.items()))
    return str(plugin), {}


def _contact(read: Reader, data: Mapping[str, Any]) -> Contact:
    read.refuse_unknown(data, "contact", CONTACT_KEYS)
    channels = [
        _channel(read, entry, place)
        for place, entry in enumerate(read.get(data, "channels", values.mappings, ()), 1)
    ]
    return Contact(
        channels=tuple(channel for channel in channels if channel),
        timezone=read.get(data, "timezone", values.timezone, "UTC"),
        hours=read.get(data, "hours", values.hours, {}),
        holidays=read.get(data, "holidays", values.dates, ()),
    )


def _channel(read: Reader, data: Mapping[str, Any], place: int) -> Channel | None:
    read.refuse_unknown(data, f"contact.channels[{place}]", CHANNEL_KEYS)
    kind = read.get(data, "kind", values.one_of("chat", "email", "phone", "form", "link"), "link")
    href = read.get(data, "href", values.href, "")
    if not href:
        read.report(
            "href", data.get("href"), f"channel {place} needs an address: https, mailto or tel"
        )
        return None
    return Channel(
        kind=kind,
        href=href,
        label=read.get(data, "label", values.text, {}),
        note=read.get(data, "note", values.text, {}),
    )


def _votes(read: Reader, data: Mapping[str, Any]) -> Votes:
    read.refuse_unknown(data, "votes", VOTES_KEYS)
    return Votes(
        endpoint=read.get(data, "endpoint", values.endpoint, "/v1/events"),
        storage=read.get(data, "storage", values.one_of("local", "none"), "local"),
    )


def _search(read: Reader, data: Mapping[str, Any]) -> Search:
    read.refuse_unknown(data, "search", SEARCH_KEYS)
    return Search(prior=read.get(data, "prior", values.one_of("readers", "none"), "readers"))


class Reader:
    """Turns values into their types and collects what did not fit."""

    def __init__(self, config: Path) -> None:
        self.file = config.name
        self.problems: list[Problem] = []
        self._text = config.read_text("utf-8-sig", "replace") if config.is_file() else ""

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
        self._note("setting", key, f"{key}: {value!r:.60} cannot be used", hint)

    def refuse_unknown(self, data: Mapping[str, Any], where: str, known: Sequence[str]) -> None:
        """Notes keys that nothing reads."""
        for key in data:
            if key not in known:
                hint = did_you_mean(str(key), known) or f"known: {', '.join(known)}"
                self._note("unknown-setting", str(key), f"{where}: {key} is not a setting", hint)

    def _note(self, code: str, key: str, message: str, hint: str) -> None:
        self.problems.append(Problem(self.file, self._line(key), code, message, hint, key))

    def _line(self, key: str) -> int:
        """The line that gives a key, counted from 1: the first one below `kbgen:`."""
        start = re.search(r"^[ -]*kbgen:", self._text, re.MULTILINE)
        found = re.compile(rf"(?<![\w-]){re.escape(key)}[ \"']*:").search(
            self._text, start.end() if start else 0
        )
        return self._text.count("\n", 0, found.start()) + 1 if found else 1


def _with_slash(url: str) -> str:
    return url if not url or url.endswith("/") else url + "/"
