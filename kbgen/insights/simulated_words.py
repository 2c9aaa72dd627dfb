"""What simulated readers say: questions that no article answers, and comments.

The questions are about things that most shops are asked about and few describe. Everything here
is made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Phrases = Mapping[str, Sequence[str]]  # by language, commonest first

HIDDEN_GAPS: Mapping[str, Phrases] = {
    "ship-abroad": {
        "ko": ("해외 배송 되나요", "해외배송", "일본으로 보낼 수 있어요?", "미국 배송 가능한가요"),
        "en": ("ship overseas", "do you ship to japan", "international shipping"),
    },
    "showroom": {
        "ko": ("오프라인 매장 어디에요", "매장 위치", "직접 보고 살 수 있나요", "쇼룸 있나요"),
        "en": ("store location", "can i see it in person", "showroom"),
    },
    "old-furniture": {
        "ko": ("쓰던 가구 가져가 주나요", "폐가구 수거", "헌 소파 버려주나요"),
        "en": ("take away old furniture", "old sofa removal"),
    },
    "spare-parts": {
        "ko": ("부품만 살 수 있나요", "나사 추가 구매", "조명 전구만 따로 파나요", "소모품 구매"),
        "en": ("buy spare parts", "extra screws", "replacement bulb"),
    },
    "bulk-order": {
        "ko": ("대량 구매 할인", "사무실 가구 견적", "기업 구매 문의", "100개 주문하면 할인되나요"),
        "en": ("bulk discount", "business order quote"),
    },
    "subscription": {
        "ko": ("정기배송 되나요", "꽃 정기구독", "매달 받아볼 수 있나요"),
        "en": ("subscribe to flowers", "monthly delivery"),
    },
    "sell-here": {
        "ko": ("입점 문의", "제 상품 팔고 싶어요", "입점하려면 어떻게 해요"),
        "en": ("sell on your shop", "become a seller"),
    },
    "care": {
        "ko": (
            "원목 식탁 관리 방법",
            "얼룩 제거 방법",
            "러그 세탁 어떻게 해요",
            "식탁 오일 바르는 법",
        ),
        "en": ("how to care for oak table", "wash a rug", "stain removal"),
    },
}

COMMENTS: Mapping[str, Phrases] = {
    "outdated": {
        "ko": ("화면이 설명과 달라요", "메뉴 이름이 바뀐 것 같아요", "지금은 이 방법이 안 돼요"),
        "en": ("The screen looks different now", "The menu has another name"),
    },
    "inaccurate": {
        "ko": ("안내대로 했는데 금액이 달라요", "상담원 말과 달라요"),
        "en": ("The amount was different for me", "Chat told me something else"),
    },
    "incomplete": {
        "ko": (
            "제 경우는 안 나와 있어요",
            "비회원은 어떻게 하는지 없네요",
            "며칠 걸리는지 알고 싶어요",
        ),
        "en": ("My case is not covered", "How many days does it take"),
    },
    "confusing": {
        "ko": ("순서가 헷갈려요", "용어가 어려워요", "어디를 누르라는 건지 모르겠어요"),
        "en": ("I could not find the button", "Too many steps at once"),
    },
    "other": {
        "ko": ("결국 전화했어요", "찾는 내용이 아니었어요"),
        "en": ("I had to call in the end", "Not what I was looking for"),
    },
    "easy": {
        "ko": ("바로 해결했어요", "그림이 있어서 좋았어요"),
        "en": ("Solved in a minute", "The table helped"),
    },
}


def in_language(phrases: Phrases, lang: str) -> Sequence[str]:
    """The phrases in a language; English where there are none."""
    return phrases.get(lang.split("-", maxsplit=1)[0], phrases["en"])
