"""Text -> terms."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.search import analysis, korean
from kbgen.search.analysis import normalise, terms, tokens

GOLDEN = {
    # Korean
    "환불을": ["환불", "환불", "불을"],
    "환불해주세요": ["환불", "환불", "불해", "해주", "주세", "세요"],
    "고객 서비스": ["고객", "고객", "서비스", "객서", "서비", "비스"],
    "고객서비스": ["고객서비스", "고객", "객서", "서비", "비스"],
    "돈": ["돈"],
    "SSO로그인": ["sso", "로그인", "로그", "그인"],
    # English
    "Refunds": ["refund"],
    "the customer's": ["the", "custom"],
    "don't": ["dont"],
    "sign-in": ["signin", "sign", "in"],
    "e-mail": ["email", "mail"],
    "Café": ["cafe"],
    # codes
    "ERR-1042": ["err1042", "err", "1042"],
    "err1042": ["err1042", "err", "1042"],
    "0x80070005": ["0x80070005"],
    "v2.3.1": ["2.3.1"],
    "2.3.1": ["2.3.1"],
    "v2": ["v2"],
    "TLS1.2": ["tls1.2", "tls", "1.2"],
    "30,000원": ["30000", "원"],
    "ＫＢ－00４２": ["kb0042", "kb", "0042"],
    # others
    "東京タワー": ["東京", "京タ", "タワ", "ワー"],
    "款": ["款"],
    "مرحبا": ["مرحبا"],
    "!?… — 🙂": [],
    "x" * 65: [],
}


@pytest.mark.parametrize("text", GOLDEN)
def test_terms(text):
    """The terms of a text, in order; the browser is held to the same table."""
    assert terms(text) == GOLDEN[text]


def test_composed_and_decomposed_hangul_are_the_same():
    """macOS writes file names, and so pasted titles, in decomposed form."""
    assert terms(unicodedata.normalize("NFD", "환불 기간")) == terms("환불 기간")


@pytest.mark.parametrize("word", ["회의", "도로", "결과", "이메일", "로그인", "온라인"])
def test_words_that_look_like_particles_stay(word):
    """Two syllables remain, and common loanwords are whole."""
    assert korean.stem(word) == word


@pytest.mark.parametrize(
    "word",
    [
        "환불",
        "환불이",
        "환불을",
        "환불은",
        "환불에서는",
        "환불하기를",
        "환불됐어요",
        "환불받으려면",
        "환불입니다",
    ],
)
def test_forms_of_a_word_share_a_stem(word):
    """Particles and verb endings come off, one after the other."""
    assert korean.stem(word) == "환불"


@given(st.text())
def test_tokens_lie_in_their_text(text):
    """Any text gives tokens in order, within it, with whole terms."""
    text = normalise(text)
    end = 0
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert all(token.terms) or not token.terms
        end = token.end


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_terms_do_not_depend_on_form_or_case(text):
    """Both forms of Unicode are the same text."""
    assert terms(unicodedata.normalize("NFD", text)) == terms(text)


@given(st.text())
def test_terms_can_be_stored(text):
    """Half characters (lone surrogates) never reach the index."""
    for term in terms(text):
        term.encode()


def test_words_that_can_be_completed():
    """Words, not codes, and Korean ones without their particle."""
    written = [token.written for token in analysis.tokens("Refunds 환불을 돈 ERR-1042 v2 it 東京")]

    assert written == ["refunds", "환불", "", "", "", "", ""]
