"""`kbgen review` from the outside: flag, keep, flag gone, new votes, flag again."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from kbgen.articles import load_corpus
from kbgen.cli import cli
from kbgen.insights.simulate import to_lines
from kbgen.settings import load
from tests.insights.samples import ballots, event

PAGE = "---\nid: KB-{n:04}\ntitle: {title}\nreviewed: {reviewed}\n---\n{title}의 답이에요.\n"
GOOD = range(1, 13)


@pytest.fixture
def project(tmp_path):
    """Twelve good articles and a bad one, which is there in English too."""
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: 가게\ndocs_dir: content\nplugins:\n  - kbgen: {languages: [ko, en]}\n"
    )
    for n in (*GOOD, 20):
        reviewed = "2025-01-01" if n == 20 else "2026-11-01"
        write(tmp_path, f"ko/a/{n}.md", n, f"글 {n}", reviewed)
    write(tmp_path, "en/a/20.md", 20, "Text 20", "2026-11-01")
    return tmp_path


def write(root: Path, name: str, n: int, title: str, reviewed: str) -> None:
    file = root / "content" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(PAGE.format(n=n, title=title, reviewed=reviewed), "utf-8")


def votes(root: Path, *, after: int = 0) -> str:
    """The votes of the twelve, of the bad one a month ago, and `after` more bad ones today."""
    corpus = load_corpus(load(root / "mkdocs.yml"), history=False)
    bad = corpus.by_key["KB-0020", "ko"]
    events = [vote for n in GOOD for vote in ballots(corpus.by_key[f"KB-{n:04}", "ko"], 18, 4)]
    events += [
        event("vote", bad, day=11 + n % 20, vote=int(n < 4), voter=f"b{n}") for n in range(40)
    ]
    events += [
        event("vote", bad, day=40, vote=0, voter=f"o{n}", reason="outdated") for n in range(3)
    ]
    events += [event("vote", bad, day=n % 8, vote=0, voter=f"n{n}") for n in range(after)]
    file = root / "votes.jsonl"
    file.write_text("".join(f"{line}\n" for line in to_lines(events)), "utf-8")
    return str(file)


def run(root: Path, *args: str):
    name, *rest = args
    return CliRunner().invoke(cli, [name, "-f", str(root / "mkdocs.yml"), *rest])


def told(root: Path, file: str, *more: str):
    done = run(root, "insights", "--events", file, "--today", "2026-11-20", "--json", *more)
    data = json.loads(done.stdout)
    bad = next(a for a in data["articles"] if (a["id"], a["lang"]) == ("KB-0020", "ko"))
    return bad, [reason["code"] for reason in bad["reasons"]], data


def test_a_kept_text_is_flagged_no_more_until_enough_new_voters_say_no(project):
    old = votes(project)
    before, codes, data = told(project, old)
    assert (before["tier"], before["kept"], data["queue"][0]) == ("confirmed", None, "KB-0020")
    assert codes == ["readers-say-no", "readers-say-outdated", "review-overdue"]

    kept = run(project, "review", "KB-0020", "--lang", "ko", "--keep", "--note", "값은 맞아요",
               "--today", "2026-11-10")  # fmt: skip
    assert kept.exit_code == 0
    assert kept.stdout.startswith("KB-0020 ko: kept as it is, in ")
    assert kept.stderr == (
        "Its review date stays as it is; content/ko/a/20.md may say reviewed: 2026-11-10\n"
    )

    after, codes, _ = told(project, old)
    assert (after["tier"], codes) == (None, ["review-overdue"])
    assert after["helpful"] == before["helpful"]  # what was said stays said
    assert (after["kept"]["date"], after["kept"]["note"]) == ("2026-11-10", "값은 맞아요")
    assert (after["kept"]["tier"], after["kept"]["votes_since"]) == ("confirmed", 0)

    few, codes, _ = told(project, votes(project, after=3))
    assert (few["tier"], codes, few["kept"]["votes_since"]) == (None, ["review-overdue"], 3)
    again, codes, _ = told(project, votes(project, after=24))
    assert again["tier"] is not None
    assert codes == ["readers-say-no", "review-overdue"]


def test_an_edit_ends_what_a_review_said(project):
    votes(project)
    run(project, "review", "KB-0020", "--lang", "ko", "--keep", "--today", "2026-11-10")
    write(project, "ko/a/20.md", 20, "새 글", "2026-11-01")

    edited, _, _ = told(project, votes(project))

    assert edited["kept"] is None


def test_reports_of_a_day_before_the_review_know_nothing_of_it(project):
    run(project, "review", "KB-0020", "--lang", "ko", "--keep", "--today", "2026-11-21")

    bad, _, _ = told(project, votes(project))

    assert (bad["tier"], bad["kept"]) == ("confirmed", None)


def test_the_page_of_the_article_says_who_kept_it_and_why(project):
    file = votes(project)
    (project / "content" / ".kbgen").mkdir()
    subprocess.run(["git", "init", "-q", str(project)], check=True)
    subprocess.run(["git", "-C", str(project), "config", "user.name", "김민지"], check=True)
    run(project, "review", "KB-0020", "--lang", "ko", "--keep", "--note", "<b>값</b>은 맞아요",
        "--today", "2026-11-10")  # fmt: skip

    run(project, "insights", "--events", file, "--today", "2026-11-20", "--lang", "en", "--html",
        str(project / "report"))  # fmt: skip

    page = (project / "report" / "articles" / "KB-0020.ko.html").read_text("utf-8")
    assert (
        "It was flagged as confirmed to need work. Reviewed by 김민지 on 10 Nov 2026 and kept"
        " as it is; later votes can flag it again. “&lt;b&gt;값&lt;/b&gt;은 맞아요”"
    ) in page


def test_without_keep_it_lists_what_is_open_and_what_was_kept(project):
    file = votes(project)
    run(project, "review", "KB-0020", "--lang", "ko", "--keep", "--note", "맞아요", "--today",
        "2026-11-10")  # fmt: skip

    done = run(project, "review", "KB-0020", "--events", file, "--today", "2026-11-20")

    assert done.exit_code == 0
    ko, en = done.stdout.split("KB-0020 en Text 20\n")
    assert ko.startswith("KB-0020 ko 글 20\n  살펴볼 이유: ")
    assert "\n  검토하고 그대로 둔 기록: 2026년 11월 10일, " in ko
    assert ", 맞아요\n  그 뒤 투표 없음\n" in ko
    assert en == "  살펴볼 이유: 없음\n"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["KB-0200"], "no article has the id KB-0200; did you mean KB-0020?"),
        (["KB-0020", "--lang", "ja"], "KB-0020 is there in ko, en only"),
        (["KB-0020", "--keep"], "KB-0020 has several texts; say --lang ko or en"),
        (["KB-0001", "--note", "x"], "--note goes with --keep"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_cure(project, args, said):
    done = run(project, "review", *args)

    assert done.exit_code == 2
    assert said in done.stderr
    assert not (project / "content" / ".kbgen").exists()


def test_a_broken_file_is_told_and_costs_only_itself(project):
    file = votes(project)
    path = project / "content" / ".kbgen" / "review.yml"
    path.parent.mkdir()
    path.write_text("kept:\n  - {id: KB-0020\n", "utf-8")

    done = run(project, "insights", "--events", file, "--today", "2026-11-20", "--json")
    checked = run(project, "check")
    kept = run(project, "review", "KB-0001", "--keep")

    assert "content/.kbgen/review.yml:3: warning: [review] cannot be read" in done.stderr
    assert json.loads(done.stdout)["queue"] == ["KB-0020"]
    assert "review.yml:3: warning: [review]" in checked.stdout
    assert kept.exit_code != 0
    assert path.read_text("utf-8") == "kept:\n  - {id: KB-0020\n"


def test_the_queue_is_narrowed_in_every_form(project):
    write(project, "ko/b/30.md", 30, "글 30", "2025-01-01")
    file = project / "content/ko/b/30.md"
    file.write_text(file.read_text("utf-8").replace("title:", "owner: 배송팀\ntitle:"), "utf-8")
    votes_of_all = votes(project)

    for option in (["--owner", "배송팀"], ["--category", "b/"], ["--article-lang", "en"]):
        _, _, data = told(project, votes_of_all, *option)
        assert data["queue"] == ([] if "en" in option else ["KB-0030"])
    text = run(project, "insights", "--events", votes_of_all, "--today", "2026-11-20", "--owner",
               "배송팀", "--html", str(project / "report"), "--json")  # fmt: skip
    assert json.loads(text.stdout)["only"]["owner"] == "배송팀"
    page = (project / "report" / "queue.html").read_text("utf-8")
    assert "담당 배송팀만 보여 드려요." in page
    assert "KB-0030" in page
    assert "KB-0020" not in page


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--category", "aa"], "no article has 'aa'; did you mean a?"),
        (["--owner", "배송"], "no article has '배송'; there are: none"),
        (["--article-lang", "ja"], "no article has 'ja'; there are: en, ko"),
    ],
)
def test_a_name_that_no_article_has_is_most_likely_a_slip(project, option, said):
    done = run(project, "insights", *option)

    assert done.exit_code == 2
    assert said in done.stderr
