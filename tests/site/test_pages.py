"""The plan of a site: which pages there are and what they are to each other."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.structure.files import File

from kbgen.site.outputs import forwards
from kbgen.site.pages import address, prefixes
from tests.site.samples import article, category, planned

REFUND_KO = article("ko/returns/refund.md", id="KB-1", title="환불")
REFUND_EN = article("en/returns/refund.md", id="KB-1", title="Refunds")
LATE_KO = article("ko/delivery/late.md", id="KB-2", title="늦은 배송")


def test_each_language_has_home_search_index_and_its_articles():
    """Two languages give two complete sites and a root that shows the first."""
    made = planned(REFUND_KO, REFUND_EN)

    expected = {
        "": "home",
        "ko/": "home",
        "ko/search/": "search",
        "ko/a-z/": "index",
        "ko/returns/": "category",
        "ko/returns/refund/": "article",
        "en/": "home",
        "en/search/": "search",
        "en/a-z/": "index",
        "en/returns/": "category",
        "en/returns/refund/": "article",
    }
    assert expected == {page.url: page.kind for page in made.pages}


def test_root_shows_the_home_of_the_source_language():
    """The root is a copy that tells search engines which page is the original."""
    made = planned(REFUND_KO, REFUND_EN)

    root = made.by_url[""]
    assert (root.kind, root.lang, root.canonical) == ("home", "ko", "ko/")


def test_missing_translation_is_a_page_with_the_source_text():
    """A reader of English gets the Korean article at an English address."""
    made = planned(LATE_KO, REFUND_KO, REFUND_EN)

    page = made.by_url["en/delivery/late/"]
    assert page.is_fallback
    assert (page.lang, page.article, page.canonical) == ("en", LATE_KO, "ko/delivery/late/")
    assert not made.by_url["en/returns/refund/"].is_fallback


def test_articles_of_other_languages_are_no_fallback_for_the_source():
    """Only the source language stands in: its readers do not get translations without a source."""
    made = planned(article("en/faq/only-english.md", id="KB-9"), REFUND_KO)

    assert "ko/faq/only-english/" not in made.by_url
    assert made.by_url["en/faq/only-english/"].kind == "article"


def test_fallback_never_takes_the_address_of_an_article():
    """An own article wins over a stand-in, whichever language sorts first."""
    source = article("de/x/a.md", id="KB-1", title="Deutsch")
    own = article("en/x/a.md", id="KB-2", title="English")
    made = planned(source, own, languages=("de", "en"))

    assert made.by_url["en/x/a/"].title == "English"


def test_category_page_for_every_level():
    """Categories without an index.md have pages too, named after their folder."""
    made = planned(article("ko/a/b/c/deep.md", id="KB-1"))

    assert {"ko/a/", "ko/a/b/", "ko/a/b/c/"} == {
        page.url for page in made.pages if page.kind == "category" and page.lang == "ko"
    }
    assert made.by_url["ko/a/b/c/"].title == "c"


def test_category_counts_include_what_lies_below():
    """A card says how many articles a reader will find behind it."""
    made = planned(article("ko/a/one.md", id="KB-1"), article("ko/a/b/two.md", id="KB-2"))

    assert (
        made.counts["a", "ko"],
        made.counts["a/b", "ko"],
        made.counts["", "en"],
    ) == (2, 1, 2)


def test_category_texts_fall_back_to_the_source_language():
    """Until a category is translated its source texts are better than a folder name."""
    made = planned(REFUND_KO, categories=[category("returns", "ko", "반품과 환불")])

    assert made.by_url["en/returns/"].title == "반품과 환불"


def test_categories_are_ordered_by_their_number_then_title():
    """`order:` decides; the rest follows the alphabet."""
    made = planned(
        *(article(f"ko/{name}/x-{name}.md", id=f"KB-{name}") for name in ("b", "c", "a")),
        categories=[category("c", "ko", "Zuerst", order=1)],
    )

    assert [p.category.path for p in made.by_parent["", "ko"] if p.category] == ["c", "a", "b"]


def test_empty_category_has_no_page():
    """A folder without articles to show does not appear."""
    made = planned(REFUND_KO, categories=[category("policies", "ko", "약관")])

    assert "ko/policies/" not in made.by_url


def test_one_language_without_its_folder_lives_at_the_root():
    """`content/returns/refund.md` of a site of one language is `/returns/refund/`."""
    only = article("returns/refund.md", id="KB-1", lang="en", category="returns")
    made = planned(only, languages=("en",))

    assert {"", "search/", "a-z/", "returns/", "returns/refund/"} == set(made.by_url)
    assert made.by_url[""].canonical is None


def test_one_language_with_its_folder_keeps_it():
    """The folder decides the address, so that a second language may come later."""
    made = planned(REFUND_EN, languages=("en",))

    assert "en/returns/refund/" in made.by_url
    assert made.by_url[""].canonical == "en/"


def test_site_without_articles_still_has_its_pages():
    """The first build of an empty project works."""
    made = planned()

    assert {"", "ko/", "en/", "ko/search/", "en/search/", "ko/a-z/", "en/a-z/"} == set(made.by_url)


def test_home_takes_its_words_from_index_md():
    """`index.md` at the top of a language names its home page, else the site's name does."""
    made = planned(REFUND_KO, categories=[category("", "ko", "무엇을 도와드릴까요?")])

    assert made.by_url["ko/"].title == "무엇을 도와드릴까요?"
    assert made.by_url["en/"].title == "Help"


