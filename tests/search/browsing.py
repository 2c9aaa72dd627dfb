"""A reader's tab on a small site that searches, and what the tests look at in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.site.browsing import DESKTOP

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

FIELD, OPTION, PANEL = "input[type=search]", "[role=option]", "[data-kb-panel]"

Visit = Callable[..., "Tab"]


@dataclass
class Tab:
    """A page, and everything that it asked for and complained about."""

    page: Page
    address: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.address}/{path}")
        return self.page

    def type(self, text: str) -> None:
        self.page.locator(FIELD).press_sequentially(text)

    @property
    def told(self) -> list[dict]:
        told = self.page.evaluate("window.told")
        for each in told:
            each.pop("ts", None)
        return told

    def wait_told(self, count: int = 1) -> list[dict]:
        """What the page has told when it is left, once a query has settled."""
        deadline = time.monotonic() + 30
        while len(self.told) < count and time.monotonic() < deadline:
            self.page.wait_for_timeout(50)
            self.leave()
        return self.told

    def leave(self) -> None:
        """What the browser does when the page is left, but for leaving it."""
        self.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")

    def search(self, text: str) -> None:
        """Searches for a text and waits until that is what the reader meant."""
        self.page.locator(FIELD).fill("")
        before = len(self.told)
        self.type(text)
        self.wait_told(before + 1)

    @property
    def index_files(self) -> list[str]:
        return [url for url in self.asked if url.endswith(".json") or "engine.js" in url]


@contextmanager
def visiting(chromium: Browser, address: str) -> Iterator[Visit]:
    """A function that opens tabs; at the end none of them may have complained."""
    tabs, contexts = [], []

    def run(path: str = "ko/", *, size: dict = DESKTOP, script: str = "", **options) -> Tab:
        context = chromium.new_context(viewport=size, **options)
        tab = Tab(context.new_page(), address)
        if script:
            tab.page.add_init_script(script)
        tab.page.on("request", lambda request: tab.asked.append(request.url))
        tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.page.on(
            "console",
            lambda said: tab.complaints.append(said.text) if said.type == "error" else None,
        )
        tab.open(path)
        contexts.append(context)
        tabs.append(tab)
        return tab

    yield run
    complaints = [complaint for tab in tabs for complaint in tab.complaints]
    for context in contexts:
        context.close()
    assert complaints == []


def titles(page: Page) -> list[str]:
    """The titles of the articles that are shown."""
    return page.locator(".kb-hit:not(.kb-hit--section) .kb-hit__title").all_text_contents()
