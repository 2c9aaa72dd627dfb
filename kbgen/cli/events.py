"""`kbgen collect` and `kbgen events`: take events in, bring them from files, and out again."""

from __future__ import annotations

import logging
import re
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from kbgen import __version__
from kbgen.cli.common import config_option, db_option, project_settings, store_place
from kbgen.cli.daily import daily
from kbgen.cli.imports import import_options, read_options, show
from kbgen.cli.output import format_of, writing
from kbgen.cli.upkeep import backup, forget
from kbgen.errors import EventError
from kbgen.events.files import StoreFiles
from kbgen.events.guard import Limits
from kbgen.events.imports import REJECTED, import_file
from kbgen.events.known import FILE, SiteArticles, published_at
from kbgen.events.logs import Form, set_up, tell
from kbgen.events.store import NoStoreError, StoreError, is_address, open_store
from kbgen.events.writers import WRITERS
from kbgen.settings import Settings


class Days(click.ParamType[timedelta]):
    """A number of days, written as 90d."""

    name = "days"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """The span that the text names, of at least a day."""
        found = re.fullmatch(r"([1-9][0-9]{0,4})d", str(value), re.ASCII)
        if not found:
            self.fail(f"expected a number of days such as 90d, found {value!r}", param, ctx)
        return timedelta(days=int(found[1]))


@click.command()
@config_option
@db_option
@click.option("--site", help="Folder or address of the built site: which articles there are.")
@click.option("--origin", "origins", multiple=True, help="Another address whose pages may send.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8787, show_default=True, help="0: a free one."
)
@click.option(
    "--trusted-proxy",
    "proxies",
    multiple=True,
    help="Address or network of a proxy whose X-Forwarded-For counts.",
)
@click.option(
    "--votes-per-minute",
    type=click.FloatRange(0),
    default=10.0,
    show_default=True,
    help="Of one network (/24, /56); 0: no limit.",
)
@click.option(
    "--key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the key of the day outlives a restart. [default: only in memory]",
)
@click.option(
    "--retention",
    type=Days(),
    metavar="DAYS",
    help="Delete older events daily, such as 90d. [default: keep all]",
)
@click.option(
    "--log-format",
    type=click.Choice(["json", "text"]),
    help="Of standard error. [default: text on a terminal, else json]",
)
def collect(
    *,
    config: Path,
    db: str | None,
    site: str | None,
    origins: tuple[str, ...],
    host: str,
    port: int,
    proxies: tuple[str, ...],
    votes_per_minute: float,
    key_file: Path | None,
    retention: timedelta | None,
    log_format: Form | None,
) -> None:
    """Take votes and searches from the pages of the site.

    The first line of output is the address; pages send to its path /v1/events.
    """
    # Imported here: other commands do not pay for the web framework.
    from kbgen.events.collector import collector, utc_now  # noqa: PLC0415
    from kbgen.events.run import run  # noqa: PLC0415
    from kbgen.events.senders import Voters, read_networks  # noqa: PLC0415

    set_up(log_format or ("text" if sys.stderr.isatty() else "json"))
    settings = project_settings(config)
    site = site or _built_site(settings)
    place = store_place(db, settings)
    with open_store(place, wait=2.0) as store:
        app = collector(
            store,
            files=None if is_address(place) else StoreFiles(Path(place)),
            site_url=_site_url(settings, site),
            origins=origins,
            known=SiteArticles(site) if site else None,
            trusted=read_networks(proxies),
            limits=_limits(votes_per_minute),
            voters=Voters(utc_now, key_file=key_file),
            retention=retention,
        )

        def announce(address: str) -> None:
            click.echo(address)
            tell("started", address=address, store=store.name, version=__version__)

        run(app, host=host, port=port, announce=announce)
        tell("stopped", store=store.name)


@click.group()
def events() -> None:
    """Bring events from files into the store, and out again; keep it, and keep it small."""


@events.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@config_option
@db_option
@import_options
@click.option("--dry-run", is_flag=True, help="Count, but change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a file.")
def import_(
    *,
    files: tuple[Path, ...],
    config: Path,
    db: str | None,
    form: str,
    dry_run: bool,
    as_json: bool,
    **said: Any,
) -> None:
    """Add the events of FILES to the store: each file as a whole, each event once.

    Rows that are no event are listed in FILE.rejected.jsonl with their line and the reason.
    """
    settings = project_settings(config)
    place = store_place(db, settings)
    options = read_options(settings, place, dry_run=dry_run, **said)
    if dry_run and not _is_there(place):
        place = ":memory:"  # a rehearsal must not leave a new store behind
    problems = []
    with open_store(place) as store:
        for file in files:
            if file.name.endswith(REJECTED):  # `*.jsonl` means them too
                click.echo(f"{file}: rows that were rejected before; left alone", err=True)
                continue
            try:
                report = import_file(store, file, form=form, options=options, dry_run=dry_run)
            except StoreError:
                raise
            except EventError as error:  # costs its own file
                problems.append(str(error))
                continue
            show(report, dry_run=dry_run, as_json=as_json)
    if problems:
        raise EventError("\nkbgen: ".join(problems))


@events.command("export")
@config_option
@db_option
@click.option(
    "--format",
    "form",
    type=click.Choice(list(WRITERS)),
    help="jsonl and parquet lose nothing; csv is safe in spreadsheets. "
    "[default: by the name of FILE]",
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file, not stdout."
)
def export(*, config: Path, db: str | None, form: str | None, output: Path | None) -> None:
    """Write all events of the store, oldest first."""
    place = store_place(db, project_settings(config))
    name = format_of(form, output, [*WRITERS])
    with open_store(place, readonly=True) as store, writing(output) as out:
        count = WRITERS[name](store.events(), out)
    if output:
        click.echo(f"{count} events written to {output}")


events.add_command(daily)
events.add_command(backup)
events.add_command(forget)


def _is_there(place: str) -> bool:
    try:
        open_store(place, readonly=True).close()
    except NoStoreError:
        return False
    return True


def _limits(votes_per_minute: float) -> Limits:
    """The usual limits, in proportion to how many votes a network may send."""
    usual = Limits()
    share = votes_per_minute / usual.votes_per_minute
    return replace(
        usual,
        votes_per_minute=votes_per_minute,
        votes_burst=max(usual.votes_burst * share, 1),
        others_per_minute=usual.others_per_minute * share,
        others_burst=max(usual.others_burst * share, 1),
    )


def _built_site(settings: Settings) -> str | None:
    if (settings.site / FILE).is_file():
        return str(settings.site)
    tell("any_article", logging.WARNING, cure="name the built site with --site")
    return None


def _site_url(settings: Settings, site: str | None) -> str:
    """Whose pages may send: those of an address, of the project, or of a site without one."""
    if site and site.startswith(("http://", "https://")):
        return site
    return settings.site_url or (published_at(site) if site else "")
