"""The settings of one help center: mkdocs.yml, and in it the options of the kbgen plugin."""

from kbgen.settings.model import (
    PLACEHOLDERS,
    Channel,
    Contact,
    Events,
    Settings,
    Target,
    Text,
    in_language,
)
from kbgen.settings.read import from_mapping, load

__all__ = [
    "PLACEHOLDERS",
    "Channel",
    "Contact",
    "Events",
    "Settings",
    "Target",
    "Text",
    "from_mapping",
    "in_language",
    "load",
]
