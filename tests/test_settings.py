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
events: {targets: [collector: https://votes.example/v1/events, ga4, dom], storage: none}
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
        found.events.collector,
        found.events.storage,
    )
    assert ["ga4"] == [tool.name for tool in found.events.tools]
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
            "events:\n  targets: [collector: votes.example]",
            (
                "mkdocs.yml:7: error: [setting] targets: {'collector': 'votes.example'} cannot be "
                "used (expected https://… or a path such as /v1/events)"
            ),
        ),
        (
            "events:\n  targets: [ga5]",
            ("mkdocs.yml:7: error: [setting] targets: 'ga5' cannot be used (did you mean ga4?)"),
        ),
        (
            "events: {targets: [hotjar]}",
            (
                "mkdocs.yml:6: error: [setting] targets: 'hotjar' cannot be used (expected one of "
                "collector, ga4, plausible, matomo, umami, posthog, dom)"
            ),
        ),
        (
            "events: {targets: [matomo]}",
            (
                "mkdocs.yml:6: error: [setting] targets: 'matomo' cannot be used (expected where "
                "it runs: matomo: https://stats.example.com, or matomo: / for this host)"
            ),
        ),
        (
            "events: {targets: [umami: stats.example.com]}",
            (
                "mkdocs.yml:6: error: [setting] targets: {'umami': 'stats.example.com'} cannot be "
                "used (expected a host such as https://stats.example.com, or /, found "
                "stats.example.com)"
            ),
        ),
        (
            "events: {targets: [ga4, dom, ga4: /]}",
            (
                "mkdocs.yml:6: error: [setting] targets: {'ga4': '/'} cannot be used "
                "(each target can be named once; leave this one out)"
            ),
        ),
        (
            "events: {targets: [dom: kb]}",
            (
                "mkdocs.yml:6: error: [setting] targets: {'dom': 'kb'} cannot be used "
                "(the DOM event takes no address; write dom alone)"
            ),
        ),
        (
            "events: {targets: 5}",
            (
                "mkdocs.yml:6: error: [setting] targets: 5 cannot be used "
                "(expected a list such as [collector, ga4])"
            ),
        ),
        (
            "votes: {endpoint: /v1/events}",
            (
                "mkdocs.yml:6: error: [unknown-setting] kbgen: votes is not a setting "
                "(votes.endpoint is an entry of events.targets now, votes.storage is "
                "events.storage)"
            ),
        ),
        (
            'contact:\n  channels:\n    - {href: "https://chat.example/?a={artcle}"}',
            (
                "mkdocs.yml:8: error: [setting] href: 'https://chat.example/?a={artcle}' cannot be "
                "used ({artcle} is not a placeholder; did you mean {article}?)"
            ),
        ),
        (
            'contact:\n  channels:\n    - {href: "/contact?who={voter}"}',
            (
                "mkdocs.yml:8: error: [setting] href: '/contact?who={voter}' cannot be used "
                "({voter} is not a placeholder; known: {article}, {title}, {url}, {query})"
            ),
        ),
        (
            'contact:\n  channels:\n    - {href: "https://{query}.example/"}',
            (
                "mkdocs.yml:8: error: [setting] href: 'https://{query}.example/' cannot be used "
                "({query} cannot stand in https://{query}.example; put it after the / or the ?)"
            ),
        ),
        (
            'contact:\n  channels:\n    - {href: "tel:{query}"}',
            (
                "mkdocs.yml:8: error: [setting] href: 'tel:{query}' cannot be used "
                "({query} cannot stand in tel:{query}; put it after the / or the ?)"
            ),
        ),
        (
            'contact:\n  channels:\n    - {href: "javascript:go()//{query}"}',
            (
                "mkdocs.yml:8: error: [setting] href: 'javascript:go()//{query}' cannot be used "
                "(expected an address that begins with https://, mailto:, tel: or /)"
            ),
        ),
    ],
)
def test_a_value_that_cannot_be_used_is_said_with_its_line_and_cure(tmp_path, options, expected):
    found = read(tmp_path, options)

    assert [expected] == [str(problem) for problem in found.problems]
    assert found.languages  # what is wrong keeps its default


@pytest.mark.parametrize(
    ("options", "collector", "tools"),
    [
        ("languages: [ko]", "/v1/events", []),
        ("events: {storage: none}", "/v1/events", []),
        ("events: {targets: [collector]}", "/v1/events", []),
        ("events: {targets: umami}", "", [("umami", ())]),
        ("events: {targets: []}", "", []),
        ("events: {targets: [dom]}", "", []),
        ("events:\n  targets:\n    matomo: /\n    ga4:", "", [("matomo", ("/",)), ("ga4", ())]),
        (
            "events: {targets: [posthog, matomo: [https://cdn.example, https://a.example:8443/]]}",
            "",
            [("posthog", ()), ("matomo", ("https://cdn.example", "https://a.example:8443"))],
        ),
    ],
)
def test_targets_are_names_some_with_addresses(tmp_path, options, collector, tools):
    found = read(tmp_path, options)

    assert () == found.problems
    assert collector == found.events.collector
    assert tools == [(tool.name, tool.addresses) for tool in found.events.tools]


def test_every_target_that_cannot_be_used_is_said_and_the_others_are_kept(tmp_path):
    entries = ["ga5", "plausible", "colector: https://votes.example", "matomo"]
    found = read(tmp_path, "events:\n  targets:\n" + "".join(f"    - {e}\n" for e in entries))

    assert [(8, "'ga5'"), (10, "{'colector':"), (11, "'matomo'")] == [
        (problem.line, problem.message.split()[1]) for problem in found.problems
    ]
    assert ["plausible"] == [target.name for target in found.events.targets]


def test_a_channel_without_an_address_is_left_out(tmp_path):
    found = read(tmp_path, "contact:\n  channels:\n    - {kind: email, href: help}")

    assert () == found.contact.channels
    assert 1 == len(found.problems)


def test_a_channel_may_ask_for_the_article_and_the_query(tmp_path):
    hrefs = (
        "https://chat.example/{article}?q={query}#{title}",
        "mailto:help@shop.example?subject={title}&body={url}",
        "/contact?article={article}",
    )
    channels = "".join(f'    - {{href: "{href}"}}\n' for href in hrefs)
    found = read(tmp_path, f"contact:\n  channels:\n{channels}")

    assert () == found.problems
    assert hrefs == tuple(channel.href for channel in found.contact.channels)


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
