"""One help center, read and rendered: what the plugin asks while MkDocs builds."""

from __future__ import annotations

import shutil
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kbgen.articles import Corpus, load_corpus
from kbgen.articles.corpus import prefix_of
from kbgen.articles.improved import Improvement, read_improved
from kbgen.errors import Problem
from kbgen.search import build_index, write_shards
from kbgen.search.knowledge import Knowledge, read_knowledge
from kbgen.settings import Settings
from kbgen.site import aside, assets, outputs
from kbgen.site.cache import PageCache
from kbgen.site.links import LinkMap, moved
from kbgen.site.markdown import Rendered, Renderer, Source
from kbgen.site.pages import Plan, PlannedPage, plan
from kbgen.site.policy import policy
from kbgen.site.published import published_files
from kbgen.site.views import Views
from kbgen.strings import theme_folder


@dataclass(frozen=True)
class Project:
    """A corpus with the plan of its site. `corpus` holds only what this site may show."""

    settings: Settings
    corpus: Corpus
    plan: Plan
    knowledge: Knowledge
    improved: tuple[Improvement, ...]
    problems: tuple[Problem, ...]
    files: frozenset[str]  # paths below content that are no pages and are published
    renderer: Renderer
    html: dict[str, Rendered] = field(repr=False)  # by path below content
    search: TemporaryDirectory[str]  # the search files, once `finish_search` has returned
    finish_search: Callable[[], None] = field(repr=False)

    @cached_property
    def assets(self) -> assets.Assets:
        """The theme's styles and scripts."""
        return assets.collect(theme_folder(), self.settings.brand_hue)

    @cached_property
    def views(self) -> Views:
        """Makes the values of pages."""
        return Views(
            self.plan,
            self.settings,
            self.knowledge.helpful,
            self.assets,
            policy(self.settings),
            self.improved,
        )

    def is_published(self, path: str) -> bool:
        """Whether a file below content that is no page belongs to the site."""
        return path in self.files

    def body(self, page: PlannedPage) -> str:
        """The Markdown of a page; "" for pages that have none."""
        return page.article.body if page.article else page.category.body if page.category else ""

    def rendered(self, page: PlannedPage, markdown: str) -> Rendered:
        """The HTML of a page, made anew if another plugin has changed its Markdown."""
        path = _source_path(page)
        if path in self.html and markdown == self.body(page):
            return self._in_place(self.html[path], page)
        lang = (page.article or page.category or page).lang
        return self.renderer.render(Source(page.uri, markdown, lang)) if markdown else Rendered("")

    def _in_place(self, rendered: Rendered, page: PlannedPage) -> Rendered:
        """What was made for a page of the source language, where that stands in for another."""
        own = page.article or page.category
        if own is None or own.lang == page.lang:
            return rendered

        def twin(address: str) -> str:
            target = self.plan.by_url.get(address)
            return self.plan.twin(target, page.lang) if target else address

        return replace(rendered, html=moved(rendered.html, own.url, page.url, twin))

    def view(self, page: PlannedPage, rendered: Rendered) -> dict[str, Any]:
        """The values of a page's template."""
        return self.views.page(page, rendered)

    def missing_view(self) -> dict[str, Any]:
        """The values of 404.html."""
        return self.views.missing(self.plan.languages[0])

    def article_rows(self) -> list[dict[str, Any]]:
        """What the collector and imports must know of each article."""
        return outputs.article_rows(self.plan)

    def write_outputs(self, site: Path) -> None:
        """Writes what is no page: forwards, lists, rules, the search index."""
        found = outputs.forwards(self.plan)
        base = self.settings.site_url
        texts = {
            "articles.json": outputs.article_list(self.plan),
            "_headers": outputs.host_headers(self.settings),
            "_redirects": outputs.redirect_rules(found),
            "sitemap.xml": outputs.sitemap(self.plan, base),
        }
        for name, text in texts.items():
            (site / name).write_text(text, "utf-8", newline="\n")
        # MkDocs' own, with the day of the build in it.
        (site / "sitemap.xml.gz").unlink(missing_ok=True)
        for forward in found:
            _write_new(site, forward.file, outputs.forward_html(forward, base))
        self.finish_search()
        shutil.copytree(_shards(self.search), site / "search", dirs_exist_ok=True)
        self.search.cleanup()


