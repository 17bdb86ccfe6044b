"""The current edition's four endpoints."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from ..store.render import Selection
from .routes import CANCEL, RESULTS, STATUS
from .service import Tenant, json_response, service

router = APIRouter()

DocumentedFormat = Literal["json", "csv", "parquet"]


@router.api_route("/list-jobs", methods=["GET", "HEAD"])
async def list_jobs(
    request: Request,
    tenant: Tenant,
    limit: Annotated[int | None, Query(ge=1, le=100)] = None,
    cursor: Annotated[str | None, Query(min_length=1)] = None,
) -> Response:
    """Answer with a page of jobs, or with all of them where `limit` is missing; newest first."""
    return service(request).list_jobs(tenant, limit, cursor)


@router.api_route(STATUS, methods=["GET", "HEAD"])
async def get_job_status(request: Request, tenant: Tenant, job_id: str) -> Response:
    """Answer with the status of a job, keyed by its ID."""
    job, now = service(request).job(tenant, job_id)
    status, reason = job.outcome(now)
    return json_response(
        {
            "message": "Job status retrieved.",
            "job_status": {job_id: status},
            "metadata": {"failure_reason": reason} if reason is not None else None,
        }
    )


@router.api_route(RESULTS, methods=["GET", "HEAD"])
async def get_job_results(
    request: Request,
    tenant: Tenant,
    job_id: str,
    format_: Annotated[DocumentedFormat, Query(alias="format")],
    result_format: DocumentedFormat | None = None,
    include_inputs: bool = False,
    include_cumulative_logprobs: bool = False,
) -> Response:
    """Answer with the results of a job; the older `result_format` is checked and ignored."""
    selection = Selection(format_, include_inputs, include_cumulative_logprobs)
    return await service(request).results(tenant, job_id, selection)


# GET as the edition documents it, POST for clients of older editions.
@router.api_route(CANCEL, methods=["GET", "POST"])
async def cancel_job(request: Request, tenant: Tenant, job_id: str) -> Response:
    """Ask for the cancellation of a job; what has ended stays as it is."""
    await service(request).cancel(tenant, job_id)
    return json_response(
        {
            "cancelled": True,
            "message": f"Cancelling job with job_id: {job_id}. "
            "Check the job status endpoint for details.",
        }
    )
