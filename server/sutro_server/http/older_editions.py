"""Forms of the API from before the current edition."""

from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from ..json_text import decode_json
from ..store.render import Selection
from .edition_3 import DocumentedFormat, list_jobs
from .routes import CANCEL, RESULTS, STATUS
from .service import Tenant, json_response, limited_body, refuse, service

beside_current = APIRouter()
"""What older clients need and the current edition can live with."""

second_edition = APIRouter()
"""The edition of early 2026 alone."""

second_edition.add_api_route("/list-jobs", list_jobs, methods=["GET", "HEAD"])

first_edition = APIRouter()
"""The edition of 2025 alone."""

# CANCELLING came with the current edition, which also renamed the state before it starts.
_OLDER_STATUS = {"QUEUED": "pending", "CANCELLING": "running"}


class ResultsRequest(msgspec.Struct):
    """Body of `POST /job-results`."""

    job_id: str
    include_inputs: bool = False
    include_cumulative_logprobs: bool = False


@beside_current.post("/job-results")
@first_edition.post("/job-results")
async def post_job_results(request: Request, tenant: Tenant) -> Response:
    """Answer with the results as JSON inside an object."""
    try:
        wanted = decode_json(await limited_body(request), ResultsRequest)
    except ValueError as error:
        refuse("body", "job_id", str(error))
    selection = Selection("legacy", wanted.include_inputs, wanted.include_cumulative_logprobs)
    return await service(request).results(tenant, wanted.job_id, selection)


@first_edition.api_route("/list-jobs", methods=["GET", "HEAD"])
async def list_first(request: Request, tenant: Tenant) -> Response:
    """Answer with all jobs, in the first edition's smaller form."""
    return service(request).list_jobs(tenant, None, None)


@first_edition.api_route(STATUS, methods=["GET", "HEAD"])
@second_edition.api_route(STATUS, methods=["GET", "HEAD"])
async def get_bare_status(request: Request, tenant: Tenant, job_id: str) -> Response:
    """Answer with the status of a job as a bare string in lower case."""
    job, now = service(request).job(tenant, job_id)
    status, reason = job.outcome(now)
    return json_response(
        {
            "message": "Job status retrieved.",
            "job_status": _lower(status),
            "metadata": {"failure_reason": reason} if reason is not None else {},
        }
    )


@second_edition.api_route(RESULTS, methods=["GET", "HEAD"])
async def get_second_results(
    request: Request,
    tenant: Tenant,
    job_id: str,
    result_format: DocumentedFormat,
    include_inputs: bool = False,
    include_cumulative_logprobs: bool = False,
) -> Response:
    """Answer with the results of a job that succeeded; Parquet is compressed with zstd."""
    serving = service(request)
    selection = Selection(
        result_format, include_inputs, include_cumulative_logprobs, serving.forms.compression
    )
    return await serving.results(tenant, job_id, selection)


@first_edition.post(CANCEL)
@second_edition.post(CANCEL)
async def post_cancel(request: Request, tenant: Tenant, job_id: str) -> Response:
    """Ask for the cancellation of a job; say so where it has ended."""
    if await service(request).cancel(tenant, job_id):
        return json_response({"cancelled": True, "message": f"Cancelling job {job_id}."})
    return json_response({"cancelled": False, "message": "The job has already completed."})


def _lower(status: str) -> str:
    return _OLDER_STATUS.get(status, status.lower())


def second_job(document: bytes) -> bytes:
    """Return a Job object as the second edition writes it: with its status in lower case."""
    job: dict[str, Any] = msgspec.json.decode(document)
    return msgspec.json.encode(job | {"status": _lower(job["status"])})


def first_job(document: bytes) -> bytes:
    """Return a Job object as the first edition writes it: smaller, and with other names."""
    job: dict[str, Any] = msgspec.json.decode(document)
    return msgspec.json.encode(
        {
            "job_id": job["job_id"],
            "status": _lower(job["status"]),
            "model": job["model"],
            "created_at": job["datetime_created"],
            "completed_at": job["datetime_completed"],
            "input_count": job["num_rows"],
            "priority": job["job_priority"],
        }
    )
