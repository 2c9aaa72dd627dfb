"""How much each article helped, as `kbgen insights --save` has written it into the content."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

FILE = ".kbgen/popular.yml"


def read_popular(content: Path) -> Mapping[str, float]:
    """Helpful votes by article id, the larger the better; empty if nothing is known.

    The file is written by a machine, so anything unexpected in it counts as nothing known.
    """
    try:
        data = yaml.safe_load((content / FILE).read_text("utf-8"))
        return {str(key): float(value) for key, value in data["articles"].items()}
    except (OSError, yaml.YAMLError, TypeError, KeyError, ValueError, AttributeError):
        return {}
