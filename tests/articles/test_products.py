"""Versions: what is older than what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.articles.check import check
from kbgen.articles.products import behind, numbers
from kbgen.errors import Problem
from kbgen.settings import load
from tests.articles.samples import article, project

CURRENT = {"app": "5.10", "Web Shop": "3", "카메라": "2.0.1"}


@pytest.mark.parametrize(
    "entry",
    ["app 5.9", "App v5.2", "app@5.1", "app-5.2", "app 5.0-5.9", "app 5.10 beta", "app 5.10-rc1",
     "web shop 2.x", "카메라 1.9", "app 4"],
)  # fmt: skip
def test_older(entry):
    assert [found.said for found in behind([entry], CURRENT)] == [entry]


@pytest.mark.parametrize(
    "entry",
    ["app 5.10", "app 5.10.1", "app 5", "app 6", "app", "app 5.1+", "app >= 5.1", "from app 5",
     "web shop 3.x", "iphone 14", "카메라 2.0", "", "5.1", "app " + "9" * 500],
)  # fmt: skip
def test_not_older(entry):
    assert behind([entry], CURRENT) == ()


def test_the_newest_of_several_counts():
    assert behind(["app 5.1", "app 5.10"], CURRENT) == ()
    assert behind(["app", "app 5.1"], CURRENT) == ()
    assert [found.said for found in behind(["app 5.9", "app 5.2"], CURRENT)] == ["app 5.9"]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=4), st.integers(0, 3))
def test_order_is_that_of_numbers(parts, at):
    """One more in any place is later, and a version is not older than itself."""
    later = [*parts]
    later[min(at, len(parts) - 1)] += 1
    old, new = (".".join(map(str, version)) for version in (parts, later))

    assert numbers(old) == tuple(parts)
    assert behind([f"app {old}"], {"app": old}) == ()
    assert len(behind([f"app {old}"], {"app": new})) == 1
    assert behind([f"app {new}"], {"app": old}) == ()


@given(st.text(max_size=60))
def test_any_text_is_read(text):
    behind([text, f"app {text}"], CURRENT)


def test_a_product_that_is_nearly_one_is_told(tmp_path):
    settings = project(tmp_path, {
        "ko/a/1.md": article(1, "가", product="[app stor 4.0, app store 4.0, iphone 14, apps]"),
    })  # fmt: skip

    found = check(replace(settings, products={"App Store": "5"}), today=date(2026, 11, 20))

    assert [str(problem) for problem in found] == [
        (
            "content/ko/a/1.md:4: warning: [unknown-product] 'app stor 4.0' names no product of"
            " mkdocs.yml (did you mean App Store?)"
        )
    ]


def test_a_number_without_quotes_is_refused(tmp_path):
    config = tmp_path / "mkdocs.yml"
    config.write_text("plugins:\n  - kbgen:\n      products: {web: 3, app: 5.10}\n")

    assert load(config).problems == (
        Problem(
            "mkdocs.yml", 3, "setting", "products: {'web': 3, 'app': 5.1} cannot be used",
            'expected a version in quotes such as app: "5.10"', "products",
        ),
    )  # fmt: skip
    config.write_text("plugins:\n  - kbgen:\n      products: {web: 3, app: '5.10'}\n")
    assert load(config).products == {"web": "3", "app": "5.10"}
