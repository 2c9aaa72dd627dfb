"""`kbgen adopt`: an existing Markdown tree becomes a kbgen project."""

from kbgen.articles.adopt.report import Adoption, as_json, as_text
from kbgen.articles.adopt.tree import adopt

__all__ = ["Adoption", "adopt", "as_json", "as_text"]
