"""A click group that imports a command when it is called, so that help and start-up stay fast."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from attrs import field, frozen


@frozen
class LazyCommand:
    """A command at `module:attribute`, the line that help shows for it, and the extra it needs.

    `folders` are options that name a folder of another room, `package:folder`, unless the caller
    gives one. So a command gets what its own room does not know.
    """

    target: str
    summary: str
    extra: str = ""
    folders: Mapping[str, str] = field(factory=dict[str, str])


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
        ctx.default_map = {**(ctx.default_map or {}), cmd_name: _present(entry.folders)}
        return command


def _present(folders: Mapping[str, str]) -> dict[str, str]:
    """Return the folders that are there, without importing the packages that hold them."""
    found: dict[str, str] = {}
    for option, place in folders.items():
        package, _, name = place.partition(":")
        spec = find_spec(package)
        for location in spec.submodule_search_locations or () if spec else ():
            if (Path(location) / name).is_dir():
                found[option] = str(Path(location) / name)
    return found
