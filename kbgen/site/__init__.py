"""The one package that knows MkDocs: turns a corpus into a site."""
