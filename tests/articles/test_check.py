"""`kbgen check` reports everything in one run."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from kbgen.articles import report
from kbgen.articles.check import check
from kbgen.articles.urls import Entry, write_ledger
from kbgen.cli import cli
from kbgen.errors import Problem
from kbgen.settings import load
from tests.articles.samples import article, project

TODAY = date(2026, 11, 20)


def run(tmp_path, *options):
    return CliRunner().invoke(cli, ["check", "-f", str(tmp_path / "mkdocs.yml"), *options])


def test_dates_are_judged_by_the_day_given(tmp_path):
    settings = project(tmp_path, {
        "ko/a/1.md": article(1, "가", expires="2026-11-19"),
        "ko/a/2.md": article(2, "나", expires="2026-11-20", reviewed="2026-11-21"),
    })  # fmt: skip

    assert [str(problem) for problem in check(settings, today=TODAY)] == [
        (
            "content/ko/a/1.md:4: warning: [expired] the article expired on 2026-11-19"
            " (renew it and its date, or remove it and redirect its address)"
        ),
        (
            "content/ko/a/2.md:5: warning: [reviewed-future] reviewed on 2026-11-21, which is still"
            " to come (write the day of the last review, 2026-11-20 at the latest)"
        ),
    ]


def test_settings_and_vanished_addresses_are_reported_too(tmp_path):
    project(tmp_path, {"ko/a/1.md": article(1, "가")})
    with (tmp_path / "mkdocs.yml").open("a") as config:
        config.write("      audiense: agents\n")
    write_ledger(tmp_path / "content", {"ko/a/old/": Entry("KB-0001")})
    found = check(load(tmp_path / "mkdocs.yml"), today=TODAY)

    assert [problem.code for problem in found] == ["address-gone", "unknown-setting"]


def test_warnings_leave_the_exit_status_alone(tmp_path):
    project(tmp_path, {"ko/a/1.md": article(1, "가", related="KB-0009")})
    done = run(tmp_path)

    assert done.exit_code == 0
    assert done.stdout == (
        "content/ko/a/1.md:4: warning: [unknown-related] no article has the id KB-0009"
        " (did you mean KB-0001?)\n"
    )
    assert done.stderr == "1 warning\n"


def test_errors_set_the_exit_status(tmp_path):
    project(tmp_path, {"ko/a/1.md": "", "ko/a/2.md": article(1, "가", tags="{a: b}")})
    done = run(tmp_path)

    assert done.exit_code == 1
    assert done.stderr == "2 errors\n"


def test_a_clean_project_says_so(tmp_path):
    project(tmp_path, {"ko/a/1.md": article()})
    done = run(tmp_path)

    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "no problems\n")


@pytest.mark.parametrize("option", [["--format", "json"], ["--json"]])
def test_json_holds_every_problem(tmp_path, option):
    project(tmp_path, {"ko/a/1.md": ""})
    data = json.loads(run(tmp_path, *option).stdout)

    assert data == {
        "v": 1, "errors": 1, "warnings": 0, "notes": 0,
        "problems": [{
            "path": "content/ko/a/1.md", "line": 1, "code": "empty", "severity": "error",
            "field": "", "message": "the file is empty", "hint": "write the article or remove it",
        }],
    }  # fmt: skip


def test_annotations_escape_what_github_reads():
    problem = Problem("a,b:c.md", 3, "yaml", "50% of\nit", "cure", "", "info")

    assert report.as_github([problem]) == (
        "::notice file=a%2Cb%3Ac.md,line=3,title=kbgen yaml::50%25 of%0Ait (cure)\n"
    )


def test_the_day_is_an_option(tmp_path):
    project(tmp_path, {"ko/a/1.md": article(1, "가", expires="2030-01-01")})

    assert run(tmp_path, "--today", "2030-01-02").stderr == "1 warning\n"
    assert run(tmp_path, "--today", "2030-01-01").stderr == "no problems\n"


def test_a_missing_project_is_one_line(tmp_path):
    done = run(tmp_path)

    assert done.exit_code != 0
