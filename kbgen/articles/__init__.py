"""Articles: front matter and Markdown in, `Article` and `Corpus` out. Knows no MkDocs."""

from kbgen.articles.corpus import load, load_corpus
from kbgen.articles.model import Article, Audience, Category, Corpus
from kbgen.articles.revision import rev_of
from kbgen.articles.sections import Section, plain_text, sections, slugify

__all__ = [
    "Article",
    "Audience",
    "Category",
    "Corpus",
    "Section",
    "load",
    "load_corpus",
    "plain_text",
    "rev_of",
    "sections",
    "slugify",
]
