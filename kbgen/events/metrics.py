"""Counters in the text format of Prometheus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

_Labels = tuple[tuple[str, str], ...]

_HELP: Mapping[str, str] = {
    "kbgen_requests_total": "Requests to /v1/events by status.",
    "kbgen_refused_total": "Requests and events that were refused, by reason.",
    "kbgen_events_total": "Events that were taken, by type.",
    "kbgen_duplicates_total": "Events that were there already.",
    "kbgen_commits_total": "Transactions that reached the disk.",
    "kbgen_failed_commits_total": "Transactions that did not; their requests were answered 503.",
    "kbgen_forgotten_total": "Events that were deleted because of their age.",
    "kbgen_waiting_requests": "Requests that wait for the disk now.",
}


class Metrics:
    """Counts things by name and labels."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, _Labels]] = Counter()

    def add(self, name: str, amount: int = 1, **labels: str) -> None:
        """Adds to a counter that docs/collector.md names."""
        self._counts[name, tuple(labels.items())] += amount

    def get(self, name: str, **labels: str) -> int:
        """The count so far."""
        return self._counts[name, tuple(labels.items())]

    def by_label(self, name: str) -> dict[str, int]:
        """The counts so far of a counter with one label."""
        return {labels[0][1]: n for (found, labels), n in self._counts.items() if found == name}

    def text(self, **values: int) -> str:
        """All counters, and single values by their name."""
        lines: list[str] = []
        rows = sorted([*self._counts.items(), *(((name, ()), n) for name, n in values.items())])
        named = ""
        for (name, labels), count in rows:
            if name != named:
                kind = "counter" if name.endswith("_total") else "gauge"
                lines += [f"# HELP {name} {_HELP[name]}", f"# TYPE {name} {kind}"]
                named = name
            lines.append(f"{name}{_braces(labels)} {count}")
        return "\n".join(lines) + "\n"


def _braces(labels: Iterable[tuple[str, str]]) -> str:
    inside = ",".join(f'{name}="{value}"' for name, value in labels)
    return f"{{{inside}}}" if inside else ""
