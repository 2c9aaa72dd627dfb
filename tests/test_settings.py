"""What mkdocs.yml may say, and what is said about what it may not."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from kbgen.errors import ConfigError
from kbgen.settings import Settings, load

HEAD = """\
site_name: Help
site_url: https://help.example
plugins:
  - search
  - kbgen:
"""


def read(tmp_path: Path, options: str) -> Settings:
    """The settings of an mkdocs.yml with these lines below `kbgen:`."""
    config = tmp_path / "mkdocs.yml"
    config.write_text(HEAD + "".join(f"      {line}\n" for line in options.splitlines()), "utf-8")
    return load(config)


def test_every_key_is_read(tmp_path):
    found = read(
        tmp_path,
        """\
languages: [ko, en]
name: {ko: 고객센터, en: Help}
audience: agents
brand_hue: 20
home: https://shop.example/
assets: [pictures/**]
votes: {endpoint: https://votes.example/v1/events, storage: none}
contact:
  timezone: Asia/Seoul
  hours: {mon-fri: "09:00-12:00, 13:00-18:00", sat: "10:00-14:00"}
  holidays: [2026-12-25, 2026-10-09]
  channels:
    - {kind: phone, href: "tel:+82-2-555-0147", label: Phone}
""",
    )

    assert () == found.problems
    assert ("ko", "en") == found.languages
    assert ("고객센터", "Help", "고객센터") == tuple(map(found.name, ["ko", "en", "fr"]))
    assert "https://help.example/" == found.site_url
    assert ("agents", 20, ("pictures/**",)) == (found.audience, found.brand_hue, found.assets)
    assert ("https://votes.example/v1/events", "none") == (
        found.votes.endpoint,
        found.votes.storage,
    )
    assert [0, 1, 2, 3, 4, 5] == list(found.contact.hours)
    assert ((time(9), time(12)), (time(13), time(18))) == found.contact.hours[0]
    assert (date(2026, 10, 9), date(2026, 12, 25)) == found.contact.holidays
    assert ["tel:+82-2-555-0147"] == [channel.href for channel in found.contact.channels]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            "langauges: [ko]",
            (
                "mkdocs.yml:6: error: [unknown-setting] kbgen: langauges is not a setting "
                "(did you mean languages?)"
            ),
        ),
        (
            "languages: [Korean!]",
            (
                "mkdocs.yml:6: error: [setting] languages: ['Korean!'] cannot be used "
                "(expected a list of language tags such as [ko, en])"
            ),
        ),
        (
            "audience: agent",
            (
                "mkdocs.yml:6: error: [setting] audience: 'agent' cannot be used "
                "(did you mean agents?)"
            ),
        ),
        (
            "brand_hue: 400",
            (
                "mkdocs.yml:6: error: [setting] brand_hue: 400 cannot be used "
                "(expected a hue from 0 to 359)"
            ),
        ),
        (
            "contact:\n  hours: {monday: 9-18}",
            (
                "mkdocs.yml:7: error: [setting] hours: {'monday': '9-18'} cannot be used "
                '(expected hours such as "09:00-18:00", found 9-18)'
            ),
        ),
        (
            'contact:\n  hours: {weekdays: "09:00-18:00"}',
            (
                "mkdocs.yml:7: error: [setting] hours: {'weekdays': '09:00-18:00'} cannot be used "
                "(expected days such as mon or mon-fri, found weekdays)"
            ),
        ),
        (
            'contact:\n  hours: {mon: "18:00-09:00"}',
            (
                "mkdocs.yml:7: error: [setting] hours: {'mon': '18:00-09:00'} cannot be used "
                "(expected the earlier hour first, found 18:00-09:00)"
            ),
        ),
        (
            'contact:\n  hours: {sat-mon: "09:00-18:00"}',
            (
                "mkdocs.yml:7: error: [setting] hours: {'sat-mon': '09:00-18:00'} cannot be used "
                "(expected the earlier day first (the week begins on mon), found sat-mon)"
            ),
        ),
        (
            "contact:\n  timezone: Seoul",
            (
                "mkdocs.yml:7: error: [setting] timezone: 'Seoul' cannot be used "
                "(expected a time zone such as Asia/Seoul)"
            ),
        ),
        (
            "contact:\n  holidays: [Christmas]",
            (
                "mkdocs.yml:7: error: [setting] holidays: ['Christmas'] cannot be used "
                "(expected days such as 2026-12-25, found Christmas)"
            ),
        ),
        (
            "votes: {endpoint: votes.example}",
            (
                "mkdocs.yml:6: error: [setting] endpoint: 'votes.example' cannot be used "
                "(expected https://… or a path such as /v1/events, or '' for none)"
            ),
        ),
    ],
)
def test_a_value_that_cannot_be_used_is_said_with_its_line_and_cure(tmp_path, options, expected):
    found = read(tmp_path, options)

    assert [expected] == [str(problem) for problem in found.problems]
    assert found.languages  # what is wrong keeps its default


def test_a_channel_without_an_address_is_left_out(tmp_path):
    found = read(tmp_path, "contact:\n  channels:\n    - {kind: email, href: help}")

    assert () == found.contact.channels
    assert found.problems


@pytest.mark.parametrize(
    "text", ["", "- a list", "a: [", "\ud800".encode("utf-8", "surrogatepass")]
)
def test_a_file_that_is_no_mapping_says_so(tmp_path, text):
    config = tmp_path / "mkdocs.yml"
    config.write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(ConfigError, match=r"mkdocs\.yml"):
        load(config)


def test_a_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(ConfigError, match="run kbgen where"):
        load(tmp_path / "mkdocs.yml")
