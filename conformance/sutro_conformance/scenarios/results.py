"""Results of sampled jobs, read once in each format and with each flag."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import attrs

from ..api.account import rows_of
from ..api.answers import Job
from ..api.tables import Table, UnreadableError, read
from ..judging.probe import Probe, once_a_run
from ..wire.exchange import Exchange

FORMATS = ("json", "csv", "parquet")
FLAGS = ("include_inputs", "include_cumulative_logprobs")
COLUMNS = {"include_inputs": "inputs", "include_cumulative_logprobs": "cumulative_logprobs"}
SUCCEEDED = "a job that succeeded"
# Rows of a job that is read only to see whether it has an ID column.
_SMALL = 1000


@attrs.frozen
class Reading:
    """One answer of the results endpoint, and the table in it or why there is none."""

    exchange: Exchange
    table: Table | None
    problem: str = ""


def jobs_with_results(probe: Probe) -> list[Job]:
    """Return the jobs whose results are compared."""
    return probe.require(_choose(probe), SUCCEEDED)


@once_a_run
def _choose(probe: Probe) -> list[Job]:
    """Return a sample, and up to two jobs with an ID column from a larger one, as few have one."""
    chosen = probe.account.succeeded(probe.by_profile(3, 6))
    known = {job["job_id"] for job in chosen}
    larger = probe.account.succeeded(probe.by_profile(8, 30))
    others = [job for job in larger if job["job_id"] not in known and rows_of(job) <= _SMALL]
    pairs = zip(
        others, readings(probe, others), readings(probe, others, "json", FLAGS[0]), strict=True
    )
    return [*chosen, *islice((job for job, *both in pairs if any(map(_has_extra, both))), 2)]


def _has_extra(found: Reading) -> bool:
    return found.table is not None and bool(found.table.extra)


def readings(
    probe: Probe, jobs: Sequence[Job], format_: str = "json", *flags: str
) -> list[Reading]:
    """Return the results of jobs, read side by side; each is read once a run."""
    with ThreadPoolExecutor(probe.run.session.concurrency) as readers:
        tasks = [
            readers.submit(_first_reading, probe, job["job_id"], format_, *flags) for job in jobs
        ]
        return [task.result() for task in tasks]


def reading(probe: Probe, job: Job, format_: str = "json", *flags: str) -> Reading:
    """Return the results of a job in a format, with some flags set; each is read once a run."""
    found = _first_reading(probe, job["job_id"], format_, *flags)
    if found.table is None:
        probe.missing = f"{format_} results that can be read"
    return found


@once_a_run
def _first_reading(probe: Probe, job_id: str, format_: str, *flags: str) -> Reading:
    return fresh_reading(probe, job_id, format_, *flags)


def fresh_reading(probe: Probe, job_id: str, format_: str, *flags: str) -> Reading:
    """Read the results of a job now."""
    exchange = probe.results(job_id, format_, **_all_true(flags))
    if exchange.status != 200:
        return Reading(exchange, None, f"{format_} is answered {exchange.status}")
    try:
        return Reading(exchange, read(exchange, format_, job_id))
    except UnreadableError as error:
        return Reading(exchange, None, str(error))


def _all_true(flags: tuple[str, ...]) -> dict[str, Any]:
    return dict.fromkeys(flags, True)


def tables(probe: Probe, format_: str = "json", *flags: str) -> list[tuple[Job, Reading, Table]]:
    """Return the results of sampled jobs that could be read."""
    jobs = jobs_with_results(probe)
    readings(probe, jobs, format_, *flags)
    found = [(job, reading(probe, job, format_, *flags)) for job in jobs]
    return [(job, each, each.table) for job, each in found if each.table is not None]
