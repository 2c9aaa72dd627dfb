"""What templates may call: numbers in texts, icons."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import material
from jinja2 import Environment
from markupsafe import Markup

from kbgen.strings import theme_folder

_ICONS = {
    "arrow": "arrow-right",
    "book": "book-open-page-variant-outline",
    "card": "credit-card-outline",
    "chat": "chat-outline",
    "check": "check",
    "chevron": "chevron-right",
    "clock": "clock-outline",
    "close": "close",
    "copy": "link-variant",
    "dark": "weather-night",
    "email": "email-outline",
    "external": "open-in-new",
    "form": "form-select",
    "globe": "web",
    "info": "information-outline",
    "light": "white-balance-sunny",
    "link": "open-in-new",
    "package": "package-variant-closed",
    "phone": "phone-outline",
    "print": "printer-outline",
    "rotate": "backup-restore",
    "search": "magnify",
    "shield": "shield-check-outline",
    "star": "star-outline",
    "thumb-down": "thumb-down-outline",
    "thumb-up": "thumb-up-outline",
    "truck": "truck-outline",
    "user": "account-outline",
}


def install(env: Environment) -> None:
    """Adds the filters and functions, and has kbgen's own templates escape what they print.

    MkDocs escapes nothing, and Material's templates rely on that.
    """
    theme = theme_folder()
    own = frozenset(file.relative_to(theme).as_posix() for file in theme.rglob("*.html"))
    env.autoescape = lambda name: name in own
    env.filters["fill"] = fill
    env.globals["icon"] = icon


def fill(text: str, **values: Any) -> str:
    """A string of the interface with its places filled: `"{count} min" | fill(count=2)`."""
    return text.format(**values)


@cache
def icon(name: str) -> Markup:
    """An icon as inline SVG, hidden from screen readers: the word beside it says the same.

    Names are kbgen's short ones or those of Material's icon folder; an unknown one is a book.
    """
    file = _folder() / f"{_ICONS.get(name, name)}.svg"
    if not file.resolve().is_relative_to(_folder()) or not file.is_file():
        file = _folder() / f"{_ICONS['book']}.svg"
    svg = file.read_text("utf-8").replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)
    svg = svg.replace("<svg ", '<svg class="kb-icon" aria-hidden="true" ', 1)
    return Markup(svg)  # noqa: S704  (a file of an installed package)


@cache
def _folder() -> Path:
    return Path(material.__file__).parent / "templates" / ".icons" / "material"
