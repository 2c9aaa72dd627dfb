"""The engine of the browser, in Chromium: the same as Python, and hard to break."""

from __future__ import annotations

import json
import random
import re
import shutil
from pathlib import Path

import pytest
from snowballstemmer.english_stemmer import EnglishStemmer

from kbgen.articles import Corpus
from kbgen.search import Index, analysis, build_index, keys, korean
from tests.search.hostile import HOSTILE
from tests.search.samples import CASES, article, corpus, read_cases
from tests.search.test_analysis import GOLDEN

pytestmark = pytest.mark.browser

_TERMS = """
async ([endings, texts]) => {
  const { createAnalysis, normalise } = await import("/theme/components/search/analysis.js");
  const { tokens } = createAnalysis(endings);
  return texts.map((text) =>
    tokens(normalise(text)).map((token) => [token.text, [...token.words], [...token.pairs]]));
}
"""
_STEMS = """
async (words) => {
  const { stem } = await import("/theme/components/search/stem.js");
  return words.map(stem);
}
"""
_KEYS = """
async (texts) => {
  const keys = await import("/theme/components/search/keys.js");
  return texts.map((text) => [keys.typed(text), keys.composed(text), keys.initials(text)]);
}
"""
ODD = (
    "가힣ㄱㅎㅏ각ᄀ환불은에서 abzAZéßıİſΑΣς09१٣.,-'’_·/@#$%^&*()<>[]{}|\\\"`~"
    "…！ＡＢ　東ーｱ𠮷🙂👨‍👩‍👧\u0301\u200d\ufeff\u2028\n\t"
)


def terms_of(text: str) -> list[list]:
    found = analysis.tokens(analysis.normalise(text))
    return [[token.text, list(token.words), list(token.pairs)] for token in found]


def odd_texts(seed: int, count: int) -> list[str]:
    """Made-up texts of signs that are easily read in two ways."""
    rng = random.Random(seed)
    return ["".join(rng.choices(ODD, k=rng.randint(1, 24))) for _ in range(count)]


def test_terms_are_the_same(engine_page):
    """The golden table, the hostile queries, and a thousand odd texts."""
    texts = [*GOLDEN, *HOSTILE.values(), *odd_texts(1, 1000)]

    found = engine_page.evaluate(_TERMS, [list(korean.ENDINGS), texts])

    for text, terms in zip(texts, found, strict=True):
        assert terms == terms_of(text), repr(text)


def test_stems_are_the_same(engine_page, request):
    """Snowball in Python and the port in the browser agree on real and on made-up words."""
    words = sorted(made_up_words(random.Random(2)) | real_words(request))
    python = EnglishStemmer()

    found = engine_page.evaluate(_STEMS, words)

    assert found == [python.stemWord(word) for word in words]


def made_up_words(rng: random.Random) -> set[str]:
    endings = (
        "s es ed ing ly edly ingly eed eedly ational tional enci anci izer ization ator alism aliti"
        " alli fulness ousli ousness iveness iviti biliti bli ogi li ogist lessli icate ative alize"
        " iciti ical ful ness al ance ence er ic able ible ant ement ment ent ism ate iti ous ive"
        " ize ion e ll y ying ied ies us ss"
    )
    short = {"".join(rng.choices("aeiouybcdlstng", k=rng.randint(3, 6))) for _ in range(8000)}
    return short | {a + b for a in rng.sample(sorted(short), 300) for b in endings.split()}


def real_words(request: pytest.FixtureRequest) -> set[str]:
    """The words of a help center of 413 articles, if it is there."""
    try:
        data = request.getfixturevalue("shared_data")
    except pytest.skip.Exception:
        return set()
    files = (data / "help-centers/arduino-en").rglob("*.md")
    texts = (file.read_text("utf-8", "replace") for file in files)
    return {word for text in texts for word in re.findall("[a-z]{3,}", text.lower())}


def test_keys_are_the_same(engine_page):
    """Every syllable, lone jamo, and odd texts."""
    texts = [chr(code) for code in range(0xAC00, 0xD7A4, 7)]
    texts += [chr(code) for code in range(0x3131, 0x318F)]
    texts += ["ghksqnf", "rkqtdl", "GHKSqnf", "help", "rr", "Tkdrjvnf", *odd_texts(3, 300)]

    found = engine_page.evaluate(_KEYS, texts)

    assert found == [[keys.typed(t), keys.composed(t), keys.initials(t)] for t in texts]


@pytest.fixture(scope="module")
def shop(publish) -> tuple[Corpus, Index]:
    """The Korean cases, published as `shop`."""
    _, made, _ = read_cases(next(path for path in CASES if path.stem == "ko"))
    publish("shop", made)
    return made, build_index(made, None)


def damaged(shards: Path, name: str) -> Path:
    """A copy of the shop's shards to break."""
    shutil.copytree(shards / "shop", shards / name, dirs_exist_ok=True)
    return shards / name / "ko"


