"""Where front matter ends and the body begins."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kbgen.articles.frontmatter import Parts, split


def test_block_and_body_know_their_lines():
    assert split("---\ntitle: T\n---\nBody\n") == Parts("title: T", 2, "Body\n", 4)


def test_a_text_without_block_is_all_body():
    assert split("# Title\n\n---\nText") == Parts(None, 0, "# Title\n\n---\nText", 1)


def test_dashes_inside_a_value_or_the_body_end_nothing():
    text = "---\ntitle: a --- b\ntext: |\n  ---\n  more\n---\nBody\n\n---\nEnd"

    assert split(text).block == "title: a --- b\ntext: |\n  ---\n  more"
    assert split(text).body == "Body\n\n---\nEnd"


def test_a_rule_at_the_top_is_no_front_matter():
    assert split("---\n\nA sentence.\n\n---\n\nMore").block is None


def test_blank_lines_may_stand_before_the_block():
    assert split("\n\n---\ntitle: T\n---\nBody") == Parts("title: T", 4, "Body", 6)


def test_spaces_after_the_fence_and_dots_as_end():
    assert split("--- \ntitle: T\n...\nBody").block == "title: T"


def test_an_empty_block_is_a_block():
    assert split("---\n---\nBody") == Parts("", 2, "Body", 3)


def test_a_block_that_never_ends_is_open():
    assert split("---\ntitle: T\n\nBody").is_open
    assert not split("---\n\nBody").is_open


@given(st.text(alphabet="ab:- \n#'", max_size=200))
def test_the_body_is_the_end_of_the_text(text):
    parts = split(text)

    assert text.split("\n")[parts.body_line - 1 :] == parts.body.split("\n") or not parts.body
    assert text.endswith(parts.body)


@given(
    st.dictionaries(st.sampled_from(["title", "tags", "id"]), st.sampled_from(["x", "'y'", "[z]"])),
    st.text(alphabet="ab -#\n", max_size=80),
)
def test_what_was_joined_splits_again(keys, body):
    block = "\n".join(f"{key}: {value}" for key, value in keys.items())
    parts = split(f"---\n{block}\n---\n{body}")

    assert (parts.block, parts.body) == (block, body)
