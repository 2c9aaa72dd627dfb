"""Whether P(better) of an edit is what it says: simulated edits whose truth is known."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from scipy.special import expit, logit

from benchmarks.common import goal
from kbgen.insights.detector import Thresholds
from kbgen.insights.edits import edits
from kbgen.insights.epochs import epochs
from kbgen.insights.flags import flags
from kbgen.insights.helpfulness import Floats
from kbgen.insights.options import Options
from kbgen.insights.proof import Proof, prove
from kbgen.insights.votes import Vote

METHOD, OPTIONS = Thresholds(), Options()
LIBRARY = (8.6, 3.4)
FIRST = datetime(2026, 1, 1, 12, tzinfo=UTC)
BEFORE, AFTER = 120, 90  # days
DECILES = np.linspace(0, 1, 11)

Draw = Callable[[np.random.Generator, Floats], Floats]  # shares before an edit -> after it


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """How edits come about, and what they do."""

    after: Draw
    articles: int = 400
    votes_a_day: float = 0.35  # per article
    flagged_only: bool = True  # edits what is flagged; else a quarter of all articles
    declining: float = 0.08  # of the articles before any edit
    shift: float = 0.0  # of the whole site, on the day of the edits
    crowd: int = 0  # fake votes for no on one article in ten, all on one day before the edit


def moved(mean: float, spread: float, untouched: float = 0.0) -> Draw:
    """Edits that change the log-odds by so much, and a share of them that hardly change it."""

    def draw(rng: np.random.Generator, before: Floats) -> Floats:
        step = rng.normal(mean, spread, len(before))
        hardly = rng.random(len(before)) < untouched
        step[hardly] = rng.normal(0.0, 0.05, hardly.sum())
        return np.asarray(expit(logit(before) + step))

    return draw


def redrawn(rng: np.random.Generator, before: Floats) -> Floats:
    """Edits that write the article anew: as good as any."""
    return rng.beta(*LIBRARY, len(before))


WORLDS = {
    "edits help or harm alike": World(after=moved(0.0, 0.8)),
    "edits mostly help": World(after=moved(0.8, 0.8)),
    "a third change hardly a thing": World(after=moved(0.8, 0.6, untouched=1 / 3)),
    "written anew": World(after=redrawn),
    "any article edited": World(after=moved(0.3, 0.6), flagged_only=False),
    "any written anew": World(after=redrawn, flagged_only=False),
    "site shifts by -.5 that day": World(after=moved(0.3, 0.8), shift=-0.5),
    "site shifts by +.5 that day": World(after=moved(0.3, 0.8), shift=0.5),
    "crowd of 40 before the edit": World(after=moved(0.3, 0.8), flagged_only=False, crowd=40),
    "twice as many articles fall": World(after=moved(0.8, 0.8), declining=0.16),
    "60 articles": World(after=moved(0.8, 0.8), articles=60),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One edit: what was said and what is true."""

    better: float
    truly: bool
    naive: float  # P of two beta distributions that start flat
    verdict: str
    votes: int


def run(world: World, seed: int) -> list[Case]:
    """The edits of one simulated help center."""
    rng = np.random.default_rng(seed)
    share = rng.beta(*LIBRARY, world.articles)
    falls = rng.random(world.articles) < world.declining
    day = rng.integers(20, BEFORE - 10, world.articles)
    fallen = np.where(falls, expit(logit(share) - rng.uniform(0.8, 2.0, world.articles)), share)
    cast: list[Vote] = []
    for number in range(BEFORE):
        now = np.where(number >= day, fallen, share)
        cast += _votes(rng, number, now, "old", world.votes_a_day)
    if world.crowd:
        cast += [_vote(n, "old", BEFORE - 20, yes=False)
                 for n in range(0, world.articles, 10) for _ in range(world.crowd)]  # fmt: skip
        cast.sort(key=lambda vote: vote.at)
    chosen = _flagged(cast) if world.flagged_only else set(range(0, world.articles, 4))
    rows = np.array(sorted(chosen), dtype=int)
    after = fallen.copy()
    after[rows] = world.after(rng, fallen[rows])
    for number in range(BEFORE, BEFORE + AFTER):
        later = expit(logit(after) + world.shift)
        cast += _votes(rng, number, later, "old", world.votes_a_day, renewed=chosen)
    proofs = _judged(cast, chosen, BEFORE + AFTER, world.articles)
    return [
        Case(proof.better, bool(after[n] > fallen[n]), _naive(proof, rng), proof.verdict,
             proof.after.votes)
        for proof in proofs if (n := int(proof.edit.key[0])) in chosen
    ]  # fmt: skip


