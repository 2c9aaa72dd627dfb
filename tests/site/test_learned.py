"""What readers taught reaches the search of the site, and costs no build."""

from __future__ import annotations

import json

from tests.site.samples import markdown

FILES = {
    "ko/returns/refund.md": markdown("환불은 언제 되나요", "카드사가 돌려드려요.", id="KB-0001"),
    "ko/returns/late.md": markdown("환불은 언제 되나요", "카드사가 돌려드려요.", id="KB-0002"),
}


def manifest(site):
    return json.loads((site / "search/ko/manifest.json").read_text("utf-8"))


def test_learned_questions_reach_the_browser(build):
    learned = {".kbgen/learned.yml": "KB-0001:\n  돈 언제 들어와요: 3\n"}

    before = build(FILES).site
    assert manifest(before)["learned"] is False
    site = build(FILES | learned).site

    found = manifest(site)
    folder = site / "search/ko" / found["folder"]
    assert found["learned"] is True
    assert [len(column) for column in json.loads((folder / "learned.json").read_text())] == [1] * 3
    assert any("들어" in json.loads(file.read_text("utf-8")) for file in folder.glob("t*.json"))
    assert not list(site.rglob("learned.yml"))


def test_what_readers_read_and_liked_comes_first_unless_told_otherwise(build):
    popular = {".kbgen/popular.yml": "articles:\n  KB-0001: 0.5\nreaders:\n  KB-0001: 0.5\n"}

    assert manifest(build(FILES | popular).site)["boosts"] == {"1": 1015}
    assert manifest(build(FILES | popular, search={"prior": "none"}).site)["boosts"] == {}


def test_a_bad_entry_is_told_and_the_site_is_built(build):
    built = build(FILES | {".kbgen/learned.yml": "KB-0001: 3\n"})

    assert [str(p) for p in built.problems if p.code == "learned"] == [
        (
            "content/.kbgen/learned.yml:1: warning: [learned] KB-0001: 3 is not used "
            "(give each article its questions, with a count each)"
        )
    ]
    assert manifest(built.site)["learned"] is False
