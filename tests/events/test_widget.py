"""The widget and the sender in a real browser, under a strict policy, against a real collector."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kbgen.events import Event, Store, last_details, parse
from kbgen.events.collector import collector
from kbgen.events.guard import Limits
from tests.events.harness import help_center
from tests.events.serving import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

CASES = Path(__file__).parent / "cases/scrub.json"
YES, NO = ".kb-vote__button[value='1']", ".kb-vote__button[value='0']"
STATUS, SEND, COMMENT = ".kb-vote__status", ".kb-vote__send", ".kb-vote__comment"
# Pages in tests are young; events.js lets votes wait during the first two seconds of a page.
AGE = "{ const now = Date.now; window.age = () => { Date.now = () => now() + 2_000; }; }"


@dataclass
class Center:
    """A help center, a browser that visits it, and everything that the browser complained about."""

    url: str
    store: Path
    context: BrowserContext
    complaints: list[str] = field(default_factory=list)

    def visit(self, address: str = "/ko/refund/", *, old: bool = True) -> Page:
        """An open page; `old` enough that votes leave it at once."""
        page = self.context.new_page()
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.url + address)
        page.locator(".kb-vote__form").wait_for()
        if old:
            page.evaluate("window.age()")
        return page

    def kept(self, count: int, kind: str = "vote") -> list[Event]:
        """The events of a type, once there are `count` of them."""
        found: list[Event] = []
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with Store.open(self.store, readonly=True) as store:
                found = [e for e in store.events() if e.type == kind]
            if len(found) >= count:
                break
            time.sleep(0.02)
        assert count == len(found), found
        return found


Open = Callable[..., Center]


@pytest.fixture
def center(chromium: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens help centers, and checks in the end that no browser complained."""
    closing: list[Any] = []
    opened: list[Center] = []

    def make(routes: list[BaseRoute] | None = None, **options: Any) -> Center:
        context = chromium.new_context(
            viewport={"width": 390, "height": 844}, **options.pop("context", {})
        )
        context.add_init_script(AGE)
        store = Store.open(tmp_path / "events.db")
        app = collector(
            store, same_origin=True, origins=options.pop("origins", ()),
            limits=Limits(votes_per_minute=0, others_per_minute=0),
        )  # fmt: skip
        running = help_center(app.routes if routes is None else routes, **options)
        closing.extend([context.close, lambda: running.__exit__(None, None, None),
                        app.state.collector.close, store.close])  # fmt: skip
        opened.append(Center(running.__enter__(), tmp_path / "events.db", context))
        return opened[-1]

    yield make
    for close in closing:
        close()
    for one in opened:
        assert [] == one.complaints


