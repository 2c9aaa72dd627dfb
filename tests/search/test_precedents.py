"""Earlier questions: the same one counts for much, a shared word for little."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.search import build_index, write_shards
from kbgen.search.precedents import FULL, Precedent, gain, gains, strength, vote
from tests.search.samples import article, corpus

SHOP = corpus(
    article("R1", "환불 안내", "반품을 확인하면 카드사에 취소를 요청해요."),
    article("D1", "배송 조회", "주문 내역에서 볼 수 있어요."),
    article("A1", "로그인 문제", "비밀번호를 다시 정하세요."),
)


def first(query, learned):
    hits = build_index(SHOP, None, learned=learned).search(query)
    return hits[0].article if hits else None


@pytest.mark.parametrize(
    ("shared", "asked", "size", "expected"),
    [
        (100, 100, 100, FULL),  # the same question
        (50, 100, 50, FULL // 8),  # half of what is asked: the cube of a half
        (100, 100, 200, 459),  # all that is asked and as much again: the cube of 1 / 1.3
        (10, 100, 100, 0),  # a tenth
    ],
)
def test_vote(shared, asked, size, expected):
    assert vote(shared, asked, size, 4) == expected


def test_strength_doubles_slowly():
    assert [strength(n) for n in (0, 1, 2, 3, 4, 100, 10**9)] == [4, 4, 5, 5, 6, 10, 11]


def test_a_crowd_counts_as_much_as_the_nearest_question():
    """However many others there are, and however strong each is."""
    assert gain([FULL], 1000) == 2000
    assert gain([FULL] * 2, 1000) == gain([FULL] * 200, 1000) == 4000
    assert gain([3 * FULL], 1000) == 2000
    assert gain([], 1000) == 0


@given(
    st.lists(st.sampled_from("abcdef"), min_size=1, unique=True),
    st.lists(
        st.tuples(st.frozensets(st.sampled_from("abcdefgh"), min_size=1), st.integers(1, 10**6)),
        max_size=9,
    ),
    st.integers(0, 10**9),
)
def test_gains_are_bounded(asked, earlier, best):
    """No history lifts an article by more than four best scores, and none lowers one."""
    worth = dict.fromkeys(asked, 10)
    precedents = [Precedent(terms, 10 * len(terms), strength(times)) for terms, times in earlier]

    found = gains(worth, {7: precedents}, best)

    assert set(found) <= {7}
    assert all(0 < points <= 4 * max(best, 64 * 10 * len(asked)) for points in found.values())


def test_the_same_question_again_finds_what_it_led_to():
    """Even in words that no article has."""
    learned = {"A1": {"앱이 먹통이에요": 1}}

    assert first("앱이 먹통이에요", {}) is None
    assert first("앱이 먹통이에요", learned) == "A1"
    assert first("앱 먹통", learned) == "A1"


def test_a_shared_word_does_not_outweigh_the_texts():
    """A question about something else says little, however often it was asked."""
    learned = {"D1": {"환불한 상품은 배송 기사님이 언제 어디로 가지러 오나요": 9999}}

    assert first("환불 안내", learned) == "R1"


def test_learned_words_are_known_words():
    """A word that only readers use is not taken for a slip of another."""
    learned = {"A1": {"배승 문제": 2}}

    assert first("배승", learned) == "A1"
    assert first("배승", {}) == "D1"


@pytest.mark.browser
def test_the_browser_learns_the_same(ask, shards):
    """Same results and scores in Chromium, with earlier questions, votes and a boost."""
    articles = corpus(*SHOP.articles, article("P1", "결제 수단", "카드와 계좌", search_boost=1.5))
    learned = {
        "A1": {"앱이 먹통이에요": 1, "login 안돼요": 12, "로그인이 안 돼요": 900},
        "D1": {"내 택배 어디쯤": 4, "배송 언제 와요": 70, "…": 3},
        "P1": {f"계좌 이체 {n}번 오류": n + 1 for n in range(60)},
    }
    prior = {"R1": 0.31, "A1": 0.9}
    index = build_index(articles, None, learned=learned, prior=prior)
    write_shards(index, articles, shards / "learned")
    queries = [
        *(
            "앱이 먹통이에요",
            "앱 먹통",
            "login",
            "로그인 안돼요",
            "택배",
            "배송 언제 와요?",
            "환불",
        ),
        *("계좌 이체 7번 오류", "계좌 오류", "카드", "먹통인 카드", "배승", "ㅂㅅ", "없는말없는말"),
    ]

    found = ask("learned", "ko", queries)

    assert [[(hit["id"], hit["score"]) for hit in each["hits"]] for each in found] == [
        [(hit.article, hit.score) for hit in index.search(query)] for query in queries
    ]
    assert [hit["id"] for hit in found[0]["hits"]][:1] == ["A1"]
