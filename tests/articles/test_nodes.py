"""Front matter YAML: every value keeps its letters and its line, and no small file grows large."""

from __future__ import annotations

from contextlib import suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kbgen.articles import nodes
from kbgen.articles.nodes import Items, Pairs, Scalar, YamlError


def failure(text: str) -> tuple[str, int, str, str]:
    with pytest.raises(YamlError) as raised:
        nodes.parse(text)
    error = raised.value
    return error.code, error.line, error.message, error.hint


def test_values_keep_their_letters_and_lines():
    text = "id: 0042\ntitle: no\nwhen: 2025-06-01\nlist:\n  - 1e3\n  - 'x'\nempty:\n"

    assert nodes.parse(text).pairs == (
        (Scalar("id", 1), Scalar("0042", 1)),
        (Scalar("title", 2), Scalar("no", 2)),
        (Scalar("when", 3), Scalar("2025-06-01", 3)),
        (Scalar("list", 4), Items((Scalar("1e3", 5), Scalar("x", 6, plain=False)), 5)),
        (Scalar("empty", 7), Scalar("", 7)),
    )


def test_plain_values_are_what_a_template_expects():
    text = "a: 1\nb: 1.5\nc: true\nd: null\ne: '1'\nf: 2025-06-01\ng: 007\nh: [x, {y: 2}]\n"

    assert nodes.plain(nodes.parse(text)) == {
        "a": 1, "b": 1.5, "c": True, "d": None, "e": "1", "f": "2025-06-01", "g": "007",
        "h": ["x", {"y": 2}],
    }  # fmt: skip


def test_an_empty_block_has_no_keys():
    assert nodes.parse("") == Pairs((), 1)
    assert nodes.parse("# only a comment\n") == Pairs((), 1)


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def loader(request, monkeypatch):
    """Both builds of PyYAML: not every platform has the one in C."""
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(nodes, "_LOADER", getattr(yaml, request.param))


IN_QUOTES = "put the value in quotes"


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("a: b\ntitle: Returns: how", 2, "a colon inside a value: `title: Returns: how`",
         'put the value in quotes: title: "Returns: how"'),
        ("a: [b, c\nd: e", 2, "a bracket that is never closed: `d: e`", "close it with ] or }"),
        ('a: "b\nc: d', 2, "a quotation mark that is never closed: `c: d`",
         "close it, or leave both out"),
        ("a: b\n\tc: d", 2, "a tab at the start of a line: `c: d`", "indent with spaces"),
        ("\ta: b", 1, "a tab at the start of a line: `a: b`", "indent with spaces"),
        ("a: @x", 1, "a value that begins with a sign: `a: @x`", IN_QUOTES),
        ("a: `x`", 1, "a value that begins with a sign: `a: `x``", IN_QUOTES),
        ("  a: b\nc: d", 2, "a line that is indented less than the first: `c: d`",
         "align the keys"),
        ("a: 1\n--- # x\nb: 2", 3, "a second document begins",
         "end the front matter with --- on a line of its own"),
        ("a: - b", 1, "not valid YAML: `a: - b`",
         "check quotes, colons and indentation here and on the line before"),
        ("a: b\nc: \x07", 2, "a control character", "remove it; an editor may show it as a box"),
    ],
)  # fmt: skip
def test_broken_yaml_names_line_value_and_cure(text, line, message, hint):
    assert failure(text) == ("yaml", line, message, hint)


def test_aliases_and_merge_keys_are_refused():
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )

    assert failure(bomb) == ("yaml-alias", 2, "the alias *a is not read", "write the value out")
    assert failure("<<: {a: 1}\n")[0] == "yaml-alias"


def test_an_anchor_that_nothing_points_at_does_no_harm():
    assert nodes.plain(nodes.parse("title: &t Returns\n")) == {"title": "Returns"}


def test_deep_and_large_blocks_are_refused():
    assert failure("a: " + "[" * 20_000)[0] in ("yaml-deep", "yaml")
    assert failure("a: " + "[" * 21 + "]" * 21)[0] == "yaml-deep"
    assert failure("a: " + "x" * 70_000)[0] == "front-matter-large"


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "42\n"])
def test_a_block_must_hold_keys(text):
    assert failure(text)[0] == "yaml-shape"


def test_a_key_must_be_a_word():
    assert failure("[a, b]: c\n")[0] == "yaml-shape"


@given(st.text(max_size=400))
def test_any_text_is_read_or_refused(text):
    with suppress(YamlError):
        nodes.parse(text)
