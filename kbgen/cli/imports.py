"""The options of `kbgen events import`, and how it reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import reduce
from pathlib import Path
from typing import Any, TypeVar

import click

from kbgen.events.catalogue import Catalogue
from kbgen.events.imports import SHOWN, ImportReport
from kbgen.events.known import FILE, published_at
from kbgen.events.readers import READERS, Options
from kbgen.events.readers.answers import plain
from kbgen.events.readers.options import DateOrder, read_pairs, read_zone
from kbgen.events.readers.pseudonyms import KEY_FILE, Pseudonyms
from kbgen.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--from",
        "form",
        type=click.Choice(["auto", *READERS]),
        default="auto",
        show_default=True,
        help="The format of the files.",
    ),
    click.option(
        "--map",
        "columns",
        multiple=True,
        metavar="FIELD=NAME",
        help="Which column, parameter or property holds a field.",
    ),
    click.option(
        "--set",
        "constants",
        multiple=True,
        metavar="FIELD=VALUE",
        help="What a field is where the file does not say it.",
    ),
    click.option("--zone", help="Where times without a zone were taken, such as Asia/Seoul."),
    click.option(
        "--dates",
        type=click.Choice(["dmy", "mdy"]),
        help="What 3/11/2026 means.",
    ),
    click.option("--yes", multiple=True, metavar="WORD", help="Another answer that means yes."),
    click.option("--no", multiple=True, metavar="WORD", help="Another answer that means no."),
    click.option("--page-views", is_flag=True, help="Take views of pages as views of articles."),
    click.option(
        "--site",
        help="Folder or address of the built site: which articles there are. "
        "[default: that of the project]",
    ),
)


def import_options(command: F) -> F:
    """Adds the options that say how to read a file."""
    return reduce(lambda found, option: option(found), reversed(_OPTIONS), command)


def read_options(
    settings: Settings,
    place: str | Path,
    *,
    dry_run: bool,
    columns: tuple[str, ...],
    constants: tuple[str, ...],
    zone: str | None,
    dates: DateOrder | None,
    yes: tuple[str, ...],
    no: tuple[str, ...],
    page_views: bool,
    site: str | None,
) -> Options:
    """What the user said. The key of pseudonyms is beside the store, if that is a file.

    Raises ConfigError for what has no meaning.
    """
    folder = settings.database.parent if "://" in str(place) else Path(place).parent
    return Options(
        zone=read_zone(zone) if zone else None,
        dates=dates or "",
        columns=read_pairs(columns, "--map"),
        constants=read_pairs(constants, "--set"),
        yes=frozenset(map(plain, yes)),
        no=frozenset(map(plain, no)),
        page_views=page_views,
        catalogue=_catalogue(site, settings),
        pseudonyms=Pseudonyms(folder / KEY_FILE, create=not dry_run),
    )


def show(report: ImportReport, *, dry_run: bool, as_json: bool) -> None:
    """Prints what became of a file; what was guessed goes to standard error."""
    for warning, count in report.warnings.most_common(SHOWN):
        click.echo(f"{report.path}: warning: {warning} ({_rows(count)})", err=True)
    if len(report.warnings) > SHOWN:
        click.echo(f"… and {len(report.warnings) - SHOWN} more warnings", err=True)
    click.echo(_as_json(report) if as_json else _as_text(report, dry_run=dry_run))


def _catalogue(site: str | None, settings: Settings) -> Catalogue | None:
    if not site and (settings.site / FILE).is_file():
        site = str(settings.site)
    if not site:
        return None
    is_address = site.startswith(("http://", "https://"))
    url = site if is_address else settings.site_url or published_at(site)
    return Catalogue.of_site(site, site_url=url)


def _as_text(report: ImportReport, *, dry_run: bool) -> str:
    lines = [
        f"{report.path}:{row.line}: {row.reason}  ← {row.value[:80]!r}" for row in report.shown
    ]
    if report.rejected > len(report.shown):
        lines.append(f"… and {report.rejected - len(report.shown)} more")
    lines.append(
        f"{report.path}: {report.rows} rows = {report.accepted} accepted + "
        f"{report.duplicates} duplicates + {report.rejected} rejected"
        + (f"; {_rows(report.ignored)} about something else" if report.ignored else "")
        + (" (dry run: nothing was changed)" if dry_run else "")
    )
    if report.rejected_path:
        lines.append(f"rejected rows: {report.rejected_path}")
    return "\n".join(lines)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"


def _as_json(report: ImportReport) -> str:
    return json.dumps(
        {
            "file": str(report.path),
            "rows": report.rows,
            "accepted": report.accepted,
            "duplicates": report.duplicates,
            "rejected": report.rejected,
            "ignored": report.ignored,
            "warnings": dict(report.warnings),
            "rejected_file": str(report.rejected_path) if report.rejected_path else None,
        },
        ensure_ascii=False,
    )
