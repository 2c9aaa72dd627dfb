"""A site in a real browser, and everything that the browser complains about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from axe_playwright_python.sync_playwright import Axe
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from kbgen.events import open_store
from kbgen.events.collector import collector
from kbgen.events.guard import Limits
from kbgen.site.build import make
from tests.events.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa",
                   "best-practice"],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}  # fmt: skip
WATCH = """
  addEventListener("securitypolicyviolation", (event) => {
    console.error(`CSP: ${event.violatedDirective} refuses ${event.blockedURI} ${event.sample}`);
  });
  for (const name of ["alert", "confirm", "prompt", "print"]) {
    window[name] = (text) => console.error(`${name} was called: ${text}`);
  }
"""


@dataclass
class Visitor:
    """One reader's browser on one site."""

    home: str
    context: BrowserContext
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str = "") -> Page:
        """A page of the site by its address relative to the root, once it is quiet."""
        page = self.context.new_page()
        self.watch(page)
        page.goto(self.home + quote(address, safe="/?=&#%"))
        page.wait_for_load_state("load")
        return page

    def watch(self, page: Page) -> None:
        """Notes errors, refused resources, failed requests and requests to other hosts."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("request", lambda request: self._request(request.url))
        page.on("response", self._response)

    def _console(self, message: Any) -> None:
        place = message.location["url"]
        if message.type in ("error", "warning") and "/nowhere/" not in place:
            self.complaints.append(f"console: {message.text} ({place})")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and not url.startswith(self.home):
            self.complaints.append(f"request to another host: {url}")

    def _response(self, answer: Any) -> None:
        if answer.status >= 400 and "/nowhere/" not in answer.url:
            self.complaints.append(f"{answer.status}: {answer.url}")


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page as it is now."""
    _settle(page)
    found = Axe().run(page, options=RULES)
    return [
        f"{violation['id']}: {', '.join(map(str, node['target']))}: {node['html'][:160]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def _settle(page: Page) -> None:
    """Ends what moves, because a colour in between two has no contrast to speak of."""
    page.evaluate("document.getAnimations().forEach((animation) => animation.finish())")


@contextmanager
def site_served(config: Path, folder: Path) -> Iterator[str]:
    """A project's site, built for the address that it is served at, with a collector."""
    site = folder / "site"
    limits = Limits(votes_burst=1e6, others_burst=1e6)
    with open_store(folder / "events.db") as events:
        collecting = collector(events, same_origin=True, limits=limits)
        app = Starlette(
            routes=[
                *collecting.state.collector.routes,
                Mount("/", StaticFiles(directory=site, html=True, check_dir=False)),
            ]
        )
        with serving(app) as home:
            # Instant navigation follows only addresses that the sitemap names.
            make(config, site, site_url=f"{home}/")
            yield f"{home}/"
        collecting.state.collector.close()


@contextmanager
def visiting(browser: Browser, home: str, **options: Any) -> Iterator[Visitor]:
    """A fresh browser context that refuses nothing and forgets everything."""
    context = browser.new_context(**options)
    context.set_default_timeout(30_000)
    context.add_init_script(WATCH)
    try:
        yield Visitor(home, context)
    finally:
        context.close()
