"""The commands `sutro-jobs serve` and `sutro-jobs import`."""

from pathlib import Path

import click
import msgspec

from ._clock import from_text
from ._demo import OTHER_TENANT, TENANT, load_demo
from ._durations import DURATION
from ._errors import ImportFileError, StoreError
from ._import import STATUSES, JobSpec, import_rows
from ._rows import Columns, read_rows
from ._settings import Settings
from ._store import Store

_DATA = click.option(
    "--data",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Directory of the store; made where there is none.",
)


@click.command()
@_DATA
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, help="Port to listen on; 0 picks a free one."
)
@click.option(
    "--api-key",
    "api_keys",
    multiple=True,
    metavar="NAME=KEY",
    help="Let KEY act for the tenant NAME.",
)
@click.option("--demo", is_flag=True, help="Load the demo jobs for the tenants 'demo' and 'other'.")
@click.option(
    "--edition",
    type=click.Choice(["e1", "e2", "e3"]),
    default="e3",
    show_default=True,
    help="Edition of the API to speak.",
)
@click.option(
    "--access-log/--no-access-log",
    default=True,
    help="Write a JSON line about each request to standard error.",
)
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(min=1), help="Worker processes."
)
def serve(
    data: Path,
    host: str,
    port: int,
    api_keys: tuple[str, ...],
    demo: bool,
    edition: str,
    workers: int,
    access_log: bool,
) -> None:
    """Serve the jobs of a data directory as the Sutro jobs API."""
    from ._serve import run

    store = _open(data)
    for pair in api_keys:
        tenant, separator, key = pair.partition("=")
        if not (tenant and separator and key):
            raise click.BadParameter(f"'{pair}' is not NAME=KEY.", param_hint="--api-key")
        store.tenants.add_key(tenant, key)
    if demo:
        load_demo(store)
    _show_new_keys(store, demo=demo)
    store.close()
    run(Settings(data=str(data), edition=edition, access_log=access_log), host, port, workers)  # type: ignore[arg-type]


def _show_new_keys(store: Store, *, demo: bool) -> None:
    tenants = {key.tenant for key in store.tenants.keys() if not key.revoked}
    for tenant in (TENANT, OTHER_TENANT) if demo else ():
        if tenant not in tenants:
            click.echo(f"API key of tenant '{tenant}': {store.tenants.new_key(tenant)}", err=True)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_DATA
@click.option(
    "--tenant", required=True, help="Tenant that the job belongs to; made where there is none."
)
@click.option("--output", default="output", show_default=True, help="Column of the outputs.")
@click.option("--input", "input_", help="Column of the inputs.")
@click.option("--logprob", help="Column of the cumulative log-probabilities.")
@click.option("--id", "id_", help="Column that identifies rows; results always carry it.")
@click.option(
    "--status",
    type=click.Choice(STATUSES),
    default="SUCCEEDED",
    show_default=True,
    help="State of the job.",
)
@click.option(
    "--finish-after", type=DURATION, help="Let an unfinished job end after so long, such as 30s."
)
@click.option("--failure-reason", help="Let the job fail, with this message.")
@click.option("--job-id", help="ID of the job; random by default.")
@click.option("--name", help="Name of the job.")
@click.option("--description", help="Description of the job.")
@click.option("--model", default="qwen-3-14b", show_default=True, help="Model of the job.")
@click.option("--system-prompt", help="System prompt of the job.")
@click.option(
    "--json-schema", type=click.File("rb"), help="File of the JSON Schema that outputs follow."
)
@click.option("--created", help="When the job was made, ISO 8601; now by default.")
def import_(
    file: Path,
    data: Path,
    tenant: str,
    output: str,
    input_: str | None,
    logprob: str | None,
    id_: str | None,
    status: str,
    finish_after: int | None,
    failure_reason: str | None,
    job_id: str | None,
    name: str | None,
    description: str | None,
    model: str,
    system_prompt: str | None,
    json_schema: click.utils.LazyFile | None,
    created: str | None,
) -> None:
    """Make a job out of FILE, rows in Parquet, CSV or JSON lines."""
    spec = JobSpec(
        job_id=job_id,
        name=name,
        description=description,
        model=model,
        system_prompt=system_prompt,
        json_schema=msgspec.json.decode(json_schema.read()) if json_schema else None,
        status=status,
        created=from_text(created) if created else None,
        finish_after=finish_after,
        failure_reason=failure_reason,
    )
    store = _open(data)
    rows = read_rows(file, Columns(output, input_, logprob, id_))
    try:
        made = import_rows(store, tenant, spec, rows)
    except ImportFileError as error:
        raise click.UsageError(str(error)) from error
    finally:
        store.close()
    click.echo(made)


def _open(data: Path) -> Store:
    try:
        return Store(data)
    except StoreError as error:
        raise click.UsageError(str(error)) from error
