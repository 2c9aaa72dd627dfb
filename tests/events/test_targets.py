"""Web analytics gets the same events: in a real browser, with every tool replaced by a recorder."""

from __future__ import annotations

import csv
import html
import io
import json
import random
import re
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import unquote_plus

import pytest
import yaml
from click.testing import CliRunner

from kbgen.cli import cli
from kbgen.events import Event, open_store, parse
from kbgen.settings.model import TargetName
from kbgen.site.assets import sent
from kbgen.site.policy import USUAL
from kbgen.strings import theme_folder
from tests.events.harness import help_center
from tests.events.test_widget import AGE, wait_for
from tests.pages import blocks, doc, first_cells, section
from tests.site.browsing import site_served, visiting
from tests.site.samples import markdown, project

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

TOOLS = ("ga4", "plausible", "matomo", "umami", "posthog")
CASES = json.loads((Path(__file__).parent / "cases/targets.json").read_text("utf-8"))
EVENTS: dict[str, dict[str, Any]] = {event["type"]: event for event in CASES["events"]}
LONG = "환불은 " * 249 + "😀끝"  # 999 characters, 1,000 in UTF-16, 2,753 bytes

# What each tool's own script leaves on a page, as far as pages talk to it.
RECORDERS = """
  window.calls = [];
  const record = (name) => (...given) => { calls.push([name, ...given]); };
  window.recorders = {
    ga4: () => { window.gtag = record("gtag"); },
    plausible: () => { window.plausible = record("plausible"); },
    matomo: () => { window._paq = { push: record("_paq.push") }; },
    umami: () => { window.umami = { track: record("umami.track") }; },
    posthog: () => { window.posthog = { capture: record("posthog.capture") }; },
  };
  window.tell = (type, ...events) => {
    for (const detail of events) document.dispatchEvent(new CustomEvent(type, { detail }));
  };
"""


@pytest.fixture(scope="module")
def home() -> Iterator[str]:
    """The address of a help center whose pages send to no collector."""
    with help_center([], events="") as address:
        yield address


@contextmanager
def visit(chromium: Browser, home: str) -> Iterator[Page]:
    """A page with recorders at hand, which nobody may make complain."""
    complaints: list[str] = []
    with chromium.new_context() as context:
        context.add_init_script(RECORDERS)
        opened = context.new_page()
        opened.on("console", lambda message: complaints.append(message.text))
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.goto(home + "/en/refund/")
        opened.locator(".kb-vote__form").wait_for()
        yield opened
        assert opened.evaluate("window.violations") is None
    assert [] == complaints


@pytest.fixture
def page(chromium: Browser, home: str) -> Iterator[Page]:
    """A page without any tool."""
    with visit(chromium, home) as opened:
        yield opened


@pytest.fixture(scope="module")
def tools(chromium: Browser, home: str) -> Iterator[Page]:
    """A page with all of them."""
    with visit(chromium, home) as opened:
        name_targets(opened, *TOOLS)
        put(opened, *TOOLS)
        yield opened


def name_targets(page: Page, *names: str) -> None:
    """Loads kbgen's modules for tools, as a page does whose mkdocs.yml names them."""
    for name in names:
        page.evaluate(f"import('/theme/components/targets/{name}.js')")


def put(page: Page, *names: str) -> None:
    """The tools arrive."""
    page.evaluate("names => names.forEach((name) => recorders[name]())", list(names))


def tell(page: Page, *events: dict[str, Any], kind: str = "kbgen:sent") -> None:
    """The sender tells what was sent."""
    page.evaluate("([kind, events]) => tell(kind, ...events)", [kind, list(events)])


def calls(page: Page) -> list[Any]:
    """What the tools were told, in order."""
    found: list[Any] = page.evaluate("calls")
    return found


def told(page: Page, name: str, event: dict[str, Any]) -> list[Any]:
    """What one tool is told of one event."""
    page.evaluate("calls.length = 0")
    tell(page, event)
    prefix = {"ga4": "gtag", "matomo": "_paq"}.get(name, name)
    return [call for call in calls(page) if call[0].startswith(prefix)]


def test_each_tool_is_told_of_each_type_of_event(tools: Page) -> None:
    found = {name: {kind: told(tools, name, e) for kind, e in EVENTS.items()} for name in TOOLS}

    assert CASES["calls"] == found


def test_the_examples_are_events() -> None:
    assert ["search", "click", "view", "vote", "detail", "contact"] == list(EVENTS)
    assert all(isinstance(parse(event), Event) for event in EVENTS.values())


