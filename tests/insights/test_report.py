"""The report as pages: complete, private, safe, and good to read for everybody."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe

from kbgen.articles.texts import Commit
from kbgen.errors import ConfigError
from kbgen.insights import Options, analyse
from kbgen.insights.report import CSP, render, write_report
from kbgen.insights.words import Words
from kbgen.search import browser
from kbgen.settings import Settings
from tests.insights.samples import TODAY, article, asked, ballots, corpus, event, views
from tests.insights.test_story import COMMITS, OTHERS, PAGE, story
from tests.insights.test_story import KEY as STORY_KEY
from tests.insights.test_story import events as story_events
from tests.insights.test_words import golden

NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def settings(**changes):
    values = {"root": Path("/p"), "site_name": "온담 고객센터", "languages": ("ko", "en")}
    return Settings(**{**values, "site_url": "https://help.ondam.example/", **changes})


def pages(lang="ko", world=None, **changes):
    shop, events = world or golden()
    last = shop.articles[-1]
    findings = analyse(shop, events, TODAY, suggest=lambda *_: [(last.id, last.lang)])
    return render(findings, shop, settings(**changes), Words(lang))


def nasty_world():
    """Markup wherever a reader, a writer or an importer may put it."""
    page = article(1, title=NASTY, owner=NASTY, category="returns/<b>", path="ko/<i>.md")
    votes = ballots(page, 1, 5)
    votes.append(event("detail", page, event_id=f"{votes[0].event_id}.1", comment=NASTY))
    votes.append(event("vote", page, vote=0, voter="n", reason="other", comment=NASTY))
    clicks = [
        event("click", page, query=NASTY, results=1, rank=1, session=f"n{n}") for n in range(4)
    ]
    return corpus(page), [*votes, *clicks, *asked(NASTY, 4), *views(page, 9)]


def test_every_page_is_there_and_every_link_leads_somewhere():
    files = pages()
    names = {name for name in files if name.endswith(".html")}

    assert {"index.html", "queue.html", "gaps.html", "articles.html", "methods.html"} < names
    assert "articles/KB-0020.ko.html" in names
    for name in names:
        for target in re.findall(r'(?:href|src)="([^"]*)"', files[name]):
            if not target.startswith(("https://help.ondam.example/", "data:")):
                assert urljoin(name, target) in files, (name, target)


def test_the_same_findings_give_the_same_bytes():
    shop, events = golden()

    assert pages(world=(shop, events)) == pages(world=(shop, events[::-1]))


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_no_page_runs_or_loads_anything_foreign(lang):
    for name, text in pages(lang).items():
        if name.endswith(".html"):
            assert f'content="{CSP}"' in text.replace("&#39;", "'")
            assert '<meta name="robots" content="noindex, nofollow">' in text
            assert f'<html lang="{lang}">' in text
            assert not re.search(r"<script|\sstyle=|\son[a-z]+=|<iframe|<form", text)


def test_text_of_readers_and_writers_stays_text():
    """Titles, owners, queries and comments are shown as they are, never as markup."""
    for name, text in pages(world=nasty_world()).items():
        if name.endswith(".html"):
            assert "<script" not in text
            assert "<img" not in text
            assert "<b>" not in text
    assert "&lt;script&gt;" in pages(world=nasty_world())["articles/KB-0001.ko.html"]


def test_figures_agree_from_page_to_page():
    files = pages("en")
    data = json.loads(files["insights.json"])
    bad = next(entry for entry in data["articles"] if entry["id"] == "KB-0020")
    share = f"{100 * bad['helpful']:.0f}\u00a0% ({100 * bad['low']:.0f}-{100 * bad['high']:.0f})"

    for name in ("index.html", "queue.html", "articles.html", "articles/KB-0020.ko.html"):
        assert f"{share} of 26 voters" in files[name]


def test_the_queue_shows_how_sure_a_flag_is_and_the_article_what_it_rests_on():
    files = pages("en")
    page = files["articles/KB-0020.ko.html"]

    assert '<span class="kb-tier kb-tier--confirmed">Confirmed</span>' in files["queue.html"]
    assert "or fewer than it used to: 98\u00a0%" in files["queue.html"]
    assert files["queue.html"].count("kb-tier--") == 1  # dates raise no flag
    assert '<th scope="row">Votes</th><td>6 of 26 said yes</td>' in page
    assert '<th scope="row">Comments of voters for no</th><td>0</td>' in page
    assert '<th scope="row">Asked a person after reading</th><td>0 people</td>' in page
    assert "What the flag rests on" not in files["articles/KB-0021.en.html"]


def test_a_likely_flag_says_what_would_settle_it():
    page, others = article(40), [article(n) for n in range(1, 30)]
    events = [e for n, other in enumerate(others) for e in ballots(other, 6 + n % 15, 14 - n % 15)]
    files = pages("en", (corpus(page, *others), [*events, *ballots(page, 3, 9)]))

    assert '<span class="kb-tier kb-tier--likely">Likely</span>' in files["queue.html"]
    assert "more votes like the last ones would confirm it." in files["queue.html"]


def test_a_shift_of_the_whole_site_stands_on_every_page():
    shop = [article(n) for n in range(1, 21)]
    events = [e for page in shop for e in ballots(page, 14, 4, day=60)]
    events += [e for page in shop for e in ballots(page, 4, 8)]

    for name, text in pages("en", (corpus(*shop), events)).items():
        if name.endswith(".html"):
            assert text.count("the whole help center has been getting fewer yes votes") == 1, name


def test_the_overview_shows_the_share_before_and_the_reply_to_flags():
    overview = pages("en")["index.html"]

    assert "before: 75\u00a0%" in overview
    assert "no flag answered in the last 90 days" in overview
    assert re.search(r"one waits, for (one day|\d+ days)", overview)


def test_the_methods_name_every_setting_and_the_formula():
    page = pages("en")["methods.html"]

    for name in Options().settings():
        assert f"<code>{name}</code>" in page
    assert "0.6, 1.0, 1.5, 2.2" in page
    assert "readers a month × E[ max(0, usual - share) ]" in page


def test_charts_have_a_name_and_their_data():
    files = pages("en")

    for name, text in files.items():
        if name.endswith(".html"):
            drawings = re.findall(r"<svg[^>]*>", text)
            assert all('role="img"' in d and 'aria-label="' in d for d in drawings)
            assert not drawings or "<table" in text, name


def test_simulated_events_are_labelled_on_every_page():
    shop, events = golden()
    made = [replace(e, source="import:simulated") for e in events]
    some = [*made, *ballots(article(1), 0, 1)]

    for text in (t for n, t in pages("en", (shop, made)).items() if n.endswith(".html")):
        assert "simulated readers" in text
    assert "99\u00a0% of these events" in pages("en", (shop, some))["index.html"]


def test_comments_are_on_the_private_page_and_rare_queries_nowhere():
    files = pages(world=nasty_world())
    rare = pages("en")

    assert "onerror" in files["articles/KB-0001.ko.html"]
    assert "onerror" not in json.dumps(json.loads(files["insights.json"])["articles"][0]["reasons"])
    assert not [name for name, text in rare.items() if "이름이 든 질문" in text]


def test_the_hue_of_the_site_is_the_hue_of_the_report():
    assert "--kb-hue: 20" in pages(brand_hue=20)["assets/tokens.css"]
    assert "--kb-hue: 20" not in pages()["assets/tokens.css"]


def test_a_site_without_events_has_a_friendly_report():
    files = pages("en", (corpus(article(1)), []))

    assert "No events yet" in files["index.html"]
    assert "Nothing to mend today" in files["queue.html"]


def test_the_page_of_an_article_tells_its_story():
    """Edits with their proof stand on it, with the words of the commit as text."""
    found, findings = story(story_events())
    commits = {STORY_KEY: {PAGE.rev: Commit(date(2026, 10, 9), f"Say it {NASTY}")}}
    shop = corpus(found.standing.article, *OTHERS)

    text = render(findings, shop, settings(), Words("en"), commits)["articles/KB-0020.ko.html"]

    told = text[text.index('id="story"') : text.index('id="weeks"')]
    assert 'datetime="2026-10-09">9 Oct 2026</time>' in told
    assert "kb-story__moment--bad" in told
    assert "kb-story__moment--good" in told
    assert "Better: that the new text helps more of its voters is" in told
    assert NASTY not in text
    assert "Say it &lt;script&gt;" in told
    assert 'id="story"' not in render(*_unread(), Words("en"))["articles/KB-0001.ko.html"]


def _unread():
    shop = corpus(article(1, reviewed=None))
    return analyse(shop, [], TODAY), shop, settings()


def test_an_earlier_report_is_replaced_and_other_folders_are_left_alone(tmp_path):
    shop, events = golden()
    findings = analyse(shop, events, TODAY)
    write = partial(write_report, findings, shop, settings(), Words("ko"))
    report, photos = tmp_path / "out" / "report", tmp_path / "photos"

    first = write(report)
    (report / "articles" / "KB-9999.ko.html").write_text("of an article that is gone")
    write(report)
    photos.mkdir()
    (photos / "cat.jpg").write_bytes(b"cat")

    assert first == report / "index.html"
    assert not (report / "articles" / "KB-9999.ko.html").exists()
    assert sorted(p.name for p in report.parent.iterdir()) == ["report"]
    with pytest.raises(ConfigError, match="is not empty and holds no report"):
        write(photos)
    assert [p.name for p in photos.iterdir()] == ["cat.jpg"]
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="needs a folder of its own"):
        write(tmp_path / "file")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Both languages and an empty report, over HTTP."""
    root = tmp_path_factory.mktemp("reports")
    shop, events = golden()
    findings = analyse(shop, events, TODAY, suggest=lambda *_: [("KB-0020", "ko")])
    for lang in ("ko", "en"):
        write_report(findings, shop, settings(), Words(lang), root / lang)
    told, edited = story(story_events())
    write_report(edited, corpus(told.standing.article, *OTHERS), settings(), Words("en"),
                 root / "edited", commits=COMMITS)  # fmt: skip
    nobody = analyse(corpus(article(1)), [], TODAY)
    write_report(nobody, corpus(article(1)), settings(), Words("ko"), root / "empty")
    nasty, bad_events = nasty_world()
    write_report(analyse(nasty, bad_events, TODAY), nasty, settings(), Words("en"), root / "nasty")

    with browser.served(root) as address:
        yield root, f"{address}/"


