"""`sutro-jobs list`, `status`, `wait` and `cancel`."""

from __future__ import annotations

import sys
from typing import BinaryIO

import click
import msgspec

from sutro_jobs import Job, JobStatusReport

from .common import account_options, choose_format, client, output_options, write_frame

_COLUMNS = {
    "JOB ID": "job_id",
    "STATUS": "status",
    "ROWS": "num_rows",
    "CREATED": "datetime_created",
    "MODEL": "model",
    "NAME": "name",
}


@click.command("list")
@click.option("--limit", type=click.IntRange(min=0), help="Maximum number of jobs.")
@output_options
@account_options
def list_(
    limit: int | None,
    format_: str | None,
    output: BinaryIO,
    api_url: str | None,
    api_key: str | None,
) -> None:
    """List jobs, newest first."""
    format_ = choose_format(format_, output)
    with client(api_url, api_key) as sutro:
        jobs = sutro.list_jobs(limit)
        if format_ == "table":
            output.write(_table(jobs.to_list()).encode())
        elif format_ == "json":
            output.write(b"[" + b",\n".join(job.to_json() for job in jobs) + b"]\n")
        elif format_ == "jsonl":
            output.writelines(msgspec.json.format(job.to_json(), indent=-1) + b"\n" for job in jobs)
        else:
            write_frame(jobs.to_polars(), format_, output)


@click.command()
@click.argument("job_id")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON object.")
@account_options
def status(job_id: str, as_json: bool, api_url: str | None, api_key: str | None) -> None:
    """Print the status of a job, and the reason for a failure."""
    with client(api_url, api_key) as sutro:
        _show(sutro.get_job_status_report(job_id), as_json)


@click.command()
@click.argument("job_id")
@click.option("--timeout", type=click.FloatRange(min=0), help="Maximum seconds to wait.")
@click.option("--json", "as_json", is_flag=True, help="Write a JSON object.")
@account_options
def wait(
    job_id: str, timeout: float | None, as_json: bool, api_url: str | None, api_key: str | None
) -> None:
    """Wait until a job has ended.

    Exit status: 0 if it succeeded, 1 if it failed or was cancelled, 2 if that is unknown.
    """
    with client(api_url, api_key) as sutro:
        _show(sutro.wait_for_job(job_id, timeout), as_json)


@click.command()
@click.argument("job_id")
@account_options
def cancel(job_id: str, api_url: str | None, api_key: str | None) -> None:
    """Request the cancellation of a job."""
    with client(api_url, api_key) as sutro:
        answer = sutro.cancel_job(job_id)
    click.echo(answer.message)
    # The answer is printed in any case; scripts see by the status whether it was a refusal.
    if not answer.cancelled:
        sys.exit(1)


def _show(report: JobStatusReport, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(report))
        return
    click.echo(report.status)
    if report.failure_reason:
        click.echo(report.failure_reason.get("message") or report.failure_reason)


def _table(jobs: list[Job]) -> str:
    rows = [list(_COLUMNS), *([_cell(job, name) for name in _COLUMNS.values()] for job in jobs)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "".join("  ".join(map(str.ljust, row, widths)).rstrip() + "\n" for row in rows)


def _cell(job: Job, name: str) -> str:
    if name == "datetime_created":
        created = job.datetime_created
        return f"{created:%Y-%m-%d %H:%M}" if created else ""
    value = getattr(job, name)
    return "" if value is None else str(value)