def test_the_sender_tells_the_tools_what_it_tells_everybody(tools: Page) -> None:
    """Personal data is out, unknown fields are out, and what a robot filled in goes nowhere."""
    tools.evaluate("calls.length = sent.length = 0")
    search = {"type": "search", "query": "refund to a@b.co", "results": 0, "colour": "red"}
    tell(tools, search | {"trap": "pills"}, kind="kbgen:event")
    assert [] == calls(tools)

    tell(tools, search, kind="kbgen:event")
    (event,) = tools.evaluate("window.sent")
    by_name = {call[0]: call for call in calls(tools)}

    fields = {name: event[name] for name in event if name not in ("v", "type")}
    assert ("refund to [email]", 0) == (fields["query"], fields["results"])
    assert ["posthog.capture", "kbgen_search", fields] == by_name["posthog.capture"]
    assert fields == by_name["umami.track"][2] == by_name["plausible"][2]["props"]
    assert ["_paq.push", ["trackSiteSearch", "refund to [email]", "kbgen", 0]] in calls(tools)


def test_a_late_tool_gets_what_happened_before(page: Page) -> None:
    """The last hundred events, in their order."""
    name_targets(page, *TOOLS)
    vote = EVENTS["vote"]
    tell(page, *({**vote, "event_id": str(number)} for number in range(120)))
    put(page, "umami", "ga4")
    page.wait_for_function("() => calls.length >= 200")
    put(page, "posthog")
    tell(page, {**vote, "event_id": "later"})  # looks for the tools at once

    found: dict[str, list[str]] = {}
    for call in calls(page):
        found.setdefault(call[0], []).append(call[-1]["event_id"])
    last = [str(number) for number in range(20, 120)]
    assert [*last, "later"] == found["umami.track"] == found["gtag"]
    assert [*last[1:], "later"] == found["posthog.capture"]


def test_a_tool_that_comes_with_the_end_of_the_page_is_told(page: Page, home: str) -> None:
    name_targets(page, "plausible")
    page.clock.install()
    tell(page, EVENTS["vote"])
    put(page, "plausible")
    page.evaluate(
        "addEventListener('pagehide', () => { sessionStorage.calls = JSON.stringify(calls); })"
    )
    page.goto(home + "/ko/refund/")

    assert [["plausible", "kbgen_vote"]] == [
        c[:2] for c in json.loads(page.evaluate("sessionStorage.calls"))
    ]


def test_a_tool_that_fails_disturbs_nobody(page: Page) -> None:
    """Nothing in the console (the fixture looks), and the tools after it are told all the same."""
    page.evaluate(
        """() => {
          const fail = () => { throw new Error("broken"); };
          window.gtag = fail;
          window._paq = { push: () => ({ get then() { fail(); } }) };
          Object.defineProperty(window, "plausible", { get: fail });
          window.umami = {
            track: async (name, data) => {
              data.vote = 7;
              fail();
            },
          };
        }"""
    )
    name_targets(page, *TOOLS)
    put(page, "posthog")
    tell(page, EVENTS["vote"], EVENTS["search"])
    page.wait_for_timeout(50)  # for promises that nobody has caught

    expected = CASES["calls"]["posthog"]
    assert [*expected["vote"], *expected["search"]] == calls(page)


def test_an_anchor_is_no_tool(page: Page) -> None:
    """Elements with an id are globals too, so an article about a tool could look like it."""
    page.evaluate(
        """names => document.body.append(...names.map((id) => {
          return Object.assign(document.createElement("h2"), { id });
        }))""",
        ["gtag", "dataLayer", "google_tag_manager", "plausible", "_paq", "umami", "posthog"],
    )
    name_targets(page, *TOOLS)
    tell(page, EVENTS["vote"])
    put(page, *TOOLS)
    page.wait_for_function("() => calls.length >= 5")

    assert {"gtag", "plausible", "_paq.push", "umami.track", "posthog.capture"} == {
        call[0] for call in calls(page)
    }


def test_tag_manager_alone_gets_events_through_its_data_layer(page: Page) -> None:
    page.evaluate("Object.assign(window, { google_tag_manager: { 'GTM-X': {} }, dataLayer: [] })")
    name_targets(page, "ga4")
    tell(page, EVENTS["vote"])

    ((_, _, name, parameters),) = CASES["calls"]["ga4"]["vote"]
    assert [{"kbgen": None}, {"event": name, "kbgen": parameters}] == page.evaluate("dataLayer")


def whole(fields: dict[str, Any], name: str) -> str:
    """A value from its pieces."""
    pieces = [fields.get(name, "")]
    while f"{name}_{len(pieces) + 1}" in fields:
        pieces.append(fields[f"{name}_{len(pieces) + 1}"])
    return "".join(pieces)


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


