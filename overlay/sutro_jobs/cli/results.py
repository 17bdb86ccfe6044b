"""`sutro-jobs results` and `download`."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, Literal

import click

from .common import account_options, choose_format, client, output_options, write_frame


@click.command()
@click.argument("job_id")
@click.option("--inputs", is_flag=True, help="Add the inputs.")
@click.option("--logprobs", is_flag=True, help="Add the cumulative log-probabilities.")
@click.option("--output-column", default="inference_result", help="Name of the column of outputs.")
@click.option("--no-unpack", is_flag=True, help="Leave structured outputs packed as JSON.")
@click.option("--no-cache", is_flag=True, help="Bypass the cache.")
@output_options
@account_options
def results(
    job_id: str,
    inputs: bool,
    logprobs: bool,
    output_column: str,
    no_unpack: bool,
    no_cache: bool,
    format_: str | None,
    output: BinaryIO,
    api_url: str | None,
    api_key: str | None,
) -> None:
    """Print the results of a job that succeeded."""
    with client(api_url, api_key) as sutro:
        frame = sutro.get_job_results(
            job_id,
            include_inputs=inputs,
            include_cumulative_logprobs=logprobs,
            output_column=output_column,
            unpack_json=not no_unpack,
            disable_cache=no_cache,
        )
    write_frame(frame, choose_format(format_, output), output)


@click.command()
@click.argument("job_id")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "-f",
    "format_",
    type=click.Choice(["json", "csv", "parquet"]),
    default="parquet",
    show_default=True,
    help="Format of the file; a csv is extracted from its ZIP archive, unless PATH ends in .zip.",
)
@click.option("--inputs", is_flag=True, help="Add the inputs.")
@click.option("--logprobs", is_flag=True, help="Add the cumulative log-probabilities.")
@account_options
def download(
    job_id: str,
    path: Path,
    format_: Literal["json", "csv", "parquet"],
    inputs: bool,
    logprobs: bool,
    api_url: str | None,
    api_key: str | None,
) -> None:
    """Write the results of a job to a file; an interrupted download is resumed."""
    with client(api_url, api_key) as sutro:
        written = sutro.download_job_results(
            job_id, path, format_, include_inputs=inputs, include_cumulative_logprobs=logprobs
        )
    click.echo(written)
