"""`sutro-jobs spec`: publish the contract and compare versions of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from . import versions
from .diff import compare
from .publication import build as build_publication
from .source import ContractError, contract_path, read_contract
from .versions import VersionError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_contract = click.option(
    "--contract",
    type=_FILE,
    help="The contract, unless this command's own.",
)
_published_folder = click.option(
    "--published",
    default=versions.FOLDER,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of published versions, unless this command's own.",
)
_LABELS = {True: "BREAKING", False: "harmless"}


@contextmanager
def _reporting() -> Iterator[None]:
    try:
        yield
    except ContractError as error:
        click.echo(f"Error: {error}", err=True)
        raise SystemExit(1 if isinstance(error, VersionError) else 2) from error


@click.group()
def spec() -> None:
    """Publish the contract (openapi.yaml) and compare versions of it.

    Exit status: 0 fine, 1 a breaking change or a version that has to go up, 2 could not run.
    """


@spec.command()
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to fill."
)
@click.option("--since", type=_FILE, help="Earlier contract, unless the last published version.")
@_contract
@_published_folder
def build(out: Path, since: Path | None, contract: Path | None, published: Path) -> None:
    """Write a folder for a static host: what portals and people take.

    One folder for each version and `latest`, with the contract as YAML and JSON, a reference page,
    a change log, JSON Schemas, a Postman collection, workflows, older editions, code samples.
    """
    with _reporting():
        source = contract or contract_path()
        earlier = since or versions.published_before(source, published)
        click.echo(build_publication(source, versions.all_published(published), earlier, out))


@spec.command()
@click.argument("old", type=_FILE)
@click.argument("new", type=_FILE)
def diff(old: Path, new: Path) -> None:
    """Name what changed from OLD to NEW.

    Exit with 1 if a change breaks clients of OLD.
    """
    with _reporting():
        changes = compare(read_contract(old), read_contract(new))
    for change in changes:
        click.echo(f"{_LABELS[change.breaks]}  {change.text}\n          at {change.pointer}")
    broken = sum(change.breaks for change in changes)
    click.echo(f"{len(changes)} changes, {broken} of them breaking")
    raise SystemExit(1 if broken else 0)


@spec.command()
@_contract
@_published_folder
def check(contract: Path | None, published: Path) -> None:
    """Check that the version rose with the contract.

    Exit with 1 if the contract changed since it was published and its version did not go up.
    """
    with _reporting():
        click.echo(versions.check(contract or contract_path(), published))


@spec.command()
@_contract
@_published_folder
def publish(contract: Path | None, published: Path) -> None:
    """Raise the version by rule and keep a copy.

    For maintainers, in a checkout: writes info.version where it has to go up.
    """
    with _reporting():
        click.echo(f"Published {versions.publish(contract or contract_path(), published)}")
