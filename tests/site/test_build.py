"""A whole build: the same from every engine, every time; small pages; a crash leaves the old."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from kbgen.site.build import build as build_site
from kbgen.site.build import swap
from kbgen.site.views import Views
from tests.site.samples import markdown, project, tree, write
from tests.site.walking import Walk

BIN = Path(sys.executable).parent
PICTURE = "<svg xmlns='http://www.w3.org/2000/svg'><title>x</title></svg>"
FILES = {
    "ko/index.md": markdown("무엇을 도와드릴까요?"),
    "ko/returns/index.md": markdown("반품과 환불", "안내", order=1),
    "ko/returns/refund.md": markdown(
        "환불은 언제 되나요",
        """
        ## 언제

        본문 [배송](../delivery/late.md#왜) ![그림](steps.svg)

        | a | b |
        |---|---|
        | 1 | 2 |

        ## 어떻게

        !!! note "읽어 주세요"
            글

        ## 카드
        """,
        id="KB-0001",
        questions=["환불 언제 돼요?"],
        reviewed="2026-11-01",
    ),
    "ko/returns/steps.svg": PICTURE,
    "ko/delivery/late.md": markdown(
        "배송이 늦어요",
        "![길](way.svg) [환불](../returns/refund.md) [그림](../returns/steps.svg)\n\n## 왜\n\nx",
        id="KB-0002",
        redirect_from=["/old/late.html", "/help/late/"],
        related=["KB-0001"],
    ),
    "ko/delivery/way.svg": PICTURE,
    "en/returns/refund.md": markdown("When is my refund", "Soon. ## x", id="KB-0001"),
    "assets/logo.svg": PICTURE,
}


def run(*command, cwd, **options):
    return subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=cwd, capture_output=True, text=True, check=False, timeout=120, **options,
    )  # fmt: skip


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs", "kbgen"])
def test_every_engine_builds_the_same_site(build, tmp_path, engine):
    """Who builds with MkDocs or ProperDocs gets the same bytes, file by file."""
    expected = tree(build(FILES).site)
    made = run(engine, "build", "-f", "mkdocs.yml", "-d", "other", cwd=tmp_path)

    assert made.returncode == 0, made.stderr
    assert tree(tmp_path / "other") == expected


def test_same_input_same_bytes(build, tmp_path):
    """Also without the caches of the first build, in another folder, on another day."""
    first = tree(build(FILES).site)
    again = tree(build(FILES).site)
    elsewhere = tmp_path / "elsewhere"
    config = project(elsewhere, FILES)
    other = {"SOURCE_DATE_EPOCH": "2000000000", "PYTHONHASHSEED": "7", "TZ": "Asia/Seoul"}
    later = run("kbgen", "build", "-f", str(config), cwd=tmp_path, env=os.environ | other)

    assert later.returncode == 0, later.stderr
    assert first == again == tree(elsewhere / "site")


def test_edited_article_changes_its_own_pages(build, tmp_path):
    """What the caches keep is never older than the text."""
    first = tree(build(FILES).site)
    edited = {**FILES, "ko/returns/refund.md": FILES["ko/returns/refund.md"] + "\n새 문장.\n"}
    again = tree(build(edited).site)
    shutil.rmtree(tmp_path / ".kbgen")

    assert again == tree(build(edited).site)
    changed = {name for name in again if again[name] != first.get(name)}
    pages = {name for name in changed if name.endswith(".html")}
    assert pages == {"ko/returns/refund/index.html"}


def pages(site):
    return {
        file.relative_to(site).as_posix(): file.read_text("utf-8") for file in site.rglob("*.html")
    }


def test_every_link_and_file_leads_somewhere(build):
    """No address that a page names on its own site is missing; none is on another host."""
    found = Walk(build(FILES).site, "https://help.example/")

    assert found.dead == set()
    assert found.foreign == set()


def test_standin_page_shows_the_pictures_of_the_original(build):
    """A page in English with Korean text: its pictures and links work from where it stands."""
    text = (build(FILES).site / "en/delivery/late/index.html").read_text("utf-8")

    assert 'src="../../../ko/delivery/way.svg"' in text
    assert 'href="../../returns/refund/"' in text  # translated, so it leads to English
    assert 'href="../../../ko/returns/steps.svg"' in text
    assert '<html lang="en"' in text
    assert re.search(r'<div class="kb-body[^"]*" lang="ko">', text)


def test_marks_that_scripts_rely_on(build):
    """What votes and search need to know stands on the page."""
    text = (build(FILES).site / "ko/returns/refund/index.html").read_text("utf-8")

    found = re.search(
        r'<article[^>]* data-kb-article="KB-0001" data-kb-lang="ko" data-kb-rev="([0-9a-f]{12})"',
        text,
    )
    assert found
    assert f'"rev": "{found[1]}"' in (build(FILES).site / "articles.json").read_text("utf-8")
    assert 'data-kb-base="../../.."' in text
    assert 'data-kb-events="/v1/events"' in text
    assert 'data-kb-storage="local"' in text
    assert "components/targets" not in text  # nobody has named any


def test_page_carries_a_strict_policy(build):
    """Each page says that nothing inline and nothing foreign may run, and brings nothing such."""
    for name, text in pages(build(FILES).site).items():
        if name.startswith(("a/", "ko/a/", "en/a/", "old/", "help/")):
            assert "<script" not in text
            continue
        assert "default-src &#39;self&#39;" in text or "default-src 'self'" in text, name
        assert re.findall(r"<style|\sstyle=|\son[a-z]+=", text) == [], name
        inline = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", text)
        assert all("application/" in tag for tag in inline), (name, inline)


def test_old_addresses_lead_on(build):
    """By a page that works on any host, and by rules for those that can redirect."""
    site = build(FILES).site

    for name, up in (("old/late.html", "../"), ("help/late/index.html", "../../")):
        assert f'content="0; url={up}ko/delivery/late/"' in (site / name).read_text("utf-8")
    rules = (site / "_redirects").read_text("utf-8").splitlines()
    assert rules[:2] == [
        "/help/late/ /ko/delivery/late/ 301",
        "/old/late.html /ko/delivery/late/ 301",
    ]


def test_build_needs_no_network(build, monkeypatch):
    """Neither fonts nor icons nor scripts are fetched."""

    def refuse(*_):
        raise AssertionError("the build opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)

    assert build(FILES).site


def test_files_can_be_read_by_the_web_server(build):
    """It runs as somebody else."""
    site = build(FILES).site

    assert [p for p in [site, *site.rglob("*")] if p.stat().st_mode & 0o044 != 0o044] == []


def many(count):
    """Articles in twenty categories beside the ones that are compared."""
    return FILES | {
        f"ko/topic{n % 20}/a{n}.md": markdown(f"글 {n}", f"## 하나\n\n글 {n}", id=f"KB-{1000 + n}")
        for n in range(count)
    }


def test_pages_do_not_grow_with_the_number_of_articles(build, tmp_path):
    """Navigation is bounded: 400 more articles elsewhere leave an article's page as it was."""
    few = build(many(40), ledger=False).site
    sizes = {name: len(text) for name, text in pages(few).items()}
    lots = build(many(440), ledger=False).site
    grown = {
        name: size
        for name, text in pages(lots).items()
        if (size := len(text)) > sizes.get(name, size) + 400
    }

    article = "ko/returns/refund/index.html"
    assert abs(len((lots / article).read_text("utf-8")) - sizes[article]) <= 4
    # The index lists every article, each topic its own; the home page shows a fixed number.
    assert {name for name in grown if "a-z" not in name and "/topic" not in name} == set()


def test_page_is_light(build):
    """Markup around the text: a phone on a slow line waits for little."""
    text = (build(FILES).site / "ko/returns/refund/index.html").read_bytes()

    assert len(text) < 24_000


# --- what happens when it goes wrong -------------------------------------------------------------


def test_strict_keeps_the_old_site(build, tmp_path):
    """An error stops a strict build before anything is replaced."""
    before = tree(build(FILES).site)
    broken = FILES | {"ko/returns/bad.md": "---\ntitle: [\n---\nx"}
    refused = build(broken, strict=True)

    assert refused.site is None
    assert tree(tmp_path / "site") == before


def test_preview_leaves_out_what_is_broken_and_shows_the_rest(build):
    """One bad file costs one page."""
    built = build(FILES | {"ko/returns/bad.md": "---\ntitle: [\n---\nx"})

    assert not (built.site / "ko/returns/bad").exists()
    assert (built.site / "ko/returns/refund/index.html").is_file()
    assert [p.code for p in built.problems if p.severity == "error"] == ["yaml"]


def test_vanished_address_stops_the_build_and_says_the_cure(build, tmp_path):
    """What readers have bookmarked does not disappear by accident."""
    before = tree(build(FILES).site)
    (tmp_path / "content/ko/delivery/late.md").rename(tmp_path / "content/ko/delivery/slow.md")
    refused = build()

    assert refused.site is None
    assert tree(tmp_path / "site") == before
    found = [str(p) for p in refused.problems if p.code == "address-gone"]
    assert found == [
        (
            "content/ko/delivery/slow.md:1: error: [address-gone] the address /ko/delivery/late/ "
            "was published and is gone "
            "(KB-0002 is here now: add redirect_from: [/ko/delivery/late/])"
        )
    ]


def test_redirect_mends_a_vanished_address(build, tmp_path):
    """The cure that is named works."""
    build(FILES)
    old = tmp_path / "content/ko/delivery/late.md"
    text = old.read_text("utf-8").replace("- /help/late/", "- /help/late/\n- /ko/delivery/late/")
    old.unlink()
    built = build({"ko/delivery/slow.md": text})

    assert built.site
    assert 'url=../../../ko/delivery/slow/"' in (
        built.site / "ko/delivery/late/index.html"
    ).read_text("utf-8")


def test_vanished_anchor_stops_the_build(build, tmp_path):
    """A heading that others link to is an address too."""
    build(FILES)
    changed = FILES["ko/returns/refund.md"].replace("## 언제", "## 시기")
    refused = build({"ko/returns/refund.md": changed})

    assert refused.site is None
    assert ["anchor-gone"] == [p.code for p in refused.problems if p.severity == "error"]


def test_command_line_says_what_happened(tmp_path):
    """Exit status and words of `kbgen build`."""
    project(tmp_path, FILES | {"ko/returns/bad.md": "---\ntitle: [\n---\nx"})
    preview = run("kbgen", "build", cwd=tmp_path)
    strict = run("kbgen", "build", "--strict", cwd=tmp_path)

    assert (preview.returncode, strict.returncode) == (0, 1)
    assert preview.stdout.startswith("3 articles, ")
    assert "content/ko/returns/bad.md:2: error: [yaml]" in preview.stderr
    assert strict.stderr.endswith("kbgen: the site was left as it was\n")
    assert (tmp_path / "site/index.html").is_file()


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (None, "no such file"),
        ("site_name: [", "cannot be read as YAML"),
        ("site_name: x\ndocs_dir: content\n", "the kbgen plugin is missing"),
        ("docs_dir: content\ntheme: {name: nope}\nplugins: [kbgen]\nsite_name: x\n", "nope"),
        ("site_name: x\ndocs_dir: nowhere\ntheme: {name: material}\nplugins: [kbgen]\n", "nowhere"),
    ],
    ids=["missing", "not YAML", "no plugin", "no theme", "no content"],
)
def test_project_that_cannot_be_built_gets_one_sentence(tmp_path, config, words):
    """No traceback, exit status 2; MkDocs says first what it makes of its own settings."""
    if config is not None:
        write(tmp_path, {"mkdocs.yml": config, "content/ko/a/x.md": markdown("x")})
    made = run("kbgen", "build", cwd=tmp_path)

    assert made.returncode == 2
    assert any(line.startswith("kbgen: ") for line in made.stderr.splitlines())
    assert words in made.stderr
    assert "Traceback" not in made.stderr


