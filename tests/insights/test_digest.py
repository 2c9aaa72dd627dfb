"""The weekly digest: what is new for each owner, and safe files to send."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.errors import ConfigError
from kbgen.insights import analyse
from kbgen.insights.digest import WEEK, digests
from kbgen.insights.letters import as_html, as_mail, as_markdown, file_names, write_digests
from kbgen.insights.words import Words
from tests.insights.samples import TODAY, article, asked, ballots, corpus
from tests.insights.test_report import nasty_world
from tests.insights.test_words import golden

URL = "https://help.example/"


def weekly(shop, events, lang="en", today=TODAY, near=("KB-0020", "ko")):
    judge = partial(analyse, shop, events, suggest=lambda *_: [near])
    return digests(judge(today), judge(today - WEEK), Words(lang), site_name="온담", site_url=URL)


def sections(digest):
    return {section.title: [line.title for line in section.lines] for section in digest.sections}


def library():
    return [article(n, owner="others") for n in range(1, 12)]


def flagged_this_week():
    """Votes enough for a flag came in the last six days; another text got better since an edit."""
    bad = article(20, title="Bad", owner="refunds")
    mended = article(21, title="Mended", owner="refunds", rev="2100002")
    old = replace(mended, rev="2100001")
    events = [e for other in library() for e in ballots(other, 18, 7, day=40)]
    events += [e for day in range(6) for e in ballots(bad, 0, 5, day=day)]
    events += [e for day in range(30, 38) for e in ballots(old, 1, 4, day=day)]
    events += [e for day in range(6) for e in ballots(mended, 5, 0, day=day)]
    events += asked("no answer", 4)
    return corpus(bad, mended, *library()), events


def test_what_is_new_and_what_got_better():
    [found] = [d for d in weekly(*flagged_this_week()) if d.owner == "refunds"]

    assert sections(found) == {
        "New this week": ["Bad"],
        "Got better": ["Mended"],
        "First to mend": ["Bad"],
        "Asked near these articles and not found": ["no answer"],
    }
    [new] = found.sections[0].lines
    [better] = found.sections[1].lines
    assert new.said[0].startswith("0 of 30 voters found this text helpful")
    assert new.url == "https://help.example/ko/returns/a20/"
    assert better.said[-1].startswith("Better: that the new text helps more of its voters is >99 %")
    assert found.subject == "refunds: the week of your articles, 온담, 20 Nov 2026"
    assert found.opening[0].startswith("14 Nov 2026 to 20 Nov 2026. One of these articles")


def test_a_week_later_it_is_no_news():
    [found] = [d for d in weekly(*flagged_this_week(), today=TODAY + WEEK) if d.owner == "refunds"]

    assert sections(found) == {"First to mend": ["Bad"]}


@pytest.mark.parametrize(
    ("dates", "new"),
    [
        ({"reviewed": TODAY - timedelta(days=190)}, []),  # due ten days ago
        ({"reviewed": TODAY - timedelta(days=184)}, ["A"]),  # since four days
        ({"reviewed": TODAY - timedelta(days=170)}, ["A"]),  # near since four days
        ({"reviewed": TODAY - timedelta(days=172)}, ["A"]),
        ({"reviewed": None, "updated": date(2026, 1, 1)}, []),
        ({"reviewed": None, "updated": TODAY - timedelta(days=2)}, ["A"]),  # a new article
    ],
)
def test_dates_that_turned_on_this_week(dates, new):
    page = article(1, title="A", review_every=timedelta(days=180), **dates)
    [found] = weekly(corpus(page), [])

    assert sections(found).get("New this week", []) == new


def test_articles_of_nobody_come_last_and_the_silent_have_no_digest():
    pages = [
        article(1, owner=""),
        article(2, owner="", reviewed=None),
        article(3, owner="Zoe", reviewed=None),
        article(4, owner="zoe", reviewed=None),
        article(5, owner="quiet"),
    ]
    found = weekly(corpus(*pages), [])

    assert [d.owner for d in found] == ["Zoe", ""]
    assert len(sections(found[0])["First to mend"]) == 2
    assert found[1].subject.startswith("Articles without an owner:")


def test_the_digest_speaks_korean():
    shop, events = golden()
    found = weekly(shop, events, "ko")

    assert "team: 이번 주 담당 글 소식, 온담, 2026년 11월 20일" in [d.subject for d in found]
    assert "## 먼저 고칠 글" in as_markdown(found[0])


def mail_of(digest, lang="en"):
    kept = as_mail(digest, today=TODAY, lang=lang, site_name="온담", site_url=URL)
    return email.message_from_bytes(kept.as_bytes(), policy=email.policy.default)


def test_a_mail_says_the_same_in_text_and_html():
    shop, events = golden()
    digest = weekly(shop, events, "ko")[-1]
    mail = mail_of(digest, "ko")
    text, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))

    assert mail["Subject"] == digest.subject
    assert mail["To"] is None
    assert mail["From"] == "온담 <kbgen@help.example>"
    assert mail["Date"].datetime.date() == TODAY
    assert re.fullmatch(r"<[0-9a-f]{24}@help\.example>", mail["Message-ID"])
    assert mail["Content-Language"] == "ko"
    assert mail.get_body(("plain",)).get_content_charset() == "utf-8"
    for section in digest.sections:
        for line in section.lines:
            assert line.title in text
            assert line.title in html
    assert not re.search(r"<(img|script|link|style)|src=|url\(", html)
    assert mail.defects == []


@pytest.mark.parametrize(
    ("owner", "to"),
    [
        ("returns@help.example", "returns@help.example"),
        ("Team <a@help.example>", None),
        ("a@help.example, b@help.example", None),
        ("a@help.example\nBcc: b@help.example", None),
        ("@team", None),
    ],
)
def test_only_an_address_is_an_addressee(owner, to):
    [digest] = weekly(corpus(article(1, owner=owner, reviewed=None)), [])
    mail = mail_of(digest)

    assert mail["To"] == to
    assert mail["Bcc"] is None


def test_what_others_wrote_stays_text():
    shop, events = nasty_world()
    [digest] = weekly(shop, events, near=("KB-0001", "ko"))

    assert "<script" not in as_html(digest, "en")
    assert "<img" not in as_html(digest, "en")
    assert "<script" not in as_markdown(digest)
    assert mail_of(digest)["Subject"].startswith("<script>")


def write(found, folder, today=TODAY):
    paths = write_digests(found, folder, today=today, lang="en", site_name="S", site_url=URL)
    return sorted(path.name for path in paths)


def test_the_files_of_the_week_before_go_and_others_stay(tmp_path):
    shop, events = golden()
    folder = tmp_path / "deep" / "digests"
    first = write(weekly(shop, events), folder)
    again = {path.name: path.read_bytes() for path in folder.iterdir()}
    (folder / "notes.md").write_text("mine")

    assert first == ["orders.eml", "orders.md", "team.eml", "team.md"]
    write(weekly(shop, events[::-1]), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        **again,
        "notes.md": b"mine",
    }
    write([], folder)
    assert [path.name for path in folder.iterdir()] == ["notes.md"]


def test_no_file_of_somebody_else_is_overwritten(tmp_path):
    (tmp_path / "team.md").write_text("mine")
    shop, events = golden()

    with pytest.raises(ConfigError, match=r"team\.md would be overwritten"):
        write(weekly(shop, events), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["team.md"]
    with pytest.raises(ConfigError, match="is a file"):
        write([], tmp_path / "team.md")


def test_names_of_files():
    owners = ["배송팀", "a/../b", "A b", "a-B", "nobody", "con", "...", "me@x.example", ""]

    assert file_names(owners) == [
        "배송팀", "a-b", "A-b-2", "a-B-3", "nobody-", "con-", "owner", "me@x-example", "nobody",
    ]  # fmt: skip


@given(st.lists(st.text(max_size=80), max_size=5))
def test_names_are_safe_whatever_owners_are_called(owners):
    names = file_names(owners)

    assert len({name.casefold() for name in names}) == len(owners)
    for name in names:
        assert re.fullmatch(r"[\w@+-]+", name)
        assert len(name.encode()) < 250
