"""Articles, events and a small world for the tests of this room."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count

from kbgen.articles import Article, Category, Corpus
from kbgen.events import Event

TODAY = date(2026, 11, 20)
_numbers = count(1)


def article(number: int = 1, lang: str = "ko", **changes) -> Article:
    """A reviewed article that nobody has anything against."""
    values = {
        "path": f"{lang}/returns/a{number}.md",
        "id": f"KB-{number:04}",
        "lang": lang,
        "category": "returns",
        "slug": f"a{number}",
        "title": f"Article {number}",
        "body": "Text.",
        "body_line": 1,
        "rev": f"{number:06x}{'0' if lang == 'ko' else '1'}00000",
        "reviewed": date(2026, 10, 1),
        "updated": date(2026, 9, 1),
        "owner": "team",
    }
    return Article(**{**values, **changes})


def corpus(*articles: Article) -> Corpus:
    """A corpus of Korean and English articles."""
    return Corpus(
        articles=tuple(sorted(articles, key=lambda a: a.path)),
        categories=(Category(path="returns", lang="ko", title="반품"),),
        languages=("ko", "en"),
    )


def event(kind: str, about: Article | None = None, *, day: int = 0, **values) -> Event:
    """An event of some kind `day` days before today, a moment after the one before."""
    number = next(_numbers)
    ts = (
        datetime(2026, 11, 20, 1, tzinfo=UTC) - timedelta(days=day) + timedelta(milliseconds=number)
    )
    defaults = {
        "event_id": f"{number:08x}-0000-7000-8000-000000000000",
        "ts": ts,
        "type": kind,
        "lang": about.lang if about else "ko",
    }
    if about:
        defaults |= {"article": about.id, "rev": about.rev}
    return Event(**{**defaults, **values})


def ballots(about: Article, yes: int, no: int, **values) -> list[Event]:
    """That many votes, each of another voter, spread evenly over two weeks unless `day` is told."""
    return [
        event(
            "vote",
            about,
            **{"day": 5 * n % 14, "vote": int(n < yes), "voter": f"v{next(_numbers)}", **values},
        )
        for n in range(yes + no)
    ]


def views(about: Article, readers: int, **values) -> list[Event]:
    """That many views, each of another reader."""
    return [event("view", about, session=f"s{next(_numbers)}", **values) for _ in range(readers)]


def asked(query: str, people: int, *, results: int = 0, **values) -> list[Event]:
    """The same search by so many people who open nothing."""
    return [
        event("search", query=query, results=results, session=f"s{next(_numbers)}", **values)
        for _ in range(people)
    ]