@pytest.mark.parametrize("after", [0.35, 0.6, 0.8, 1.0, 1.2, 1.4])
def test_killed_build_leaves_the_old_site(tmp_path, after):
    """kill -9 at any time: the old site is whole, the next build works."""
    config = project(tmp_path, FILES)
    build_site(config)
    before = tree(tmp_path / "site")
    write(tmp_path / "content", many(120))
    process = subprocess.Popen(
        [BIN / "kbgen", "build"], cwd=tmp_path, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()

    left = tree(tmp_path / "site")
    assert left == before or len(left) > len(before) + 120
    assert build_site(config).articles == 123


def test_killed_build_leaves_no_process(tmp_path):
    """Those that render articles end with the one that started them."""
    config = project(tmp_path, FILES | many(400))
    process = subprocess.Popen(
        [BIN / "kbgen", "build", "-f", config], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    group = process.pid
    wait_until(lambda: len(living(group)) > 2)
    process.kill()
    process.wait(20)

    wait_until(lambda: not living(group))


def wait_until(holds, seconds=20):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def living(group):
    """The processes of a group, as Linux tells them."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:  # it ended just now
            continue
        if int(of) == group and state != "Z":
            found.append(stat.parent.name)
    return found


def test_swap_puts_the_old_site_back_if_it_cannot_finish(tmp_path, monkeypatch):
    """Between the two renames nothing is lost."""
    write(tmp_path, {"site/index.html": "old", "aside/site/index.html": "new"})
    rename = Path.rename

    def fail(self, target):
        if self.name == "site" and self.parent.name == "aside":
            raise OSError("disk on fire")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="disk on fire"):
        swap(tmp_path / "aside/site", tmp_path / "site")

    assert (tmp_path / "site/index.html").read_text() == "old"


def test_failed_build_leaves_nothing_behind(build, tmp_path, monkeypatch):
    """Neither beside the site nor among the temporary files."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))

    def fail(*_):
        raise RuntimeError("no view")

    monkeypatch.setattr(Views, "page", fail)
    with pytest.raises(RuntimeError, match="no view"):
        build(FILES)

    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (tmp_path / "site").exists()


def test_nothing_is_left_beside_the_site(build, tmp_path):
    """Work folders are gone after a build, also after one that was refused."""
    build(FILES)
    build({"ko/returns/bad.md": "---\ntitle: [\n---\nx"}, strict=True)

    assert {path.name for path in tmp_path.iterdir()} == {"content", "mkdocs.yml", "site", ".kbgen"}
