"""`kbgen events daily`: sums by day, or the SQL that makes them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from kbgen.cli.common import config_option, db_option, project_settings, store_place
from kbgen.cli.output import format_of, writing
from kbgen.errors import ConfigError
from kbgen.events import Event, read_events
from kbgen.events.daily import FORMATS, TABLES, is_own, sql, write_sums
from kbgen.events.imports import Rejected


@click.command()
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@config_option
@db_option
@click.option(
    "--table",
    type=click.Choice(TABLES),
    default=TABLES[0],
    show_default=True,
    help="By article and text, or how searching went.",
)
@click.option("--zone", default="UTC", show_default=True, help="Whose days, such as Asia/Seoul.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="[default: by the name of FILE, else csv]",
)
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file, not stdout."
)
@click.option("--sql", "as_sql", is_flag=True, help="Print the SQL and read nothing.")
@click.option(
    "--dialect",
    default="duckdb",
    show_default=True,
    help="Whose SQL: postgres, spark, bigquery, snowflake …",
)
def daily(
    *,
    files: tuple[Path, ...],
    config: Path,
    db: str | None,
    table: str,
    zone: str,
    form: str | None,
    output: Path | None,
    as_sql: bool,
    dialect: str,
) -> None:
    """Sum up by day what readers did: votes that count, reasons, views, searches.

    Of FILES, if there are any, else of the store.
    """
    if as_sql:
        click.echo(sql(table, zone=zone, dialect=dialect), nl=False)
        return
    if files and db:
        raise ConfigError("either files or --db: both were named")
    name = format_of(form, output, FORMATS)
    sql(table, zone=zone)  # a slip of the pen is told before hours of reading
    sources = [_source(file) for file in files or [store_place(db, project_settings(config))]]
    with writing(output) as out:
        count = write_sums(sources, out, table=table, zone=zone, form=name)
    if output:
        click.echo(f"{count} rows written to {output}")


def _source(place: Path | str) -> Path | Iterable[Event]:
    """A file that DuckDB can read by itself, or events."""
    if (
        isinstance(place, Path)
        and place.suffix.lower() == ".parquet"
        and place.is_file()
        and is_own(place)
    ):
        return place
    return _told(place)


def _told(place: Path | str) -> Iterable[Event]:
    """The events of a file or store; says how many rows are none."""
    left_out = 0

    def count(_: Rejected) -> None:
        nonlocal left_out
        left_out += 1

    yield from read_events(place, on_reject=count)
    if left_out:
        text = f"rows that are no event and were left out: {left_out}"
        click.echo(f"kbgen: {place}: {text} (kbgen events import says why)", err=True)
