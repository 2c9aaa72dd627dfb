"""The browser's engine as `kbgen eval`, the tests and the measurements run it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from urllib.request import urlopen

import pytest

from kbgen.errors import SearchError
from kbgen.search import browser, build_index
from tests.search.samples import article, corpus

SHOP = corpus(
    article("X1", "환불은 언제 되나요", "3일 안에 돌려드려요."),
    article("X2", "배송지를 바꾸고 싶어요", "환불 없이 바꿔요."),
    article("X1", "When is my refund paid?", "Within three days.", lang="en"),
)


@pytest.fixture(scope="module")
def asked(chromium):
    with browser.engine(build_index(SHOP, None), SHOP, browser=chromium) as engine:
        yield engine


@pytest.mark.browser
def test_answers_are_paths(asked):
    """Of the articles in the language asked for, as `Index.ranking` gives them."""
    assert asked.ask("환불", "ko") == ["ko/x1.md", "ko/x2.md"]
    assert asked.ask("환불", "ko", limit=1) == ["ko/x1.md"]
    assert asked.ask("refund", "en") == ["en/x1.md"]


@pytest.mark.browser
def test_many_questions_at_once(asked):
    """More than go into one call; each has its answer, in order."""
    queries = ["배송지", "없는말", "환불 언제"] * browser.BATCH

    found = asked.ask_all(queries, "ko")

    assert found == [["ko/x2.md"], [], ["ko/x1.md"]] * browser.BATCH


@pytest.mark.browser
def test_scores_and_time(asked):
    """An answer says how good each article is, and how long the browser took."""
    (answer,) = asked.answers(["환불"], "ko")
    index = build_index(SHOP, None)

    assert answer.scores == [hit.score for hit in index.search("환불", lang="ko")]
    assert answer.ms > 0


@pytest.mark.browser
def test_a_failure_names_the_query(asked):
    """A language without an index."""
    with pytest.raises(SearchError, match=r"the browser fails at '환불': .*unreachable.*404"):
        asked.ask("환불", "ja")


def test_without_playwright_the_error_says_the_cure(monkeypatch):
    """It is no dependency of those who write articles."""
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)

    with pytest.raises(SearchError, match="run `pip install playwright`, then"), browser.chromium():
        pass


def test_without_a_browser_the_error_says_the_cure(monkeypatch):
    """What Playwright raises is many lines long."""

    def launch(**_options):
        raise OSError("Executable doesn't exist")

    @contextmanager
    def started():
        yield SimpleNamespace(chromium=SimpleNamespace(launch=launch))

    fake = ModuleType("playwright.sync_api")
    fake.Error, fake.sync_playwright = OSError, started
    monkeypatch.setitem(sys.modules, "playwright.sync_api", fake)

    with pytest.raises(SearchError) as error, browser.chromium():
        pass
    assert str(error.value) == (
        "Chromium does not start: install Debian's package chromium,"
        " or run `playwright install chromium`"
    )


def test_files_are_served_as_what_they_are(tmp_path):
    """Whatever the machine thinks of .js, the browser takes it as a module."""
    (tmp_path / "a.js").write_text("1", "utf-8")

    with browser.served(tmp_path) as address, urlopen(f"{address}/a.js") as answer:
        assert answer.headers["Content-Type"] == "text/javascript"
        assert address.startswith("http://127.0.0.1:")