NAMES = ["index", "queue", "gaps", "articles", "methods", "articles/KB-0020.ko"]
SCREENS = {
    "desktop": (1440, 900, "light"),
    "phone": (360, 800, "light"),
    "dark": (1440, 900, "dark"),
}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("report", "screen"),
    [
        ("ko", "desktop"),
        ("ko", "phone"),
        ("ko", "dark"),
        ("en", "desktop"),
        ("en", "phone"),
        ("empty", "desktop"),
        ("nasty", "phone"),
        ("edited", "phone"),
    ],
)
def test_pages_open_cleanly_for_everybody(served, chromium, report, screen):
    """No message, no request elsewhere, nothing for axe, nothing wider than the screen."""
    root, base = served
    width, height, scheme = SCREENS[screen]
    page = chromium.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    said, asked_for = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked_for.append(request.url))
    names = [name for name in NAMES if (root / report / f"{name}.html").is_file()]
    for name in names:
        page.goto(f"{base}{report}/{name}.html")
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")

        # axe fetches style sheets by itself unless told not to, which the policy forbids.
        found = Axe().run(page, options={"preload": False}).response["violations"]

        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], name
        assert said == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert len(names) >= 5
    assert [url for url in asked_for if not url.startswith((base, "data:"))] == []
    page.close()


@pytest.mark.browser
def test_the_report_opens_from_a_folder_too(served, chromium):
    """Writers open it by double click: styles load from file:// under the same policy."""
    root, _ = served
    page = chromium.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))

    page.goto((root / "ko" / "index.html").as_uri())
    page.get_by_role("link", name="환불은 언제 받을 수 있나요").first.click()

    assert page.url.endswith("/articles/KB-0020.ko.html")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "15px"
    assert said == []
    page.close()


@pytest.mark.browser
def test_print_leaves_out_what_paper_cannot_do(served, chromium):
    _, base = served
    page = chromium.new_page()
    page.goto(f"{base}ko/queue.html")
    page.emulate_media(media="print")

    assert not page.locator(".kb-nav").is_visible()
    assert page.locator(".kb-queue__row").first.is_visible()
    page.close()
