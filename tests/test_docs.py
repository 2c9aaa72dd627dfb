"""The documents say what the code does: links, keys, commands, options, figures, policies."""

from __future__ import annotations

import inspect
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest
import yaml

from kbgen import __version__
from kbgen.articles import frontmatter, nodes, schema
from kbgen.articles.codes import CODES
from kbgen.cli import COMMANDS, cli
from kbgen.settings import Settings, read
from kbgen.site import extensions, outputs
from kbgen.site.plugin import PluginConfig
from kbgen.site.policy import policy
from tests.pages import DOCS, ROOT, anchors, bare, blocks, codes, doc, first_cells, section

PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
EXPECTED = [
    "checks",
    "collector",
    "commands",
    "configuration",
    "decisions",
    "deployment",
    "events",
    "front-matter",
    "importing",
    "insights",
    "search",
    "targets/collector",
    "targets/dom",
    "targets/ga4",
    "targets/matomo",
    "targets/plausible",
    "targets/posthog",
    "targets/umami",
    "theme",
    "tour",
    "warehouse",
]

# Real addresses that a document may link; anything else is an example and must look like one.
REAL_HOSTS = {
    "cdn.matomo.cloud",
    "cloud.umami.is",
    "eu-assets.i.posthog.com",
    "eu.i.posthog.com",
    "gateway.umami.is",
    "keepachangelog.com",
    "plausible.io",
    "semver.org",
    "www.conventionalcommits.org",
    "www.googletagmanager.com",
    "www.w3.org",
}
EXAMPLE_HOST = re.compile(r"(^|\.)(example(\.(com|org|net))?|localhost)$|^127\.0\.0\.1$")
CHANGES = ["Security", "Removed", "Deprecated", "Added", "Changed", "Fixed"]

each_page = pytest.mark.parametrize("page", PAGES, ids=NAMES)


def test_every_promised_document_exists() -> None:
    missing = [name for name in EXPECTED if not (DOCS / f"{name}.md").is_file()]

    assert missing == []


def test_the_index_lists_every_document() -> None:
    """Each folder's README lists the pages beside it, and the folders below it."""
    for index in DOCS.rglob("README.md"):
        listed = set(re.findall(r"\]\((\w\S*?\.md)\)", index.read_text("utf-8")))
        there = [*index.parent.glob("*.md"), *index.parent.glob("*/README.md")]

        assert listed == {p.relative_to(index.parent).as_posix() for p in there} - {"README.md"}


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", bare(page.read_text("utf-8"))):
        parts = urlsplit(target)
        if parts.scheme in {"http", "https", "mailto"}:
            continue
        file = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        known = anchors(file.read_text("utf-8")) if file.suffix == ".md" and file.is_file() else ()
        if not file.exists() or (parts.fragment and unquote(parts.fragment) not in known):
            dead.append(target)

    assert dead == []


@each_page
def test_hosts_are_real_and_meant_or_plainly_examples(page: Path) -> None:
    found = re.findall(r"https?://([^/\s\"'`)>\]|:,;]+)", page.read_text("utf-8"))

    assert [h for h in found if h not in REAL_HOSTS and not EXAMPLE_HOST.search(h)] == []


@each_page
def test_no_path_of_somebodys_machine(page: Path) -> None:
    found = re.findall(r"(?<![\w.])(?:/(?:home|work|root|Users|tmp|mnt)/\S*|[A-Z]:\\\S*)",
                       page.read_text("utf-8"))  # fmt: skip

    assert found == []


@each_page
def test_prose_does_not_shout(page: Path) -> None:
    assert re.findall(r".*(?<!\w)?!(?!\[).*", bare(page.read_text("utf-8"))) == []


@each_page
def test_yaml_and_json_in_documents_can_be_read(page: Path) -> None:
    for block in blocks(page.read_text("utf-8")):
        if block.language in {"yaml", "yml"}:
            assert any(yaml.load_all(block.text, read._Loader)), f"line {block.line}"
        if block.language == "json":
            assert json.loads(block.text), f"line {block.line}"


@each_page
def test_front_matter_in_documents_is_without_fault(page: Path) -> None:
    for block in blocks(page.read_text("utf-8")):
        if block.text.startswith("---\n"):
            parts = frontmatter.split(block.text + "\n")
            assert parts.block is not None
            found = schema.read(nodes.parse(parts.block), page.name, block.line)
            assert [str(problem) for problem in found.problems] == []