def rewrite(manifest: Path, **values) -> None:
    data = json.loads(manifest.read_text("utf-8")) | values
    manifest.write_text(json.dumps(data), "utf-8")


def test_another_version_is_refused(shop, shards, ask):
    """With a reason that the page can say in words."""
    folder = damaged(shards, "future")
    rewrite(folder / "manifest.json", version=99)

    assert ask("future", "ko", ["환불"]) == [{"error": "version"}]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "damaged"), ('{"version": 1', "damaged"), ("null", "version"), ("[]", "version")],
)
def test_a_damaged_manifest_is_refused(shop, shards, ask, text, reason):
    """Cut short by a proxy, or no manifest at all."""
    folder = damaged(shards, f"manifest-{len(text)}")
    (folder / "manifest.json").write_text(text, "utf-8")

    assert ask(f"manifest-{len(text)}", "ko", ["환불"]) == [{"error": reason}]


@pytest.mark.parametrize("name", ["t", "c"])
def test_a_damaged_shard_is_refused(shop, shards, ask, name):
    """Never a wrong result from half a file."""
    folder = damaged(shards, f"cut-{name}")
    for file in folder.glob(f"*/{name}*.json"):
        file.write_text(file.read_text("utf-8")[:40], "utf-8")

    assert ask(f"cut-{name}", "ko", ["환불"]) == [{"error": "damaged"}]


def test_signs_that_mean_nothing_are_refused(shop, shards, ask):
    """Valid JSON, postings that are none."""
    folder = damaged(shards, "signs")
    for file in folder.glob("*/t*.json"):
        terms = json.loads(file.read_text("utf-8"))
        file.write_text(json.dumps(dict.fromkeys(terms, "\\")), "utf-8")

    assert ask("signs", "ko", ["환불"]) == [{"error": "damaged"}]


_FILTER = """
async ([manifest, query, options]) => {
  const { createEngine } = await import("/theme/components/search/engine.js");
  const engine = createEngine({ manifest, fetch: (...args) => fetch(...args) });
  const { hits, total, counts } = await engine.search(query, options);
  const named = Object.entries(counts ?? {});
  const pairs = named.map(([name, each]) => [name, Object.fromEntries(each)]);
  return { ids: hits.map((hit) => hit.id), total, counts: Object.fromEntries(pairs) };
}
"""
STAFF = corpus(
    article("R1", "환불 기간", tags=["카드", "Refund"], category="returns"),
    article("R2", "환불 방법", tags=["refund"], category="returns/exchange"),
    article("D1", "배송 환불", tags=["카드"], category="delivery"),
    article("P1", "환불 상담", category="playbooks", audience="agents"),
)


@pytest.fixture
def narrow(engine_page, address, publish):
    """Asks with filters: options -> {ids, total, counts}."""
    publish("staff", STAFF)

    def run(**options):
        return engine_page.evaluate(
            _FILTER, [f"{address}/shards/staff/ko/manifest.json", "환불", options]
        )

    return run


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({}, {"R1", "R2", "D1", "P1"}),
        ({"category": "returns"}, {"R1", "R2"}),  # with what lies below it
        ({"category": "return"}, set()),
        ({"tag": "REFUND"}, {"R1", "R2"}),
        ({"tag": "카드", "category": "returns"}, {"R1"}),
        ({"tag": "아무것"}, set()),
        ({"audience": "agents"}, {"P1"}),
        ({"audience": "public"}, {"R1", "R2", "D1"}),
    ],
)
def test_filters(narrow, options, ids):
    """Each narrows the results, all of them together."""
    found = narrow(**options)

    assert (set(found["ids"]), found["total"], found["counts"]) == (ids, len(ids), {})


def test_counts_are_those_of_the_other_filters(narrow):
    """A reader sees what another choice would give, not that the present one excludes it."""
    counts = narrow(tag="카드", counts=True)["counts"]

    assert counts == {
        "category": {"returns": 1, "delivery": 1},
        "tag": {"카드": 2, "refund": 2},
        "audience": {"public": 2},
    }


def test_a_missing_index_is_said(ask):
    """The site was built without, or the reader is offline."""
    assert ask("nowhere", "ko", ["환불"]) == [{"error": "unreachable"}]


def test_a_new_site_is_found_by_an_old_tab(engine_page, address, publish, shards):
    """The files of a tab's index are gone: it reads the new manifest and goes on."""
    publish("moving", corpus(article("X1", "환불", "옛 글")))
    engine_page.evaluate(
        """async (manifest) => {
          const { createEngine } = await import("/theme/components/search/engine.js");
          window.engine = createEngine({ manifest, fetch: (...args) => fetch(...args) });
          await window.engine.open();
        }""",
        f"{address}/shards/moving/ko/manifest.json",
    )
    publish("moving", corpus(article("X1", "환불", "새 글"), article("X2", "반품", "새 글")))

    found = engine_page.evaluate(
        "async () => (await window.engine.search('새 글')).hits.map((h) => h.id)"
    )

    assert found == ["X1", "X2"]
