"""One table of keys drives parsing, the JSON Schema and the docs."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from kbgen.articles import nodes, schema
from kbgen.articles.schema import FIELDS
from kbgen.cli import cli

DOCS = Path(__file__).resolve().parents[2] / "docs" / "front-matter.md"


def read(text: str) -> schema.Parsed:
    return schema.read(nodes.parse(text), "a.md", 1)


def value(text: str) -> object:
    parsed = read(text)
    assert parsed.problems == []
    return next(iter(parsed.values.values()))


def said(text: str) -> list[str]:
    return [str(problem) for problem in read(text).problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id: KB-0042", "KB-0042"),
        ("id: 4412377144338", "4412377144338"),
        ("id: 0042", "0042"),
        ("id: 46488e24-57a5-4f99-997c-0cfb61625008", "46488e24-57a5-4f99-997c-0cfb61625008"),
        ("title: 2024", "2024"),
        ("title: no", "no"),
        ("title: >-\n  two\n  lines", "two lines"),
        ("tags: a, b , a", ("a", "b")),
        ("tags: [a, 1, true]", ("a", "1", "true")),
        ("tags: one", ("one",)),
        ("questions: 하나, 둘", ("하나, 둘",)),
        ("questions: [하나, 둘]", ("하나", "둘")),
        ("category: /returns/exchange/", "returns/exchange"),
        ("reviewed: 2025-06-05", date(2025, 6, 5)),
        ("reviewed: 2025-06-05T10:00:00Z", date(2025, 6, 5)),
        ("review_every: 180d", timedelta(days=180)),
        ("review_every: 6 months", timedelta(days=180)),
        ("review_every: 90 d", timedelta(days=90)),
        ("review_every: P6M", timedelta(days=180)),
        ("review_every: P1Y2W", timedelta(days=379)),
        ("review_every: 6개월", timedelta(days=180)),
        ("redirect_from: /ko/%ED%95%9C%EA%B8%80", ("ko/한글/",)),
        ("redirect_from: [/a.html, b/]", ("a.html", "b/")),
        ("reply: |\n  one\n  two", "one\ntwo"),
        ("draft: yes", True),
        ("feedback: off", False),
        ("search: {boost: 2.5}", 2.5),
        ("search:\n  exclude: true", True),
        ("order: -3", -3),
        ("audience: agents", "agents"),
        ("translated_from: '123456789012'", "123456789012"),
    ],
)
def test_values_are_read_as_their_key_means_them(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize("text", ["title:", "title: ~", "tags: null", "reviewed:", "draft:"])
def test_a_value_left_out_is_no_value(text):
    parsed = read(text)

    assert (parsed.values, parsed.problems) == ({}, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reviewed: 06/05/2025",
         ("a.md:2: warning: [ambiguous-date] 06/05/2025 can be two days and is left out"
         " (write 2025-05-06 or 2025-06-05)")),
        ("reviewed: 25/05/2025",
         "a.md:2: warning: [date-style] 25/05/2025 is read as 2025-05-25 (write 2025-05-25)"),
        ("reviewed: 05/05/2025",
         "a.md:2: warning: [date-style] 05/05/2025 is read as 2025-05-05 (write 2025-05-05)"),
        ("reviewed: 2025년 6월 5일",
         "a.md:2: warning: [date-style] 2025년 6월 5일 is read as 2025-06-05 (write 2025-06-05)"),
        ("reviewed: 2025. 6. 5.",
         "a.md:2: warning: [date-style] 2025. 6. 5. is read as 2025-06-05 (write 2025-06-05)"),
        ("reviewed: 5 June 2025",
         "a.md:2: warning: [date-style] 5 June 2025 is read as 2025-06-05 (write 2025-06-05)"),
        ("reviewed: Jun 5, 2025",
         "a.md:2: warning: [date-style] Jun 5, 2025 is read as 2025-06-05 (write 2025-06-05)"),
        ("reviewed: 2025-02-30",
         ("a.md:2: error: [wrong-value] reviewed: '2025-02-30' cannot be used"
         " (there is no day 30 in month 02 of 2025; write a date as 2025-06-30)")),
        ("reviewed: 13/13/2025",
         ("a.md:2: error: [wrong-value] reviewed: '13/13/2025' cannot be used"
         " (write a date as 2025-06-30)")),
        ("review_every: 90",
         "a.md:2: warning: [duration-unit] 90 is read as 90 days (write 90d)"),
        ("review_every: 0d",
         ("a.md:2: error: [wrong-value] review_every: '0d' cannot be used"
         " (write a duration such as 180d, 6 months or P6M)")),
        ("title: [a, b]",
         "a.md:2: error: [wrong-type] title: a list cannot be used (write a text on one line)"),
        ("tags: {a: b}",
         ("a.md:2: error: [wrong-type] tags: keys and values cannot be used"
         " (write a list: [one, two])")),
        ("tags:\n  - a\n  - b: c",
         ("a.md:4: error: [wrong-type] keys and values inside a list of texts is left out"
         " (write a text, in quotes if it holds a colon)")),
        ("id: a/b",
         ("a.md:2: error: [bad-id] id: 'a/b' cannot be used"
         " (write letters, digits, - and _, at most 64, such as KB-0042)")),
        ("draft: maybe",
         "a.md:2: error: [wrong-value] draft: 'maybe' cannot be used (write true or false)"),
        ("audience: agent",
         "a.md:2: error: [wrong-value] audience: 'agent' cannot be used (did you mean agents?)"),
        ("audience: Admin",
         ("a.md:2: info: [foreign-audience] audience 'Admin' is another tool's and says nothing"
         " about who may see it (the article is public; write agents to keep it inside)")),
        ("search: {bost: 2}",
         "a.md:2: warning: [unknown-key] search.bost is not read (did you mean boost?)"),
        ("search: yes",
         ("a.md:2: error: [wrong-type] search: 'yes' cannot be used"
         " (write search: {boost: 2} or search: {exclude: true})")),
        ("redirect_from: https://evil.example/x",
         ("a.md:2: error: [wrong-value] 'https://evil.example/x' is no address on this site"
         " (write an old address such as /ko/returns/old-name/)")),
        ("redirect_from: /a/../b",
         ("a.md:2: error: [wrong-value] '/a/../b' is no address on this site"
         " (write an old address such as /ko/returns/old-name/)")),
        ("titel: T", "a.md:2: warning: [unknown-key] titel is not read (did you mean title?)"),
        ("Title: T", "a.md:2: warning: [key-spelling] Title is read as title (write title)"),
        ("reviewEvery: 30d",
         ("a.md:2: warning: [key-spelling] reviewEvery is read as review_every"
         " (write review_every)")),
        ("exl-id: x",
         ("a.md:2: info: [foreign-key] exl-id is not read by kbgen"
         " (leave it to the tool that reads it)")),
        ("title: A\ntitle: B",
         "a.md:3: warning: [duplicate-key] title is given twice, first in line 2 (remove one)"),
    ],
)  # fmt: skip
def test_odd_values_are_reported_with_their_cure(text, expected):
    assert said(text) == [expected]


def test_what_might_show_something_hidden_falls_back_to_hidden():
    """A misspelt audience must not publish a playbook, nor a misspelt draft an unfinished text."""
    assert read("audience: agnets").values == {"audience": "agents"}
    assert read("draft: maybe").values == {"draft": True}
    assert read("audiance: agents").values == {"audience": "agents"}
    assert said("audiance: agents") == [
        (
            "a.md:2: error: [hidden-by-typo] audiance is not read; the article"
            " stays hidden until it is"
            " (did you mean audience?)"
        )
    ]


def test_the_first_of_two_equal_keys_counts():
    assert read("title: A\ntitle: B").values == {"title": "A"}


def test_meta_keeps_the_keys_of_other_tools():
    assert read("title: A\nhide: [toc]\nweight: 3").meta == {
        "title": "A", "hide": ["toc"], "weight": 3,
    }  # fmt: skip


def test_the_schema_is_valid_and_accepts_what_the_docs_show():
    found = json.loads(CliRunner().invoke(cli, ["schema"]).stdout)
    jsonschema.Draft202012Validator.check_schema(found)
    example = re.search(r"```yaml\n---\n(.*?)\n---\n```", DOCS.read_text("utf-8"), re.DOTALL)
    assert example
    data = yaml.load(example[1], yaml.BaseLoader)
    data |= {"draft": False, "feedback": True, "search": {"boost": 1.5}}

    jsonschema.Draft202012Validator(found).validate(data)
    assert read(example[1]).problems == []
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(found).validate({"title": "T", "audience": "agent"})


def test_every_key_is_documented():
    text = DOCS.read_text("utf-8").partition("## How values are read")[0]
    rows = re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE)

    assert set(rows) == {field.key for field in FIELDS}
