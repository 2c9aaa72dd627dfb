"""kbgen: a self-service help center that learns from its readers."""

from __future__ import annotations

__all__ = ["__version__"]

__version__: str


def __getattr__(name: str) -> str:
    """`__version__`, looked up when it is asked for: that takes as long as a search."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return version("kbgen")
    except PackageNotFoundError:  # a source tree that was never installed
        return "0"