FULL = EVENTS["detail"] | {
    "comment": LONG,
    "prev": "?" + "환불 " * 100,
    "path": "/ko/" + "%ED" * 60,
}


@pytest.mark.parametrize(
    ("name", "place", "most", "length"),
    [("ga4", 3, 25, 100), ("umami", 2, 50, 500), ("plausible", 2, 30, 2000)],
)
def test_long_values_arrive_in_pieces(
    tools: Page, name: str, place: int, most: int, length: int
) -> None:
    """A comment of 1,000 signs with a query of 300 before it, and nothing is lost."""
    ((*_, fields),) = [call[: place + 1] for call in told(tools, name, FULL)]
    fields = fields.get("props", fields)

    size = (lambda text: len(text.encode())) if name == "plausible" else utf16
    assert [LONG, FULL["prev"]] == [whole(fields, key) for key in ("comment", "prev")]
    assert len(fields) <= most
    assert max(size(value) for value in fields.values() if isinstance(value, str)) <= length
    assert whole(fields, "path") == ("" if name == "ga4" else FULL["path"])


def test_pieces_are_whole_characters_and_only_what_has_no_room_is_cut(tools: Page) -> None:
    random.seed(4)
    texts = ["".join(random.choices("a é환😀\n", k=random.randrange(40))) for _ in range(300)]
    found = tools.evaluate(
        """async (texts) => {
          const { split, bytes } = await import("/theme/components/targets/split.js");
          return texts.map((text) => [
            split({ text, vote: 0 }, { length: 7 }),
            split({ text, path: text, vote: 0 }, { length: 9, count: 6, measure: bytes }),
          ]);
        }""",
        texts,
    )

    for text, (units, octets) in zip(texts, found, strict=True):
        assert text == whole(units, "text")
        assert all(utf16(value) <= 7 for value in units.values() if value != 0)
        assert all(len(value.encode()) <= 9 for value in octets.values() if value != 0)
        count = sum(name.startswith("text") for name in octets)
        assert text == whole(octets, "text") or (
            count == 4 and text.startswith(whole(octets, "text"))
        )
        assert whole(octets, "path") == (text if 2 * count + 1 <= 6 else "")


def in_a_matomo_report(name: str) -> str:
    """What Matomo makes of a name: escaped, 4,096 characters kept, and decoded for a report."""
    stored = html.escape(name)[:4096]
    return html.unescape(unquote_plus(html.unescape(stored)))


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({}, set()),
        (
            {"comment": "100 % <b>'better'</b> &amp; \"cheaper\" + 😀\\\n\t%20", "prev": "?a+b%"},
            set(),
        ),
        ({"comment": LONG}, set()),
        ({"comment": '"' * 1000}, {"comment"}),
        ({"comment": LONG, "path": "/" + "%ED" * 600}, {"comment", "path"}),
    ],
)
def test_matomo_gives_back_what_it_was_told(
    tools: Page, changes: dict[str, str], lost: set[str]
) -> None:
    """Whatever a reader writes; what is too long loses its end and stays JSON."""
    event = EVENTS["detail"] | changes
    ((_, (_, _, _, name, _)),) = told(tools, "matomo", event)
    found = json.loads(in_a_matomo_report(name))

    expected = {key: value for key, value in event.items() if key not in ("v", "type")}
    assert {key for key in expected if expected[key] != found.get(key)} == lost
    assert event["comment"].startswith(found.get("comment", ""))
    assert "path" in lost or "comment" not in lost or 400 < len(found["comment"])


# The documents


def told_in(page: str) -> str:
    """The calls that a page of docs/targets says a tool gets."""
    (block,) = blocks(section(doc(f"targets/{page}"), "What arrives"))
    return block.text


@pytest.mark.parametrize("name", TOOLS)
def test_documented_calls_are_the_calls(tools: Page, name: str) -> None:
    tools.evaluate("calls.length = 0")
    tools.evaluate(f"() => {{ {told_in(name)} }}")

    expected = CASES["calls"][name]
    assert [*expected["vote"], *expected["detail"], *expected["search"]] == calls(tools)


def test_documented_events_are_the_events_of_the_examples() -> None:
    (_, lines) = blocks(doc("targets/README"))

    assert CASES["events"] == [json.loads(line) for line in lines.text.splitlines()]
    for page in ("collector", "dom"):
        assert EVENTS["vote"] == json.loads(told_in(page))


