"""The command `sutro-jobs keys`."""

from pathlib import Path

import click

from .common import data_option, open_store


@click.group()
def keys() -> None:
    """Add, list and revoke API keys of a data directory, also while it is served."""


@keys.command()
@data_option
@click.argument("tenant")
@click.argument("key", required=False)
def add(data: Path, tenant: str, key: str | None) -> None:
    """Let KEY act for TENANT; without KEY make a random one and print it."""
    with open_store(data) as store:
        if key is None:
            click.echo(store.tenants.new_key(tenant))
        else:
            store.tenants.add_key(tenant, key)


@keys.command("list")
@data_option
def list_(data: Path) -> None:
    """Print the tenant, the last characters and the state of each key."""
    with open_store(data) as store:
        for key in store.tenants.list_keys():
            state = "revoked" if key.revoked else "active"
            click.echo(f"{key.tenant}\t…{key.hint}\t{state}")


@keys.command()
@data_option
@click.argument("key")
def revoke(data: Path, key: str) -> None:
    """Stop KEY from working, at once."""
    with open_store(data) as store:
        if not store.tenants.revoke(key):
            raise click.UsageError("The store knows no such key. See: sutro-jobs keys list")
