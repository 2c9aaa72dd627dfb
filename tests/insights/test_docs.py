"""docs/insights.md says what the code does."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import get_args

from kbgen.insights import Options
from kbgen.insights.metrics import CODES
from kbgen.insights.reasons import GRAVITY, ReasonCode
from tests.insights.test_words import CASES
from tests.pages import codes, doc, first_cells, section

PAGE = doc("insights")


def test_every_reason_is_explained_in_its_order():
    table = first_cells(section(PAGE, "What a row of the queue means"))

    assert table == [f"`{code}`" for code in GRAVITY]
    assert set(GRAVITY) == set(get_args(ReasonCode))


def test_every_setting_is_listed_with_its_value():
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", section(PAGE, "Settings"), re.MULTILINE)

    assert rows == [(f.name, f"{getattr(Options(), f.name):g}") for f in fields(Options)]


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


def test_the_thresholds_in_the_text_are_the_settings():
    usual = Options()

    assert f"wider than {100 * usual.widest:.0f} points" in PAGE
    assert f"share is below {100 * usual.target:.0f} %" in PAGE
    assert f"needs {100 * usual.sure:.0f} % of it" in PAGE
    assert f"each vote of those days stands for {1 / usual.vote_rate:.0f} readers" in PAGE
    assert f"at most {usual.soon_days} days away" in PAGE
