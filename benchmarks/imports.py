"""A million events from a file into a store and out again, by the command line.

Votes with comments, searches, clicks and views of half a year, Korean and English, in order of
time, as exports are. What counts is the whole process: from its start to its end, and the most
memory that it held.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from _pytest.outcomes import Skipped

from benchmarks.common import Run, goal, run
from kbgen.events.times import format_time, uuid7
from tests.events.postgres import cluster

ROWS = 1_000_000
SECONDS = 30  # goals
MEGABYTES = 500
COMMENTS = (
    "환불이 언제 되는지 안 나와 있어요. 결제한 카드가 만료되면 어떻게 하나요?",
    "앱 화면이 설명과 달라요. 2.4.1 버전에서는 메뉴가 없어졌습니다.",
    "좋아요",
    "배송지를 바꾸려고 했는데 주문 번호를 어디에 넣는지 모르겠습니다. 010-1234-5678로 연락 주세요.",
    "The second step does not exist any more, there is no such button on my phone.",
    "Perfect, thank you!",
    "Refunded 25,000 KRW on 2026-10-02, but my bank says otherwise. Mail me: jane@mail.example",
)
QUERIES = ("환불 언제", "배송지 변경", "비밀번호를 잊어버렸어요", "refund", "cancel my order 2026",
           "반품 택배 예약", "how do i change my address", "쿠폰 적용이 안 돼요")  # fmt: skip
REASONS = ("inaccurate", "outdated", "incomplete", "confusing", "other")
_START = datetime(2026, 4, 1, tzinfo=UTC)
_HALF_YEAR = 183 * 86_400_000  # milliseconds


def main() -> None:
    """Measures and prints."""
    with tempfile.TemporaryDirectory(prefix="kbgen-bench-") as name:
        folder = Path(name)
        with (folder / "events.jsonl").open("w", encoding="utf-8") as out:
            for row in rows(ROWS):
                out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
        size = (folder / "events.jsonl").stat().st_size / 1e6
        print(f"  {ROWS:,} events, {size:.0f} MB", flush=True)
        first = _import(folder, "e.db")
        again = _import(folder, "e.db")
        print(f"  the same file again, which adds nothing: {again.seconds:.1f} s", flush=True)
        _export(folder)
        _postgres(folder)
        goal(f"{ROWS:,} rows into SQLite within {SECONDS} s: {first.seconds:.1f} s",
             met=first.seconds <= SECONDS)  # fmt: skip
        goal(f"within {MEGABYTES} MB of memory: {first.megabytes:.0f} MB",
             met=first.megabytes <= MEGABYTES)  # fmt: skip


def _import(folder: Path, place: str) -> Run:
    return run("kbgen", "events", "import", "events.jsonl", "--db", place, cwd=folder)


def _export(folder: Path) -> None:
    for form in ("jsonl", "csv", "parquet"):
        took = run("kbgen", "events", "export", "--db", "e.db", "-o", f"out.{form}", cwd=folder)
        size = (folder / f"out.{form}").stat().st_size / 1e6
        print(f"  out again as {form}, {size:.0f} MB: {took.seconds:.1f} s, "
              f"{took.megabytes:.0f} MB of memory", flush=True)  # fmt: skip


def _postgres(folder: Path) -> None:
    """The same on a server of our own, where PostgreSQL is installed."""
    try:
        with cluster() as running:
            took = _import(folder, running.new_database())
    except Skipped as error:
        print(f"  PostgreSQL skipped: {error}")
    else:
        print(f"  into PostgreSQL: {took.seconds:.1f} s, {took.megabytes:.0f} MB of memory")


def rows(count: int) -> Iterator[dict[str, Any]]:
    """As many events as they come from pages; the same ones each time."""
    dice = random.Random(4)
    last_vote: dict[str, Any] | None = None
    for number in range(count):
        if last_vote and dice.random() < 0.4:
            yield _detail(last_vote, dice)
            last_vote = None
            continue
        row = _event(dice, _START + timedelta(milliseconds=number * _HALF_YEAR // count))
        last_vote = row if row["type"] == "vote" else None
        yield row


def _event(dice: random.Random, when: datetime) -> dict[str, Any]:
    number = dice.randrange(5000)
    lang = dice.choice(("ko", "ko", "en"))
    row = {"v": 1, "event_id": uuid7(when, dice.getrandbits), "ts": format_time(when),
           "lang": lang, "path": f"/{lang}/returns/refund-{number}/",
           "session": f"{dice.getrandbits(96):024x}", "source": "web"}  # fmt: skip
    on_article = {"article": f"KB-{number:04}", "rev": f"{number * 7919:012x}",
                  "voter": f"{dice.getrandbits(128):032x}"}  # fmt: skip
    match dice.choices(("view", "vote", "search", "click", "contact"), (45, 20, 20, 13, 2))[0]:
        case "vote":
            return {**row, **on_article, "type": "vote", "vote": dice.choice((1, 1, 0)),
                    "prev": "?" + dice.choice(QUERIES)}  # fmt: skip
        case "search":
            return {**row, "type": "search", "query": dice.choice(QUERIES),
                    "results": dice.choice((0, 3, 12, 40))}  # fmt: skip
        case "click":
            return {**row, **on_article, "type": "click", "query": dice.choice(QUERIES),
                    "rank": dice.randint(1, 10)}  # fmt: skip
        case "contact":
            return {**row, "type": "contact", "reason": "chat"}
        case _:
            return {**row, **on_article, "type": "view", "prev": "?" + dice.choice(QUERIES)}


def _detail(vote: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    reason = dice.choice(("easy", "complete") if vote["vote"] else REASONS)
    comment = dice.choice((*COMMENTS, "", "", ""))
    return {
        **vote,
        "type": "detail",
        "event_id": vote["event_id"] + ".1",
        "reason": reason,
        "findable": dice.choice((0, 1)),
        **({"comment": comment} if comment else {}),
    }
