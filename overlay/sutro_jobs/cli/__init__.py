"""The command line, `sutro-jobs`: one group whose commands load when they are called."""

import click

from ._lazy import LazyGroup

_COMMANDS = {
    "import": ("sutro_server.cli:import_", "server"),
    "serve": ("sutro_server.cli:serve", "server"),
    "spec": ("sutro_contract.cli:spec", "spec"),
    "verify": ("sutro_conformance.cli:verify", "verify"),
}


@click.group(cls=LazyGroup, commands_by_name=_COMMANDS)
@click.version_option(package_name="sutro-jobs")
def main() -> None:
    """List, inspect, read and cancel Sutro batch-inference jobs; serve and verify their API."""