def _votes(rng, number, share, rev, rate, renewed=frozenset()):
    counts = rng.poisson(rate, len(share))
    yes = rng.binomial(counts, share)
    return [
        _vote(n, "new" if n in renewed else rev, number, yes=place < yes[n])
        for n in np.flatnonzero(counts).tolist()
        for place in range(counts[n])
    ]


def _vote(number: int, rev: str, day: int, *, yes: bool) -> Vote:
    return Vote((str(number), "en"), rev, FIRST + timedelta(days=day), bool(yes))


def _day(number: int) -> date:
    return (FIRST + timedelta(days=number)).date()


def _judge(cast, days):
    found = epochs(cast, {}, _day(days - 1))
    return flags(found, lambda _key: ("en",), METHOD, least=3)


def _flagged(cast: list[Vote]) -> set[int]:
    states = _judge(cast, BEFORE).states
    return {int(epoch.key[0]) for epoch, state in states.items() if state.flag}


def _judged(cast, chosen, days, articles) -> tuple[Proof, ...]:
    today = {(str(n), "en"): "new" if n in chosen else "old" for n in range(articles)}
    return prove(edits(cast, today), _judge(cast, days), METHOD, proven=OPTIONS.proven)


def _naive(proof: Proof, rng: np.random.Generator) -> float:
    old, new = proof.before, proof.after
    before = rng.beta(old.yes + 1, old.votes - old.yes + 1, 2000)
    after = rng.beta(new.yes + 1, new.votes - new.yes + 1, 2000)
    return float(np.mean(after > before))


def deciles(stated: Floats, truly: Floats) -> list[tuple[float, float, int]]:
    """Mean stated probability, share of truth and number of cases in each tenth of 0-1."""
    place = np.clip(np.digitize(stated, DECILES) - 1, 0, 9)
    return [
        (float(stated[place == n].mean()), float(truly[place == n].mean()), int((place == n).sum()))
        for n in range(10)
        if (place == n).any()
    ]


def worst(rows: list[tuple[float, float, int]], *, least: int = 200) -> float:
    """The largest distance of truth from what was stated, of tenths with enough cases."""
    return max((abs(said - true) for said, true, n in rows if n >= least), default=0.0)


def main() -> None:
    """Prints how far P is from the truth in each world, and how often a verdict is wrong."""
    runs = int(os.environ.get("KBGEN_RUNS", "40"))
    print(f"  {runs} runs a world; the naive P compares two beta distributions that start flat")
    print("  world                          edits  votes   off  naive  better  wrong  worse  wrong")
    far = {}
    pooled: list[Case] = []
    for name, world in WORLDS.items():
        started = time.perf_counter()
        cases = [case for seed in range(runs) for case in run(world, 1000 + seed)]
        pooled += cases
        stated = np.array([case.better for case in cases])
        truly = np.array([case.truly for case in cases], dtype=float)
        naive = np.array([case.naive for case in cases])
        far[name] = worst(deciles(stated, truly))
        said = {word: [c.truly for c in cases if c.verdict == word] for word in ("better", "worse")}
        wrong = (
            f"{1 - np.mean(said['better']):6.3f}" if said["better"] else "     -",
            f"{np.mean(said['worse']):6.3f}" if said["worse"] else "     -",
        )
        print(
            f"  {name:29} {len(cases):6} {np.mean([c.votes for c in cases]):6.0f} {far[name]:5.3f}"
            f" {worst(deciles(naive, truly)):6.3f} {len(said['better']):7} {wrong[0]}"
            f" {len(said['worse']):6} {wrong[1]}   {time.perf_counter() - started:.0f} s"
        )
        if os.environ.get("KBGEN_DECILES"):
            for row in deciles(stated, truly):
                print("      stated {:.3f}, true {:.3f}, {} edits".format(*row))
    rows = deciles(np.array([c.better for c in pooled]), np.array([c.truly for c in pooled], float))
    print("  all worlds together, by tenths of what is stated:")
    for said_, true, count in rows:
        print(f"    stated {said_:.3f}, true {true:.3f}, {count} edits")
    flat = deciles(
        np.array([c.naive for c in pooled]), np.array([c.truly for c in pooled], dtype=float)
    )
    print(f"  two flat beta distributions, all worlds: off by {worst(flat):.3f}")
    print("    " + ", ".join(f"{said_:.2f} is {true:.2f}" for said_, true, _ in flat))
    goal(f"P(better) is off by at most .05 in each tenth, all worlds: {worst(rows):.3f}",
         met=worst(rows) <= 0.05)  # fmt: skip
    for name, off in far.items():
        goal(f"{name}: {off:.3f}", met=off <= 0.05)
