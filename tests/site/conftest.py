"""Projects that the tests of the site build."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kbgen.site.build import Built
from kbgen.site.build import build as build_site
from tests.site.samples import project


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Built]:
    """Builds a project made of these files; its root is `tmp_path`."""

    def run(files=None, *, strict=False, audience=None, ledger=True, **options):
        config = project(tmp_path, files or {}, **options)
        return build_site(config, strict=strict, audience=audience, ledger=ledger)

    return run
