"""The words of the interface: complete in every language."""

from __future__ import annotations

import re
from string import Formatter

import pytest
import yaml

from kbgen.strings import languages, strings
from tests.conftest import ROOT

LANG = ROOT / "theme" / "lang"
TEMPLATES = sorted((ROOT / "theme").rglob("*.html"))
FILES = sorted(LANG.glob("*.yml"))


def flat(data, above=""):
    """`{"vote": {"yes": "Yes"}}` -> `{"vote.yes": "Yes"}`; entries of lists are numbered."""
    found = {}
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    for key, value in pairs:
        place = f"{above}.{key}" if above else str(key)
        found |= flat(value, place) if isinstance(value, dict | list) else {place: value}
    return found


KOREAN, ENGLISH = flat(strings("ko")), flat(strings("en"))


def test_languages_are_korean_and_english():
    """Others are welcome, with the same keys."""
    assert languages() == ("en", "ko")


@pytest.mark.parametrize("lang", languages())
def test_language_is_complete(lang):
    """A missing string would show as nothing, in the middle of a page."""
    assert sorted(flat(strings(lang))) == sorted(ENGLISH)


@pytest.mark.parametrize("lang", languages())
def test_every_string_is_text(lang):
    """YAML reads `no`, `12:00` and `1` as something else; empty ones are forgotten ones."""
    odd = {
        key: value
        for key, value in flat(strings(lang)).items()
        if not isinstance(value, str) or not value.strip() or value != value.strip()
    }

    assert odd == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_key_twice(path):
    """YAML keeps the last of two silently."""
    keys = []

    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node, deep=False):
            names = [key.value for key, _ in node.value]
            keys.extend(name for name in set(names) if names.count(name) > 1)
            return super().construct_mapping(node, deep)

    yaml.load(path.read_text("utf-8"), Loader)

    assert keys == []


def test_no_key_is_hidden_by_a_method():
    """Jinja reads `t.search.clear` as the method of a dictionary if there is one."""
    hidden = {key for key in ENGLISH if set(key.split(".")) & set(dir(dict))}

    assert hidden == set()


def places(text):
    """The names in braces."""
    return sorted(field for _, field, _, _ in Formatter().parse(text) if field is not None)


# Numbers have no plural form in Korean; dates name the month by word or by number.
SHAPED_BY_LANGUAGE = {"date.format"}


def test_places_are_equal_in_both():
    """A translation that forgets {count} shows no number."""
    different = {key for key in ENGLISH if places(KOREAN[key]) != places(ENGLISH[key])}

    assert different <= SHAPED_BY_LANGUAGE


def test_dates_can_be_written():
    """Only names that the site fills in."""
    known = {"year", "month", "name", "day"}
    assert set(places(KOREAN["date.format"])) | set(places(ENGLISH["date.format"])) <= known


@pytest.mark.parametrize("lang", languages())
def test_no_exclamation_marks(lang):
    """A help center is calm."""
    assert [text for text in flat(strings(lang)).values() if "!" in text or "！" in text] == []


def test_korean_is_polite_throughout():
    """해요체, never 합쇼체 beside it."""
    stiff = re.compile(r"습니다|입니다|십시오|습니까")

    assert {key: text for key, text in KOREAN.items() if stiff.search(text)} == {}


def test_korean_is_translated():
    """Apart from places such as {count}, what reads the same in both has no English word."""
    same = {key: text for key, text in KOREAN.items() if text == ENGLISH[key]}
    words = {key: re.sub(r"\{[^}]*\}", "", text) for key, text in same.items()}

    assert {key: text for key, text in words.items() if re.search(r"[a-z]{2}", text)} == {}


USED = {
    (path.relative_to(ROOT).as_posix(), key)
    for path in TEMPLATES
    for key in re.findall(r"\b(?:kb\.)?t\.([a-z_]+(?:\.[a-z_]+)+)", path.read_text("utf-8"))
}


def test_every_string_that_a_template_prints_exists():
    """Jinja prints nothing for a name that it does not know."""
    missing = {
        (path, key)
        for path, key in USED
        if key not in ENGLISH and not any(known.startswith(f"{key}.") for known in ENGLISH)
    }

    assert missing == set()
    assert len(USED) > 30
