"""Times, answers, articles and pseudonyms, as readers of other tools understand them."""

from __future__ import annotations

import contextlib
import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbgen.errors import ConfigError, EventError
from kbgen.events import Event, import_file, open_store
from kbgen.events.catalogue import Catalogue, bare_path
from kbgen.events.imports import ImportReport, Rejected, check_row
from kbgen.events.readers import READERS, Options, read_rows, text
from kbgen.events.readers.answers import plain, read_answer
from kbgen.events.readers.document import Document, Element, read_document
from kbgen.events.readers.finder import Finder
from kbgen.events.readers.moments import read_moment
from kbgen.events.readers.options import read_pairs, read_zone
from kbgen.events.readers.pseudonyms import Pseudonyms
from kbgen.events.times import format_time
from tests.events.samples import NOW, texts

SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")

MOMENTS: list[tuple[object, str]] = [
    ("2026-11-03T18:00:00+09:00", "2026-11-03T09:00:00Z"),
    ("2026-11-03 18:00", "2026-11-03T09:00:00Z"),
    ("2026-11-03", "2026-11-02T15:00:00Z"),
    ("2026/11/3 6:00:00 오후 GMT+9", "2026-11-03T09:00:00Z"),
    ("2026/11/03 6:00:00 PM GMT-3:30", "2026-11-03T21:30:00Z"),
    ("2026. 11. 3 오전 12:00:00", "2026-11-02T15:00:00Z"),
    ("2026. 11. 3. 오후 12:30", "2026-11-03T03:30:00Z"),
    ("2026년 11월 3일 오후 6시 5분", "2026-11-03T09:05:00Z"),
    ("2026년 11월 3일 18시", "2026-11-03T09:00:00Z"),
    ("2026.11.03 18:00:00", "2026-11-03T09:00:00Z"),
    ("2026-11-03 6:00 p.m.", "2026-11-03T09:00:00Z"),
    ("2026-11-03 09:00:00.5 UTC", "2026-11-03T09:00:00.500Z"),
    ("2026-11-03T09:00:00,123456789Z", "2026-11-03T09:00:00.123456Z"),
    ("13/11/2026 18:00", "2026-11-13T09:00:00Z"),
    ("11/13/2026 18:00", "2026-11-13T09:00:00Z"),
    ("11-11-2026", "2026-11-10T15:00:00Z"),
    (1793696400, "2026-11-03T09:00:00Z"),
    (1793696400.0, "2026-11-03T09:00:00Z"),
    ("1793696400123", "2026-11-03T09:00:00.123Z"),
    ("1793696400123456", "2026-11-03T09:00:00.123456Z"),
    (datetime(2026, 11, 3, 18), "2026-11-03T09:00:00Z"),  # noqa: DTZ001
]  # fmt: skip


@pytest.mark.parametrize(("value", "moment"), MOMENTS)
def test_reads_times_as_people_and_tools_write_them(value: object, moment: str) -> None:
    assert moment == format_time(read_moment(value, SEOUL)[0])


CLOCKS: list[tuple[str, str]] = [
    ("2026-11-01 01:30", "2026-11-01T05:30:00Z"),  # twice: the first
    ("2026-03-08 02:30", "2026-03-08T07:30:00Z"),  # never: half an hour after 1:59 and a bit
    ("2026-03-08 03:30", "2026-03-08T07:30:00Z"),
]


@pytest.mark.parametrize(("value", "moment"), CLOCKS)
def test_hours_that_summer_time_doubles_or_skips_have_one_meaning(value: str, moment: str) -> None:
    assert moment == format_time(read_moment(value, NEW_YORK)[0])


NO_MOMENTS: list[tuple[object, str]] = [
    ("2026-11-03 18:00", "names no time zone (say where it was taken: --zone Asia/Seoul)"),
    ("3/11/2026", "could be two days (say which comes first: --dates dmy or --dates mdy)"),
    ("yesterday", "expected a time such as 2026-11-03 18:00"),
    ("2026-02-30T09:00:00Z", "day is out of range for month"),
    ("2026-11-03 오후 18:00 UTC", "there is no 18 o'clock 오후"),
    ("2026-11-03 25:00Z", "hour must be in 0..23"),
    ("2026-11-03T09:00:00+99:00", "offset must be"),
    ("0001-01-01T00:00:00+09:00", "no time that there is"),
    ("12345", "expected a time such as"),
    ("", "expected a time such as"),
    (["2026"], "expected a time such as"),
]


