"""What events say about articles: pure functions of corpus, events and today."""

from kbgen.insights.findings import Findings, analyse
from kbgen.insights.options import Options

__all__ = ["Findings", "Options", "analyse"]
