"""The static files for the browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbgen.errors import SearchError
from kbgen.search import build_index, write_shards
from kbgen.search.shards import SIGNS, VERSION, encode
from tests.search.samples import article, corpus

SHOP = corpus(
    article("R1", "환불은 언제 되나요", "3영업일 안에 환불해요.", category="returns"),
    article("P1", "MARKER-AGENTS 상담", "환불 비밀 요령", category="playbooks", audience="agents"),
    article("R1", "When do I get my refund?", "Within 3 days.", lang="en", category="returns"),
)


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.json")}


def decode(text):
    """The numbers of a text of signs, as the browser reads them."""
    numbers, number, factor = [], 0, 1
    for sign in text:
        digit = SIGNS.index(sign)
        number += digit % 45 * factor
        factor *= 45
        if digit < 45:
            numbers.append(number)
            number, factor = 0, 1
    return numbers


@given(st.lists(st.integers(0, 10**9)))
def test_numbers_come_back(numbers):
    """Signs need no escape in JSON."""
    text = encode(numbers)

    assert decode(text) == numbers
    assert json.dumps(text) == f'"{text}"'


def test_the_same_articles_give_the_same_bytes(tmp_path):
    """From a new index and from a mended one, in any order."""
    public = corpus(*SHOP.public.articles)
    write_shards(build_index(public, None), public, tmp_path / "one")
    build_index(corpus(SHOP.articles[0]), tmp_path / "cache")
    again = corpus(*reversed(public.articles))
    write_shards(build_index(again, tmp_path / "cache"), again, tmp_path / "two")

    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_names_say_what_they_hold(tmp_path):
    """A folder for each language, named by the hash of its content."""
    public = corpus(*SHOP.public.articles)
    written = write_shards(build_index(public, None), public, tmp_path)
    manifest = json.loads((tmp_path / "ko/manifest.json").read_text("utf-8"))

    assert written == {"en": "en/manifest.json", "ko": "ko/manifest.json"}
    assert (manifest["version"], manifest["lang"], manifest["documents"]) == (VERSION, "ko", 1)
    assert {p.name for p in (tmp_path / "ko" / manifest["folder"]).iterdir()} == {
        "t0.json",
        "w0.json",
        "c0.json",
    }


def test_a_new_index_replaces_the_old_one(tmp_path):
    """Files of earlier builds do not pile up; what others keep beside them stays."""
    (tmp_path / "index.html").write_text("the results page of a site with one language")
    for body in ("하나", "둘"):
        made = corpus(article("R1", "환불", body))
        write_shards(build_index(made, None), made, tmp_path)

    assert len(list((tmp_path / "ko").iterdir())) == 2
    assert (tmp_path / "index.html").exists()


def test_public_shards_hold_nothing_for_agents(tmp_path):
    """Not a title, not a word of a text, not a word of the vocabulary, not a count."""
    public = corpus(*SHOP.public.articles)
    write_shards(build_index(SHOP, None), public, tmp_path / "all")
    write_shards(build_index(public, None), public, tmp_path / "public")

    assert files(tmp_path / "all") == files(tmp_path / "public")
    for name, data in files(tmp_path / "all").items():
        text = data.decode().casefold()
        assert not any(word in text for word in ("marker", "비밀", "요령", "playbooks")), name


def test_articles_beyond_the_corpus_are_refused(tmp_path):
    """An index of more public articles than those to publish is a mistake of the caller."""
    some = corpus(SHOP.articles[0])

    with pytest.raises(SearchError, match="is in the index but not in the corpus"):
        write_shards(build_index(SHOP, None), corpus(*SHOP.articles[1:2], *some.articles), tmp_path)


def test_agents_sites_have_everything(tmp_path):
    """A build for agents publishes what agents may see."""
    write_shards(build_index(SHOP, None), SHOP, tmp_path)
    manifest = json.loads((tmp_path / "ko/manifest.json").read_text("utf-8"))

    assert manifest["documents"] == 2
    assert manifest["categories"] == [["playbooks", "Playbooks"], ["returns", "Returns"]]
    assert decode(manifest["internal"]) == [0]


def test_tags_are_a_file_of_their_own(tmp_path):
    """The field never asks for it; one tag in two spellings is one tag."""
    made = corpus(
        article("A1", "하나", tags=["카드", "Refund"]),
        article("A2", "둘", tags=["카드"]),
        article("A3", "셋"),
        article("A4", "넷", tags=["refund", "refund"]),
    )
    write_shards(build_index(made, None), made, tmp_path)
    (file,) = tmp_path.glob("ko/*/tags.json")
    tags = json.loads(file.read_text("utf-8"))

    assert {tag: decode(places) for tag, places in tags.items()} == {
        "Refund": [0, 2],
        "카드": [0, 0],
    }
    assert json.loads((tmp_path / "ko/manifest.json").read_text("utf-8"))["tags"] == 2


def test_a_language_without_articles_has_an_empty_index(tmp_path):
    """So that its pages search nothing rather than fail."""
    write_shards(build_index(corpus(), None), corpus(), tmp_path)
    empty = corpus()
    object.__setattr__(empty, "languages", ("ja",))
    write_shards(build_index(empty, None), empty, tmp_path)

    assert json.loads((tmp_path / "ja/manifest.json").read_text("utf-8"))["documents"] == 0


def test_long_articles_are_quoted_in_part(tmp_path):
    """A browser that shows ten results does not load ten books."""
    made = corpus(article("X1", "제목", "낱말 " * 20_000))
    write_shards(build_index(made, None), made, tmp_path)

    assert max(len(data) for name, data in files(tmp_path).items() if "/c" in name) < 2_000
