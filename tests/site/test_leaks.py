"""What customers must not see is in no file of the public site, in no encoding."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
import zlib
from urllib.parse import unquote_to_bytes

import pytest

from kbgen.site.build import build as build_site
from kbgen.site.build import make
from tests.site.samples import markdown, project, tree

# One marker for each place in which text may hide. Lower-case letters only, so that no slug,
# stemmer or case folding changes them beyond recognition.
PLACES = (
    "title", "description", "body", "question", "alias", "tag", "reply", "filename", "category",
    "categorytitle", "picture", "pictureshared", "heading", "owner", "redirect", "product",
    "metakey", "comment", "code",
)  # fmt: skip
MARKERS = {place: f"zqx{place}vjk" for place in PLACES}
RARE = "뷁쀍쀏"  # syllables that no Korean word has, so that a bigram of them gives it away
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><title>{0}</title><text>{0}</text></svg>'


def hidden(**keys):
    """An article that has a marker everywhere."""
    m = MARKERS
    body = f"""
        {RARE} {m["body"]} <!-- {m["comment"]} --> ![x](near-{m["picture"]}.svg)
        ![y](../../assets/far-{m["pictureshared"]}.svg)

        ## {m["heading"]}

            {m["code"]}
    """
    return markdown(
        f"{m['title']} {RARE}",
        body,
        id="KB-0666",
        description=m["description"],
        questions=[m["question"], f"{RARE} 언제 돼요?"],
        aliases=[m["alias"]],
        tags=[m["tag"]],
        reply=m["reply"],
        owner=m["owner"],
        redirect_from=[f"/ko/{m['redirect']}/"],
        product=[m["product"]],
        note=m["metakey"],
        **keys,
    )


def files(**keys):
    m = MARKERS
    folder = f"ko/{m['category']}"
    return {
        "ko/index.md": markdown("도움말"),
        "ko/returns/refund.md": markdown(
            "환불",
            f"본문 [안](../{m['category']}/{m['filename']}.md) "
            f"[밖](/{m['category']}/{m['filename']}/) <a href='../{m['category']}/'>c</a>",
            id="KB-0001",
            related=["KB-0666"],
        ),
        "en/returns/refund.md": markdown("Refund", "text", id="KB-0001"),
        f"{folder}/{m['filename']}.md": hidden(**keys),
        f"{folder}/index.md": markdown(m["categorytitle"], **keys),
        f"{folder}/near-{m['picture']}.svg": SVG.format(m["picture"]),
        f"{folder}/unused-{m['picture']}.svg": SVG.format(m["picture"]),
        f"assets/far-{m['pictureshared']}.svg": SVG.format(m["pictureshared"]),
    }


def readings(data):
    """The bytes of a file, and all that they may be an encoding of."""
    found = [data]
    if data.startswith(b"\x1f\x8b"):
        found.append(gzip.decompress(data))
    for offset in range(min(len(data), 16)):
        try:
            found.append(zlib.decompress(data[offset:]))
        except zlib.error:
            continue
    found += [unquote_to_bytes(text) for text in list(found)]
    for text in list(found):
        if b"\\u" in text:
            plain = re.sub(rb"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)).encode(
                "utf-8", "surrogatepass"), text)  # fmt: skip
            found.append(plain)
    found += [text.replace(b"\0", b"") for text in list(found) if b"\0" in text]
    return [text.lower() for text in found]


# A dictionary may store words without what they share with their neighbours.
SIGNS = {place: [f"zqx{place}".encode(), f"{place}vjk".encode()] for place in PLACES}
SIGNS["korean"] = [
    unicodedata.normalize(form, char).encode() for char in RARE for form in ("NFC", "NFD")
]


def leaks(site):
    """`{marker: files}` of all markers in a site, names of files included."""
    found = {}
    for file in site.rglob("*"):
        name = file.relative_to(site).as_posix()
        texts = [name.encode(), *(readings(file.read_bytes()) if file.is_file() else ())]
        for place, signs in SIGNS.items():
            if any(sign in text for text in texts for sign in signs):
                found.setdefault(place, []).append(name)
    return found


@pytest.mark.parametrize("keys", [{"audience": "agents"}, {"draft": True}], ids=["agents", "draft"])
def test_hidden_article_leaves_no_trace(build, tmp_path, keys):
    """Pages, index, feeds, sitemap, redirects, assets: not a word, not a file name."""
    built = build(files(**keys))

    assert leaks(built.site) == {}
    assert (built.site / "ko/returns/refund/index.html").is_file()


def test_hidden_article_leaves_no_trace_in_the_ledger(build, tmp_path):
    """The remembered addresses are those of the public site."""
    build(files(audience="agents"))

    ledger = (tmp_path / "content/.kbgen/urls.yml").read_text("utf-8")
    assert [place for place, marker in MARKERS.items() if marker in ledger] == []


def test_an_internal_site_remembers_no_addresses(tmp_path):
    """Whether the command or mkdocs.yml asks for it."""
    build_site(project(tmp_path, files(audience="agents"), audience="agents"))

    assert not (tmp_path / "content/.kbgen/urls.yml").exists()


def test_hidden_article_leaves_no_trace_after_a_build_for_agents(build, tmp_path):
    """The caches of the one build do not spill into the other."""
    config = project(tmp_path, files(audience="agents"))
    for audience in ("agents", None):
        make(config, tmp_path / str(audience), audience=audience)

    assert leaks(tmp_path / "None") == {}
    assert "body" in leaks(tmp_path / "agents")


def test_agents_see_it(build):
    """The same content, built for agents, holds what they look for."""
    found = leaks(build(files(audience="agents"), audience="agents").site)

    assert {"korean", *PLACES} - {"owner", "metakey", "comment", "product", "reply"} <= set(found)


def test_agents_do_not_see_drafts(build):
    """What is not finished is nobody's yet."""
    assert leaks(build(files(draft=True), audience="agents").site) == {}


def test_whole_category_for_agents(build):
    """Marking the category hides every article in it, also one that says nothing itself."""
    planted = files(audience="agents")
    name = f"ko/{MARKERS['category']}/{MARKERS['filename']}.md"
    planted[name] = hidden()

    assert leaks(build(planted).site) == {}


def test_publishing_it_shows_it(build):
    """The test itself works: without the mark, the words are there."""
    found = leaks(build(files()).site)

    assert {"title", "body", "picture", "question", "korean"} <= set(found)


def test_link_to_a_hidden_article_is_words_only(build):
    """The customer reads on without a link that would be a 404 and a hint."""
    built = build(files(audience="agents"))
    page = (built.site / "ko/returns/refund/index.html").read_text("utf-8")

    assert "<a>안</a> <a>밖</a> <a>c</a>" in page


def test_votes_cannot_name_it(build):
    """articles.json, which the collector trusts, has no row for it."""
    built = build(files(audience="agents"))
    rows = json.loads((built.site / "articles.json").read_text("utf-8"))

    assert {row["id"] for row in rows} == {"KB-0001"}


def test_sources_are_not_published(build, tmp_path):
    """Neither Markdown nor front matter nor what kbgen keeps beside the content."""
    planted = files()
    planted[".kbgen/sample-events.jsonl"] = "{}"
    planted["_snippets/x.md"] = "x"
    site = build(planted).site

    assert [name for name in tree(site) if name.endswith((".md", ".yml", ".jsonl"))] == []
    assert not any("snippets" in name or ".kbgen" in name for name in tree(site))
