"""Results of sampled jobs, read once in each form and with each flag."""

from __future__ import annotations

from itertools import islice
from typing import Any

import attrs

from ..api.account import Job
from ..api.tables import Table, Unreadable, read
from ..judging.probe import Probe, results_path, status_path
from ..wire.exchange import Exchange, Request

FORMS = ("json", "csv", "parquet")
FLAGS = ("include_inputs", "include_cumulative_logprobs")
COLUMNS = {"include_inputs": "inputs", "include_cumulative_logprobs": "cumulative_logprobs"}
SUCCEEDED = "a job that succeeded"
_SMALL = 1000


@attrs.frozen
class Reading:
    """One answer of the results endpoint, and the table in it or why there is none."""

    exchange: Exchange
    table: Table | None
    problem: str = ""


def jobs_with_results(probe: Probe) -> list[Job]:
    """Return the jobs whose results are compared."""
    return probe.need(probe.remember("with results", lambda: _choose(probe)), SUCCEEDED)


def _choose(probe: Probe) -> list[Job]:
    """Return a sample, and up to two jobs with an ID column from a larger one, as few have one."""
    chosen = probe.account.succeeded(probe.several(3, 6))
    known = {job["job_id"] for job in chosen}
    larger = probe.account.succeeded(probe.several(8, 30))
    others = [job for job in larger if job["job_id"] not in known]
    small = [job for job in others if (job.get("num_rows") or 0) <= _SMALL]
    return [*chosen, *islice((job for job in small if _has_id_column(probe, job)), 2)]


def _has_id_column(probe: Probe, job: Job) -> bool:
    readings = (reading(probe, job), reading(probe, job, "json", FLAGS[0]))
    return any(each.table is not None and each.table.extra for each in readings)


def reading(probe: Probe, job: Job, form: str = "json", *flags: str) -> Reading:
    """Return the results of a job in a form, with some flags set; each is read once a run."""
    job_id = job["job_id"]
    found = probe.remember(
        ("results", job_id, form, flags), lambda: fresh_reading(probe, job_id, form, *flags)
    )
    if found.table is None:
        probe.lacking = f"{form} results that can be read"
    return found


def fresh_reading(probe: Probe, job_id: str, form: str, *flags: str) -> Reading:
    """Read the results of a job now."""
    exchange = probe.results(job_id, form, **_all_true(flags))
    if exchange.status != 200:
        return Reading(exchange, None, f"{form} is answered {exchange.status}")
    try:
        return Reading(exchange, read(exchange, form, job_id))
    except Unreadable as error:
        return Reading(exchange, None, str(error))


def _all_true(flags: tuple[str, ...]) -> dict[str, Any]:
    return dict.fromkeys(flags, True)


def tables(probe: Probe, form: str = "json", *flags: str) -> list[tuple[Job, Reading, Table]]:
    """Return the results of sampled jobs that could be read."""
    found = [(job, reading(probe, job, form, *flags)) for job in jobs_with_results(probe)]
    return [(job, each, each.table) for job, each in found if each.table is not None]


def unchanging(probe: Probe) -> list[Request]:
    """Return requests whose answers don't change."""
    requests = [Request("GET", "/list-jobs", (("limit", "1"),))]
    finished = probe.account.finished(1)
    requests += [Request("GET", status_path(job["job_id"])) for job in finished]
    return requests + [
        Request("GET", results_path(job["job_id"]), ((probe.format_name, form),))
        for job in probe.account.succeeded(1)
        for form in ("json", "parquet")
    ]
