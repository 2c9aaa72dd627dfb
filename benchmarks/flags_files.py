"""The same flags end to end: simulated votes as files, through the command line, as JSON.

Each world is written as a help center of Markdown files and a file of votes in random order with
one in twenty twice; imported, exported, read by `kbgen insights --json`. Its flags must be those
that the detector raises in memory, day by day. `KBGEN_RUNS` and `KBGEN_WORLDS` as for `flags`.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.common import BIN, goal
from benchmarks.flags import METHOD, SEED, Row, Score, score, summed
from kbgen.insights.detector import NEVER
from kbgen.insights.worlds import WORLDS, World, draw, watch

RUNS = int(os.environ.get("KBGEN_RUNS", "40"))
FIRST = date(2026, 1, 1)
PAGE = "---\nid: {id}\ntitle: Article {id}\nlang: en\nreviewed: 2026-09-01\n---\nText of {id}.\n"


def run(name: str, seed: int) -> tuple[Score, Score, bool]:
    """The scores of LIKELY and CONFIRMED as the files tell them, and whether memory agrees."""
    world = draw(WORLDS[name], np.random.default_rng([SEED, seed]), target=METHOD.target)
    with tempfile.TemporaryDirectory(prefix="kbgen-flags-") as folder:
        likely, confirmed = through_files(world, Path(folder), np.random.default_rng(seed))
    found = watch(world, METHOD)
    # A flag that was confirmed tells the day of that tier only.
    agree = np.where(found.confirmed != NEVER, NEVER, found.likely)
    same = bool((likely == agree).all() and (confirmed == found.confirmed).all())
    either = np.where(confirmed != NEVER, found.likely, likely)
    return score(either, world), score(confirmed, world), same


def through_files(
    world: World, folder: Path, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The day of each article's flag, by tier, as `kbgen insights --json` says."""
    days, articles = world.votes.shape
    (folder / "mkdocs.yml").write_text(
        "site_name: Simulated\ndocs_dir: content\nplugins:\n  - kbgen: {languages: [en]}\n"
    )
    pages = folder / "content" / "en" / "all"
    pages.mkdir(parents=True)
    for n in range(articles):
        (pages / f"a{n}.md").write_text(PAGE.format(id=_id(n)))
    lines = votes(world, rng)
    lines += [lines[n] for n in rng.integers(0, len(lines), len(lines) // 20)]
    order = rng.permutation(len(lines))
    (folder / "votes.jsonl").write_text("".join(lines[n] for n in order))
    last = FIRST + timedelta(days=days - 1)
    kbgen(folder, "events", "import", "votes.jsonl")
    kbgen(folder, "events", "export", "-o", "export.jsonl")
    said = kbgen(folder, "insights", "--events", "export.jsonl", "--today", str(last), "--json")
    found = {entry["id"]: entry for entry in json.loads(said)["articles"]}
    flags = {tier: np.full(articles, NEVER) for tier in ("likely", "confirmed")}
    for n in range(articles):
        entry = found[_id(n)]
        if entry["tier"]:
            flags[entry["tier"]][n] = (date.fromisoformat(entry["since"]) - FIRST).days
    return flags["likely"], flags["confirmed"]


def votes(world: World, rng: np.random.Generator) -> list[str]:
    """One line of JSON for each vote, at some time of its day."""
    lines = []
    for day, article in zip(*np.nonzero(world.votes), strict=True):
        yes, total = int(world.yes[day, article]), int(world.votes[day, article])
        midnight = datetime.combine(FIRST + timedelta(days=int(day)), datetime.min.time(), UTC)
        for n in range(total):
            moment = midnight + timedelta(seconds=int(rng.integers(0, 86_400)))
            event = {
                "v": 1,
                "event_id": f"00000000-{day:04x}-7{article % 4096:03x}-8000-{article:06x}{n:06x}",
                "ts": moment.isoformat().replace("+00:00", "Z"),
                "type": "vote",
                "article": _id(int(article)),
                "lang": "en",
                "vote": int(n < yes),
                "voter": f"{day}-{article}-{n}",
                "source": "import:simulated",
            }
            lines.append(json.dumps(event) + "\n")
    return lines


def kbgen(folder: Path, *args: str) -> str:
    """What a command prints; fails if it does."""
    done = subprocess.run(
        [BIN / "kbgen", *args], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"kbgen {args[0]} failed: {done.stderr[-2000:]}")
    return done.stdout


def _id(number: int) -> str:
    return f"KB-{number + 1:04}"


def main() -> None:
    wanted = os.environ.get("KBGEN_WORLDS", "base,shift,brigade,gradual,weekends").split(",")
    print(f"  {RUNS} runs a world: import, export, insights --json")
    with ProcessPoolExecutor() as pool:
        for name in wanted:
            found = list(pool.map(partial(run, name), range(RUNS)))
            rows = {"LIKELY": [one[0] for one in found], "CONFIRMED": [one[1] for one in found]}
            for tier, scores in rows.items():
                print(f"  {name:12} {tier:10} {_said(summed(scores))}", flush=True)
            same = sum(one[2] for one in found)
            goal(f"{name}: the same flags as in memory in {same} of {RUNS}", met=same == RUNS)


def _said(row: Row) -> str:
    mean, error = row.mean, row.error
    return (
        f"FDR {mean['false_share']:.3f}±{error['false_share']:.3f}, {mean['true']:.1f} true, "
        f"power {mean['power']:.2f}, delay {mean['delay']:.0f} votes"
    )
