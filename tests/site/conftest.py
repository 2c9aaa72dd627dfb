"""Projects that the tests of the site build."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kbgen.site.build import Built
from kbgen.site.build import build as build_site
from tests.conftest import ROOT
from tests.site.browsing import Visitor, site_served, visiting
from tests.site.samples import project

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Built]:
    """Builds a project made of these files; its root is `tmp_path`."""

    def run(files=None, *, strict=False, audience=None, ledger=True, **options):
        config = project(tmp_path, files or {}, **options)
        return build_site(config, strict=strict, audience=audience, ledger=ledger)

    return run


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo help center, built once for each worker and served."""
    with site_served(ROOT / "mkdocs.yml", tmp_path_factory.mktemp("demo")) as home:
        yield home


@pytest.fixture
def visit(chromium: Browser, demo: str) -> Iterator[Callable[..., Visitor]]:
    """Opens the demo in a browser context; in the end nothing may have been complained about."""
    with ExitStack() as stack:
        visitors = []

        def start(home: str = demo, **options: Any) -> Visitor:
            visitor = stack.enter_context(visiting(chromium, home, **options))
            visitors.append(visitor)
            return visitor

        yield start
        assert [text for visitor in visitors for text in visitor.complaints] == []
