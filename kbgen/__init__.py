"""kbgen: a self-service help center that learns from its readers."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("kbgen")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0"

__all__ = ["__version__"]
