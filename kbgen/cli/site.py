"""`kbgen build` and `kbgen serve`."""

from __future__ import annotations

from pathlib import Path

import click

from kbgen.cli.common import config_option
from kbgen.errors import Problem, has_errors
from kbgen.site.build import build as build_site
from kbgen.site.serve import serve as serve_site


@click.command()
@config_option
@click.option(
    "-d",
    "--site-dir",
    "site",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to put the site instead of site_dir in mkdocs.yml.",
)
@click.option("--strict", is_flag=True, help="Keep the old site and exit 1 if there is any error.")
@click.option(
    "--audience",
    type=click.Choice(["public", "agents"]),
    help="Who will read the site; `agents` adds the articles that only they may see.",
)
def build(config: Path, site: Path | None, strict: bool, audience: str | None) -> None:
    """Build the help center.

    The site is built aside and swapped in: if anything goes wrong, the old one stays. Files with
    errors are reported and left out; with --strict they stop the build.
    """
    built = build_site(config, site=site, strict=strict, audience=audience)
    print_problems(built.problems)
    if built.site is None:
        click.echo("kbgen: the site was left as it was", err=True)
        raise SystemExit(1)
    click.echo(f"{built.articles} articles, {built.pages} pages in {built.site}")


@click.command()
@config_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port; 0 picks a free one.")
@click.option(
    "--db",
    "database",
    metavar="FILE|URL",
    help="Event store for votes and searches.  [default: .kbgen/events.db]",
)
@click.option("--audience", type=click.Choice(["public", "agents"]), help="Who will read the site.")
def serve(config: Path, host: str, port: int, database: str | None, audience: str | None) -> None:
    """Serve the help center on this machine, with live reload and a working vote."""
    serve_site(
        config,
        host=host,
        port=port,
        database=database,
        audience=audience,
        tell=click.echo,
        report=print_problems,
    )


def print_problems(problems: tuple[Problem, ...]) -> None:
    """Prints errors and warnings in order, and how many hints were left out."""
    for problem in problems:
        if problem.severity != "info":
            click.echo(str(problem), err=True)
    if has_errors(problems):
        click.echo("kbgen: what has an error is not on the site as its writer meant it", err=True)