@pytest.mark.parametrize(("value", "message"), NO_MOMENTS)
def test_says_why_a_time_cannot_be_read(value: object, message: str) -> None:
    with pytest.raises(ValueError) as error:
        read_moment(value)

    assert message in str(error.value)


def test_the_order_of_a_date_is_as_the_user_says() -> None:
    assert (11, 3) == _day("3/11/2026", "dmy")
    assert (3, 11) == _day("3/11/2026", "mdy")


def _day(value: str, dates: str) -> tuple[int, int]:
    moment, is_day = read_moment(value, UTC, dates)
    assert is_day
    return moment.month, moment.day


@given(texts | st.integers() | st.floats())
def test_no_time_is_worse_than_a_value_error(value: object) -> None:
    with contextlib.suppress(ValueError):
        assert read_moment(value, SEOUL, "dmy")[0].tzinfo is UTC


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(SEOUL)))  # noqa: DTZ001
def test_korean_times_come_back(moment: datetime) -> None:
    half = "오후" if moment.hour >= 12 else "오전"
    written = (
        f"{moment.year}. {moment.month}. {moment.day} {half} "
        f"{moment.hour % 12 or 12}:{moment.minute:02}:{moment.second:02}"
    )

    assert read_moment(written, SEOUL)[0] == moment.replace(microsecond=0, fold=0)


YES = ["yes", " Yes. ", "TRUE", "1", 1, 1.0, "예", "네!", "네~", "도움이 됐어요",
       "도움이 되었어요.", "👍", "👍🏽", "👍 네", "Helpful"]  # fmt: skip
NO = ["no", "0", -1, "-1", "아니오", "아니요", "도움이 안 됐어요", "도움이 되지 않았어요", "👎",
      "not-helpful", "Not helpful"]  # fmt: skip
NEITHER: list[tuple[object, str]] = [
    (4, "looks like stars"),
    ("10", "looks like stars"),
    ("★★★★☆", "looks like stars"),
    ("maybe", "expected yes or no"),
    ("글쎄요", "expected yes or no"),
    ([], "expected yes or no"),
    (float("nan"), "expected yes or no"),
]


@pytest.mark.parametrize(("value", "vote"), [*((v, 1) for v in YES), *((v, 0) for v in NO)])
def test_reads_answers_in_korean_and_english(value: object, vote: int) -> None:
    assert vote == read_answer(value)


