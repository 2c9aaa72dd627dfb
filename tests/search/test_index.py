"""The index: what it finds, what it leaves out, what it keeps."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbgen.search import build_index
from kbgen.search import index as index_module
from kbgen.search.store import FileLock
from tests.search.samples import article, corpus

SHOP = corpus(
    article(
        "R1", "환불은 언제 되나요", "3영업일 안에 환불해요.", category="returns", tags=["Money"]
    ),
    article("R2", "교환", "환불 대신 교환해요.", category="returns/exchange"),
    article(
        "P1", "환불 상담 요령", "환불을 묻는 고객에게", category="playbooks", audience="agents"
    ),
    article("R1", "When do I get my refund?", "Within 3 days.", lang="en", category="returns"),
    article("N1", "환불 초안", draft=True),
    article("N2", "환불 약관", search_exclude=True),
)


@pytest.fixture(scope="module")
def index():
    return build_index(SHOP, None)


def found(hits):
    return [(hit.article, hit.lang) for hit in hits]


def test_agents_find_everything_but_drafts_and_excluded_articles(index):
    """The index is for agents unless it is asked otherwise."""
    assert found(index.search("환불")) == [("P1", "ko"), ("R1", "ko"), ("R2", "ko")]


def test_the_public_does_not_find_what_is_for_agents(index):
    """Neither the article nor its influence: words are counted among public articles only."""
    public = build_index(corpus(*SHOP.public.articles), None)

    hits = index.search("환불", audience="public")

    assert found(hits) == [("R1", "ko"), ("R2", "ko")]
    assert [hit.score for hit in hits] == [hit.score for hit in public.search("환불")]


def test_filters(index):
    """Language, category with those below it, tag in any case."""
    assert found(index.search("refund", lang="ko")) == []
    assert found(index.search("refund")) == [("R1", "en")]
    assert found(index.search("환불", category="returns")) == [("R1", "ko"), ("R2", "ko")]
    assert found(index.search("환불", category="returns/exchange/")) == [("R2", "ko")]
    assert found(index.search("환불", category="return")) == []
    assert found(index.search("환불", tag="money")) == [("R1", "ko")]
    assert found(index.search("환불", limit=1)) == [("P1", "ko")]


def test_a_language_without_articles_finds_nothing(index):
    """Not an error: the site may have a language that is not written yet."""
    assert index.search("환불", lang="ja") == []


def test_ids_are_found(index):
    """Agents type the id that a customer reads out."""
    assert found(index.search("R2", lang="ko")) == [("R2", "ko")]


def test_a_hit_says_where_it_is():
    """Address, category, dates and the reply of the article."""
    made = article("R1", "환불", "본문", category="returns", reply="환불해 드려요.")

    (hit,) = build_index(corpus(made), None).search("환불")

    assert (hit.url, hit.path) == ("ko/returns/r1/", "ko/returns/r1.md")
    assert (hit.category, hit.reply, hit.public) == ("returns", "환불해 드려요.", True)


def test_only_changed_articles_are_read_again(tmp_path, monkeypatch):
    """A build after one edit analyses one article."""
    articles = [article(f"X{n}", f"제목 {n}", "본문") for n in range(20)]
    build_index(corpus(*articles), tmp_path)
    read = []
    real = index_module.analyse

    def watched(made, *rest):
        read.append(made.id)
        return real(made, *rest)

    monkeypatch.setattr(index_module, "analyse", watched)
    articles[3] = replace(articles[3], body="환불")
    index = build_index(corpus(*articles[:-1]), tmp_path)

    assert read == ["X3"]
    assert found(index.search("환불")) == [("X3", "ko")]
    assert found(index.search("X19")) == []


EDITS = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from(["환불", "반품 교환", "refund order", None])),
    max_size=12,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(EDITS)
def test_a_mended_index_is_as_a_new_one(tmp_path_factory, edits):
    """Whatever is changed, added and removed, the cache and a fresh index agree."""
    cache = tmp_path_factory.mktemp("cache")
    kept = {n: article(f"X{n}", f"제목 {n}", "본문") for n in range(8)}
    for number, body in edits:
        if body is None:
            kept.pop(number, None)
        else:
            kept[number] = article(f"X{number}", f"제목 {number}", body)
        build_index(corpus(*kept.values()), cache)

    mended = build_index(corpus(*kept.values()), cache)
    fresh = build_index(corpus(*kept.values()), None)

    for query in ("환불", "refunds", "제목", "교환 X3"):
        assert mended.search(query) == fresh.search(query)


@pytest.mark.parametrize("damage", ["cut", "flip", "remove", "state", "version", "stray"])
def test_a_damaged_cache_is_made_anew(tmp_path, damage):
    """Never an exception, never a wrong answer."""
    expected = build_index(SHOP, tmp_path).search("환불")
    files = [f for f in (tmp_path / "index").iterdir() if f.name != "state.json"]
    victim = max(files, key=lambda f: f.stat().st_size)
    state = tmp_path / "index" / "state.json"
    if damage == "cut":
        victim.write_bytes(victim.read_bytes()[:100])
    elif damage == "flip":
        data = bytearray(victim.read_bytes())
        data[len(data) // 2] ^= 255
        victim.write_bytes(data)
    elif damage == "remove":
        victim.unlink()
    elif damage == "state":
        state.write_text("[1, 2]", "utf-8")
    elif damage == "version":
        state.write_text(json.dumps(json.loads(state.read_text()) | {"version": "0"}), "utf-8")
    else:
        (tmp_path / "index" / "stray").write_text("x")

    assert build_index(SHOP, tmp_path).search("환불") == expected
    assert build_index(SHOP, tmp_path).search("환불") == expected


def test_two_runs_at_once(tmp_path):
    """While one writes, the other works in memory, with the same answers."""
    lock = FileLock(str(tmp_path / "lock"))
    assert lock.acquire()
    try:
        second = build_index(SHOP, tmp_path)
    finally:
        lock.release()

    assert second.search("환불") == build_index(SHOP, None).search("환불")
    assert not (tmp_path / "index").exists()


def test_a_cache_that_cannot_be_written(tmp_path):
    """A file stands where the folder should be: the index is made in memory."""
    (tmp_path / "cache").write_text("")

    assert found(build_index(SHOP, tmp_path / "cache").search("refund")) == [("R1", "en")]


def test_an_index_answers_many_at_once(index):
    """Threads of a server may share an index."""
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(found(index.search("환불 교환"))))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [answers[0]] * 8


def test_an_empty_corpus():
    """A project on its first day."""
    assert build_index(corpus(), None).search("환불") == []
