"""A click group that imports a command when it is called, so that help and start-up stay fast."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class LazyGroup(click.Group):
    """Group of commands given as `name -> ("module:attribute", extra)`.

    `extra` is the optional part of the distribution that the command needs, or empty.
    """

    def __init__(
        self, *args: Any, commands_by_name: Mapping[str, tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._by_name = commands_by_name

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, sorted."""
        return sorted({*self._by_name, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing it; say which extra to install where that fails."""
        if cmd_name not in self._by_name:
            return super().get_command(ctx, cmd_name)
        target, extra = self._by_name[cmd_name]
        module, _, attribute = target.partition(":")
        try:
            command: click.Command = getattr(import_module(module), attribute)
        except ModuleNotFoundError as error:
            if not extra or (error.name or "").startswith("sutro_"):
                raise
            raise click.ClickException(
                f"'sutro-jobs {cmd_name}' needs the package {error.name}. "
                f"Install it with: pip install 'sutro-jobs[{extra}]'"
            ) from error
        return command
