"""The theme's styles and scripts as files of the site."""

from __future__ import annotations

import posixpath
import re

import pytest

from kbgen.site.assets import collect, sent
from kbgen.strings import theme_folder
from tests.site.samples import write

THEME = {
    "tokens.css": ":root { --kb-hue: 1; }",
    "base.css": "body { margin: 0; }",
    "typeset.css": "p { margin: 0; }",
    "kbgen.js": 'import "./components/vote/vote.js";',
    "components/vote/vote.css": ".kb-vote { color: red; }",
    "components/vote/vote.js": "export function mount() {}",
    "components/actions/actions.css": ".kb-actions { color: blue; }",
}


@pytest.fixture
def theme(tmp_path):
    write(tmp_path, THEME)
    return tmp_path


def test_one_style_sheet_tokens_first_then_components_by_name(theme):
    """Later rules win, so the order is fixed."""
    made = collect(theme)
    css = made.files[made.address("kbgen.css")]

    found = sorted(css.index(text) for name, text in THEME.items() if name.endswith(".css"))
    order = ["tokens.css", "base.css", "typeset.css", "components/actions/actions.css",
             "components/vote/vote.css"]  # fmt: skip
    assert [css.index(THEME[name]) for name in order] == found


def test_scripts_keep_their_place_so_that_imports_work(theme):
    """`./components/vote/vote.js` is found without rewriting."""
    made = collect(theme)

    assert set(made.files) == {
        f"{made.folder}/{name}" for name in ("kbgen.css", "kbgen.js", "components/vote/vote.js")
    }


def test_readers_get_no_comments_and_no_indentation():
    """What stands beside code stays, as do addresses and patterns that look like comments."""
    text = """/* A module.

   With * and / in it. */
import { a } from "./a.js"; // why

/** What it does. */
export function b() {
  // a reason
  return a("https://x.example//y") ?? /\\/\\*/; /* beside */
}
"""
    assert sent(text) == (
        'import { a } from "./a.js"; // why\n'
        "export function b() {\n"
        'return a("https://x.example//y") ?? /\\/\\*/; /* beside */\n'
        "}\n"
    )
    assert sent(sent(text)) == sent(text)
    assert sent("") == ""


@pytest.mark.parametrize(
    "path",
    sorted(theme_folder().rglob("*.js")),
    ids=lambda path: path.relative_to(theme_folder()).as_posix(),
)
def test_no_text_of_a_script_goes_over_several_lines(path):
    """Else its indentation would be lost."""
    for line in path.read_text("utf-8").splitlines():
        if "`" in line and not line.lstrip().startswith(("*", "/")):
            assert line.count("`") % 2 == 0, line


def test_folder_name_changes_with_any_byte(theme):
    """A browser that keeps files for ever gets new ones after a change, and only then."""
    folders = {collect(theme).folder}
    for name, text in THEME.items():
        (theme / name).write_text(text + "/* */", "utf-8")
        folders.add(collect(theme).folder)
    folders.add(collect(theme, brand_hue=200).folder)

    assert len(folders) == len(THEME) + 2


def test_collect_is_deterministic(theme):
    """The same theme gives the same names and bytes."""
    assert collect(theme) == collect(theme)


def test_brand_hue_wins_over_the_theme(theme):
    """The setting comes last in the style sheet."""
    made = collect(theme, brand_hue=215)

    assert made.files[made.address("kbgen.css")].endswith(":root { --kb-hue: 215; }\n")


def test_every_import_of_the_theme_leads_to_a_file():
    """No module imports something that is not published."""
    made = collect(theme_folder())
    for name, text in made.files.items():
        for target in re.findall(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""", text):
            assert posixpath.normpath(posixpath.join(posixpath.dirname(name), target)) in made.files
