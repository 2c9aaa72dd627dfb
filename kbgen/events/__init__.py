"""Events of readers: their model, their store, the collector, imports and exports.

`kbgen.events.collector` is not imported here: only those who run it pay for the web framework.
"""

from kbgen.events.imports import import_file
from kbgen.events.model import Event, Fault, clean, from_json, parse, to_json
from kbgen.events.source import read_events
from kbgen.events.store import Counts, Store, StoreError, open_store
from kbgen.events.votes import last_details, last_votes

__all__ = [
    "Counts",
    "Event",
    "Fault",
    "Store",
    "StoreError",
    "clean",
    "from_json",
    "import_file",
    "last_details",
    "last_votes",
    "open_store",
    "parse",
    "read_events",
    "to_json",
]
