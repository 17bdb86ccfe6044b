"""What the documentation names beside the four endpoints: one job, and a URL of its results."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response

from ..store.render import Selection
from ..times import SECOND
from .object_store.objects import object_key
from .object_store.presigning import BUCKET
from .routes import JOB, RESULTS_URL
from .service import Tenant, encoded_response, json_response, service

job_router = APIRouter()
"""In every edition."""

results_url_router = APIRouter()
"""Since the edition of early 2026."""

_HOUR = 3600
_WEEK = 7 * 24 * _HOUR


@job_router.api_route(JOB, methods=["GET", "HEAD"])
async def get_job(request: Request, tenant: Tenant, job_id: str) -> Response:
    """Answer with one job, as the list shows it."""
    serving = service(request)
    job, now = serving.job(tenant, job_id)
    return encoded_response(b'{"job":' + serving.forms.job(job.as_json(now)) + b"}")


@results_url_router.api_route(RESULTS_URL, methods=["GET", "HEAD"])
async def get_job_results_url(
    request: Request,
    tenant: Tenant,
    job_id: str,
    format_: Annotated[str, Query(alias="format")] = "parquet",
    include_inputs: bool = False,
    include_cumulative_logprobs: bool = False,
    expires_in_seconds: Annotated[int, Query(ge=1, le=_WEEK)] = _HOUR,
) -> Response:
    """Answer with presigned URLs of a job's results, whose file is there from then on."""
    if format_ != "parquet":
        raise HTTPException(400, "Only parquet can be read by URL.")
    serving = service(request)
    selection = Selection(
        "parquet", include_inputs, include_cumulative_logprobs, serving.forms.compression
    )
    results_id, answer = await serving.answer(tenant, job_id, selection)
    key = object_key(results_id, selection)
    expires = serving.store.clock.now() // SECOND + expires_in_seconds
    return json_response(
        {
            "job_id": job_id,
            "format": format_,
            "include_inputs": include_inputs,
            "include_cumulative_logprobs": include_cumulative_logprobs,
            "expires_in_seconds": expires_in_seconds,
            "artifact": {
                "bucket": BUCKET,
                "key": key,
                "filename": f"{job_id}.parquet",
                "size_bytes": answer.path.stat().st_size,
            },
            # Each is good for its own method alone, as S3 signs the method too.
            "urls": {
                "get": serving.presigner.url("GET", key, expires),
                "head": serving.presigner.url("HEAD", key, expires),
            },
        }
    )
