"""`kbgen events backup` and `kbgen events forget`: keep a copy of the store, or less of it."""

from __future__ import annotations

import json
import shlex
from datetime import UTC, datetime
from pathlib import Path

import click

from kbgen.cli.common import config_option, db_option, project_settings, store_place
from kbgen.errors import ConfigError, EventError
from kbgen.events.store import Store, StoreError, is_address, name_of, open_store
from kbgen.events.store.backup import backup as backup_file

_BATCH = 1000  # events that go at once, so that a collector need not wait long
_ELSEWHERE = "Exports and backups that were made before may still hold them."


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@config_option
@db_option
@click.option("--force", is_flag=True, help="Write over FILE.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def backup(*, target: Path, config: Path, db: str | None, force: bool, as_json: bool) -> None:
    """Copy the store to FILE while a collector writes; in a folder, to a file named by the time.

    The copy is checked and appears when it is complete. It is a store like the other one.
    """
    place = store_place(db, project_settings(config))
    if is_address(place):
        words = ["pg_dump", "--format=custom", "--schema=kbgen", f"--file={target}", name_of(place)]
        raise ConfigError(f"PostgreSQL makes its own copies: {shlex.join(words)}")
    path, count = backup_file(Path(place), target, now=datetime.now(UTC), replace=force)
    told = {"file": str(path), "events": count, "bytes": path.stat().st_size}
    click.echo(json.dumps(told) if as_json else f"{count} events copied to {path}")


@click.command()
@config_option
@db_option
@click.option("--voter", default="", help="All that came with a vote or search of this voter.")
@click.option(
    "--before",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z"]),
    metavar="YYYY-MM-DD",
    help="All before this day (UTC), or this time: 2026-11-03T18:00:00+09:00.",
)
@click.option("--article", default="", help="All on this article, by its id.")
@click.option("--dry-run", is_flag=True, help="Count, but change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--no-compact",
    is_flag=True,
    help="Do not write the store anew afterwards; collectors would wait meanwhile.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
def forget(
    *,
    config: Path,
    db: str | None,
    voter: str,
    before: datetime | None,
    article: str,
    dry_run: bool,
    yes: bool,
    no_compact: bool,
    as_json: bool,
) -> None:
    """Delete events for good: those that meet all conditions, of which there must be one."""
    if not (voter or before or article):
        raise click.UsageError("say what to forget: --voter, --before or --article")
    if before and before.tzinfo is None:
        before = before.replace(tzinfo=UTC)
    place = store_place(db, project_settings(config))
    with open_store(place, readonly=True) as store:  # which makes no new one
        found = store.count(before=before, voter=voter, article=article)
    deleted = 0
    if not dry_run:
        if found and not yes:
            click.confirm(f"Delete {found} events of {store.name} for good?", abort=True, err=True)
        with open_store(place) as store:
            deleted = _forget(store, before, voter, article)
            if not no_compact:
                _compact(store, deleted)
    if as_json:
        told = {"store": store.name, "found": found, "deleted": deleted}
        click.echo(json.dumps(told, ensure_ascii=False))
    elif dry_run:
        click.echo(f"{found} events of {store.name} would go (dry run: nothing was changed)")
    else:
        click.echo(f"{deleted} events of {store.name} are deleted. {_ELSEWHERE}")


def _forget(store: Store, before: datetime | None, voter: str, article: str) -> int:
    deleted = 0
    while gone := store.forget(before=before, voter=voter, article=article, limit=_BATCH):
        deleted += gone
    return deleted


def _compact(store: Store, deleted: int) -> None:
    try:
        store.compact()
    except StoreError as error:
        raise EventError(
            f"{error} ({deleted} events are deleted, but traces may be left in the store; "
            "the same command takes them away later)"
        ) from error