@each_page
def test_settings_in_documents_are_settings(page: Path) -> None:
    for block in blocks(page.read_text("utf-8")):
        if block.language not in {"yaml", "yml"} or block.text.startswith("---"):
            continue
        data = yaml.load(block.text, read._Loader)
        if not isinstance(data, dict):
            continue
        options = read._plugin_options(data) if "plugins" in data else data
        if "plugins" in data or set(data) <= set(read.KEYS):
            found = read.from_mapping(data, options, ROOT / "mkdocs.yml")
            assert [str(p) for p in found.problems] == [], f"line {block.line}"


# Settings


def test_every_option_of_the_plugin_is_documented_and_no_other() -> None:
    expected = [
        *read.KEYS,
        *(f"contact.{key}" for key in read.CONTACT_KEYS),
        *(f"contact.channels.{key}" for key in read.CHANNEL_KEYS),
        *(f"events.{key}" for key in read.EVENTS_KEYS),
        *(f"search.{key}" for key in read.SEARCH_KEYS),
        *(f"improved.{key}" for key in read.IMPROVED_KEYS),
    ]

    table = section(doc("configuration"), "Options of the plugin").partition("###")[0]

    assert sorted(first_cells(table)) == sorted(f"`{key}`" for key in expected)


def test_mkdocs_and_the_command_line_know_the_same_options() -> None:
    assert sorted(name for name, _ in PluginConfig._schema) == sorted(read.KEYS)


def test_every_key_of_mkdocs_that_kbgen_reads_is_documented() -> None:
    table = first_cells(section(doc("configuration"), "Keys of MkDocs that kbgen reads"))
    code = inspect.getsource(read.from_mapping)
    templates = "".join(file.read_text("utf-8") for file in (ROOT / "theme").rglob("*.html"))
    asked = set(re.findall(r'data\.get\("(\w+)"\)', code))
    asked |= {"plugins"}
    asked |= set(re.findall(r"config\.((?:theme\.)?\w+)", templates)) - {"theme"}

    assert {f"`{key}`" for key in asked} <= set(table)


def test_documented_defaults_are_the_defaults() -> None:
    usual = Settings(root=ROOT)
    text = doc("configuration")
    hue = re.search(r"--kb-hue: (\d+);", (ROOT / "theme" / "tokens.css").read_text("utf-8"))
    rows = {cells[0]: cells for cells in map(_cells, text.splitlines()) if len(cells) == 4}
    assets = yaml.safe_load(blocks(section(text, "assets"))[0].text)["assets"]

    assert rows["`languages`"][2] == f"`[{', '.join(usual.languages)}]`"
    assert rows["`audience`"][2] == f"`{usual.audience}`"
    assert hue
    assert rows["`brand_hue`"][2] == f"the theme's, {hue[1]}"
    assert rows["`contact.timezone`"][2] == f"`{usual.contact.timezone}`"
    assert rows["`events.targets`"][2] == f"`[{', '.join(t.name for t in usual.events.targets)}]`"
    assert rows["`events.storage`"][2] == f"`{usual.events.storage}`"
    assert rows["`site_name`"][2] == f"`{usual.site_name}`"
    assert tuple(assets) == usual.assets


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def test_the_markdown_extensions_that_are_on_are_documented() -> None:
    listed = first_cells(section(doc("configuration"), "Markdown extensions"))

    assert sorted(listed) == sorted(f"`{name}`" for name in extensions._DEFAULTS)


# Commands


def commands(name: str) -> dict[str, click.Command]:
    """A command and what is below it, by full name: `events`, `events import`."""
    context = click.Context(cli, info_name="kbgen")
    found = cli.get_command(context, name)
    assert found is not None
    below = found.commands if isinstance(found, click.Group) else {}
    return {name: found} | {f"{name} {key}": command for key, command in below.items()}


each_command = pytest.mark.parametrize("name", COMMANDS)


def options(command: click.Command) -> set[str]:
    """Every spelling of every option of a command."""
    return {
        spelling
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for spelling in [*parameter.opts, *parameter.secondary_opts]
    }


def documented_options(text: str) -> set[str]:
    """The options in the first column of a section's tables."""
    shown = codes(" ".join(first_cells(text)))
    return {word for code in shown for word in code.split() if word.startswith("-")}


def test_every_command_is_documented_and_no_other() -> None:
    titles = re.findall(r"^##+ kbgen (.+)$", doc("commands"), re.MULTILINE)

    assert titles == [full for name in COMMANDS for full in commands(name)]


