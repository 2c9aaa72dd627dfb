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
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from kbgen.events import Event, last_details, open_store, parse
from kbgen.events.collector import collector
from kbgen.events.guard import Limits
from tests.events.harness import SITE, help_center
from tests.events.serving import serving
from tests.site.browsing import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

CASES = Path(__file__).parent / "cases/scrub.json"
YES, NO = ".kb-vote__button[value='1']", ".kb-vote__button[value='0']"
STATUS, SEND, COMMENT = ".kb-vote__status", ".kb-vote__send", ".kb-vote__comment"
EASY, HARD = "네, 쉬웠어요", "아니요, 어려웠어요"
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
            with open_store(self.store, readonly=True) as store:
                found = [e for e in store.events() if e.type == kind]
            if len(found) >= count:
                break
            time.sleep(0.02)
        assert count == len(found), found
        return found

    def last_detail(self, comment: str) -> Event:
        """The detail with this comment, once it is on disk."""
        count = 1
        while not (found := [d for d in self.kept(count, "detail") if d.comment == comment]):
            count += 1
        return found[0]


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
        store = open_store(tmp_path / "events.db")
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
    retry_after: str | None = None,
) -> list[BaseRoute]:
    """A collector that always answers the same, after `wait` seconds."""

    async def receive(request: Request) -> Response:
        body = await request.body()
        if seen is not None:
            seen.append(body)
        if wait:
            await asyncio.sleep(wait)
        headers = {"Retry-After": retry_after} if retry_after else {}
        return Response(status_code=status, headers=headers)

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
    assert page.is_visible(".kb-vote__contact")
    assert page.evaluate("window.violations") is None


def test_a_reader_may_change_their_mind(center: Open) -> None:
    help_center = center()
    page = help_center.visit()

    for button in (YES, NO, NO, YES):
        page.click(button)

    # Each click is sent at once; the next may arrive before it.
    assert [1, 0, 1] == [v.vote for v in sorted(help_center.kept(3), key=lambda v: v.event_id)]
    with open_store(help_center.store, readonly=True) as store:
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


def test_whether_it_was_easy_to_find_is_asked_after_a_yes_too(center: Open) -> None:
    help_center = center()
    page = help_center.visit()
    page.click(YES)
    page.get_by_role("group", name="이 글을 찾기 쉬우셨나요?").get_by_label(HARD).check()

    (detail,) = help_center.kept(1, "detail")  # nobody pressed "send"
    assert (0, "", "") == (detail.findable, detail.reason, detail.comment)
    (vote,) = help_center.kept(1)
    assert (vote.event_id, vote.vote) == (detail.root, detail.vote)


def test_each_detail_repeats_what_was_chosen_before(center: Open) -> None:
    help_center = center()
    page = help_center.visit()
    page.click(NO)
    page.get_by_label("예전 내용이에요").check()
    help_center.kept(1, "detail")
    page.get_by_label(HARD).check()
    help_center.kept(2, "detail")
    page.fill(COMMENT, "검색에 안 나와요")
    page.click(SEND)

    details = sorted(help_center.kept(3, "detail"), key=lambda detail: detail.event_id)
    assert [("outdated", None, ""), ("outdated", 0, ""), ("outdated", 0, "검색에 안 나와요")] == [
        (detail.reason, detail.findable, detail.comment) for detail in details
    ]


def test_a_change_of_mind_keeps_how_easy_it_was_to_find(center: Open) -> None:
    """A reason belongs to its answer; how the page was found does not change with it."""
    help_center = center()
    page = help_center.visit()
    page.click(NO)
    page.get_by_label("예전 내용이에요").check()
    page.get_by_label(HARD).check()
    help_center.kept(1, "detail")
    page.click(YES)

    details = help_center.kept(2, "detail")
    last = last_details(details)[max(vote.event_id for vote in help_center.kept(2))]
    assert (1, "", 0) == (last.vote, last.reason, last.findable)
    assert page.get_by_label(HARD).is_checked()


