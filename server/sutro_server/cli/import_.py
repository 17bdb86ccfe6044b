"""The command `sutro-jobs import`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from click.termui import progressbar

from ..importing.job_from_rows import import_rows
from ..importing.job_objects import import_jobs
from ..importing.job_spec import STATUSES, JobSpec
from ..importing.rows import Columns, read_rows
from ..json_text import decode_json
from ..times import from_text, parse_duration
from .common import data_option, open_store

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _time(_: click.Context, parameter: click.Parameter, text: str | None) -> int | None:
    try:
        return from_text(text) if text else None
    except ValueError as error:
        raise click.BadParameter(
            f"{error}. Write 2026-11-22T10:30:00Z.", param=parameter
        ) from error


def _duration(_: click.Context, parameter: click.Parameter, text: str | None) -> int | None:
    try:
        return None if text is None else parse_duration(text)
    except ValueError as error:
        raise click.BadParameter(str(error), param=parameter) from error


def _object(
    _: click.Context, parameter: click.Parameter, path: Path | None
) -> dict[str, Any] | None:
    try:
        return decode_json(path.read_bytes(), dict[str, Any]) if path else None
    except ValueError as error:
        raise click.BadParameter(
            f"{path} is not a JSON object: {error}", param=parameter
        ) from error


@click.command("import")
@click.argument("file", required=False, type=_FILE)
@data_option
@click.option("--tenant", required=True, help="Tenant the job belongs to; made if there is none.")
@click.option("--jobs", "dump", type=_FILE, help="Store the Job objects of this JSON file instead.")
@click.option("--output", default="output", show_default=True, help="Column of the outputs.")
@click.option("--input", "input_", help="Column of the inputs.")
@click.option("--logprob", help="Column of the cumulative log-probabilities.")
@click.option("--id", "id_", help="Column that identifies rows; results always carry it.")
@click.option(
    "--status",
    type=click.Choice(STATUSES, case_sensitive=False),
    default="SUCCEEDED",
    show_default=True,
    help="State of the job now.",
)
@click.option(
    "--finish-after",
    metavar="DURATION",
    callback=_duration,
    help="Let an unfinished job end after so long, such as 30s.",
)
@click.option("--failure-reason", help="Let the job fail, with this message.")
@click.option("--created", callback=_time, help="When the job was made, ISO 8601; by default now.")
@click.option("--job-id", help="ID of the job; by default a random one.")
@click.option("--name", help="Name of the job.")
@click.option("--description", help="Description of the job.")
@click.option("--model", default=JobSpec().model, show_default=True, help="Model of the job.")
@click.option("--system-prompt", help="System prompt of the job.")
@click.option(
    "--json-schema", type=_FILE, callback=_object, help="File of the JSON Schema of the outputs."
)
def import_(
    file: Path | None,
    data: Path,
    tenant: str,
    dump: Path | None,
    output: str,
    input_: str | None,
    logprob: str | None,
    id_: str | None,
    **spec: Any,
) -> None:
    """Make a job out of the rows of FILE (Parquet, CSV, TSV or JSON lines) and print its ID.

    FILE's columns are taken by name. With --jobs, whole jobs are stored as they are, without
    results.
    """
    if (file is None) == (dump is None):
        raise click.UsageError("Give a FILE of rows, or --jobs with a file of jobs.")
    with open_store(data) as store:
        if dump is not None:
            with _progress(dump) as progress:
                imported = import_jobs(store, tenant, dump, progress)
            click.echo(f"Stored {imported.new} jobs; {imported.known} were there already.")
        elif file is not None:
            rows = read_rows(file, Columns(output, input_, logprob, id_))
            with _progress(file) as progress:
                job_id = import_rows(store, tenant, JobSpec(**spec), rows, progress)
            click.echo(job_id)


@contextmanager
def _progress(path: Path) -> Iterator[Callable[[float], None]]:
    """Show a progress bar on a terminal; yield what moves it to a share of the file."""
    # The bar counts in whole steps; a thousand are more than a terminal has columns.
    steps = 1000
    with progressbar(length=steps, label=path.name, file=sys.stderr) as bar:
        yield lambda share: bar.update(int(share * steps) - bar.pos)
