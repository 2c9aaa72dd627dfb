"""The Content-Security-Policy of every page: nothing but the site itself, and what it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from kbgen.settings import Settings, Target


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where a page may load scripts from, send to, and load pictures from."""

    scripts: tuple[str, ...] = ()
    sends: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()


# Where each tool of web analytics is when it runs at its maker's. Kept apart by what they are for:
# a host that takes data should not be able to run a script.
USUAL: Mapping[str, Hosts] = {
    "ga4": Hosts(
        scripts=("https://*.googletagmanager.com",),
        sends=(
            "https://*.google-analytics.com",
            "https://*.analytics.google.com",
            "https://*.googletagmanager.com",
        ),
        pictures=("https://*.google-analytics.com", "https://*.googletagmanager.com"),
    ),
    "plausible": Hosts(scripts=("https://plausible.io",), sends=("https://plausible.io",)),
    "umami": Hosts(
        scripts=("https://cloud.umami.is",),
        sends=("https://cloud.umami.is", "https://gateway.umami.is"),
    ),
    "posthog": Hosts(scripts=("https://*.posthog.com",), sends=("https://*.posthog.com",)),
}

BY_PICTURE = ("ga4", "matomo")  # where nothing else works they send by loading a picture


def policy(settings: Settings) -> str:
    """The policy as one line."""
    allowed = [_hosts(target) for target in settings.events.tools]
    parts = urlsplit(settings.events.collector)
    if parts.netloc:
        allowed.append(Hosts(sends=(f"{parts.scheme}://{parts.netloc}",)))
    scripts = _listed(host for hosts in allowed for host in hosts.scripts)
    return (
        "default-src 'self'; "
        + (f"script-src 'self'{scripts}; " if scripts else "")
        + f"img-src 'self' data:{_listed(h for hosts in allowed for h in hosts.pictures)}; "
        + f"connect-src 'self'{_listed(h for hosts in allowed for h in hosts.sends)}; "
        + "base-uri 'self'; form-action 'self'; object-src 'none'"
    )


def _hosts(target: Target) -> Hosts:
    named = tuple(address for address in target.addresses if address != "/")
    if not target.addresses:
        return USUAL.get(target.name, Hosts())
    return Hosts(named, named, named if target.name in BY_PICTURE else ())


def _listed(hosts: Iterable[str]) -> str:
    return "".join(f" {host}" for host in dict.fromkeys(hosts))
