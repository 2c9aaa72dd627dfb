"""Findings in words: the sentences that the report and the terminal share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from math import ceil, floor, log10
from typing import Any

from kbgen.insights.findings import Findings
from kbgen.insights.flags import Flag
from kbgen.insights.gaps import Gap
from kbgen.insights.options import Options
from kbgen.insights.queue import Only, Standing
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
        if not (standing.enough or standing.flag):
            return self("votes.short" if short else "votes.few", voters, yes=standing.tally.yes)
        return self.of_voters(standing.helpful, standing.low, standing.high, voters)

    def cell(self, standing: Standing) -> str:
        """The same for a narrow column: `72 % (61-81), 38 votes`."""
        voters = standing.tally.votes
        if not voters:
            return "–"
        if not (standing.enough or standing.flag):
            return self("text.few", voters)
        ends = {"low": f"{100 * standing.low:.0f}", "high": f"{100 * standing.high:.0f}"}
        return self("text.share", voters, share=self.percent(standing.helpful), **ends)

    def of_voters(self, mean: float, low: float, high: float, voters: int) -> str:
        """`72 % (61-81) of 38 voters`; `low` and `high` are the ends of the interval."""
        ends = {"low": f"{100 * low:.0f}", "high": f"{100 * high:.0f}"}
        return self("votes.share", voters, share=self.percent(mean), **ends)

    def reason(self, reason: Reason, standing: Standing, today: date) -> str:
        """Why an article is in the queue, as a sentence."""
        name = f"reason.{reason.code}"
        if reason.code == "translation-behind" and not reason.names:
            name += "-somewhere"
        return self(
            name,
            reason.votes if reason.code == "readers-say-outdated" else None,
            **{
                **(self._flagged(standing.flag) if standing.flag else {}),
                **self._compared(reason, standing),
            },
            usual=self.percent(standing.usual),
            date=self.day(reason.since) if reason.since else "",
            when=self.when(reason.since, today) if reason.since else "",
            line=reason.line,
            name=reason.names[0] if reason.names else "",
            names=", ".join(self._place(name) for name in reason.names),
            current=reason.names[-1] if reason.names else "",
            times=f"{reason.times:,}",
        )

    def _place(self, section: str) -> str:
        """A section by its title."""
        return self("reason.section", title=section) if section else self("reason.opening")

    def _compared(self, reason: Reason, standing: Standing) -> dict[str, str]:
        if not reason.other:
            return {}
        return {
            "yes": f"{standing.fresh.yes:,}",
            "votes": f"{standing.fresh.votes:,}",
            "other_yes": f"{reason.other.part:,}",
            "other_votes": f"{reason.other.whole:,}",
        }

    def _flagged(self, flag: Flag) -> dict[str, str]:
        return {
            "yes": f"{flag.after.part:,}",
            "votes": f"{flag.after.whole:,}",
            "before_yes": f"{flag.before.part:,}",
            "before_votes": f"{flag.before.whole:,}",
            "changed": self.day(flag.changed) if flag.changed else "",
        }

    def short(self, reason: Reason, standing: Standing) -> str:
        """Why an article is in the queue, in a word or two, with the tier of a flag."""
        flag = standing.flag
        of_flag = flag and reason.code in ("readers-say-no", "readers-say-worse")
        said = self(f"short.{reason.code}")
        return self(f"tier.{flag.tier}", said=said) if flag and of_flag else said

    def shorts(self, standing: Standing) -> str:
        """All reasons in a word or two each."""
        return ", ".join(dict.fromkeys(self.short(reason, standing) for reason in standing.reasons))

    def age(self, standing: Standing, today: date) -> str:
        """How long nobody has touched it; "–" if that is not known."""
        days = standing.age(today)
        return "–" if days is None else self("queue.days", days)

    def effort(self, standing: Standing) -> str:
        """How long an edit takes, about."""
        return self("queue.minutes", standing.effort)

    def only(self, only: Only) -> str:
        """What the queue was narrowed to; "" if it holds everything."""
        parts = [self(f"queue.only_{key}", name=name) for key, name in asdict(only).items() if name]
        return self("queue.only", names=", ".join(parts)) if parts else ""

    def needs_work(self, standing: Standing, options: Options) -> str:
        """How probable it is that a text needs work; "" where the votes do not say."""
        if not standing.state or not (standing.enough or standing.flag):
            return ""
        return self(
            "article.needs_work",
            target=self.percent(options.thresholds.target),
            chance=self.chance(standing.state.needs_work),
        )

    def settle(self, standing: Standing) -> str:
        """How sure a flag is and what would settle it; "" without one."""
        flag = standing.flag
        if not flag:
            return ""
        return self("flag.said", tier=self.tier(flag), said=self.missing(flag))

    def tier(self, flag: Flag) -> str:
        """How sure a flag is, in a word."""
        return self(f"flag.{flag.tier}_badge")

    def missing(self, flag: Flag) -> str:
        """What would settle a flag, or what a settled one promises."""
        if flag.tier == "confirmed":
            return self("flag.confirmed")
        return self("flag.likely", flag.to_confirm) if flag.to_confirm else self("flag.open")

    def because(self, reasons: Mapping[str, int]) -> list[str]:
        """Reasons of voters, each with how many gave it."""
        return [f"{self(f'because.{reason}')} {count:,}" for reason, count in reasons.items()]

    def kept(self, standing: Standing) -> str:
        """Who kept the text as it is, when and why; "" if nobody has."""
        review, flag = standing.review, standing.answered
        if not review:
            return ""
        name = f"review.{flag.tier}" if flag else "review.kept"
        by = f" {self('review.by', name=review.by)}" if review.by else ""
        note = f" “{review.note}”" if review.note else ""
        return self(name, date=self.day(review.day), by=by) + note

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
        only = self.only(findings.only)
        return [said[0], only, *said[1:]] if only else said

    def events(self, findings: Findings) -> list[str]:
        """What the report rests on, and what was left out of it."""
        seen = findings.stream
        if not seen.first:
            return [self("events.none")]
        said = [self("events.counted", len(seen.seen), date=self.day(seen.first))]
        if seen.unknown:
            said.append(self("events.unknown", seen.unknown))
        if shift := self.shift(findings):
            said.append(shift)
        if findings.traffic.basis == "votes":
            rate = self.percent(findings.options.vote_rate)
            said.append(self("metric.votes_only", rate=rate))
        return said

    def shift(self, findings: Findings) -> str:
        """Whether the whole site has moved; "" if it has not."""
        flags = findings.flags
        if not flags.shifted:
            return ""
        name = "flag.shift_down" if flags.shift < 0 else "flag.shift_up"
        return self(name, date=self.day(flags.shifted))

    def reply(self, findings: Findings) -> tuple[str, str, str]:
        """How long flags waited for a reply: the days, how many, and those that wait."""
        found, window = findings.replies, findings.options.reply_days
        value = "–" if found.median is None else self("reply.value", round(found.median))
        name = "reply.counted" if found.days else "reply.counted_none"
        said = self(name, len(found.days), days=window)
        if found.open_median is None:
            return value, said, self("reply.none")
        waiting = self("reply.days", round(found.open_median))
        return value, said, self("reply.open", len(found.open), waiting=waiting)

    def replies(self, findings: Findings) -> str:
        """The same in a line; "" where nobody has raised a flag."""
        if not (findings.replies.days or findings.replies.open):
            return ""
        value, *said = self.reply(findings)
        return f"{self('reply.name')}: {value} ({'; '.join(said)})"

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
    return max(options.thresholds.min_votes - standing.tally.votes, ceil(narrow), 1)