def wait_for(page: Page, holds: Callable[[], object]) -> None:
    """Until it does; the browser goes on meanwhile."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        page.wait_for_timeout(20)


def sent(page: Page) -> list[dict[str, Any]]:
    """What the page told."""
    found: list[dict[str, Any]] = page.evaluate("window.sent")
    return found


def answer(
    status: int,
    *,
    wait: float = 0,
    seen: list[bytes] | None = None,
    answered: list[bool] | None = None,
) -> list[BaseRoute]:
    """A collector that always answers the same."""

    async def receive(request: Request) -> Response:
        body = await request.body()
        if seen is not None:
            seen.append(body)
        if wait:
            await asyncio.sleep(wait)
        if answered is not None:
            answered.append(True)
        return Response(status_code=status)

    return [Route("/v1/events", receive, methods=["POST"])]


def test_a_click_is_a_vote_on_disk(center: Open) -> None:
    help_center = center()
    page = help_center.visit()

    page.click(NO)

    (vote,) = help_center.kept(1)
    assert ("KB-0042", "ko", "0123456789ab", "/ko/refund/", 0, "web", "") == (
        vote.article, vote.lang, vote.rev, vote.path, vote.vote, vote.source, vote.reason,
    )  # fmt: skip
    assert 32 == len(vote.voter)
    assert "true" == page.get_attribute(NO, "aria-pressed")
    assert "알려 주셔서 고마워요. 무엇을 고칠지 살펴볼게요." == page.inner_text(STATUS)
    assert NO == page.evaluate("`.kb-vote__button[value='${document.activeElement.value}']`")
    assert page.is_visible("[data-kb-contact-after-no]")
    assert page.is_visible(".kb-vote__contact")
    assert page.evaluate("window.violations") is None


def test_a_reader_may_change_their_mind(center: Open) -> None:
    help_center = center()
    page = help_center.visit()

    for button in (YES, NO, NO, YES):
        page.click(button)

    # Each click is sent at once; the next may arrive before it.
    assert [1, 0, 1] == [v.vote for v in sorted(help_center.kept(3), key=lambda v: v.event_id)]
    with Store.open(help_center.store, readonly=True) as store:
        assert [1] == [vote.vote for vote in store.votes()]
    assert ["true", "false"] == [page.get_attribute(b, "aria-pressed") for b in (YES, NO)]


def test_a_reason_and_a_comment_follow_the_vote(center: Open) -> None:
    help_center = center()
    page = help_center.visit()
    page.click(NO)
    page.get_by_label("빠진 내용이 있어요").check()
    assert "incomplete" == help_center.kept(1, "detail")[0].reason  # nobody pressed "send" yet

    page.fill(COMMENT, "택배비가 없어요. 010-1234-5678로 연락 주세요")
    assert "31 / 1,000" == page.inner_text(".kb-vote__count")
    page.click(SEND)

    details = help_center.kept(2, "detail")
    (vote,) = help_center.kept(1)
    last = last_details(details)[vote.event_id]
    assert ("incomplete", "택배비가 없어요. [phone]로 연락 주세요", 0) == (
        last.reason, last.comment, last.vote,
    )  # fmt: skip
    assert [f"{vote.event_id}.{n}" for n in (1, 2)] == [detail.event_id for detail in details]
    assert page.is_hidden(".kb-vote__more")
    assert "고마워요" in page.inner_text(STATUS)
    assert page.evaluate("document.activeElement.matches('.kb-vote__status')")


def test_reasons_fit_the_answer(center: Open) -> None:
    page = center().visit("/en/refund/", old=False)
    visible = "els => els.filter(e => e.checkVisibility()).map(e => e.value)"

    page.click(YES)
    assert ["accurate", "easy", "complete", "other"] == page.eval_on_selector_all(
        ".kb-vote__radio", visible
    )
    assert page.is_hidden("[data-kb-contact-after-no]")
    page.click(NO)
    assert [
        "inaccurate", "outdated", "incomplete", "confusing", "visuals", "broken_link",
        "translation", "other",
    ] == page.eval_on_selector_all(".kb-vote__radio", visible)  # fmt: skip


def test_sending_nothing_says_what_to_do(center: Open) -> None:
    page = center().visit(old=False)
    page.click(YES)
    page.click(SEND)

    assert "이유를 고르거나 내용을 적은 다음 보내 주세요." == page.inner_text(STATUS)
    assert ["vote"] == [event["type"] for event in sent(page)]


def test_a_comment_has_at_most_a_thousand_characters(center: Open) -> None:
    page = center().visit(old=False)
    page.click(YES)
    page.fill(COMMENT, "가" * 1200)

    assert 1000 == len(page.input_value(COMMENT))
    assert "1,000 / 1,000" == page.inner_text(".kb-vote__count")
    page.click(SEND)
    assert 1000 == len(sent(page)[-1]["comment"])


def test_works_by_keyboard_alone(center: Open) -> None:
    help_center = center()
    page = help_center.visit()
    page.focus("a#other")
    for _ in range(2):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # yes
    for _ in range(2):
        page.keyboard.press("Tab")
    for key in ("Space", "ArrowRight", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("좋아요")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    (detail,) = help_center.kept(1, "detail")
    assert ("easy", "좋아요") == (detail.reason, detail.comment)


def test_a_script_does_not_vote(center: Open) -> None:
    page = center().visit(old=False)

    page.evaluate(f"document.querySelector(`{YES}`).click()")
    page.evaluate(f"document.querySelector(`{NO}`).dispatchEvent(new MouseEvent('click'))")

    assert [] == sent(page)
    assert "false" == page.get_attribute(YES, "aria-pressed")


def test_what_fills_the_hidden_field_is_refused(center: Open) -> None:
    seen: list[bytes] = []
    page = center(answer(204, seen=seen)).visit()
    page.evaluate("document.querySelector('[name=kb_topic]').value = 'pills'")
    page.click(YES)
    wait_for(page, lambda: seen)

    assert "pills" == json.loads(seen[0])["trap"]
    assert [] == sent(page)


def test_a_quick_click_waits_and_is_not_lost(center: Open) -> None:
    help_center = center()
    help_center.context.clock.install()
    help_center.context.clock.pause_at(datetime.now(UTC))
    page = help_center.visit(old=False)
    page.click(YES)
    page.clock.run_for(1_900)
    with Store.open(help_center.store, readonly=True) as store:
        assert [] == list(store.events())

    page.clock.run_for(200)
    assert 1 == help_center.kept(1)[0].vote


@pytest.mark.parametrize("storage", ["local", "none"])
def test_a_quick_click_survives_a_quick_departure(center: Open, storage: str) -> None:
    help_center = center(storage=storage)
    page = help_center.visit(old=False)
    page.click(YES)
    page.goto(help_center.url + "/ko/delivery/")

    assert "KB-0042" == help_center.kept(1)[0].article


def test_the_answer_is_remembered_on_the_device(center: Open) -> None:
    help_center = center()
    page = help_center.visit(old=False)
    assert 0 == page.evaluate("localStorage.length")
    page.click(NO)
    page.goto(help_center.url + "/ko/delivery/")
    assert "false" == page.get_attribute(NO, "aria-pressed")
    page.goto(help_center.url + "/ko/refund/")

    assert "true" == page.get_attribute(NO, "aria-pressed")
    assert "이미 답해 주셨어요. 다시 고르면 답이 바뀌어요." == page.inner_text(STATUS)
    assert page.is_hidden(".kb-vote__more")


def test_nothing_is_kept_on_the_device_where_the_site_forbids_it(center: Open) -> None:
    help_center = center(storage="none")
    page = help_center.visit()
    page.click(NO)
    help_center.kept(1)

    assert [0, 0, ""] == page.evaluate(
        "[localStorage.length, sessionStorage.length, document.cookie]"
    )
    page.reload()
    assert "false" == page.get_attribute(NO, "aria-pressed")


def test_other_tabs_follow(center: Open) -> None:
    help_center = center()
    one, two, other = (
        help_center.visit(a, old=False) for a in ["/ko/refund/"] * 2 + ["/en/refund/"]
    )
    one.click(NO)

    two.locator(f"{NO}[aria-pressed=true]").wait_for()
    assert [] == sent(two)
    assert "false" == other.get_attribute(NO, "aria-pressed")


def test_follows_instant_navigation(center: Open) -> None:
    help_center = center()
    page = help_center.visit()
    page.evaluate("goInstantly('/ko/delivery/')")
    page.locator("article[data-kb-article=KB-0007] .kb-vote__form").wait_for()
    page.click(YES)
    page.evaluate("goInstantly('/ko/refund/')")
    page.locator("article[data-kb-article=KB-0042] .kb-vote__form").wait_for()
    page.click(NO)

    votes = help_center.kept(2)
    assert [("KB-0007", "/ko/delivery/", "KB-0042"), ("KB-0042", "/ko/refund/", "KB-0007")] == [
        (vote.article, vote.path, vote.prev) for vote in votes
    ]
    assert 1 == len({vote.session for vote in votes})


def test_without_scripts_there_is_a_link(center: Open) -> None:
    help_center = center(context={"java_script_enabled": False})
    page = help_center.context.new_page()
    page.goto(help_center.url + "/ko/refund/")

    assert "원하는 답을 찾지 못하셨나요?\n문의하기" == page.inner_text(".kb-vote__nojs")
    assert "#contact" == page.get_attribute(".kb-vote__nojs a", "href")
    assert page.is_hidden(".kb-vote__form")


@pytest.mark.parametrize("status", [0, 400, 404, 503])
def test_a_collector_that_fails_disturbs_nobody(
    center: Open, status: int, request: pytest.FixtureRequest
) -> None:
    """No complaint in the console (the fixture looks), no moved layout, the answer still shows."""
    if status:
        help_center = center(answer(status))
    else:
        refusing = socket.socket()  # keeps its port for itself and never listens
        request.addfinalizer(refusing.close)
        refusing.bind(("127.0.0.1", 0))
        help_center = center(events=f"http://127.0.0.1:{refusing.getsockname()[1]}/v1/events")
    page = help_center.visit()
    page.click(YES)
    page.wait_for_timeout(300)
    shift = page.evaluate(
        """() => new Promise((resolve) => {
          const add = (sum, entry) => sum + (entry.hadRecentInput ? 0 : entry.value);
          new PerformanceObserver((list) => resolve(list.getEntries().reduce(add, 0)))
            .observe({ type: "layout-shift", buffered: true });
          setTimeout(() => resolve(0), 100);
        })"""
    )

    assert 0 == shift
    assert "true" == page.get_attribute(YES, "aria-pressed")
    kept = 0 if status == 400 else 1
    page.wait_for_function(
        "n => JSON.parse(localStorage['kbgen:unsent'] ?? '[]').length === n", arg=kept
    )


def test_a_slow_collector_disturbs_nobody(center: Open) -> None:
    answered: list[bool] = []
    page = center(answer(204, wait=8, answered=answered)).visit()
    page.click(YES)
    page.click(NO)
    page.get_by_label("예전 내용이에요").check()

    assert [] == answered
    assert [1, 0] == [event["vote"] for event in sent(page)[:2]]


def test_a_vote_waits_on_the_device_until_there_is_a_collector(center: Open) -> None:
    sock = socket.socket()  # nobody else gets its port, and until somebody listens it refuses
    sock.bind(("127.0.0.1", 0))
    help_center = center(events=f"http://127.0.0.1:{sock.getsockname()[1]}/v1/events")
    page = help_center.visit()
    page.click(YES)
    page.wait_for_timeout(200)
    page.click(NO)
    page.close()
    time.sleep(0.2)

    with Store.open(help_center.store, wait=1) as store:
        late = collector(store, origins=[help_center.url], limits=Limits(votes_per_minute=0))
        with serving(late, sock):
            page = help_center.visit(old=False)
            assert [1, 0] == [vote.vote for vote in help_center.kept(2)]
            page.wait_for_function("!localStorage['kbgen:unsent']")


def test_nothing_is_sent_where_no_address_is_set(center: Open) -> None:
    page = center(events="").visit()
    page.click(YES)
    page.wait_for_timeout(200)

    assert ["vote"] == [event["type"] for event in sent(page)]
    assert page.evaluate("!localStorage['kbgen:unsent']")


def test_a_collector_elsewhere_takes_votes(center: Open, tmp_path: Path) -> None:
    sock = socket.create_server(("127.0.0.1", 0))
    help_center = center(events=f"http://127.0.0.1:{sock.getsockname()[1]}/v1/events")
    store = Store.open(help_center.store, wait=1)
    with store, serving(collector(store, origins=[help_center.url]), sock):
        help_center.visit().click(YES)

        assert 1 == help_center.kept(1)[0].vote


def test_an_article_counts_as_seen_after_a_while(center: Open) -> None:
    help_center = center()
    help_center.context.clock.install()
    help_center.context.clock.pause_at(datetime.now(UTC))
    page = help_center.visit(old=False)
    page.clock.run_for(4_900)
    assert [] == sent(page)
    page.clock.run_for(3_000)

    (view,) = help_center.kept(1, "view")
    assert ("KB-0042", "ko", "0123456789ab") == (view.article, view.lang, view.rev)


def test_a_click_on_a_channel_is_told(center: Open) -> None:
    help_center = center()
    page = help_center.visit(old=False)
    page.click(NO)
    page.click("[data-kb-channel]")

    (contact,) = help_center.kept(1, "contact")
    assert ("chat", "KB-0042") == (contact.reason, contact.article)


def test_other_components_only_tell_what_happened(center: Open) -> None:
    """What a search component tells, and how it leads to the next article."""
    help_center = center()
    page = help_center.visit(old=False)
    tell = "d => void document.dispatchEvent(new CustomEvent('kbgen:event', { detail: d }))"
    page.evaluate(tell, {"type": "search", "query": "  환불 a@b.co ", "results": 0, "colour": 1})
    page.evaluate(tell, {"type": "search", "query": "환불", "results": 3})
    page.evaluate(tell, {"type": "click", "query": "환불", "rank": 2, "article": "KB-0007"})
    page.evaluate("goInstantly('/ko/delivery/')")
    page.click(f"article[data-kb-article=KB-0007] {YES}")

    searches = help_center.kept(2, "search")
    (click,) = help_center.kept(1, "click")
    (vote,) = help_center.kept(1)
    assert [("환불 [email]", 0, "KB-0042"), ("환불", 3, "?환불 [email]")] == [
        (search.query, search.results, search.prev) for search in searches
    ]
    assert ("KB-0007", 2, "환불", "") == (click.article, click.rank, click.query, click.rev)
    assert "?환불" == vote.prev
    assert all(isinstance(parse(event), Event) for event in sent(page))


def test_an_event_leaves_with_the_page(center: Open) -> None:
    help_center = center()
    page = help_center.visit(old=False)
    page.evaluate(
        """() => {
          const detail = { type: "search", query: "환불", results: 1 };
          document.dispatchEvent(new CustomEvent("kbgen:event", { detail }));
          location.href = "/ko/delivery/";
        }"""
    )

    help_center.kept(1, "search")


def test_ids_of_the_browser_are_ids(center: Open) -> None:
    page = center().visit(old=False)
    ids = page.evaluate(
        """async () => {
          const { uuid7 } = await import("/theme/components/events/ids.js");
          return [uuid7(0), uuid7(1762162200000), uuid7(1762162200001)];
        }"""
    )

    assert sorted(ids) == ids
    assert {"7"} == {name[14] for name in ids}
    assert all(name[19] in "89ab" for name in ids)
    assert ids[1].replace("-", "").startswith(f"{1762162200000:012x}7")


def test_browser_and_collector_take_out_the_same(center: Open) -> None:
    cases = json.loads(CASES.read_text("utf-8"))
    page = center().visit(old=False)
    found = page.evaluate(
        """async (texts) => {
          const { scrub } = await import("/theme/components/events/scrub.js");
          return texts.map(scrub);
        }""",
        [text for text, _ in cases],
    )

    assert [expected for _, expected in cases] == found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(center: Open, scheme: str) -> None:
    page = center(context={"color_scheme": scheme, "reduced_motion": "reduce"}).visit(old=False)

    check(page)
    for button in (YES, NO):
        page.click(button)
        check(page)
    page.get_by_label("예전 내용이에요").check()
    page.click(SEND)
    check(page)


def check(page: Page) -> None:
    """No rule of axe is broken, every target is large enough, nothing is cut off at the side."""
    report = Axe().run(page)
    small = page.eval_on_selector_all(
        ".kb-vote :is(button, .kb-vote__chip, a)",
        """els => els.filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
                   .map(e => e.className)""",
    )

    assert 0 == report.violations_count, report.generate_report()
    assert [] == small
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
