"""The description that the collector gives of itself is true, and complete."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import httpx
import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from kbgen.events import Event, open_store, parse
from kbgen.events.checks import CHECKS, TYPES
from kbgen.events.collector import collector
from kbgen.events.guard import REASONS
from kbgen.events.model import Faults, to_dict
from kbgen.events.openapi import describe
from tests.events.samples import SITE, Clock, events, vote
from tests.events.serving import serving
from tests.events.test_collector import OPEN

DESCRIPTION = describe([SITE], OPEN)


VALID = {
    kind: jsonschema.Draft202012Validator(DESCRIPTION["components"]["schemas"][kind])
    for kind in TYPES
}


@settings(max_examples=50)
@given(events)
def test_what_is_an_event_is_one_by_the_description(event: Event) -> None:
    VALID[event.type].validate(to_dict(event))


# At, and just beyond, what is allowed.
VALUES: list[Any] = [
    "", None, " ", "a", "a b", "/", "/a?b", "/a#b", "a/b", "ko", "pt-BR", "k", "ko_KR", "가",
    *("x" * n for n in (20, 21, 64, 65, 128, 129, 300, 301, 302, 1000, 1001)),
    "/" + "x" * 2047, "/" + "x" * 2048, "\x00", "a\x1fb", "a\nb",
    0, 1, 2, -1, 1000, 1001, 1_000_000, 1_000_001, 1.5, True, [], {},
    "0123456789ab", "0123456789AB", "web", "import:x", "import:", "webb",
    "outdated", "chat", "accurate", "none",
    "2026-11-03T09:30:00Z", "2026-11-03 09:30+09:00", "2026-11-03", "2026-11-03T09:30:00",
    "019a49f0-6f40-7d8a-9830-b5b69a6fe618", "019A49F0-6F40-7D8A-9830-B5B69A6FE618",
    "019a49f0-6f40-7d8a-9830-b5b69a6fe618.2", "019a49f0-6f40-7d8a-9830-b5b69a6fe618.0",
]  # fmt: skip
BASES = [
    vote(),
    vote(type="detail", findable=1, event_id="019a49f0-6f40-7d8a-9830-b5b69a6fe618.1"),
    vote(type="search", vote=None, query="x", results=1),
    vote(type="click", vote=None, query="x", rank=1),
    vote(type="view", vote=None),
    vote(type="contact", vote=None, reason="chat"),
]


@pytest.mark.parametrize("base", BASES, ids=lambda base: base["type"])
def test_every_field_is_described_as_it_is_checked(base: dict[str, Any]) -> None:
    """What is taken is valid; what is valid and not taken is a matter of fields together."""
    wrong = []
    for name in [*CHECKS, "v", "trap", "ip"]:
        if name == "type":
            continue
        for value in VALUES:
            data = {**base, name: value}
            described = VALID[base["type"]].is_valid(data)
            if data.get("trap", "") in ("", None):  # the collector has looked at it before
                data.pop("trap", None)
            found = parse(data)
            if isinstance(found, Event) != described and not (
                described and _is_beyond_schemas(cast("Faults", found))
            ):
                wrong.append((name, value, described))

    assert [] == wrong


def _is_beyond_schemas(faults: Faults) -> bool:
    """What the description leaves to the refusal."""
    words = ("expected one of", "only a detail", "is blank", "a detail needs")
    return all(any(some in str(fault) for some in words) for fault in faults)


def test_every_refusal_is_described() -> None:
    answers = DESCRIPTION["paths"]["/v1/events"]["post"]["responses"]
    described = {
        reason: int(status)
        for status, answer in answers.items()
        for reason in answer.get("headers", {})
        .get("X-Kbgen-Reason", {})
        .get("schema", {})
        .get("enum", ())
    }

    assert dict(REASONS) == described


def test_the_collector_serves_its_description(address: str) -> None:
    assert DESCRIPTION == httpx.get(f"{address}/openapi.json").json()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    clock = Clock()
    with open_store(tmp_path_factory.mktemp("api") / "e.db") as store:
        app = collector(store, site_url=SITE, limits=OPEN, clock=clock, seconds=clock.seconds)
        with serving(app) as url:
            yield url


api = schemathesis.openapi.from_dict(DESCRIPTION)
api.config.generation.update(modes=list(GenerationMode))


@api.parametrize()
@settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case: Case, address: str) -> None:
    # What is valid may still be refused: a time must also be near ours.
    case.call_and_validate(base_url=address, excluded_checks=[positive_data_acceptance])
