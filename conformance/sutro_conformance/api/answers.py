"""What answers of the API say, as far as they can be read."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from ..wire.exchange import Exchange, leads_to_cancel

Job = dict[str, Any]
# Servers and proxies refuse URLs of more than some thousands of bytes.
_LONGEST = 4096


def is_list(exchange: Exchange) -> bool:
    """Return whether an exchange is a request for the list and a list."""
    request = exchange.request
    return request.operation == "list" and request.method == "GET" and exchange.status == 200


def jobs_in(exchange: Exchange) -> list[Job]:
    """Return the jobs of an answer to the list endpoint that can be told apart by an ID."""
    jobs = exchange.fields.get("jobs")
    if not exchange.is_success or not isinstance(jobs, list):
        return []
    return [job for job in jobs if isinstance(job, dict) and _can_be_asked_for(job.get("job_id"))]


def _can_be_asked_for(value: object) -> bool:
    """Return whether a text can stand in a URL; a hostile server may give others."""
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or leads_to_cancel(value):
        return False
    return value.isascii() or not any(0xD800 <= ord(letter) <= 0xDFFF for letter in value)


def slim_jobs(exchange: Exchange, names: Container[str]) -> list[Job]:
    """Return the jobs of a list with some of their fields; the others never take memory."""

    def slim(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        whole = dict(pairs)
        is_job = "job_id" in whole
        return {name: value for name, value in pairs if name in names} if is_job else whole

    document = exchange.read_objects(slim)
    jobs = document.get("jobs") if isinstance(document, dict) else None
    return [
        job
        for job in (jobs if isinstance(jobs, list) else ())
        if isinstance(job, dict) and _can_be_asked_for(job.get("job_id"))
    ]


def ids_in(exchange: Exchange) -> list[str]:
    """Return the IDs of the jobs of an answer to the list endpoint, in its order."""
    return [job["job_id"] for job in jobs_in(exchange)]


def job_in(exchange: Exchange, job_id: str | None) -> Job:
    """Return a job as the list has it, empty where it is not there."""
    return next((job for job in jobs_in(exchange) if job["job_id"] == job_id), {})


def state(job: Job) -> str:
    """Return the status of a listed job in upper case."""
    return str(job.get("status")).upper()


def cursor_of(page: Exchange) -> str | None:
    """Return the cursor of the next page, or None."""
    cursor = page.fields.get("next_cursor")
    return cursor if isinstance(cursor, str) and (not cursor or _can_be_asked_for(cursor)) else None


def status_in(exchange: Exchange) -> str | None:
    """Return the status that an answer of the status endpoint gives for the job asked for."""
    given = exchange.fields.get("job_status")
    if isinstance(given, dict):
        given = given.get(exchange.request.job_id)
    return given if isinstance(given, str) else None


def statuses_in(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Return the job IDs and statuses that an answer gives; what headers change is not a state."""
    if exchange.request.headers:
        return
    if exchange.request.operation == "list":
        for job in jobs_in(exchange):
            if isinstance(job.get("status"), str):
                yield job["job_id"], job["status"].upper()
    elif exchange.request.operation == "status" and exchange.is_success:
        status, job_id = status_in(exchange), exchange.request.job_id
        if status is not None and job_id is not None:
            yield job_id, status.upper()
