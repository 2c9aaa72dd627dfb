"""Findings in words: the sentences that the report and the terminal share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import ceil, floor, log10
from typing import Any

from kbgen.insights.findings import Findings, Options
from kbgen.insights.gaps import Gap
from kbgen.insights.queue import Standing
from kbgen.insights.reasons import Reason
from kbgen.strings import FALLBACK, strings

_WORTH_SAYING = 2  # readers a month; one more or less is within the error of any estimate


class Words:
    """The report's words in one language; English where the language has none."""

    def __init__(self, lang: str) -> None:
        known = strings(lang)
        self._all: Mapping[str, Any] = known if "report" in known else strings(FALLBACK)
        self.lang: str = self._all["site"]["code"]

    def __call__(self, name: str, /, count: float | None = None, **values: object) -> str:
        """The text under a name such as `queue.win`; `{count}` picks its form for one."""
        text = self._find(name)
        if count is not None:
            values["count"] = f"{count:,.0f}"
            text = self._find(f"{name}_one", text) if round(count) == 1 else text
        return text.format(**values)

    def _find(self, name: str, default: str | None = None) -> str:
        found: Any = self._all["report"]
        for part in name.split("."):
            found = found[part] if default is None else found.get(part, default)
        return str(found)

    def day(self, day: date) -> str:
        """A date as readers of this language write it."""
        names = self._all["date"]
        return str(names["format"]).format(
            day=day.day, month=day.month, name=names["months"][day.month - 1], year=day.year
        )

    def when(self, day: date, today: date) -> str:
        """How far a day lies from today: `3 days ago`, `today`, `in 5 days`."""
        days = (day - today).days
        if not days:
            return self("today")
        return self("ahead", days) if days > 0 else self("ago", -days)

    def percent(self, share: float | None) -> str:
        """A share (0-1) as a whole number of percent."""
        return "–" if share is None else self("percent", n=f"{100 * share:.0f}")

    def chance(self, chance: float) -> str:
        """A probability (0-1); never quite 0 or 100 %, which no vote can show."""
        sign = "<" if chance < 0.005 else ">" if chance > 0.995 else ""
        return sign + self.percent(min(max(chance, 0.01), 0.99) if sign else chance)

    def points(self, difference: float) -> str:
        """A difference of shares, with its sign."""
        return self("points", n=f"{100 * difference:+.1f}".replace("-", "−"))

    def share(self, standing: Standing, *, short: bool = False) -> str:
        """`72 % (61-81) of 38 voters`, or that the votes do not say."""
        voters = standing.tally.votes
        if not voters:
            return self("votes.none")
        if not standing.enough:
            return self("votes.short" if short else "votes.few", voters, yes=standing.tally.yes)
        return self.of_voters(standing.helpful, standing.low, standing.high, voters)

    def of_voters(self, mean: float, low: float, high: float, voters: int) -> str:
        """`72 % (61-81) of 38 voters`; `low` and `high` are the ends of the interval."""
        ends = {"low": f"{100 * low:.0f}", "high": f"{100 * high:.0f}"}
        return self("votes.share", voters, share=self.percent(mean), **ends)

    def reason(self, reason: Reason, standing: Standing, today: date) -> str:
        """Why an article is in the queue, as a sentence."""
        return self(
            f"reason.{reason.code}",
            reason.votes if reason.code == "readers-say-outdated" else None,
            yes=standing.tally.yes,
            votes=standing.tally.votes,
            usual=self.percent(standing.usual),
            date=self.day(reason.since) if reason.since else "",
            when=self.when(reason.since, today) if reason.since else "",
        )

    def win(self, standing: Standing) -> str:
        """How many readers an edit could help; "" if that is hardly anybody."""
        if round(standing.could_help) < _WORTH_SAYING:
            return ""
        expired = any(reason.code == "expired" for reason in standing.reasons)
        return self("queue.void" if expired else "queue.win", rounded(standing.could_help))

    def left_alone(self, gap: Gap) -> str:
        """How many people a question left alone, and how."""
        counts = {"nothing": gap.nothing, "no_click": gap.no_click, "unhelped": gap.unhelped}
        parts = [
            f"{self(f'gaps.{name}').lower()} {count:,}" for name, count in counts.items() if count
        ]
        said = self("gaps.chart", failed=f"{gap.failed:,}", visitors=f"{gap.visitors:,}")
        return f"{said}: {', '.join(parts)}"

    def more_votes(self, standing: Standing, options: Options) -> str:
        """How many votes would settle it; "" if there are enough or too many would be needed."""
        wanted = votes_wanted(standing, options)
        return self("votes.more", wanted) if 0 < wanted <= 100 else ""

    def summary(self, findings: Findings) -> list[str]:
        """The findings in two sentences, or in one where nobody has searched."""
        readers = sum(any(r.kind == "readers" for r in s.reasons) for s in findings.queue)
        total, gaps = len(findings.queue), len(findings.gaps.rows)
        parts = {"readers": readers, "calendar": total - readers}
        said = [self("summary.queue", total, **parts) if total else self("summary.queue_none")]
        if findings.searches:
            said.append(self("summary.gaps", gaps) if gaps else self("summary.gaps_none"))
        return said

    def events(self, findings: Findings) -> list[str]:
        """What the report rests on, and what was left out of it."""
        seen = findings.stream
        if not seen.first:
            return [self("events.none")]
        said = [self("events.counted", len(seen.seen), date=self.day(seen.first))]
        if seen.unknown:
            said.append(self("events.unknown", seen.unknown))
        if findings.traffic.basis == "votes":
            rate = self.percent(findings.options.vote_rate)
            said.append(self("metric.votes_only", rate=rate))
        return said

    def simulated(self, findings: Findings) -> str:
        """Which part of the events is simulated; "" if none is."""
        seen = findings.stream
        if not seen.simulated:
            return ""
        share = seen.simulated / len(seen.seen)
        # Rounding must not turn a few real events into none.
        shown = self.percent(min(share, 0.99)) if share < 1 else ""
        return self("simulated_some", share=shown) if shown else self("simulated")


def rounded(number: float) -> int:
    """A number to two digits: an estimate should not look like a count."""
    if number < 100:
        return round(number)
    step: int = 10 ** (floor(log10(number)) - 1)
    return round(number / step) * step


def votes_wanted(standing: Standing, options: Options) -> int:
    """How many more votes make the interval narrow enough, about; 0 if it is."""
    if standing.enough:
        return 0
    # Width of a 90 % interval of n votes: 2 x 1.645 x sqrt(p (1 - p) / n).
    spread = standing.helpful * (1 - standing.helpful)
    known = spread / max(((standing.high - standing.low) / 3.29) ** 2, 1e-9)
    narrow = 3.29**2 * spread / options.widest**2 - known
    return max(options.min_votes - standing.tally.votes, ceil(narrow), 1)
