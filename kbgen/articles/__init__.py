"""Articles: front matter and Markdown in, `Article` and `Corpus` out. Knows no MkDocs."""
