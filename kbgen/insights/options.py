"""The thresholds of the method; each report names the ones it used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from kbgen.errors import ConfigError, did_you_mean
from kbgen.insights.detector import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a report may be told. `thresholds` are those of the flags."""

    widest: float = 0.40  # a wider 90 % interval means: not enough votes; fewer voters than
    # `thresholds.min_votes` mean it too, however sure the library makes an article look
    outdated_votes: int = 3  # voters who call a text out of date before that is a reason
    proven: float = 0.95  # probability from which an edit is said to have helped, or harmed
    agent_uses: int = 3  # by agents, within the window, of an article that readers say no to
    soon_days: int = 14  # a review or an end date this near is a reason
    window_days: int = 28  # of readers and of the shares of the whole site
    gap_days: int = 90  # of searches
    reply_days: int = 90  # of replies to flags
    min_visitors: int = 3  # a query of fewer people is never printed
    vote_rate: float = 0.02  # voters per reader, only used where nothing counts views
    thresholds: Thresholds = field(default_factory=Thresholds)

    def changed(self, values: Mapping[str, float]) -> Options:
        """With these numbers instead, by name. Raises ConfigError for all that cannot be set."""
        known = {name: value for name, value in self.settings().items() if _is_number(value)}
        faults = [_fault(name, value, known) for name, value in values.items()]
        if any(faults):
            raise ConfigError("; ".join(filter(None, faults)))
        mine = {f.name for f in fields(self)}
        given = {name: type(known[name])(value) for name, value in values.items()}
        thresholds = {name: value for name, value in given.items() if name not in mine}
        own = {name: value for name, value in given.items() if name in mine}
        return replace(self, **own, thresholds=replace(self.thresholds, **thresholds))

    def settings(self) -> dict[str, Any]:
        """Every number by its name."""
        own = asdict(self)
        return {**own.pop("thresholds"), **own}


_SHARES = ("target", "sure", "false_share", "hazard", "temper", "shift_share", "widest", "proven",
           "vote_rate")  # fmt: skip


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _fault(name: str, value: float, known: Mapping[str, float]) -> str:
    """Why a setting cannot have this value; "" if it can."""
    if name not in known:
        hint = did_you_mean(name, known) or "docs/insights.md lists them"
        return f"insights: {name} is not a setting ({hint})"
    if isinstance(known[name], int) and value != int(value):
        return f"insights: {name}: expected a whole number, found {value}"
    if name in _SHARES and not 0 < value < 1:
        return f"insights: {name}: expected a share between 0 and 1, found {value}"
    return "" if value > 0 else f"insights: {name}: expected a number above 0, found {value}"
