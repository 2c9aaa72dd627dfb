"""Token buckets: how much each network, and all of them together, may send."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable

MOST_KEYS = 100_000


class Buckets:
    """A bucket for each key that holds `burst` tokens and gains `rate` a second.

    `clock` gives seconds that only go forward. With a rate of 0 nothing is limited. What was not
    seen for longest is forgotten once there are `MOST_KEYS` keys; it starts full again.
    """

    def __init__(self, rate: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, when

    def take(self, key: str, cost: float) -> bool:
        """Takes tokens if there are enough. More than fit may be taken once, as a debt."""
        if not self._rate or not cost:
            return True
        tokens = self._tokens(key)
        if tokens < min(cost, self._burst):
            return False
        self._buckets[key] = (tokens - cost, self._clock())
        self._buckets.move_to_end(key)
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        return True

    def wait(self, key: str) -> int:
        """Whole seconds until there is a token again, at least 1."""
        return max(1, math.ceil((1 - self._tokens(key)) / self._rate)) if self._rate else 1

    def is_empty(self, key: str) -> bool:
        """Whether not even one token is left."""
        return bool(self._rate) and self._tokens(key) < 1

    def _tokens(self, key: str) -> float:
        tokens, when = self._buckets.get(key, (self._burst, self._clock()))
        return min(self._burst, tokens + (self._clock() - when) * self._rate)
