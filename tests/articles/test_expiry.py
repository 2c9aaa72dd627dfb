"""End dates of passages: where they stand, what they are about, that no reader sees them."""

from __future__ import annotations

from datetime import date

import pytest

from kbgen.articles.check import check
from kbgen.articles.expiry import passages
from kbgen.articles.revision import rev_of
from kbgen.articles.sections import sections
from kbgen.site.markdown import Renderer, Source
from tests.articles.samples import article, project

DAY = date(2026, 12, 31)
NOTE = "<!-- expires: 2026-12-31 -->"


@pytest.mark.parametrize(
    ("body", "line", "section"),
    [
        (f"Text {NOTE}", 1, ""),
        (f"Text.\n\n{NOTE}\n\n## Sale\n\nFree.", 3, "Sale"),
        (f"Text.\n\n{NOTE}\n## Sale\n\nFree.", 3, "Sale"),
        (f"## Old\n\n{NOTE}\nUntil May.\n\n## Next", 3, "Old"),
        (f"## Old\n\n- one {NOTE}\n- two\n\n## Next", 3, "Old"),
        (f"## Old {NOTE}\n\nText.", 1, "Old"),
        (f"## Old\n\nText.\n\n{NOTE}", 5, "Old"),
        ("Sale\n---- \n\n<!--EXPIRES : 2026-12-31-->\ntext", 4, "Sale"),
    ],
)  # fmt: skip
def test_where_it_stands_and_what_it_is_about(body, line, section):
    (found,) = passages(body)

    assert (found.line, found.until, found.section) == (line, DAY, section)


@pytest.mark.parametrize(
    "body", ["", "expires: 2026-12-31", f"```html\n{NOTE}\n```", f"Write `{NOTE}` so.",
             "<!-- it expires: soon -->"],
)  # fmt: skip
def test_what_is_none(body):
    assert passages(body) == ()


def test_a_malformed_and_a_past_date_are_reported_with_their_lines(tmp_path):
    body = "One. <!-- expires: 31.12.2026 -->\n\nTwo. <!-- expires: 2026-02-30 -->\n\n" + NOTE
    settings = project(tmp_path, {"ko/a/1.md": article(body=body)})

    assert [str(problem) for problem in check(settings, today=date(2027, 1, 1))] == [
        (
            "content/ko/a/1.md:5: warning: [passage-date] expires: '31.12.2026' is no date, so the"
            " passage has no end (write <!-- expires: 2026-12-31 -->)"
        ),
        (
            "content/ko/a/1.md:7: warning: [passage-date] expires: '2026-02-30' is no date, so the"
            " passage has no end (write <!-- expires: 2026-12-31 -->)"
        ),
        (
            "content/ko/a/1.md:9: warning: [passage-expired] this passage expired on 2026-12-31"
            " (renew it and its date, or remove both)"
        ),
    ]
    assert len(check(settings, today=DAY)) == 2


def test_readers_never_see_it_and_no_vote_is_lost_by_it():
    body = f"Text {NOTE} goes on.\n\n{NOTE}\n## Sale\n\n{NOTE}\nFree."
    html = Renderer([], {}, lambda _path, link: link).render(Source("a.md", body, "en")).html

    assert "expires" not in html
    assert ">Sale" in html
    assert "2026" not in " ".join(section.text for section in sections(body))
    assert rev_of("T", body) == rev_of("T", body.replace("2026-12-31", "2027-12-31"))
    assert rev_of("T", body) == rev_of("T", body.replace(NOTE, ""))