def open_project(
    settings: Settings, extensions: Sequence[Any], configs: Mapping[str, Any]
) -> Project:
    """Reads the content folder and renders every article that the site will show."""
    everything = load_corpus(settings)
    corpus = everything.public if settings.audience == "public" else _with_agents(everything)
    names = {lang: settings.name(lang) for lang in settings.languages}
    # Where the build fails, a process may still write here.
    search = TemporaryDirectory(prefix="kbgen-search-", ignore_cleanup_errors=True)
    index = settings.cache / "search" / settings.audience
    knowledge = read_knowledge(settings.content, prefix_of(settings))
    prior = knowledge.prior if settings.search.prior == "readers" else {}

    def write_search() -> None:
        made = build_index(corpus, index, learned=knowledge.learned, prior=prior)
        write_shards(made, corpus, _shards(search))

    finish_search = aside.start(write_search)
    told, complaints = read_improved(settings.content, prefix_of(settings))
    improved = tuple(row for row in told if _may_tell(row, corpus))
    planned = plan(corpus, settings.languages, names, {row.lang for row in improved})
    files = published_files(settings, everything, corpus)
    links = _link_map(planned, files)
    renderer = Renderer(extensions, configs, links.resolve)
    sources = _sources(planned)
    cache = PageCache(settings.cache / "pages", renderer, sorted(links.targets.items()))
    html = cache.render_all(sources)
    return Project(
        settings=settings,
        corpus=corpus,
        plan=planned,
        knowledge=knowledge,
        improved=improved,
        problems=tuple(
            sorted(
                [
                    *settings.problems,
                    *everything.problems,
                    *knowledge.problems,
                    *complaints,
                    *_failed(html, prefix_of(settings)),
                ]
            )
        ),
        files=files,
        renderer=renderer,
        html=html,
        search=search,
        finish_search=finish_search,
    )


def _failed(html: Mapping[str, Rendered], prefix: str) -> list[Problem]:
    """Articles that could not be rendered."""
    return [
        Problem(
            prefix + path,
            1,
            "render",
            f"the article {page.failed}",
            "simplify the text",
            "",
            "error",
        )
        for path, page in html.items()
        if page.failed
    ]


def _may_tell(row: Improvement, corpus: Corpus) -> bool:
    """Whether its article is still there, for everybody, and wants to be listed."""
    article = corpus.by_key.get((row.article, row.lang))
    return article is not None and article.is_public and not article.changes_hidden


def _shards(search: TemporaryDirectory[str]) -> Path:
    """A folder with ordinary rights: nobody but the owner may read a temporary one itself."""
    folder = Path(search.name) / "search"
    folder.mkdir(exist_ok=True)
    return folder


def _write_new(site: Path, name: str, text: str) -> None:
    """Writes a file of the site unless a page or another file is there or in its way."""
    target = site / name
    above = [folder for folder in target.parents if folder.is_relative_to(site)]
    if not target.exists() and not any(folder.is_file() for folder in above):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8", newline="\n")


def _with_agents(corpus: Corpus) -> Corpus:
    return corpus.only(article for article in corpus.articles if not article.draft)


def _source_path(page: PlannedPage) -> str:
    if page.article:
        return page.article.path
    return page.category.source if page.category else ""


def _sources(planned: Plan) -> list[Source]:
    found = {_source_path(page): page for page in planned.pages if page.article or page.category}
    return [
        Source(path, text.body, text.lang)
        for path, page in sorted(found.items())
        if path and (text := page.article or page.category)
    ]


def _link_map(planned: Plan, files: frozenset[str]) -> LinkMap:
    """Files are found by their NFC path, as links are written; on disk it may be NFD."""
    targets = {unicodedata.normalize("NFC", path): path for path in files}
    for page in planned.pages:
        targets[page.uri] = page.url
        if page.category and page.category.lang == page.lang:
            targets[page.category.source] = page.url  # may be a README.md
    return LinkMap(targets)
