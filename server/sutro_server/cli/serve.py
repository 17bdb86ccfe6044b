"""The command `sutro-jobs serve`."""

from pathlib import Path

import click

from ..errors import ListenError
from ..http.faults.fault import catalogue, parse_fault
from ..settings import EDITIONS, Edition, Settings
from ..store.results import ANSWERS_LIMIT
from ..store.store import Store
from .common import data_option, open_store, reported_errors


def _list_faults(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(catalogue())
        ctx.exit()


def _faults(
    _: click.Context, parameter: click.Parameter, texts: tuple[str, ...]
) -> tuple[str, ...]:
    try:
        for text in texts:
            parse_fault(text)
    except ValueError as error:
        raise click.BadParameter(f"{error} See --list-faults.", param=parameter) from error
    return texts


def _pairs(
    _: click.Context, parameter: click.Parameter, texts: tuple[str, ...]
) -> list[tuple[str, str]]:
    pairs = []
    for text in texts:
        tenant, _separator, key = text.partition("=")
        if not (tenant and key):
            raise click.BadParameter("It takes the form NAME=KEY.", param=parameter)
        pairs.append((tenant, key))
    return pairs


@click.command()
@data_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 picks a free one.",
)
@click.option(
    "--api-key",
    "api_keys",
    multiple=True,
    metavar="NAME=KEY",
    callback=_pairs,
    help="Let KEY act for the tenant NAME, who is made where there is none. May be repeated.",
)
@click.option("--demo", is_flag=True, help="Load the demo jobs for the tenants 'demo' and 'other'.")
@click.option(
    "--edition",
    type=click.Choice(EDITIONS),
    default="e3",
    show_default=True,
    help="Edition of the API: 2025, early 2026, or the current one with older forms beside it.",
)
@click.option(
    "--companions/--no-companions",
    default=True,
    show_default=True,
    help="Offer the routes beside the four endpoints: a single job, and URLs of results.",
)
@click.option(
    "--files-port",
    type=click.IntRange(0, 65535),
    help="Port of the results that URLs lead to; by default the one after --port, if it is free.",
)
@click.option(
    "--files-url",
    metavar="URL",
    help="Origin of these URLs, where clients don't reach the port as it is.",
)
@click.option(
    "--documents",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder whose openapi.json and index.html are served at /openapi.json and /docs.",
)
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(min=1), help="Worker processes."
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME[=VALUE][@OPERATION]",
    callback=_faults,
    help="Answer with a fault; @OPERATION, such as @list, narrows it. May be repeated.",
)
@click.option(
    "--list-faults",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_faults,
    help="Print all faults and exit.",
)
@click.option(
    "--control",
    is_flag=True,
    help="Let requests ask for faults (X-Sutro-Fault) and advance the clock (POST /control/clock).",
)
@click.option(
    "--answers-limit",
    default=ANSWERS_LIMIT >> 20,
    show_default=True,
    metavar="MIB",
    type=click.IntRange(min=1),
    help="Room for answers made from results; the longest unused are removed first.",
)
@click.option(
    "--access-log/--no-access-log",
    default=True,
    show_default=True,
    help="Write a JSON line about each request to standard error.",
)
def serve(
    data: Path,
    host: str,
    port: int,
    api_keys: list[tuple[str, str]],
    demo: bool,
    edition: Edition,
    companions: bool,
    files_port: int | None,
    files_url: str | None,
    documents: Path | None,
    workers: int,
    faults: tuple[str, ...],
    control: bool,
    answers_limit: int,
    access_log: bool,
) -> None:
    """Serve the jobs of a data directory as the Sutro jobs API."""
    from ..http.listening.serve import (
        run,  # loads uvicorn and fastapi, which no other command needs
    )

    with reported_errors():
        settings = Settings(
            data=str(data),
            edition=edition,
            faults=faults,
            control=control,
            access_log=access_log,
            answers_limit=answers_limit << 20,
            companions=companions,
            files_url=files_url,
            documents=str(documents) if documents else None,
        )
    with open_store(data) as store:
        for tenant, key in api_keys:
            store.tenants.add_key(tenant, key)
        if demo:
            _load_demo(store)
        store.sweep()
    try:
        run(settings, host, port, workers, files_port)
    except ListenError as error:
        raise click.UsageError(f"{error} Choose another --port, or 0 for a free one.") from error


def _load_demo(store: Store) -> None:
    from ..importing.demo import (  # loads polars, which only the demo needs
        OTHER_TENANT,
        TENANT,
        load_demo,
    )

    load_demo(store)
    with_keys = {key.tenant for key in store.tenants.list_keys() if not key.revoked}
    for tenant in (TENANT, OTHER_TENANT):
        if tenant not in with_keys:
            click.echo(f"API key of tenant '{tenant}': {store.tenants.new_key(tenant)}", err=True)
