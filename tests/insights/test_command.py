"""`kbgen insights` and `kbgen simulate` from the outside."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from kbgen.cli import cli
from kbgen.errors import ConfigError, EventError
from kbgen.events import open_store, read_events
from kbgen.search import browser

# Whoosh 2.7.4 warns when Python compiles it, which happens on the first use.
pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning")

PAGE = """\
---
id: KB-{number:04}
title: {title}
owner: 배송팀
reviewed: {reviewed}
questions: [{question}]
---
{title}에 대한 답이에요.
"""


@pytest.fixture
def project(tmp_path):
    """A help center with five articles, one of them long overdue."""
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: 작은 가게\nsite_url: https://shop.example/\ndocs_dir: content\n"
        "plugins:\n  - kbgen: {languages: [ko]}\n"
    )
    folder = tmp_path / "content" / "ko" / "delivery"
    folder.mkdir(parents=True)
    for number, title in enumerate(["배송비", "도착일", "송장 번호", "부재중", "도서산간"], 1):
        reviewed = "2024-01-01" if number == 5 else "2026-11-01"
        text = PAGE.format(number=number, title=title, reviewed=reviewed, question=f"{title} 언제")
        (folder / f"a{number}.md").write_text(text)
    return tmp_path


def run(project: Path, *args: str):
    return CliRunner().invoke(
        cli, [args[0], "-f", str(project / "mkdocs.yml"), *args[1:]], catch_exceptions=False
    )


@pytest.fixture
def sample(project):
    file = project / "sample.jsonl"
    run(project, "simulate", "--seed", "3", "--days", "30", "--until", "2026-11-20",
        "--vote-rate", "0.2", "-o", str(file))  # fmt: skip
    return file


def test_simulate_and_insights_make_a_loop(project, sample):
    result = run(project, "insights", "--events", str(sample), "--json")
    data = json.loads(result.stdout)

    assert result.exit_code == 0
    assert data["settings"]["today"] == "2026-11-20"  # simulated files: their own last day
    assert data["site"]["simulated"] == data["site"]["events"] > 1000
    assert {entry["id"] for entry in data["articles"]} == {f"KB-000{n}" for n in range(1, 6)}
    assert "KB-0005" in data["queue"]
    assert all(gap["visitors"] >= 3 for gap in data["gaps"])


def test_the_same_seed_writes_the_same_file(project, sample):
    again = run(project, "simulate", "--seed", "3", "--days", "30", "--until", "2026-11-20",
                "--vote-rate", "0.2").stdout  # fmt: skip

    assert again == sample.read_text("utf-8")


def test_max_size_is_kept_and_truth_is_written(project):
    file, truth = project / "s.jsonl", project / "truth.json"

    run(project, "simulate", "--max-size", "0.05", "-o", str(file), "--truth", str(truth))

    assert 40_000 < file.stat().st_size <= 50_000
    kinds = {entry["kind"] for entry in json.loads(truth.read_text())["articles"]}
    assert kinds <= {"good", "broken", "declined"}


def test_the_store_of_the_project_is_read_unless_told_otherwise(project, sample):
    with open_store(project / ".kbgen" / "events.db") as store:
        store.append(read_events(sample))

    from_store = run(project, "insights", "--json").stdout
    from_file = run(project, "insights", "--events", str(sample), "--json").stdout
    both = run(project, "insights", "--events", str(sample), "--events",
               str(project / ".kbgen" / "events.db"), "--json").stdout  # fmt: skip

    assert from_store == from_file == both


def test_the_environment_names_another_store(project, sample, monkeypatch):
    with open_store(project / "elsewhere.db") as store:
        store.append(read_events(sample))
    monkeypatch.setenv("KBGEN_DB", str(project / "elsewhere.db"))

    from_store = run(project, "insights", "--json").stdout
    from_file = run(project, "insights", "--events", str(sample), "--json").stdout

    assert from_store == from_file


def test_without_events_the_calendar_speaks_and_the_cure_is_named(project):
    result = run(project, "insights", "--today", "2026-11-20")

    assert result.exit_code == 0
    assert "There are no events yet" in result.stderr
    assert "`kbgen events import FILE`" in result.stderr
    assert "KB-0005 ko 도서산간" in result.stdout


def test_a_missing_file_is_an_error(project):
    with pytest.raises(EventError, match=r"none\.jsonl: no such file"):
        run(project, "insights", "--events", "none.jsonl")


def test_rows_that_are_no_events_cost_only_themselves(project, sample):
    sample.write_text(sample.read_text("utf-8") + '{"v": 1, "type": "vole"}\nnot json\n', "utf-8")

    result = run(project, "insights", "--events", str(sample), "--json")

    assert result.exit_code == 0
    assert result.stderr.count(f"{sample}:") == 2
    assert json.loads(result.stdout)["site"]["events"] > 1000


def test_events_come_from_an_address_too(project, sample):
    with browser.served(sample.parent) as base:
        fetched = run(project, "insights", "--events", f"{base}/sample.jsonl", "--json").stdout
        with pytest.raises(EventError, match="cannot be fetched: HTTP Error 404"):
            run(project, "insights", "--events", f"{base}/none.jsonl")

    assert fetched == run(project, "insights", "--events", str(sample), "--json").stdout


def test_pages_and_json_can_be_had_at_once(project, sample):
    result = run(project, "insights", "--events", str(sample), "--json", "--html",
                 str(project / "report"))  # fmt: skip

    assert json.loads(result.stdout) == json.loads((project / "report/insights.json").read_text())
    assert (project / "report" / "index.html").is_file()


def test_save_writes_what_the_home_page_shows(project, sample):
    for _ in range(2):
        result = run(project, "insights", "--events", str(sample), "--save")

    saved = project / "content" / ".kbgen" / "popular.yml"
    found = yaml.safe_load(saved.read_text("utf-8"))
    assert result.stdout == ""
    assert list(found) == ["articles", "readers"]
    assert all(0 < low < 1 for low in found["articles"].values())
    assert max(found["readers"].values()) == 1
    assert all(shares and sorted(shares) == list(shares) for shares in found.values())
    assert [p.name for p in saved.parent.iterdir()] == ["popular.yml"]


def test_an_unknown_language_names_the_known_ones(project):
    result = run(project, "insights", "--lang", "fr")

    assert result.exit_code == 2
    assert "known: en, ko" in result.stderr


def test_each_day_gives_the_report_of_that_day(project, sample):
    """Events after the day do not count, so an old report can be made again."""
    early = json.loads(
        run(project, "insights", "--events", str(sample), "--json", "--today", "2026-11-01").stdout
    )
    late = json.loads(run(project, "insights", "--events", str(sample), "--json").stdout)

    assert early["site"]["events"] < late["site"]["events"]


def prove(project: Path, *args: str):
    config = str(project / "mkdocs.yml")
    return CliRunner().invoke(cli, ["insights", "proof", "-f", config, *args])


def test_proof_tells_the_story_of_one_article(project, sample):
    told = prove(project, "KB-0001", "--events", str(sample))
    data = json.loads(prove(project, "KB-0001", "--events", str(sample), "--json").stdout)

    assert told.exit_code == 0
    assert told.stdout.startswith("KB-0001 ko 배송비\n")
    assert "이 글에 있었던 일과 고친 결과" in told.stdout
    assert data["texts"][0]["votes"] > 10
    assert {"reviewed", "first-vote"} <= {moment["what"] for moment in data["timeline"]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["proof", "KB-001"], "no article has the id KB-001; did you mean KB-0001?"),
        (["proof", "KB-0001", "--lang", "en"], "KB-0001 is not there in en; there are: ko"),
        (["--json", "proof", "KB-0001"], "write --json after `proof`: kbgen insights proof …"),
        (["--events", "x.jsonl", "proof", "KB-0001"], "write --events after `proof`"),
        (["prove", "KB-0001"], "No such command 'prove'"),
    ],
)
def test_what_proof_cannot_use_is_said(project, arguments, said):
    config = str(project / "mkdocs.yml")
    place = ["-f", config] if arguments[0] == "proof" else []
    result = CliRunner().invoke(cli, ["insights", *arguments, *place], catch_exceptions=False)

    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())


def test_the_story_of_a_draft_is_not_told(project):
    file = project / "content/ko/delivery/a1.md"
    file.write_text(file.read_text("utf-8").replace("owner:", "draft: true\nowner:"), "utf-8")

    result = prove(project, "KB-0001")

    assert (result.exit_code, "is a draft" in result.stderr) == (2, True)


def test_a_forecast_reads_traffic_where_there_is_some(project, sample):
    assumed = run(project, "simulate", "--forecast", "--visits", "800", "--lang", "en").output
    known = run(project, "simulate", "--forecast", "--events", str(sample), "--json")
    again = run(project, "simulate", "--forecast", "--events", str(sample), "--json")

    assert assumed.startswith("5 articles with 24,000 readers a month, of whom 3 % vote (assumed")
    data = json.loads(known.output)
    assert (data["from"], data["articles"]) == ("events", 5)
    assert data["vote_rate"] == pytest.approx(0.2, abs=0.08)
    assert {"votes", "articles", "falls", "found", "days"} == set(data["bands"][0])
    assert known.output == again.output


def test_thresholds_come_from_the_settings(project, sample):
    config = project / "mkdocs.yml"
    config.write_text(config.read_text().replace("[ko]}", "[ko], insights: {target: 0.7}}"))

    data = json.loads(run(project, "insights", "--events", str(sample), "--json").output)

    assert data["settings"]["target"] == 0.7
    config.write_text(config.read_text().replace("target: 0.7", "tarjet: 0.7"))
    with pytest.raises(ConfigError, match="did you mean target"):
        run(project, "insights", "--events", str(sample))


def test_each_form_is_printed_or_written_into_a_file(project, sample):
    ask = ["insights", "--events", str(sample), "--lang", "en"]
    file = project / "out" / "report.md"

    markdown = run(project, *ask, "--markdown")
    written = run(project, *ask, "--markdown", "-o", str(file))
    annotated = run(project, *ask, "--annotations", "--limit", "1")

    assert markdown.stdout.startswith("## 작은 가게, up to 20 Nov 2026\n")
    assert written.stdout == ""
    assert written.stderr.endswith(f"Written to {file}\n")
    assert file.read_text("utf-8") == markdown.stdout
    assert annotated.stdout.startswith("::")
    assert "file=content/ko/delivery/" in annotated.stdout


def test_digests_are_written_for_each_owner(project, sample):
    folder = project / "digests"

    result = run(project, "insights", "--events", str(sample), "--digest", str(folder))

    assert result.stdout == ""
    assert result.stderr.endswith(f"{folder}에 파일 2개를 썼어요\n")
    assert sorted(path.name for path in folder.iterdir()) == ["배송팀.eml", "배송팀.md"]
    assert "도서산간" in (folder / "배송팀.md").read_text("utf-8")


def test_a_forecast_reads_the_store_that_the_environment_names(project, sample, monkeypatch):
    with open_store(project / "elsewhere.db") as store:
        store.append(read_events(sample))
    monkeypatch.setenv("KBGEN_DB", str(project / "elsewhere.db"))

    assert json.loads(run(project, "simulate", "--forecast", "--json").output)["from"] == "events"
