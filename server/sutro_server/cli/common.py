"""What the server's commands share: opening a store, and errors that speak of options."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import click

from ..errors import ImportFileError, ParameterError, StoreError
from ..store.store import Store

data_option = click.option(
    "--data",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Directory of the store; made where there is none.",
)


@contextmanager
def open_store(data: Path) -> Iterator[Store]:
    """Open a store for a command; errors that users can mend end the command with status 2."""
    with reported_errors(), closing(Store(data)) as store:
        yield store


@contextmanager
def reported_errors() -> Iterator[None]:
    """End the command with status 2 for errors that users can mend, and name the option."""
    try:
        yield
    except ParameterError as error:
        raise click.BadParameter(error.reason, param=_parameter(error.name)) from error
    except sqlite3.Error as error:
        text = f"The store cannot be used: {error}."
        raise click.BadParameter(text, param=_parameter("data")) from error
    except StoreError as error:
        raise click.BadParameter(str(error), param=_parameter("data")) from error
    except ImportFileError as error:
        raise click.UsageError(str(error)) from error


def _parameter(name: str) -> click.Parameter | None:
    parameters = click.get_current_context().command.params
    # Names of Python's built-ins, such as `id`, get an underscore in commands.
    return next((known for known in parameters if (known.name or "").rstrip("_") == name), None)