@pytest.mark.parametrize(("value", "message"), NEITHER)
def test_guesses_no_answer(value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_answer(value)


def test_what_else_counts_goes_before_what_is_known() -> None:
    yes, no = frozenset({plain("4"), plain("Ja!")}), frozenset({plain("1")})

    assert [1, 1, 0] == [read_answer(value, yes, no) for value in ("4", "ja", 1)]


def test_pairs_may_stand_in_one_option_or_in_several() -> None:
    said = ("article=Which page?, if any,vote=Yes = 1, no = 0", "ts = Timestamp")

    assert {
        "article": "Which page?, if any",
        "vote": "Yes = 1, no = 0",
        "ts": "Timestamp",
    } == read_pairs(said, "--map")


PAIRS: list[tuple[str, str]] = [
    ("article", "--map 'article': expected FIELD=VALUE"),
    ("article=", "expected FIELD=VALUE"),
    ("artcle=Page", "there is no field 'artcle' (did you mean article?)"),
    ("vote=A,vote=B", "--map: vote is given twice"),
]


@pytest.mark.parametrize(("said", "message"), PAIRS)
def test_says_what_is_wrong_with_a_pair(said: str, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_pairs([said], "--map")

    assert message in str(error.value)


@pytest.mark.parametrize("name", ["Mars/Olympus", "../../etc/passwd", "", "\0"])
def test_says_what_a_zone_looks_like(name: str) -> None:
    with pytest.raises(ConfigError, match="no time zone such as Asia/Seoul"):
        read_zone(name)


# Articles


SITE = [
    {
        "id": "KB-1",
        "lang": "ko",
        "title": "환불",
        "url": "ko/환불/",
        "old": ["hc/articles/1234-a/"],
    },
    {"id": "KB-1", "lang": "en", "title": "Refund", "url": "en/refund/"},
    {"id": "KB-2", "lang": "ko", "title": "배송", "url": "ko/배송/", "old": ["2019/delivery.html"]},
    {"id": "KB-3", "lang": "ko", "title": "배송", "url": "ko/faq/"},
    {"id": "1234567", "lang": "ko", "title": "KB-2", "url": "ko/n/"},
]


def test_the_site_may_be_below_a_folder_of_its_host() -> None:
    below = Catalogue(SITE, prefix="/support/help")

    for address in (
        "https://x.example/support/help/en/refund/",
        "/support/help/en/refund",
        "/en/refund",
    ):
        assert ("KB-1", "en") == _found(below, address)
    with pytest.raises(ValueError, match="no article"):
        Catalogue(SITE).find("/support/help/en/refund/")


def test_an_id_goes_before_a_title_and_a_foreign_id_after_all_addresses() -> None:
    catalogue = Catalogue(SITE)

    assert ("KB-2", "ko") == _found(catalogue, "kb-2")
    assert ("1234567", "ko") == _found(catalogue, "1234567")
    assert ("KB-1", "ko") == _found(catalogue, "1234")
    assert ("KB-1", "ko") == _found(
        catalogue, "https://old.example/hc/en-us/articles/1234-Any-Name"
    )


def test_a_title_of_two_articles_is_nobodys() -> None:
    with pytest.raises(ValueError, match="could be 2 articles: KB-2, KB-3; found '배송'"):
        Catalogue(SITE).find("배송")


def _found(catalogue: Catalogue, text: str) -> tuple[str, str]:
    found = catalogue.find(text)
    assert not found.warning
    return found.article, found.lang


@given(texts)
def test_what_is_found_is_there(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert Catalogue(SITE).find(text).article in {row["id"] for row in SITE}


@given(texts)
def test_a_bare_path_stays_as_it_is(text: str) -> None:
    once = bare_path("/" + text)
    if "%" not in once and "?" not in once and "#" not in once:
        assert once == bare_path(once)
    assert not once.startswith("/")


def test_each_row_without_an_article_has_an_error_of_its_own() -> None:
    """An error that is raised again and again grows; a file may raise it a million times."""
    finder = Finder(Catalogue(SITE))
    errors = []
    for _ in range(3):
        with pytest.raises(ValueError, match="no article of the site, found '/absent/'") as error:
            finder.find("/absent/", "")
        errors.append(error.value)

    assert 3 == len(set(map(id, errors)))


def test_reads_the_articles_of_a_built_site(tmp_path: Path) -> None:
    (tmp_path / "articles.json").write_text(json.dumps(SITE))

    assert "KB-1" == Catalogue.of_site(str(tmp_path)).find("/en/refund/").article
    with pytest.raises(ConfigError, match="build the site first"):
        Catalogue.of_site(str(tmp_path / "absent"))


# Pseudonyms


def test_the_key_is_made_when_it_is_needed_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "new/pseudonyms.key"
    first = Pseudonyms(path)
    assert not path.exists()

    assert first.of("lee", "KB-1") == Pseudonyms(path).of("lee", "KB-1")
    assert first.of("lee", "KB-1") != first.of("lee", "KB-2")
    assert 0o600 == path.stat().st_mode & 0o777
    assert "" == Pseudonyms().of("lee")


def test_a_rehearsal_makes_no_key(tmp_path: Path) -> None:
    assert Pseudonyms(tmp_path / "key", create=False).of("lee")
    assert not (tmp_path / "key").exists()


@pytest.mark.parametrize("content", ["", "no hexadecimal", "abcd"])
def test_a_damaged_key_is_refused_rather_than_replaced(content: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(content)
    with pytest.raises(EventError, match=r"expected a key of 32 bytes.*restore it"):
        Pseudonyms(tmp_path / "key").of("lee")

    assert content == (tmp_path / "key").read_text()


# Files


_NAMES = [
    "votes", "articles", "results", "query", "dimensions", "metrics", "filters", "date_range",
    "actionDetails", "label", "nb_hits", "nb_events", "type", "event", "search", "eventCategory",
    "kbgen", "eventName", "eventAction", "siteSearchKeyword", "timestamp", "url", "event_name",
    "event_params", "event_timestamp", "kbgen_vote", "feedback", "page_view", "key", "value",
    "string_value", "int_value", "item_id", "item_type", "Article", "created_at", "events",
    "event:page", "time:day", "2026-11-03", "event:props:vote", "1", '{"event_id":1}',
]  # fmt: skip
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(_NAMES) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=6)
    ),
    max_leaves=20,
)


def bring(path: Path, options: Options | None = None) -> ImportReport:
    with open_store(":memory:") as store:
        report = import_file(store, path, now=NOW, options=options or Options())
    assert report.rows == report.accepted + report.duplicates + report.rejected
    return report


def test_a_document_tells_the_line_of_each_element(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"a":\n[{"x": 1},\n\n [2]\n, "三"],\n"b": {"c": [1]}, "d": []}', "utf-8")
    document = read_document(path)

    assert (("a", "d"), {"b": {"c": [1]}}) == (document.lists, document.values)
    assert [
        Element(2, '{"x": 1}', {"x": 1}), Element(4, "[2]", {}), Element(5, '"三"', {}),
    ] == list(document.objects("a"))  # fmt: skip
    assert [] == list(document.objects("d"))


@given(st.lists(_json), st.integers(0, 3))
def test_a_document_is_what_json_says(values: list[Any], indent: int) -> None:
    found = Document(json.dumps(values, indent=indent or None), Path("a.json"))

    told = [value if isinstance(value, dict) else {} for value in values]
    assert json.dumps(told) == json.dumps([element.value for element in found.objects()])


def test_a_document_larger_than_memory_should_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kbgen.events.readers.document.MOST", 10)
    (tmp_path / "a.json").write_text("[1, 2, 3, 4, 5]")
    with pytest.raises(EventError, match="larger than"):
        read_document(tmp_path / "a.json")


def test_what_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text, "MOST_BYTES", 1 << 20)
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n" * (2 << 20)))
    with pytest.raises(EventError, match="unpacks to more than"):
        bring(path)

    (tmp_path / "a.csv").write_bytes(b"time,article,vote\n" + b"\n" * (2 << 20))
    with pytest.raises(EventError, match="larger than"):
        bring(tmp_path / "a.csv")


