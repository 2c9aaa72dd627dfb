"""What other searches are measured beside, and what docs/search.md says of them."""

from __future__ import annotations

import json
import re

import pytest

from tests.conftest import ROOT
from tests.pages import doc

PEERS = ROOT / "benchmarks" / "peers"
NAMES = {
    "lunr": "lunr",
    "lunr-languages": "lunr-languages",
    "minisearch": "MiniSearch",
    "pagefind": "Pagefind",
}


@pytest.fixture
def versions():
    return json.loads((PEERS / "package.json").read_text("utf-8"))["dependencies"]


def test_versions_are_pinned(versions):
    """The same peers tomorrow; a comparison with whatever is newest cannot be repeated."""
    assert versions.keys() == NAMES.keys()
    assert [v for v in versions.values() if not re.fullmatch(r"\d+\.\d+\.\d+", v)] == []


def test_the_documented_versions_are_those(versions):
    for name, version in versions.items():
        assert f"{NAMES[name]} {version}" in doc("search")


def test_no_address_of_a_registry_is_kept():
    """Whoever measures decides where packages come from."""
    files = [path for path in PEERS.rglob("*") if path.is_file()]

    assert {path.name for path in files} == {
        "lunr.js", "main.js", "minisearch.js", "package.json", "pagefind.js"
    }  # fmt: skip
    assert [path.name for path in files if "://" in path.read_text("utf-8")] == []
