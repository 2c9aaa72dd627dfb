"""Search: analysis, index, ranking, shards for the browser, evaluation.

The names below are loaded when they are used: `kbgen search` answers in a moment and so cannot
wait for what writes shards.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kbgen.search.excerpt import Excerpt, Found
    from kbgen.search.index import Hit, Index, build_index
    from kbgen.search.shards import write_shards

__all__ = ["Excerpt", "Found", "Hit", "Index", "build_index", "write_shards"]

_HOME = {
    "Excerpt": "excerpt",
    "Found": "excerpt",
    "Hit": "index",
    "Index": "index",
    "build_index": "index",
    "write_shards": "shards",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
