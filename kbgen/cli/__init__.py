"""`kbgen`: each command parses, calls one function, prints."""

from __future__ import annotations

import gc
import sys
from importlib import import_module

import click

from kbgen.errors import KbgenError, nearest

# Command -> module of kbgen.cli that holds it. Modules load when a command runs, so that
# `kbgen search` does not pay for the statistics of `kbgen insights`.
COMMANDS = {
    "new": "articles",
    "check": "articles",
    "schema": "articles",
    "adopt": "articles",
    "build": "site",
    "serve": "site",
    "search": "search",
    "eval": "evaluate",
    "collect": "events",
    "events": "events",
    "insights": "insights",
    "review": "review",
    "simulate": "insights",
}


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"kbgen.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            near = nearest(args[0], COMMANDS)
            if near:
                ctx.fail(f"No such command '{args[0]}'. Did you mean '{near}'?")
        return super().resolve_command(ctx, args)


def _print_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from kbgen import __version__  # noqa: PLC0415  (slow, and rarely asked for)

        click.echo(f"kbgen, version {__version__}")
        context.exit()


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-V",
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Show the version and exit.",
)
def cli() -> None:
    """A self-service help center from Markdown that learns from its readers."""


def main() -> None:
    """Entry point: errors that kbgen raises on purpose become one line and exit status 2."""
    gc.set_threshold(100_000)  # looking for garbage while an index opens takes longer than that
    try:
        cli()
    except KbgenError as error:
        click.echo(f"kbgen: {error}", err=True)
        raise SystemExit(2) from None
    finally:
        if "duckdb" not in sys.modules:  # it complains about whatever is left at the end
            gc.freeze()  # the process ends: what is left need not be looked through
