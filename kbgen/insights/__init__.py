"""What events say about articles: pure functions of corpus, events and today."""

from kbgen.insights.findings import Findings, Options, analyse

__all__ = ["Findings", "Options", "analyse"]
