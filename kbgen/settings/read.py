"""mkdocs.yml -> settings. One table of keys serves the command line and the MkDocs plugin."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from kbgen.errors import ConfigError, Problem, did_you_mean
from kbgen.settings import values
from kbgen.settings.model import (
    ASSETS,
    COLLECTOR,
    Channel,
    Contact,
    Events,
    Improved,
    Search,
    Settings,
    Target,
    TargetName,
)


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
        events=_events(read, read.get(options, "events", values.mapping, {})),
        search=_search(read, read.get(options, "search", values.mapping, {})),
        insights=read.get(options, "insights", values.numbers, {}),
        products=read.get(options, "products", values.versions, {}),
        improved=_improved(read, read.get(options, "improved", values.mapping, {})),
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
    "events",
    "search",
    "insights",
    "products",
    "improved",
    "assets",
)
CONTACT_KEYS = ("channels", "timezone", "hours", "holidays")
CHANNEL_KEYS = ("kind", "href", "label", "note")
EVENTS_KEYS = ("targets", "storage")
SEARCH_KEYS = ("prior",)
IMPROVED_KEYS = ("wording",)
RENAMED = {
    "votes": "votes.endpoint is an entry of events.targets now, votes.storage is events.storage"
}


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
        if not data.get("href"):  # else it has been reported what is wrong with it
            hint = f"channel {place} needs an address: https, mailto or tel"
            read.report("href", data.get("href"), hint)
        return None
    return Channel(
        kind=kind,
        href=href,
        label=read.get(data, "label", values.text, {}),
        note=read.get(data, "note", values.text, {}),
    )


def _events(read: Reader, data: Mapping[str, Any]) -> Events:
    read.refuse_unknown(data, "events", EVENTS_KEYS)
    entries = read.get(data, "targets", values.entries, None)
    return Events(
        targets=Events().targets if entries is None else _targets(read, entries),
        storage=read.get(data, "storage", values.one_of("local", "none"), "local"),
    )


def _targets(read: Reader, entries: Sequence[tuple[str, Any]]) -> tuple[Target, ...]:
    found: dict[str, Target] = {}
    for name, value in entries:
        entry = name if value is None else {name: value}
        if name in found:
            hint = "each target can be named once; leave this one out"
            read.report("targets", entry, hint, name)
            continue
        try:
            found[name] = _target(name, value)
        except ValueError as error:
            read.report("targets", entry, str(error), name)
    return tuple(found.values())


def _target(name: str, value: Any) -> Target:
    target = cast("TargetName", values.one_of(*get_args(TargetName))(name))
    if target == "collector":
        return Target(target, (COLLECTOR if value is None else values.endpoint(value),))
    if target == "dom" and value is not None:
        raise ValueError("the DOM event takes no address; write dom alone")
    if target == "matomo" and value is None:
        raise ValueError(
            "expected where it runs: matomo: https://stats.example.com, or matomo: / for this host"
        )
    return Target(target, () if value is None else values.hosts(value))


def _search(read: Reader, data: Mapping[str, Any]) -> Search:
    read.refuse_unknown(data, "search", SEARCH_KEYS)
    return Search(prior=read.get(data, "prior", values.one_of("readers", "none"), "readers"))


def _improved(read: Reader, data: Mapping[str, Any]) -> Improved:
    read.refuse_unknown(data, "improved", IMPROVED_KEYS)
    return Improved(
        wording=read.get(data, "wording", values.one_of("changes", "commits"), "changes")
    )


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

    def report(self, key: str, value: Any, hint: str, entry: str = "") -> None:
        """Notes a value that cannot be used, or one `entry` of a list."""
        self._note("setting", key, f"{key}: {value!r:.60} cannot be used", hint, entry)

    def refuse_unknown(self, data: Mapping[str, Any], where: str, known: Sequence[str]) -> None:
        """Notes keys that nothing reads."""
        for key in data:
            if key not in known:
                near = RENAMED.get(str(key)) or did_you_mean(str(key), known)
                hint = near or f"known: {', '.join(known)}"
                self._note("unknown-setting", str(key), f"{where}: {key} is not a setting", hint)

    def _note(self, code: str, key: str, message: str, hint: str, entry: str = "") -> None:
        line = self._line(key, entry)
        self.problems.append(Problem(self.file, line, code, message, hint, key))

    def _line(self, key: str, entry: str) -> int:
        """The line that gives a key, counted from 1: the first one below `kbgen:`.

        With an entry of its list, the first line from there on that has this word.
        """
        place = 0
        for pattern in (r"^[ -]*kbgen:", rf"(?<![\w-]){re.escape(key)}[ \"']*:",
                        entry and rf"(?<![\w-]){re.escape(entry)}(?![\w-])"):  # fmt: skip
            found = re.compile(pattern, re.MULTILINE).search(self._text, place)
            place = found.start() if found else place
        return self._text.count("\n", 0, place) + 1


def _with_slash(url: str) -> str:
    return url if not url or url.endswith("/") else url + "/"
