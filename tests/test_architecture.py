"""The rules that keep kbgen readable and its pages safe, held by a machine."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "kbgen"
THEME = ROOT / "theme"
MODULES = sorted(PACKAGE.rglob("*.py"))
SCRIPTS = sorted(THEME.rglob("*.js"))
TEMPLATES = sorted(THEME.rglob("*.html"))
STYLES = sorted(THEME.rglob("*.css"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    """Top-level packages that a module imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_import_direction():
    """A lower package never imports an upper one."""
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout + run.stderr


def test_only_the_site_knows_mkdocs():
    """When MkDocs goes, one package changes."""
    engines = {"mkdocs", "properdocs", "material", "pymdownx"}
    users = {name(path) for path in MODULES if engines & imports(path)}

    assert users
    assert {user for user in users if not user.startswith("kbgen/site/")} == set()


def test_dependencies_of_the_package_are_declared():
    """A fresh environment has everything that is imported, and nothing of `dev` is.

    What one command needs is no dependency of all: it is imported when that command runs, which
    says how to get it.
    """
    optional = {
        "kbgen/search/browser.py": {"playwright"},
        "kbgen/events/daily/__init__.py": {"sqlglot"},
        "kbgen/events/store/postgres.py": {"psycopg"},
        "kbgen/events/store/server.py": {"psycopg"},
    }
    data = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = {
        re.match(r"[A-Za-z0-9_.-]+", line)[0].lower().replace("_", "-")
        for line in data["project"]["dependencies"]
    }
    # These come with declared ones on which they are no more than a detail.
    declared |= {"jinja2", "markupsafe"}
    known = packages_distributions()
    for path in MODULES:
        own = {"kbgen"} | optional.get(name(path), set())
        for package in imports(path) - set(sys.stdlib_module_names) - own:
            names = {entry.lower().replace("_", "-") for entry in known.get(package, [package])}
            assert names & declared, f"{name(path)} imports {package}"


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_script_makes_no_html_from_text(path):
    """Results, queries and comments reach the page as text, so none of them can run."""
    forbidden = (
        r"\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write|createContextualFragment"
        r"|\beval\(|new Function\(|setHTMLUnsafe|parseHTMLUnsafe|\.srcdoc\b|javascript:"
    )

    assert re.findall(forbidden, path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_script_sets_no_inline_style_and_asks_no_other_host(path):
    """A strict CSP refuses both."""
    text = path.read_text("utf-8")

    assert re.findall(r"setAttribute\(\s*[\"']style|\.cssText\b", text) == []
    assert re.findall(r"[\"'`]https?://[^\"'`]*", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_template_needs_no_unsafe_policy(path):
    """No inline style, no handler, no inline script, nothing from another host."""
    text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)

    assert re.findall(r"\sstyle\s*=", text) == []
    assert re.findall(r"\son[a-z]+\s*=", text) == []
    assert re.findall(r"<style\b", text) == []
    inline = re.findall(r"<script\b(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)[^>]*>", text)
    assert inline == []
    assert re.findall(r"""(?:src|href|action)=["'](?:https?:)?//[^"']*""", text) == []


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_style_loads_nothing_from_elsewhere(path):
    """No imported fonts, no remote pictures."""
    text = path.read_text("utf-8")

    assert "@import" not in text
    assert re.findall(r"url\(\s*[\"']?(?:https?:)?//[^)]*\)", text) == []


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_classes_can_be_found_by_grep(path):
    """Our classes begin with kb-; nesting would hide their names."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)

    assert re.findall(r"&(?:__|--|-)[a-z]", text) == []


@pytest.mark.parametrize("path", [path for path in MODULES if path.name != "__init__.py"], ids=name)
def test_module_is_short_enough_to_read(path):
    """Long modules are split before they need a map."""
    assert len(path.read_text("utf-8").splitlines()) <= 420


def test_functions_are_short_enough_to_read():
    """None over 60 lines; half of them eight or less."""
    lengths = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                end = node.end_lineno or node.lineno
                lengths[f"{name(path)}:{node.name}"] = end - node.body[0].lineno + 1

    assert {place: n for place, n in lengths.items() if n > 60} == {}
    assert sorted(lengths.values())[len(lengths) // 2] <= 8
