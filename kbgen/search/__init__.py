"""Search: analysis, index, ranking, shards for the browser, evaluation."""

from kbgen.search.excerpt import Excerpt, Found
from kbgen.search.index import Hit, Index, build_index
from kbgen.search.shards import write_shards

__all__ = ["Excerpt", "Found", "Hit", "Index", "build_index", "write_shards"]