@pytest.mark.parametrize("storage", ["local", "none"])
def test_a_choice_survives_a_quick_departure(center: Open, storage: str) -> None:
    help_center = center(storage=storage)
    page = help_center.visit()
    page.click(YES)
    page.get_by_label(EASY).check()
    page.goto(help_center.url + "/ko/delivery/")

    (detail,) = help_center.kept(1, "detail")
    assert ("KB-0042", 1, "/ko/refund/") == (detail.article, detail.findable, detail.path)


def test_reasons_fit_the_answer(center: Open) -> None:
    page = center().visit("/en/refund/", old=False)
    visible = "els => els.filter(e => e.checkVisibility()).map(e => e.value)"
    reasons = "[name=reason]"

    page.click(YES)
    assert ["accurate", "easy", "complete", "other"] == page.eval_on_selector_all(reasons, visible)
    assert page.is_hidden(".kb-vote__contact")
    page.click(NO)
    assert [
        "inaccurate", "outdated", "incomplete", "confusing", "visuals", "broken_link",
        "translation", "other",
    ] == page.eval_on_selector_all(reasons, visible)  # fmt: skip


def test_sending_nothing_says_what_to_do(center: Open) -> None:
    page = center().visit(old=False)
    page.click(YES)
    page.click(SEND)

    assert "답을 고르거나 내용을 적은 다음 보내 주세요." == page.inner_text(STATUS)
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
    for key in ("Space", "ArrowRight", "Tab", "ArrowRight", "ArrowRight", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("좋아요")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    detail = help_center.last_detail(comment="좋아요")
    assert ("easy", 1, "좋아요") == (detail.reason, detail.findable, detail.comment)


def test_a_script_does_not_vote(center: Open) -> None:
    page = center().visit(old=False)

    press = "button => void button.{}"
    page.eval_on_selector(YES, press.format("click()"))
    page.eval_on_selector(NO, press.format("dispatchEvent(new MouseEvent('click'))"))
    page.eval_on_selector(
        NO, press.format("dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'}))")
    )
    page.eval_on_selector(NO, press.format("form.requestSubmit()"))
    assert [] == sent(page)
    assert "false" == page.get_attribute(YES, "aria-pressed")

    page.click(NO)
    page.fill(COMMENT, "pills")
    page.eval_on_selector(SEND, press.format("click()"))
    page.eval_on_selector(SEND, press.format("form.requestSubmit()"))
    page.eval_on_selector(SEND, press.format("form.requestSubmit(button)"))
    page.evaluate(
        """() => {
          const radio = document.querySelector("[name=findable]");
          radio.checked = true;
          radio.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    assert ["vote"] == [event["type"] for event in sent(page)]
    assert page.url.endswith("/ko/refund/")  # the form was not sent as a page either


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
    with open_store(help_center.store, readonly=True) as store:
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
    other, page = help_center.visit(), help_center.visit()
    page.click(NO)
    help_center.kept(1)

    assert [0, 0, ""] == page.evaluate(
        "[localStorage.length, sessionStorage.length, document.cookie]"
    )
    page.click(YES)  # which may be changed all the same
    assert [0, 1] == sorted(vote.vote or 0 for vote in help_center.kept(2))
    assert "false" == other.get_attribute(NO, "aria-pressed")
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


WATCH = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(
    ({ value, hadRecentInput }) => (hadRecentInput ? 0 : value))))
    .observe({ type: "layout-shift", buffered: true });
}"""
SETTLED = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))"


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address that refuses every connection."""
    with socket.socket() as refusing:  # keeps its port for itself and never listens
        refusing.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{refusing.getsockname()[1]}/v1/events"


@pytest.fixture
def foreign() -> Iterator[str]:
    """A collector on another host that forgets to say who may use it (CORS)."""
    with serving(Starlette(routes=answer(204))) as address:
        yield f"{address}/v1/events"


@pytest.mark.parametrize(
    ("status", "wait", "kept"),
    [(400, 0, 0), (404, 0, 1), (500, 0, 1), (503, 0.7, 1), (204, 60, 1)],
    ids=["refuses", "absent", "broken", "busy and slow", "never answers"],
)
def test_a_collector_that_fails_disturbs_nobody(
    center: Open, status: int, wait: float, kept: int
) -> None:
    """Nothing in the console (the fixture looks), nothing moves, the answer still shows."""
    seen: list[bytes] = []
    help_center = center(answer(status, wait=wait, seen=seen))
    check_undisturbed(help_center, kept, lambda: seen)


def test_a_collector_that_is_down_disturbs_nobody(center: Open, nobody: str) -> None:
    check_undisturbed(center(events=nobody), 1)


def test_a_collector_without_cors_disturbs_nobody_but_the_console(
    center: Open, foreign: str
) -> None:
    """The browser itself says so there, whatever a script does; docs/events.md warns of it."""
    help_center = center(events=foreign)
    check_undisturbed(help_center, 1)
    while help_center.complaints:
        assert "CORS" in (complaint := help_center.complaints.pop()) or "ERR_FAILED" in complaint


def check_undisturbed(
    help_center: Center, kept: int, has_failed: Callable[[], object] = lambda: True
) -> None:
    """Votes, and compares the page before and after the collector has failed."""
    page = help_center.visit()
    page.evaluate(WATCH)
    page.click(YES)
    page.evaluate(SETTLED)
    before = page.evaluate("[shifts.length, document.body.innerText, scrollY]")
    wait_for(page, has_failed)
    page.wait_for_timeout(550)  # longer than a shift may be excused by the click

    page.evaluate(SETTLED)
    assert before == page.evaluate("[shifts.length, document.body.innerText, scrollY]")
    assert 0 == sum(page.evaluate("shifts"))
    assert "true" == page.get_attribute(YES, "aria-pressed")
    page.wait_for_function(
        "n => JSON.parse(localStorage['kbgen:unsent'] ?? '[]').length === n", arg=kept
    )
    page.click(NO)
    assert [1, 0] == [event["vote"] for event in sent(page)]


@pytest.mark.parametrize(
    ("status", "retry_after", "pauses"),
    [(500, None, [2_000, 10_000, 60_000]), (503, "30", [30_000, 30_000, 60_000])],
)
def test_a_vote_is_tried_again_and_then_on_the_next_page(
    center: Open, status: int, retry_after: str | None, pauses: list[int]
) -> None:
    """Three times more on the page, not sooner than the collector asks, and never for ever."""
    seen: list[bytes] = []
    help_center = center(answer(status, seen=seen, retry_after=retry_after))
    help_center.context.clock.install()
    page = help_center.visit(old=False)
    page.click(YES)
    (vote,) = sent(page)

    def tries() -> int:
        return sum(vote["event_id"].encode() in body for body in seen)

    page.clock.run_for(2_100)
    for count, pause in enumerate(pauses, 1):
        wait_for(page, lambda count=count: tries() == count)  # type: ignore[misc]
        page.wait_for_timeout(200)  # until the page has heard the answer
        page.clock.run_for(pause - 1_900)
        assert count == tries()
        page.clock.run_for(2_000)
    wait_for(page, lambda: tries() == 4)
    page.wait_for_timeout(200)
    page.clock.run_for(600_000)
    assert 4 == tries()

    page.goto(help_center.url + "/ko/delivery/")
    wait_for(page, lambda: tries() > 4)


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

    with open_store(help_center.store, wait=1) as store:
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
    store = open_store(help_center.store, wait=1)
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


TELL = "d => void document.dispatchEvent(new CustomEvent('kbgen:event', { detail: d }))"
CHAT, MAIL = "[data-kb-channel=chat]", "[data-kb-channel=email]"


def test_a_click_on_a_channel_is_told(center: Open) -> None:
    help_center = center()
    page = help_center.visit(old=False)
    page.click(NO)
    page.click(CHAT)

    (contact,) = help_center.kept(1, "contact")
    assert ("chat", "KB-0042", "ko", "0123456789ab", "") == (
        contact.reason, contact.article, contact.lang, contact.rev, contact.query,
    )  # fmt: skip


def test_a_channel_takes_along_what_the_reader_searched_for(center: Open) -> None:
    """From a result to its article, a no, and people who know what it is about."""
    help_center = center()
    page = help_center.visit(old=False)
    assert "/ko/delivery/?article=KB-0042" == page.get_attribute(CHAT, "href")
    page.evaluate(TELL, {"type": "search", "query": "배송 & 010-1234-5678", "results": 2})
    page.evaluate(
        TELL, {"type": "click", "query": "배송 & 010-1234-5678", "rank": 1, "article": "KB-0007"}
    )
    page.evaluate("goInstantly('/ko/delivery/')")
    page.click(f"article[data-kb-article=KB-0007] {NO}")

    query = quote("배송 & [phone]", safe="")
    title, url = quote("배송은 며칠 걸리나요?", safe=""), quote(f"{SITE}/ko/delivery/", safe="")
    assert (
        f"mailto:help@help.example?subject={title}%20(KB-0007)&body=%0D%0A%0D%0A{url}%0D%0A{query}"
    ) == page.get_attribute(MAIL, "href")
    assert "tel:+82-2-555-0147" == page.get_attribute("[data-kb-channel=phone]", "href")
    page.click(CHAT)
    page.wait_for_url(f"**/ko/delivery/?article=KB-0007&asked={query}")
    (contact,) = help_center.kept(1, "contact")
    assert ("배송 & [phone]", "?배송 & [phone]", "KB-0007") == (
        contact.query, contact.prev, contact.article,
    )  # fmt: skip


def test_a_search_on_the_page_is_what_people_hear_of(center: Open) -> None:
    """It is newer than what led here; a character of two halves is not cut in two."""
    help_center = center()
    page = help_center.visit("/ko/delivery/?q=택배", old=False)
    page.evaluate("location.href = '/ko/refund/'")
    page.wait_for_url("**/ko/refund/")
    wait_for(page, lambda: "asked" in (page.get_attribute(CHAT, "href") or ""))
    assert page.get_attribute(CHAT, "href") == (
        "/ko/delivery/?article=KB-0042&asked=" + quote("택배")
    )

    page.evaluate(TELL, {"type": "search", "query": "가" * 299 + "😀", "results": 0})
    assert page.get_attribute(CHAT, "href") == (
        "/ko/delivery/?article=KB-0042&asked=" + quote("가" * 299)
    )
    assert "가" * 299 == help_center.kept(1, "search")[0].query


def test_a_channel_in_a_new_tab_is_told(center: Open) -> None:
    help_center = center()
    page = help_center.visit(old=False)
    page.click(CHAT, button="right")
    page.click(CHAT, button="middle")

    (contact,) = help_center.kept(1, "contact")
    assert "chat" == contact.reason


def test_other_components_only_tell_what_happened(center: Open) -> None:
    """What a search component tells, and how it leads to the next article."""
    help_center = center()
    page = help_center.visit(old=False)
    page.evaluate(TELL, {"type": "search", "query": "  환불 a@b.co ", "results": 0, "colour": 1})
    page.evaluate(TELL, {"type": "search", "query": "환불", "results": 3})
    page.evaluate(TELL, {"type": "click", "query": "환불", "rank": 2, "article": "KB-0007"})
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
    small = page.eval_on_selector_all(
        ".kb-vote :is(button, .kb-vote__chip, a)",
        """els => els.filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
                   .map(e => e.className)""",
    )

    assert [] == violations(page)
    assert [] == small
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
