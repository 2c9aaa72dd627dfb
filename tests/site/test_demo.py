"""The demo as it is built: every link arrives, every page is sound."""

from __future__ import annotations

import json
import re

import pytest

from kbgen.site.build import build
from tests.conftest import ROOT
from tests.site.walking import Walk

HOME = "https://help.ondam.example/"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = build(ROOT / "mkdocs.yml", site=tmp_path_factory.mktemp("demo") / "site", ledger=False)
    assert made.site
    return made.site


@pytest.fixture(scope="module")
def walk(site):
    return Walk(site, HOME)


def shown(walk):
    """The pages that show something, not those that lead on."""
    return {name: page for name, page in walk.pages.items() if page.tags["script"]}


def test_every_link_arrives(walk):
    """Also those to a heading; and nothing is loaded from another host."""
    assert walk.dead == set()
    assert walk.foreign == set()
    assert len(shown(walk)) > 100


def test_pages_are_sound(walk):
    """One first heading, one of each id, a language."""
    for name, page in shown(walk).items():
        assert page.tags["h1"] == 1, name
        assert [key for key, times in page.ids.items() if times > 1] == [], name
        assert page.lang == ("en" if name.startswith("en/") else "ko"), name


def test_nothing_of_the_machine_shows(site, walk):
    """No unfilled place, no Python value, no marker of a template."""
    odd = r"\{\{|\{%|\bNone\b|&lt;built-in|Undefined|\{(?:count|date|lang|query|zone|most)\}"
    for name in shown(walk):
        body = (site / name).read_text("utf-8").partition("<body")[2]
        words = re.sub(
            r"<(?:template|script)\b.*?</(?:template|script)>", "", body, flags=re.DOTALL
        )
        attributes = re.sub(r'\sdata-[a-z-]+="[^"]*"', "", words)
        assert re.findall(odd, attributes) == [], name


def test_pages_are_light(site, walk):
    """30,000 bytes on average, none far above."""
    sizes = {name: (site / name).stat().st_size for name in shown(walk)}

    assert max(sizes.values()) < 40_000
    assert sum(sizes.values()) / len(sizes) < 30_000


def test_playbooks_stay_inside(site):
    """What is written for agents is on no list."""
    rows = json.loads((site / "articles.json").read_text("utf-8"))

    assert not any("playbooks" in row["url"] for row in rows)
    assert not list(site.rglob("*playbooks*"))
    assert "playbooks" not in (site / "sitemap.xml").read_text("utf-8")
