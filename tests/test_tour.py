"""docs/tour.md on real input: from somebody else's Markdown to a queue that names an article."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kbgen import settings
from kbgen.articles import load_corpus
from kbgen.events import read_events
from tests.serving import serving

pytestmark = pytest.mark.timeout(900)
SOURCES = {"en": "adobe-commerce-kb-en", "ko": "adobe-commerce-kb-ko"}
OTHERS = {
    "adobe-analytics-en": "en",
    "alchemy-ko": "ko",
    "arduino-en": "en",
    "plausible-en": "en",
}


def kbgen(*arguments: str, cwd: Path, status: tuple[int, ...] = (0,)) -> str:
    """Runs the command as a writer would; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "kbgen", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode in status, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.browser
def test_the_loop_on_a_help_center_in_two_languages(shared_data, tmp_path, chromium):
    """Adopt, build, search in both languages, vote by click: insights names the article."""
    for lang, folder in SOURCES.items():
        source = shared_data / "help-centers" / folder
        kbgen("adopt", str(source), "kb", "--lang", lang, cwd=tmp_path)
    project = tmp_path / "kb"
    kbgen("check", cwd=project, status=(0, 1))  # its pictures were never in this data

    with serving(project) as home:
        page = chromium.new_page()
        page.set_default_timeout(30_000)
        english = find(page, f"{home}en/", "how do I block malicious traffic by country")
        korean = find(page, f"{home}ko/", "국가별로 악성 트래픽 차단")
        assert english == korean  # one article, one id, two languages

        page.get_by_role("button", name="아니요", exact=True).click()
        store = project / ".kbgen" / "events.db"
        vote = wait_for_vote(store)
        page.close()

    assert (vote.article, vote.lang, vote.vote) == (korean, "ko", 0)
    report = json.loads(kbgen("insights", "--json", cwd=project))
    counted = {(a["id"], a["lang"]): a["votes"] for a in report["articles"]}
    assert counted[korean, "ko"] == 1
    assert korean in kbgen("insights", cwd=project)


def find(page, home: str, question: str) -> str:
    """Asks on a home page, follows the first result, and returns the article's id."""
    page.goto(home)
    page.get_by_role("combobox").first.fill(question)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    article = page.locator("article[data-kb-article]")
    article.wait_for()
    return article.get_attribute("data-kb-article")


def wait_for_vote(store: Path, seconds: float = 20):
    """The vote that a page has sent."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        votes = [event for event in read_events(store) if event.type == "vote"]
        if votes:
            return votes[-1]
        time.sleep(0.2)
    raise AssertionError("no vote arrived")


@pytest.mark.parametrize("folder", OTHERS)
def test_other_help_centers_adopt_check_and_build(folder, shared_data, tmp_path):
    """No crash on anybody's Markdown, and every article that can be read is on the site."""
    source = shared_data / "help-centers" / folder
    told = kbgen("adopt", str(source), "kb", "--lang", OTHERS[folder], cwd=tmp_path)
    project = tmp_path / "kb"
    problems = json.loads(kbgen("check", "--json", cwd=project, status=(0, 1)))
    kbgen("build", cwd=project)

    corpus = load_corpus(settings.load(project / "mkdocs.yml"))
    built = {row["id"] for row in json.loads((project / "site" / "articles.json").read_text())}
    assert {article.id for article in corpus.articles if article.is_public} == built
    markdown = sum(1 for _ in source.rglob("*.md"))
    assert markdown >= len(built) > 0.95 * markdown
    assert "articles written" in told
    assert isinstance(problems, list | dict)
