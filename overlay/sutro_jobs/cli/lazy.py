"""A click group that imports a command when it is called, so that help and start-up stay fast."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click
from attrs import frozen


@frozen
class LazyCommand:
    """A command at `module:attribute`, the line that help shows for it, and the extra it needs."""

    target: str
    summary: str
    extra: str = ""


class LazyGroup(click.Group):
    """Group of the commands of a table, which are imported one by one when they are called."""

    def __init__(self, *args: Any, lazy: Mapping[str, LazyCommand], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the table."""
        return [*self._lazy, *super().list_commands(ctx)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.summary) for name, command in self._lazy.items()])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing it; say which extra to install where that fails."""
        entry = self._lazy.get(cmd_name)
        if entry is None:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = entry.target.partition(":")
        try:
            command: click.Command = getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            # A missing module of ours is a fault of the package, which no extra mends.
            if not entry.extra or (error.name or "").startswith("sutro_"):
                raise
            raise click.ClickException(
                f"'sutro-jobs {cmd_name}' needs the package {error.name}. "
                f"Install it with: pip install 'sutro-jobs[{entry.extra}]'"
            ) from error
        return command
