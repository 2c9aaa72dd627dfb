"""docs/insights.md says what the code does."""

from __future__ import annotations

import json
import re
from typing import get_args

from kbgen.insights import Options
from kbgen.insights.metrics import CODES
from kbgen.insights.reasons import GRAVITY, ReasonCode
from kbgen.insights.story import Happened
from kbgen.insights.story_json import as_json as story_as_json
from tests.insights.test_story import events as story_events
from tests.insights.test_story import story
from tests.insights.test_words import CASES
from tests.pages import codes, doc, first_cells, section

PAGE = doc("insights")


def test_every_reason_is_explained_in_its_order():
    table = first_cells(section(PAGE, "What a row of the queue means"))

    assert table == [f"`{code}`" for code in GRAVITY]
    assert set(GRAVITY) == set(get_args(ReasonCode))


def test_every_setting_is_listed_with_its_value():
    rows = re.findall(r"^\| `(\w+)` \| ([\d., ]+) \|", section(PAGE, "Settings"), re.MULTILINE)

    assert rows == [(name, _number(value)) for name, value in Options().settings().items()]


def _number(value: float | tuple[float, ...]) -> str:
    return ", ".join(f"{n:g}" for n in (value if isinstance(value, tuple) else (value,)))


def test_every_figure_of_the_whole_is_explained():
    assert first_cells(section(PAGE, "The help center as a whole")) == [f"`{c}`" for c in CODES]


def test_every_key_of_the_json_is_explained():
    data = json.loads((CASES / "report.json").read_text("utf-8"))
    metric = data["site"]["metrics"]["helpful"]
    known = [
        data,
        data["site"],
        data["articles"][0],
        data["gaps"][0],
        data["gaps_withheld"],
        metric,
    ]
    known.append(data["articles"][0]["reasons"][0] if data["articles"][0]["reasons"] else {})
    keys = {key for entry in known for key in entry}

    assert keys - set(codes(section(PAGE, "JSON"))) == set()


def test_every_key_of_the_story_is_explained():
    data = story_as_json(story(story_events())[0])
    edit = data["timeline"][-1]
    flagged = next(moment for moment in data["timeline"] if moment["what"] == "confirmed")
    known = [data, *data["texts"], *data["timeline"], *data["searches"], flagged, edit["proof"]]
    keys = {key for entry in [*known, edit["proof"]["before"]] for key in entry}
    happened = get_args(Happened)

    assert keys - set(codes(section(PAGE, "The story of one article as JSON"))) == set()
    assert set(happened) - set(codes(section(PAGE, "The story of one article as JSON"))) == set()


def test_the_thresholds_in_the_text_are_the_settings():
    usual = Options()

    assert f"wider than {100 * usual.widest:.0f} points" in PAGE
    limits = usual.thresholds
    assert f"shares below {100 * limits.target:.0f} % against {100 * limits.target:.0f} %" in PAGE
    assert f"has reached {100 * limits.sure:.0f} %" in PAGE
    assert f"procedure at {100 * limits.false_share:.0f} %" in PAGE
    assert f"{100 * limits.hazard:.0f} % of articles fall in {limits.hazard_days:.0f} days" in PAGE
    assert f"votes of the last {limits.shift_days} days" in PAGE
    assert f"more than {100 * limits.shift_share:.0f} % of them" in PAGE
    assert f"and each vote weighs {limits.temper}." in PAGE
    assert f"beyond {limits.shift_told} within {limits.shift_since} days" in PAGE
    assert f"each vote of those days stands for {1 / usual.vote_rate:.0f} readers" in PAGE
    assert f"P reaches {100 * usual.proven:.0f} %" in PAGE
    assert f"at most {usual.soon_days} days away" in PAGE
