"""What a page says to search engines about itself, as JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from kbgen.settings import Settings
from kbgen.site.pages import PlannedPage


def structured(page: PlannedPage, trail: Sequence[tuple[str, str]], settings: Settings) -> str:
    """JSON-LD of an article page. `trail` holds title and address of each place above it."""
    article = page.article
    assert article is not None
    base = settings.site_url
    steps = [*trail, (page.title, page.url)]
    graph: list[dict[str, Any]] = [
        {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": n, "name": title, "item": base + url}
                for n, (title, url) in enumerate(steps, 1)
            ],
        },
        {
            "@type": "TechArticle",
            "headline": article.title,
            "description": article.description,
            "inLanguage": article.lang,
            "identifier": article.id,
            "url": base + (page.canonical if page.canonical is not None else page.url),
        },
    ]
    if article.updated:
        graph[1]["dateModified"] = article.updated.isoformat()
    text = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return text.replace("<", "\\u003c")
