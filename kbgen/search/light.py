"""Two packages, loaded without what they load beside themselves.

A look-up at the command line has 150 ms for everything, and these would take 30 of them: Whoosh
imports `urllib.request`, and with it TLS and e-mail, and a table of English endings, for functions
that nobody calls; snowballstemmer imports the stemmers of thirty languages when asked for one.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


@contextmanager
def stand_in(name: str, **attributes: Any) -> Iterator[None]:
    """Has an empty module in the place of another, unless that one is loaded already."""
    if name in sys.modules:
        yield
        return
    module = sys.modules[name] = ModuleType(name)
    vars(module).update(attributes)
    try:
        yield
    finally:
        if sys.modules.get(name) is module:
            del sys.modules[name]


@contextmanager
def whoosh() -> Iterator[None]:
    """Whoosh may be imported here. 2.7.4 is older than raw strings in its patterns."""
    unused = {"urllib.request": "urlretrieve", "whoosh.lang.morph_en": "variations"}
    with warnings.catch_warnings(), ExitStack() as stack:
        warnings.simplefilter("ignore")
        for module, function in unused.items():
            stack.enter_context(stand_in(module, **{function: None}))
        yield


def english_stemmer() -> Any:
    """The class of the English stemmer."""
    spec = find_spec("snowballstemmer")
    places = list(spec.submodule_search_locations or ()) if spec else []
    with stand_in("snowballstemmer", __path__=places):
        return import_module("snowballstemmer.english_stemmer").EnglishStemmer