@pytest.mark.parametrize(
    ("url", "lang", "expected"),
    [
        ("ko/returns/refund/", "en", "en/returns/refund/"),
        ("ko/returns/", "en", "en/returns/"),
        ("ko/search/", "en", "en/search/"),
        ("ko/a-z/", "en", "en/a-z/"),
        ("ko/", "en", "en/"),
        ("", "en", "en/"),
        ("en/delivery/late/", "ko", "ko/delivery/late/"),
        # no such article in Korean: its category is the nearest
        ("en/returns/english-only/", "ko", "ko/returns/"),
    ],
)
def test_language_switch_leads_to_the_same_page_or_its_nearest(url, lang, expected):
    """The switch never leads to a page that is not there."""
    extra = article("en/returns/english-only.md", id="KB-7")
    made = planned(REFUND_KO, REFUND_EN, LATE_KO, extra)

    assert expected == made.twin(made.by_url[url], lang)
    assert expected in made.by_url


def test_every_article_has_its_permanent_address_in_each_language():
    """`/a/ID/` leads to the source language, `/en/a/ID/` to English."""
    made = planned(REFUND_KO, REFUND_EN)

    found = {forward.url: forward.target for forward in forwards(made)}
    assert found == {
        "a/KB-1/": "ko/returns/refund/",
        "ko/a/KB-1/": "ko/returns/refund/",
        "en/a/KB-1/": "en/returns/refund/",
    }


def test_permanent_address_of_an_article_without_a_source():
    """An article that exists in English only has `/a/ID/` as well."""
    made = planned(article("en/faq/solo.md", id="KB-5"))

    found = {forward.url: forward.target for forward in forwards(made)}
    assert found["a/KB-5/"] == "en/faq/solo/"


def test_old_addresses_lead_to_the_article_in_its_own_language():
    """A fallback page does not take redirects of its source: only one page may have them."""
    moved = article("ko/delivery/late.md", id="KB-2", redirect_from=("ko/old/", "help/12/"))
    found = {forward.url: forward.target for forward in forwards(planned(moved))}

    assert "ko/delivery/late/" == found["ko/old/"] == found["help/12/"]


def test_forward_never_takes_the_place_of_a_page():
    """A page that exists wins over an old address that claims it."""
    grab = article("ko/delivery/late.md", id="KB-2", redirect_from=("ko/returns/refund/", "ko/"))
    made = planned(grab, REFUND_KO)

    assert not {"ko/returns/refund/", "ko/"} & {forward.url for forward in forwards(made)}


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("index.md", ""),
        ("README.md", ""),
        ("ko/index.md", "ko/"),
        ("ko/a/README.md", "ko/a/"),
        ("ko/a/b.md", "ko/a/b/"),
        ("ko/반품/환불.md", "ko/반품/환불/"),
        ("Store Support/a.md", "Store Support/a/"),
    ],
)
def test_address_is_the_one_that_mkdocs_gives(uri, expected):
    """`address` agrees with MkDocs' own rule."""
    file = File(uri, "/docs", "/site", use_directory_urls=True)
    assert expected == address(uri)
    assert f"{expected}index.html" == file.dest_uri


@given(
    st.text(alphabet="ab/", max_size=12).map(lambda text: "/".join(filter(None, text.split("/"))))
)
def test_prefixes_end_with_the_category_itself(path):
    """Each prefix extends the one before by one part."""
    found = prefixes(path)

    assert ([path] if path else []) == found[-1:]
    assert all(longer.startswith(f"{shorter}/") for shorter, longer in itertools.pairwise(found))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ko", "en"]),
            st.sampled_from(["", "a", "a/b", "search", "a-z", "a/x"]),
            st.sampled_from(["x", "y", "search", "a-z", "b"]),
            st.integers(1, 4),
        ),
        max_size=8,
        unique_by=lambda entry: entry[:3],
    )
)
def test_plan_is_complete_whatever_the_names(entries):
    """Addresses are unique, switches lead to pages, forwards lead to pages and hide none."""
    made = planned(
        *(
            article("/".join(filter(None, [lang, path, f"{slug}.md"])), id=f"KB-{n}")
            for lang, path, slug, n in entries
        )
    )

    assert len(made.pages) == len({page.url for page in made.pages})
    for page in made.pages:
        assert {made.twin(page, lang) for lang in made.languages} <= set(made.by_url)
    for forward in forwards(made):
        assert forward.target in made.by_url
        assert forward.url not in made.by_url
