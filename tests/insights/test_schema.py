"""docs/insights.schema.json describes what `kbgen insights --json` prints, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import get_args

import jsonschema
import pytest

from kbgen.articles.reviews import Review
from kbgen.insights import Options, analyse
from kbgen.insights.as_json import as_json
from kbgen.insights.beside import Beside
from kbgen.insights.findings import narrowed
from kbgen.insights.metrics import CODES
from kbgen.insights.queue import Only
from kbgen.insights.reasons import ReasonCode
from tests.insights.samples import TODAY, article, asked, ballots, corpus, event
from tests.insights.test_words import CASES, golden
from tests.pages import DOCS

SCHEMA = json.loads((DOCS / "insights.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
GOLDEN = json.loads((CASES / "report.json").read_text("utf-8"))


def objects(schema):
    """Every schema of an object with named keys, however deep."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for value in schema.values():
            yield from objects(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from objects(value)


def complaints(data):
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(data)]


def test_it_is_a_schema_that_describes_every_key_and_allows_no_other():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$schema"].endswith("2020-12/schema")
    assert len(list(objects(SCHEMA))) > 10
    for found in objects(SCHEMA):
        assert found["additionalProperties"] is False
        assert found["required"] == list(found["properties"])
        assert [key for key, own in found["properties"].items() if not own["description"]] == []


def test_the_golden_report_is_valid():
    assert complaints(GOLDEN) == []


def kept():
    """A flag, a review that answers it, and votes since."""
    page, others = article(20), [article(n) for n in range(1, 12)]
    events = [e for other in others for e in ballots(other, 18, 7, day=40)]
    events += [e for day in range(8, 38, 3) for e in ballots(page, 0, 4, day=day)]
    events += ballots(page, 2, 1, day=1)
    day = TODAY - timedelta(days=5)
    review = Review(id=page.id, lang="ko", rev=page.rev, day=day, note="옳아요", by="김민지")
    return analyse(
        corpus(page, *others),
        events,
        TODAY,
        kept={((page.id, "ko"), page.rev): (day,)},
        beside=Beside(reviews={((page.id, "ko"), page.rev): review}),
    )


def confirmed():
    """A text that fell: evidence of every kind."""
    page, others = article(20), [article(n) for n in range(1, 12)]
    events = ballots(page, 60, 4, day=60) + [e for o in others for e in ballots(o, 30, 9, day=70)]
    for n in range(60):
        values = {"reason": "outdated", "comment": "옛날 값", "prev": "?환불"}
        events.append(event("vote", page, day=n % 20, vote=0, voter=f"d{n}", **values))
    return analyse(corpus(page, *others), events, TODAY, suggest=lambda *_: [("KB-0001", "ko")])


def narrow():
    shop, events = golden()
    options = Options(min_visitors=1)
    found = analyse(shop, events, TODAY, options=options, suggest=lambda *_: [("KB-0020", "ko")])
    return narrowed(found, Only(owner="orders", category="returns", lang="en"))


def nothing():
    return analyse(corpus(), [], TODAY)


def before_all_dates():
    shop, events = golden()
    pages = [replace(page, owner="", updated=None) for page in shop.articles]
    return analyse(corpus(*pages), [*events, *asked("x", 3)], date(2026, 11, 10))


@pytest.mark.parametrize("world", [kept, confirmed, narrow, nothing, before_all_dates])
def test_other_findings_are_valid(world):
    data = json.loads(json.dumps(as_json(world())))

    assert complaints(data) == []


def test_the_worlds_have_what_the_golden_report_lacks():
    """So that these parts of the schema are tried, too."""
    answered = next(e for e in as_json(kept())["articles"] if e["kept"])
    flagged = next(e for e in as_json(confirmed())["articles"] if e["tier"] == "confirmed")

    assert answered["kept"]["tier"]
    assert answered["kept"]["votes_since"] == 3
    assert flagged["evidence"]["changed"]
    assert flagged["evidence"]["searches"] == [{"query": "환불", "voters": 60}]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"v": 2}, "$.v: 1 was expected"),
        ({"queue": [1]}, "$.queue[0]: 1 is not of type 'string'"),
        ({"comments": []}, "$: Additional properties are not allowed"),
        ({"settings": {}}, "$.settings: 'today' is a required property"),
    ],
)
def test_anything_else_is_not(change, complaint):
    assert complaints({**GOLDEN, **change})[0].startswith(complaint)


def test_it_lists_the_codes_and_settings_that_there_are():
    defs = SCHEMA["$defs"]

    assert set(defs["reason"]["properties"]["code"]["enum"]) == set(get_args(ReasonCode))
    assert list(SCHEMA["properties"]["site"]["properties"]["metrics"]["properties"]) == list(CODES)
    assert set(SCHEMA["properties"]["settings"]["properties"]) == {
        "today",
        *Options().settings(),
    }