def test_a_long_row_costs_only_itself(tmp_path: Path) -> None:
    good = "2026-11-03T09:00:00Z,KB-1,yes,\n"
    path = tmp_path / "a.csv"
    path.write_text(
        f"time,article,vote,comment\n{good}"
        + good.replace(",\n", "," + "x" * 70_000 + "\n")
        + good.replace("yes", "no")
    )
    report = bring(path)

    assert (2, 1) == (report.accepted, report.rejected)
    assert "longer than 65536 characters" == report.shown[0].reason


def test_without_a_site_an_id_is_taken_and_an_address_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "time,article,vote\n2026-11-03T09:00:00Z,KB-9,y\n2026-11-03T09:00:00Z,/ko/a/,y\n"
    )
    report = bring(path)

    assert 1 == report.accepted
    assert (
        "article: an address or a title needs the built site (--site), found '/ko/a/'"
        == report.shown[0].reason
    )


def test_a_count_is_so_many_votes_and_grows_with_the_day(tmp_path: Path) -> None:
    """A report that is asked for again later in the day adds what is new in it."""
    path = tmp_path / "plausible.json"
    query = {"metrics": ["events"], "dimensions": ["time:hour", "event:page", "event:props:vote"]}
    options = Options(zone=SEOUL, catalogue=Catalogue(SITE))
    with open_store(":memory:") as store:
        for count, accepted in ((3, 3), (5, 2), (5, 0)):
            row = {"metrics": [count], "dimensions": ["2026-11-03 10:00:00", "/en/refund", "1"]}
            path.write_text(json.dumps({"results": [row], "query": query}))
            report = import_file(store, path, now=NOW, options=options)
            assert (count, accepted) == (report.rows, report.accepted)
        events = list(store.events())

    assert {("KB-1", "en", 1, "2026-11-03T01:00:00Z")} == {
        (e.article, e.lang, e.vote, format_time(e.ts)) for e in events
    }


def test_warnings_are_counted_and_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kbgen.events.imports._MOST_WARNINGS", 1)
    path = tmp_path / "a.csv"
    path.write_text(
        "time,article,vote\n"
        + "".join(
            f"2026-11-03T09:00:0{n}Z,{name},y\n"
            for n, name in enumerate(["환불", "Refund", "환불"])
        )
    )
    report = bring(path, Options(catalogue=Catalogue(SITE)))

    assert {"title '환불' taken for KB-1": 2} == report.warnings


_files = st.binary(max_size=200) | _json.map(lambda value: json.dumps(value).encode())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(form=st.sampled_from([*READERS]), content=_files)
def test_nothing_in_a_file_is_worse_than_an_event_error(
    form: str, content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    options = Options(zone=SEOUL, page_views=True, catalogue=Catalogue(SITE))
    with contextlib.suppress(EventError):
        for row in read_rows(path, form, options):
            assert row.line >= 1
            assert isinstance(check_row(row, NOW), Event | Rejected)
