"""The MkDocs plugin: hands MkDocs the pages that the plan asks for and adds the other files."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment
from mkdocs.config.base import Config
from mkdocs.config.config_options import Optional, Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from kbgen.errors import Problem
from kbgen.settings import Settings, from_mapping
from kbgen.site import filters
from kbgen.site.extensions import complete
from kbgen.site.markdown import Rendered
from kbgen.site.project import Project, open_project
from kbgen.strings import theme_folder

log = logging.getLogger(f"mkdocs.plugins.{__name__}")


class PluginConfig(Config):  # type: ignore[no-untyped-call]
    """The options below `kbgen:` in mkdocs.yml. Their content is checked by kbgen.settings."""

    languages = Optional(Type(object))
    audience = Optional(Type(object))
    name = Optional(Type(object))
    brand_hue = Optional(Type(object))
    home = Optional(Type(object))
    contact = Optional(Type(object))
    events = Optional(Type(object))
    search = Optional(Type(object))
    insights = Optional(Type(object))
    products = Optional(Type(object))
    improved = Optional(Type(object))
    assets = Optional(Type(object))


class KbgenPage(Page):
    """A page whose content kbgen has rendered already.

    MkDocs renders again only if another plugin has changed the Markdown in between.
    """

    def __init__(self, project: Project, place: int, file: File, config: MkDocsConfig) -> None:
        planned = project.plan.pages[place]
        super().__init__(planned.title, file, config)
        self.project = project
        self.planned = planned
        self.rendered = Rendered("")

    def read_source(self, config: MkDocsConfig) -> None:  # noqa: ARG002  (MkDocs' signature)
        """Takes the Markdown from the corpus, which has read the file."""
        self.markdown = self.project.body(self.planned)
        article = self.planned.article
        self.meta = dict(article.meta) if article else {}
        self.meta["title"] = self.planned.title

    def render(self, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002
        """Takes the HTML that was rendered with all the others."""
        self.rendered = self.project.rendered(self.planned, self.markdown or "")
        self.content = self.rendered.html

    def validate_anchor_links(self, *, files: Files, log_level: int) -> None:
        """Does nothing: `kbgen check` reports dead anchors with file and line."""


class KbgenPlugin(BasePlugin[PluginConfig]):  # type: ignore[no-untyped-call]
    """Turns the content folder into a help center."""

    settings: Settings
    project: Project

    @event_priority(-100)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Reads the settings and puts the theme's folder before Material's own."""
        options = {key: value for key, value in self.config.items() if value is not None}
        self.settings = from_mapping(config, options, Path(config.config_file_path))
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, str(theme_folder()))
        config.theme["font"] = False
        config.theme["features"] = sorted({*config.theme.get("features", []), *_FEATURES})
        config.extra.setdefault("generator", False)
        complete(config.markdown_extensions, config.mdx_configs)
        return config

    @event_priority(-100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Replaces what MkDocs found by what the plan shows, so hidden texts cannot slip in."""
        self.project = open_project(self.settings, config.markdown_extensions, config.mdx_configs)
        _report(self.project.problems)
        kept = Files([file for file in files if self._is_kept(file, config)])
        for address, text in self.project.assets.files.items():
            kept.append(File.generated(config, address, content=text))
        for place, planned in enumerate(self.project.plan.pages):
            file = File.generated(
                config, planned.uri, content="", inclusion=InclusionLevel.NOT_IN_NAV
            )
            KbgenPage(self.project, place, file, config)
            kept.append(file)
        return kept

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:  # noqa: ARG002
        """Gives the templates their filters."""
        filters.install(env)
        return env

    def on_page_context(
        self,
        context: TemplateContext,
        *,
        page: Page,
        config: MkDocsConfig,  # noqa: ARG002
        nav: Navigation,  # noqa: ARG002
    ) -> TemplateContext:
        """The values of a page, as `kb`."""
        if isinstance(page, KbgenPage):
            _add(context, self.project.view(page.planned, page.rendered))
        return context

    def on_template_context(
        self,
        context: TemplateContext,
        *,
        template_name: str,  # noqa: ARG002
        config: MkDocsConfig,  # noqa: ARG002
    ) -> TemplateContext:
        """The values of templates that belong to no page, such as 404.html."""
        _add(context, self.project.missing_view())
        return context

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Writes everything that is no page."""
        self.project.write_outputs(Path(config.site_dir))

    def on_build_error(self, *, error: Exception) -> None:  # noqa: ARG002
        """Leaves nothing behind in the folder for temporary files."""
        if hasattr(self, "project"):
            self.project.search.cleanup()

    def _is_kept(self, file: File, config: MkDocsConfig) -> bool:
        source = Path(file.abs_src_path) if file.abs_src_path else None
        if source is None:
            return not file.is_documentation_page()
        if source.is_relative_to(config.docs_dir):
            return self.project.is_published(file.src_uri)
        if source.is_relative_to(theme_folder()):
            return False
        return not file.src_uri.startswith(_UNUSED)


_FEATURES = ("content.code.copy", "navigation.instant")
# Material's own search, which kbgen's replaces: 700 KB that no page asks for.
_UNUSED = ("assets/javascripts/lunr/", "assets/javascripts/workers/")


def _add(context: TemplateContext, view: dict[str, Any]) -> None:
    cast("dict[str, Any]", context)["kb"] = view  # templates take any name


def _report(problems: tuple[Problem, ...]) -> None:
    """Passes problems on as log records: errors as warnings, at which strict mode ends."""
    for problem in problems:
        log.log(logging.WARNING if problem.severity == "error" else logging.INFO, "%s", problem)
