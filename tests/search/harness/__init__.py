"""A small site around the search component: its template, styles and scripts as they ship."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kbgen.site.filters import install
from kbgen.strings import strings
from tests.conftest import ROOT

HERE = Path(__file__).parent
POLICY = "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
EVIL = "<img src=x onerror=window.hacked=1>"
LANGUAGES = {"ko": "한국어", "en": "English"}


def site(shards: Path) -> Starlette:
    """Home page, results page and A-Z page in two languages; every other page is an article."""
    return Starlette(
        routes=[
            Mount("/theme", StaticFiles(directory=ROOT / "theme")),
            Mount("/harness", StaticFiles(directory=HERE)),
            Mount("/search", StaticFiles(directory=shards)),
            Route("/{lang}/{path:path}", _page),
        ]
    )


def _page(request: Request) -> Response:
    lang, path = request.path_params["lang"], request.path_params["path"]
    base = "../" * (1 + path.count("/"))
    env = Environment(loader=FileSystemLoader([ROOT / "theme", HERE]), autoescape=True)
    install(env)
    env.filters["url"] = lambda value: base + value
    view = _view(lang, path)
    html = env.get_template("page.html").render(
        kb=view, base=base, storage=request.query_params.get("storage", "local")
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": POLICY})


def _view(lang: str, path: str) -> dict[str, Any]:
    kinds = {"": "home", "search/": "search", "a-z/": "index"}
    return {
        "lang": lang,
        "kind": kinds.get(path, "article"),
        "t": strings(lang),
        "urls": {"search": f"{lang}/search/", "index": f"{lang}/a-z/", "contact": "#contact"},
        "languages": [
            {"lang": code, "name": name, "current": code == lang}
            for code, name in LANGUAGES.items()
        ],
    }
