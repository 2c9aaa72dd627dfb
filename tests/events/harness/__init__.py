"""A tiny help center: two articles with the widget and the ways to reach people, under a strict
policy, and a collector."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from kbgen.settings import Channel, Contact
from kbgen.site.contact import contact_view
from kbgen.site.filters import install
from tests.conftest import ROOT
from tests.events.serving import serving

POLICY = "default-src 'self'; connect-src 'self' http://127.0.0.1:*"
_PAGES = {
    "/ko/refund/": ("KB-0042", "ko", "환불은 언제 되나요?", "/ko/delivery/"),
    "/ko/delivery/": ("KB-0007", "ko", "배송은 며칠 걸리나요?", "/ko/refund/"),
    "/en/refund/": ("KB-0042", "en", "When do I get my refund?", "/ko/refund/"),
}
SITE = "https://help.example"
_CONTACT = Contact(
    channels=(
        Channel("chat", "/ko/delivery/?article={article}&asked={query}", {"": "Chat"}, {}),
        Channel("email", "mailto:help@help.example", {"": "Mail"}, {}),
        Channel("phone", "tel:+82-2-555-0147", {"": "Call"}, {}),
    )
)
_TEXTS = {
    "ko": "카드로 결제하셨다면 반품이 확인된 날부터 영업일 기준 사흘 안에 취소돼요.",
    "en": "If you paid by card, we cancel the charge within three working days.",
}


class _Policy:
    """Answers everything under the strict policy."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_policy(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                headers = list(message["headers"])  # type: ignore[call-overload]
                headers += [
                    (b"content-security-policy", POLICY.encode()),
                    (b"cache-control", b"no-store"),
                ]
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, send_with_policy)  # type: ignore[arg-type]


def page(address: str, events: str, storage: str) -> str:
    """One page as HTML."""
    article, lang, title, other = _PAGES[address]
    strings = yaml.safe_load((ROOT / f"theme/lang/{lang}.yml").read_text("utf-8"))
    environment = Environment(
        loader=FileSystemLoader([ROOT / "theme", Path(__file__).parent]),
        autoescape=True,
        undefined=StrictUndefined,
    )
    install(environment)
    contact = contact_view(_CONTACT, lang, article=article, title=title, url=SITE + address)
    kb = SimpleNamespace(
        lang=lang, t=strings, title=title, text=_TEXTS[lang], other=other, events=events,
        storage=storage, contact=contact, languages=[{"lang": "ko"}, {"lang": "en"}],
        article=SimpleNamespace(
            id=article, lang=lang, rev="0123456789ab", translated_from=""
        ),
    )  # fmt: skip
    return environment.get_template("page.html").render(kb=kb)


@contextmanager
def help_center(
    routes: list[BaseRoute], *, events: str = "/v1/events", storage: str = "local"
) -> Iterator[str]:
    """The address of a running help center whose pages send to `events`."""

    async def show(request: Request) -> Response:
        return HTMLResponse(page(request.url.path, events, storage))

    app = Starlette(
        routes=[
            *routes,
            *(Route(address, show) for address in _PAGES),
            Mount("/theme", StaticFiles(directory=ROOT / "theme")),
            Mount("/harness", StaticFiles(directory=Path(__file__).parent)),
        ],
        middleware=[Middleware(_Policy)],
    )
    with serving(app) as address:
        yield address
