"""Shares of counts with their uncertainty: Wilson's interval and Newcombe's difference."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

_Z = 1.959963984540054  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole`, with Wilson's 95 % interval. Empty wholes have no share."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        """The share, 0-1; None if there was nothing to count."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies in 95 of 100 such samples; (0, 1) for nothing."""
        if not self.whole:
            return 0.0, 1.0
        n, p = self.whole, self.part / self.whole
        middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z / (1 + _Z**2 / n) * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
        # Rounding must not push the bounds past the share itself.
        return max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half))


@dataclass(frozen=True, slots=True)
class Change:
    """From one share to a later one: the difference and its 95 % interval (Newcombe, 1998)."""

    before: Share
    now: Share

    @property
    def difference(self) -> float | None:
        """Now minus before; None if either is empty."""
        if self.before.share is None or self.now.share is None:
            return None
        return self.now.share - self.before.share

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true difference lies; (-1, 1) if either is empty."""
        if self.before.share is None or self.now.share is None:
            return -1.0, 1.0
        old, new = self.before.share, self.now.share
        (old_low, old_high), (new_low, new_high) = self.before.interval, self.now.interval
        down = sqrt((new - new_low) ** 2 + (old_high - old) ** 2)
        up = sqrt((new_high - new) ** 2 + (old - old_low) ** 2)
        return new - old - down, new - old + up

    @property
    def clear(self) -> bool:
        """Whether the difference is more than chance would make it."""
        low, high = self.interval
        return low > 0 or high < 0
