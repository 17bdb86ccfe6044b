"""What the client's commands share: the account, errors, and where output goes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from sutro_jobs import JobCancelledError, JobFailedError, Sutro, SutroError

from .wording import speak_of_options

if TYPE_CHECKING:
    import polars as pl

FORMATS = ["table", "json", "jsonl", "csv", "parquet"]
# Characters of a line where no terminal says how many it shows.
_PIPE_WIDTH = 160


class _LostJobError(click.ClickException):
    """The job failed or was cancelled."""

    # As with grep and diff: 1 is an answer, and 2 is a failure to get one.
    exit_code = 1


class _CouldNotRunError(click.ClickException):
    """The command could not be run."""

    exit_code = 2


def account_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--api-url` and `--api-key` to a command."""
    command = click.option("--api-key", metavar="KEY", help="API key of the deployment.")(command)
    return click.option("--api-url", metavar="URL", help="URL of the deployment.")(command)


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--format` and `--output` to a command that writes a table."""
    command = click.option(
        "--output",
        "-o",
        type=click.File("wb", lazy=True),
        default="-",
        help="File to write; standard output if not given.",
    )(command)
    return click.option(
        "--format",
        "-f",
        "format_",
        type=click.Choice(FORMATS),
        help="Format of the output; by default that of the file name, else table.",
    )(command)


@contextmanager
def client(api_url: str | None, api_key: str | None) -> Generator[Sutro]:
    """Open a client; errors end the command with status 1 for a lost job, 2 otherwise."""
    try:
        with Sutro(api_url=api_url, api_key=api_key) as opened:
            yield opened
    except SutroError as error:
        lost = isinstance(error, JobFailedError | JobCancelledError)
        kind = _LostJobError if lost else _CouldNotRunError
        raise kind(speak_of_options(str(error))) from error


def choose_format(format_: str | None, output: BinaryIO) -> str:
    """Return the format asked for, or else that of the file name."""
    suffix = PurePath(output.name).suffix.removeprefix(".")
    return format_ or (suffix if suffix in FORMATS else "table")


def write_frame(frame: pl.DataFrame, format_: str, output: BinaryIO) -> None:
    """Write a frame; nested columns become JSON texts in CSV."""
    if format_ == "parquet":
        if output.isatty():
            raise click.UsageError("Parquet is binary: name a file with --output, or pipe it.")
        frame.write_parquet(output)
    elif format_ == "csv":
        _without_nesting(frame).write_csv(output)
    elif format_ == "json":
        output.write(frame.write_json().encode() + b"\n")
    elif format_ == "jsonl":
        frame.write_ndjson(output)
    else:
        output.write(f"{_drawn(frame)}\n".encode())


def _without_nesting(frame: pl.DataFrame) -> pl.DataFrame:
    import msgspec
    import polars as pl

    return frame.with_columns(
        pl.Series(name, [msgspec.json.encode(value).decode() for value in frame[name].to_list()])
        for name, dtype in frame.schema.items()
        if dtype.is_nested()
    )


def _drawn(frame: pl.DataFrame) -> str:
    import polars as pl

    width = shutil.get_terminal_size((_PIPE_WIDTH, 0)).columns
    with pl.Config(tbl_width_chars=width, tbl_hide_column_data_types=True, tbl_rows=20):
        return str(frame)