@each_command
def test_every_option_is_documented_and_no_other(name: str) -> None:
    for full, command in commands(name).items():
        own = re.split(r"^##", section(doc("commands"), f"kbgen {full}"), flags=re.MULTILINE)[0]
        arguments = {p.human_readable_name for p in command.params if isinstance(p, click.Argument)}

        assert documented_options(own) == options(command)
        assert {argument for argument in arguments if argument not in own} == set()
        assert undocumented_defaults(command, own) == []


def undocumented_defaults(command: click.Command, text: str) -> list[tuple[str, str]]:
    """Options whose row of a table does not say their default."""
    rows = {option: row for row in text.splitlines() for option in documented_options(row)}
    usual = [
        (p.opts[0], f"{p.default:g}" if isinstance(p.default, float) else str(p.default))
        for p in command.params
        if isinstance(p, click.Option) and type(p.default) in (int, float, str) and p.default
    ]
    return [(name, value) for name, value in usual if value not in rows[name]]


def shell_lines(page: Path) -> Iterator[tuple[int, list[str]]]:
    """The commands in a page's blocks of shell, as words."""
    for block in blocks(page.read_text("utf-8")):
        if block.language in {"sh", "shell", "bash", "console"}:
            for number, line in enumerate(block.text.replace("\\\n", " ").splitlines(), 1):
                for part in re.split(r"\s(?:&&|\|\||\||;)\s", line.removeprefix("$ ")):
                    words = shlex.split(part, comments=True)
                    if words:
                        yield block.line + number, words


@each_page
def test_shell_commands_in_documents_can_be_run(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for line, words in shell_lines(page):
        if words[0] == "make":
            assert set(words[1:]) <= targets, f"line {line}"
        if Path(words[0]).name == "kbgen":
            assert words[1] in COMMANDS, f"line {line}: {' '.join(words)}"
            known = commands(words[1])
            name = " ".join(words[1:3]) if " ".join(words[1:3]) in known else words[1]
            rest = [word for word in words[1 + len(name.split()) :] if not re.match(r"[<>&]", word)]
            parser = known[name].make_parser(click.Context(known[name], info_name=name))
            parser.parse_args(rest)  # raises where an option does not exist or lacks its value


# Articles


def test_every_key_of_the_front_matter_is_documented() -> None:
    shown = codes(doc("front-matter"))

    assert [key for key in schema.KEYS if key not in shown] == []


def test_every_code_of_a_problem_is_documented() -> None:
    shown = codes(doc("checks"))

    assert [code for code in CODES if code not in shown] == []


# Theme and site


def test_every_design_token_is_documented_and_no_other() -> None:
    css = (ROOT / "theme" / "tokens.css").read_text("utf-8")
    exist = set(re.findall(r"(--kb-[\w-]+):", css))
    table = section(doc("theme"), "Design tokens")
    shown = set(re.findall(r"--kb-[\w-]+", table))
    groups = {
        *(f"--kb-space-{n}" for n in range(1, 9)),
        *(f"--kb-text-{size}" for size in ("s", "m", "l", "xl", "2xl")),
        *(f"--kb-{state}-soft" for state in ("ok", "warn", "bad")),
    }

    assert shown <= exist
    assert exist - groups <= shown


def test_the_tree_of_the_theme_is_the_tree() -> None:
    tree = blocks(section(doc("theme"), "Where things are"))[0].text
    names = [line.split()[0] for line in tree.splitlines()[1:]]
    top = {f"{p.name}/" if p.is_dir() else p.name for p in (ROOT / "theme").iterdir()}

    assert {name.split("/<")[0].split("<")[0].rstrip("/") for name in names} == {
        name.rstrip("/") for name in top
    }


def test_the_documented_policy_is_the_policy() -> None:
    usual = policy(Settings(root=ROOT))

    assert blocks(section(doc("theme"), "Content-Security-Policy"))[0].text == usual
    assert f"\"{usual}; frame-ancestors 'self'\"" in section(doc("deployment"), "nginx")


def test_the_documented_number_of_redirects_is_the_number() -> None:
    assert f"{outputs.MOST_RULES:,} rules" in doc("deployment")


# Changelog


def test_the_changelog_keeps_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    releases = re.findall(r"^## \[(.+?)\]", text, re.MULTILINE)
    kinds = re.findall(r"^### (.+)$", text, re.MULTILINE)

    assert releases[0] == "Unreleased"
    assert set(kinds) <= set(CHANGES)
    assert __version__ in releases or releases == ["Unreleased"]


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = re.findall(r"^### (\d+)\. ", doc("decisions"), re.MULTILINE)

    assert sorted(numbers) == sorted(set(numbers))
    assert len(numbers) >= 40
