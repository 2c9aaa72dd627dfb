"""Finds the articles that a file means, each text once."""

from __future__ import annotations

from kbgen.events.catalogue import Catalogue, Found
from kbgen.events.readers.values import short

_MOST_HINTS = 50  # looking for what comes near takes a while
_MOST_REMEMBERED = 100_000


class Finder:
    """Looks articles up in a catalogue; without one, an id is taken as it is."""

    def __init__(self, catalogue: Catalogue | None) -> None:
        self._catalogue = catalogue
        self._found: dict[tuple[str, str], Found] = {}
        self._reasons: dict[tuple[str, str], str] = {}  # why nothing was found
        self._hints = 0

    def find(self, text: str, lang: str) -> Found:
        """As `Catalogue.find`."""
        asked = (text, lang)
        if found := self._found.get(asked):
            return found
        if reason := self._reasons.get(asked):
            raise ValueError(reason)
        has_room = len(self._found) + len(self._reasons) < _MOST_REMEMBERED
        try:
            found = self._look_up(text, lang)
        except ValueError as error:
            if has_room:
                self._reasons[asked] = str(error)
            raise
        if has_room:
            self._found[asked] = found
        return found

    def _look_up(self, text: str, lang: str) -> Found:
        if self._catalogue is None:
            return _as_id(text)
        try:
            return self._catalogue.find(text, lang, hint=self._hints < _MOST_HINTS)
        except ValueError:
            self._hints += 1
            raise


def _as_id(text: str) -> Found:
    if "/" in text or len(text.split()) > 1:
        raise ValueError(
            f"an address or a title needs the built site (--site), found {short(text)}"
        )
    return Found(text)