def test_documented_weights_are_the_weights() -> None:
    """1 to 3 KB for a tool, with what it shares with the others."""
    folder = theme_folder() / "components" / "targets"
    sizes = {f.stem: len(sent(f.read_text("utf-8")).encode()) for f in folder.glob("*.js")}
    shared = {"connect", "split"}

    assert {*TOOLS, *shared} == set(sizes)
    for name in TOOLS:
        text = (folder / f"{name}.js").read_text("utf-8")
        whole = sizes[name] + sum(sizes[part] for part in shared if f"./{part}.js" in text)
        assert 1_000 <= whole <= 3_000


def test_every_target_is_documented() -> None:
    names = {f"`{name}`" for name in get_args(TargetName)}
    first = first_cells(doc("targets/README").partition("##")[0])

    assert names == set(first_cells(section(doc("configuration"), "events")))
    assert [f"[`{name}`]({name}.md)" for name in get_args(TargetName)] == first


def test_the_usual_hosts_are_documented() -> None:
    table = section(doc("configuration"), "events")

    assert USUAL["plausible"].scripts[0] in table
    assert all(host in doc("targets/umami") for host in USUAL["umami"].sends)


# A whole site, made as the documents say

FILES = {
    "en/returns/refund.md": markdown("Refunds", "Three days.", id="KB-0001"),
    "en/returns/cost.md": markdown("Costs", "None. [Refunds](refund.md)", id="KB-0002"),
}
# What each address answers in place of the tool's own script. They take over what the snippet has
# queued, as the real ones do, and umami and plausible find out who called them.
SCRIPTS = {
    "https://www.googletagmanager.com/gtag/js": """
        const take = (given) => { if (given[0] === "event") calls.push(["gtag", ...given]); };
        dataLayer.forEach(take);
        dataLayer.push = take;
    """,
    "https://plausible.io/js/script.js": """
        const site = document.currentScript.dataset.domain;
        window.plausible = (...given) => { if (site) calls.push(["plausible", ...given]); };
    """,
    "https://stats.example.com/matomo.js": """
        const take = (...all) => all.forEach((one) => calls.push(["_paq.push", one]));
        take(..._paq);
        window._paq = { push: take };
    """,
    "https://cloud.umami.is/script.js": """
        const website = document.currentScript.dataset.websiteId;
        window.umami = {
          track: async (...given) => { if (website) calls.push(["umami.track", ...given]); },
        };
    """,
    "https://eu-assets.i.posthog.com/static/array.js": """
        window.posthog = {
          init() { this.capture = (...given) => { calls.push(["posthog.capture", ...given]); }; },
        };
    """,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A site with the two lines and the file of every page of docs/targets, and its store."""
    root = tmp_path_factory.mktemp("targets")
    files, scripts, targets = dict(FILES), [], []
    for name in TOOLS:
        lines, script = blocks(section(doc(f"targets/{name}"), "Two lines to add"))[:2]
        data = yaml.safe_load(lines.text)
        scripts += data["extra_javascript"]
        (options,) = data["plugins"]
        targets += [t for t in options["kbgen"]["events"]["targets"] if t not in targets]
        files[scripts[-1]] = script.text
    config = project(root, files, languages=["en"], events={"targets": targets, "storage": "none"})
    data = yaml.safe_load(config.read_text("utf-8")) | {"extra_javascript": scripts}
    config.write_text(yaml.safe_dump(data), "utf-8")
    with site_served(config, root) as home:
        yield home, root / "events.db"


def votes(database: Path) -> list[Event]:
    """What the collector has stored."""
    with open_store(database, readonly=True) as store:
        return [event for event in store.events() if event.type == "vote"]


def test_the_two_lines_are_enough(chromium: Browser, site: tuple[str, Path]) -> None:
    """Under the site's own policy, with instant navigation; the collector gets the same event."""
    home, database = site
    with visiting(chromium, home) as reader:
        reader.context.add_init_script(f"window.calls = []; {AGE}")
        reader.context.add_init_script(
            "document.addEventListener('kbgen:sent', ({ detail }) => { detail.lang = 'xx'; });"
        )
        asked: list[str] = []
        for address, script in SCRIPTS.items():
            text = f"(() => {{ {script} }})();"
            reader.context.route(
                f"{address}*",
                lambda route, _, text=text: route.fulfill(
                    body=text, content_type="text/javascript"
                ),
            )
        page = reader.open("en/returns/cost/")
        page.on("request", lambda request: asked.append(request.url))
        page.evaluate("window.isSame = true; window.age()")
        page.locator("article a", has_text="Refunds").first.click()
        page.locator("h1", has_text="Refunds").wait_for()
        page.locator(".kb-vote__button[value='0']").click()
        page.wait_for_function("() => calls.filter((c) => c[0] !== '_paq.push').length >= 4")
        found = calls(page)

        assert page.evaluate("isSame")
        assert [] == [address for address in asked if not address.startswith(home)]
        wait_for(page, lambda: votes(database))
    by_tool = {call[0]: call for call in found if "vote" in json.dumps(call)}
    assert {"gtag", "plausible", "_paq.push", "umami.track", "posthog.capture"} == set(by_tool)
    assert len(TOOLS) == sum("vote" in json.dumps(call) for call in found)
    fields = by_tool["posthog.capture"][2]
    assert ("KB-0001", "/en/returns/refund/", 0) == tuple(
        fields[name] for name in ("article", "path", "vote")
    )
    (vote_kept,) = votes(database)
    assert (fields["event_id"], 0, "en") == (vote_kept.event_id, vote_kept.vote, vote_kept.lang)
    assert ["_paq.push", ["setCustomUrl", f"{home}en/returns/refund/"]] in found
    assert [
        complaint
        for complaint in reader.complaints
        if not complaint.startswith(tuple(f"request to another host: {a}" for a in SCRIPTS))
    ] == []


# Bringing it back


def bigquery(events: list[list[Any]]) -> str:
    """GA4's export of what gtag was told: one event a line."""
    return "\n".join(
        json.dumps({
            "event_timestamp": "1793698200000000",
            "event_name": name,
            "event_params": [
                {"key": key, "value": {"string_value": value} if isinstance(value, str)
                 else {"int_value": str(value)}}
                for key, value in {**parameters, "ga_session_id": 1793698100}.items()
            ],
        })
        for _, _, name, parameters in events
    )  # fmt: skip


def stats(events: list[list[Any]]) -> str:
    """The answer of Plausible's Stats API to a question for all properties."""
    names = sorted({key for _, _, options in events for key in options["props"]})
    return json.dumps({
        "results": [
            {
                "dimensions": [name, *(str(options["props"].get(n, "(none)")) for n in names)],
                "metrics": [1],
            }
            for _, name, options in events
        ],
        "meta": {},
        "query": {
            "site_id": "help.example.com",
            "metrics": ["events"],
            "date_range": ["2026-11-01T00:00:00+09:00", "2026-11-30T23:59:59+09:00"],
            "dimensions": ["event:goal", *(f"event:props:{name}" for name in names)],
        },
    })  # fmt: skip


def visits(events: list[list[Any]]) -> str:
    """Matomo's log of visits, as Live.getLastVisitsDetails gives it."""
    actions = []
    for _, (kind, *given) in events:
        when = {"timestamp": 1793698200}
        if kind == "trackSiteSearch":
            names = ("siteSearchKeyword", "siteSearchCategory", "siteSearchCount")
            actions.append({"type": "search", **dict(zip(names, given, strict=True)), **when})
        else:
            category, action, name, *_ = given
            actions.append({"type": "event", "eventCategory": category, "eventAction": action,
                            "eventName": in_a_matomo_report(name), **when})  # fmt: skip
    return json.dumps([{"idVisit": 7, "visitorId": "8d1f", "actionDetails": actions}])


def table(events: list[list[Any]]) -> str:
    """PostHog's answer to the query of its page, as CSV."""
    (query, _) = blocks(section(doc("targets/posthog"), "Bringing it back"))
    names = re.findall(r" AS (\w+)", query.text)
    rows = ({"type": name.removeprefix("kbgen_"), **given} for _, name, given in events)
    out = io.StringIO()
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "export"),
    [("ga4", bigquery), ("plausible", stats), ("matomo", visits), ("posthog", table)],
)
def test_what_arrived_comes_back(name: str, export: Callable[..., str], tmp_path: Path) -> None:
    """Through each tool's export and its reader the same six events, each once."""
    told = [call for kind in CASES["calls"][name].values() for call in kind]
    (shell,) = [
        block.text
        for block in blocks(section(doc(f"targets/{name}"), "Bringing it back"))
        if block.language == "sh"
    ]
    _, *command = shlex.split(shell)
    file = tmp_path / command[2]
    file.write_text(export(told), "utf-8")
    (tmp_path / "mkdocs.yml").write_text("plugins: [kbgen]", "utf-8")
    run = CliRunner().invoke(
        cli,
        [*command[:2], str(file), *command[3:],
         "--db", str(tmp_path / "events.db"), "-f", str(tmp_path / "mkdocs.yml")],
    )  # fmt: skip

    assert 0 == run.exit_code, run.output
    with open_store(tmp_path / "events.db") as store:
        back = {event.type: replace(event, voter="") for event in store.events()}
    assert {kind: parse(event) for kind, event in EVENTS.items()} == back
