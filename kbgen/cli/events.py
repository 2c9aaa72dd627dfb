"""`kbgen collect` and `kbgen events`: take events in, bring them from files, and out again."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click

from kbgen.cli.common import config_option
from kbgen.errors import ConfigError, EventError
from kbgen.events.guard import Limits
from kbgen.events.imports import ImportReport, import_file
from kbgen.events.known import FILE, SiteArticles, published_at
from kbgen.events.readers import READERS
from kbgen.events.store import Store
from kbgen.events.writers import WRITERS
from kbgen.settings import Settings, load

_db_option = click.option(
    "--db",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The event store. [default: .kbgen/events.db beside mkdocs.yml]",
)


@click.command()
@config_option
@_db_option
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
def collect(
    *,
    config: Path,
    db: Path | None,
    site: str | None,
    origins: tuple[str, ...],
    host: str,
    port: int,
    proxies: tuple[str, ...],
    votes_per_minute: float,
    key_file: Path | None,
) -> None:
    """Take votes and searches from the pages of the site.

    The first line of output is the address; pages send to its path /v1/events.
    """
    # Imported here: other commands do not pay for the web framework.
    from kbgen.events.collector import collector, utc_now  # noqa: PLC0415
    from kbgen.events.run import run  # noqa: PLC0415
    from kbgen.events.senders import Voters, read_networks  # noqa: PLC0415

    logging.basicConfig(stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    settings = _settings(config)
    site = site or _built_site(settings)
    with Store.open(_database(db, settings), wait=2.0) as store:
        app = collector(
            store,
            site_url=_site_url(settings, site),
            origins=origins,
            known=SiteArticles(site) if site else None,
            trusted=read_networks(proxies),
            limits=_limits(votes_per_minute),
            voters=Voters(utc_now, key_file=key_file),
        )
        run(app, host=host, port=port, announce=click.echo)


@click.group()
def events() -> None:
    """Bring events from files into the store, and out again."""


@events.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@config_option
@_db_option
@click.option(
    "--from",
    "form",
    type=click.Choice(["auto", *READERS]),
    default="auto",
    show_default=True,
    help="The format of the files.",
)
@click.option("--dry-run", is_flag=True, help="Count, but change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a file.")
def import_(
    *,
    files: tuple[Path, ...],
    config: Path,
    db: Path | None,
    form: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Add the events of FILES to the store: each file as a whole, each event once.

    Rows that are no event are listed in FILE.rejected.jsonl with their line and the reason.
    """
    path = _database(db, _settings(config))
    # A rehearsal must not leave a new file behind.
    place = ":memory:" if dry_run and not path.exists() else path
    with Store.open(place) as store:
        for file in files:
            report = import_file(store, file, now=datetime.now(UTC), form=form, dry_run=dry_run)
            click.echo(_report_json(report) if as_json else _report(report, dry_run=dry_run))


@events.command("export")
@config_option
@_db_option
@click.option(
    "--format",
    "form",
    type=click.Choice(list(WRITERS)),
    help="jsonl loses nothing; csv opens safely in spreadsheets. [default: by the name of FILE]",
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file, not stdout."
)
def export(*, config: Path, db: Path | None, form: str | None, output: Path | None) -> None:
    """Write all events of the store, oldest first."""
    path = _database(db, _settings(config))
    name = form or (output.suffix.lower().removeprefix(".") if output else "")
    writer = WRITERS.get(name or "jsonl")
    if writer is None:
        raise ConfigError(f"{output}: cannot tell its format; name one with --format jsonl or csv")
    with Store.open(path, readonly=True) as store, _output(output) as out:
        count = writer(store.events(), out)
    if output:
        click.echo(f"{count} events written to {output}")


@contextmanager
def _output(path: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that appears only when it is complete."""
    if path is None:
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
        yield sys.stdout
        return
    draft = path.with_name(path.name + ".part")
    try:
        with draft.open("w", encoding="utf-8", newline="") as file:
            yield file
        draft.replace(path)
    except OSError as error:
        raise EventError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        draft.unlink(missing_ok=True)


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


def _settings(config: Path) -> Settings:
    """The settings of the project, or none of them where there is no mkdocs.yml."""
    if config.is_file() or config != Path("mkdocs.yml"):
        return load(config)
    return Settings(root=Path.cwd(), content=Path.cwd() / "content", site=Path.cwd() / "site")


def _database(db: Path | None, settings: Settings) -> Path:
    return db or settings.database


def _built_site(settings: Settings) -> str | None:
    if (settings.site / FILE).is_file():
        return str(settings.site)
    click.echo(
        "kbgen: no built site, so votes on any article are taken (--site names it)", err=True
    )
    return None


def _site_url(settings: Settings, site: str | None) -> str:
    """Whose pages may send: those of an address, of the project, or of a site without one."""
    if site and site.startswith(("http://", "https://")):
        return site
    return settings.site_url or (published_at(site) if site else "")


def _report(report: ImportReport, *, dry_run: bool) -> str:
    lines = [
        f"{report.path}:{row.line}: {row.reason}  ← {row.value[:80]!r}" for row in report.shown
    ]
    if report.rejected > len(report.shown):
        lines.append(f"… and {report.rejected - len(report.shown)} more")
    lines.append(
        f"{report.path}: {report.rows} rows = {report.accepted} accepted + "
        f"{report.duplicates} duplicates + {report.rejected} rejected"
        + (" (dry run: nothing was changed)" if dry_run else "")
    )
    if report.rejected_path:
        lines.append(f"rejected rows: {report.rejected_path}")
    return "\n".join(lines)


def _report_json(report: ImportReport) -> str:
    return json.dumps(
        {
            "file": str(report.path),
            "rows": report.rows,
            "accepted": report.accepted,
            "duplicates": report.duplicates,
            "rejected": report.rejected,
            "rejected_file": str(report.rejected_path) if report.rejected_path else None,
        },
        ensure_ascii=False,
    )
