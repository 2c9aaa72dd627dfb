"""The settings of one help center: mkdocs.yml, and in it the options of the kbgen plugin."""

from kbgen.settings.model import Channel, Contact, Settings, Text, Votes, in_language
from kbgen.settings.read import from_mapping, load

__all__ = [
    "Channel",
    "Contact",
    "Settings",
    "Text",
    "Votes",
    "from_mapping",
    "in_language",
    "load",
]
