"""What the server's commands share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ..errors import ImportFileError, StoreError
from ..store.store import Store

data_option = click.option(
    "--data",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Directory of the store; made where there is none.",
)


@contextmanager
def opened(data: Path) -> Iterator[Store]:
    """Open a store for a command; errors that users can mend end the command with status 2."""
    try:
        store = Store(data)
    except StoreError as error:
        raise click.UsageError(str(error)) from error
    try:
        yield store
    except ImportFileError as error:
        raise click.UsageError(str(error)) from error
    finally:
        store.close()
