"""The only door to the generated client: methods, paths, query names and encoding come from it.

Of the generated code only the request builders are used, bundled into one module: the client itself
loads 21 modules, takes a hundred times as long to parse a response as decoding needs, and raises on
the statuses of proxies.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen

import sutro_jobs_requests as builders

from ._configuration.validators import check
from ._errors import ArgumentError

Operation = Literal[
    "listJobs",
    "getJobStatus",
    "getJob",
    "getJobResults",
    "getJobResultsUrl",
    "getJobResultsByPost",
    "cancelJob",
    "cancelJobByPost",
]


@frozen
class Call:
    """One request of one operation, without host and key. `path` is encoded."""

    operation: Operation
    method: str
    path: str
    params: Mapping[str, Any] = field(factory=dict[str, Any])
    headers: Mapping[str, str] = field(factory=dict[str, str])
    json: Mapping[str, Any] | None = None


def list_jobs_call(limit: int | None, cursor: str | None) -> Call:
    """Ask for a page of jobs, or for all jobs where `limit` is None."""
    kwargs = builders.list_jobs(
        limit=builders.UNSET if limit is None else limit,
        cursor=builders.UNSET if cursor is None else cursor,
    )
    return _call("listJobs", kwargs)


def job_status_call(job_id: str) -> Call:
    """Ask for the status of a job."""
    return _call("getJobStatus", builders.get_job_status(_validate_job_id(job_id)))


def job_call(job_id: str) -> Call:
    """Ask for one job; a companion, which a server may lack."""
    return _call("getJob", builders.get_job(_validate_job_id(job_id)))


def job_results_url_call(
    job_id: str,
    *,
    include_inputs: bool = False,
    include_cumulative_logprobs: bool = False,
    expires_in_seconds: int = 3600,
) -> Call:
    """Ask for presigned URLs of the Parquet file of results; a companion, as `job_call` is."""
    kwargs = builders.get_job_results_url(
        _validate_job_id(job_id),
        include_inputs=include_inputs,
        include_cumulative_logprobs=include_cumulative_logprobs,
        expires_in_seconds=expires_in_seconds,
    )
    return _call("getJobResultsUrl", kwargs)


def job_results_by_post_call(
    job_id: str, *, include_inputs: bool = False, include_cumulative_logprobs: bool = False
) -> Call:
    """Ask for the results of a job as JSON, as the edition of 2025 expects it."""
    body = builders.JobResultsRequest(
        job_id=_validate_job_id(job_id),
        include_inputs=include_inputs,
        include_cumulative_logprobs=include_cumulative_logprobs,
    )
    return _call("getJobResultsByPost", builders.get_job_results_by_post(body=body))


def job_results_call(
    job_id: str,
    *,
    format: Literal["json", "csv", "parquet"] = "parquet",  # noqa: A002
    include_inputs: bool = False,
    include_cumulative_logprobs: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Call:
    """Ask for the results of a job, by both names of `format` so that every edition answers."""
    kwargs = builders.get_job_results(
        _validate_job_id(job_id),
        format_=builders.ResultsFormat(format),
        result_format=builders.ResultsFormat(format),
        include_inputs=include_inputs,
        include_cumulative_logprobs=include_cumulative_logprobs,
    )
    return _call("getJobResults", kwargs, headers)


def cancel_job_call(job_id: str) -> Call:
    """Ask for the cancellation of a job."""
    return _call("cancelJob", builders.cancel_job(_validate_job_id(job_id)))


def cancel_job_by_post_call(job_id: str) -> Call:
    """Ask for the cancellation of a job as editions before autumn 2026 expect it."""
    return _call("cancelJobByPost", builders.cancel_job_by_post(_validate_job_id(job_id)))


def _call(
    operation: Operation, kwargs: dict[str, Any], headers: Mapping[str, str] | None = None
) -> Call:
    return Call(
        operation,
        kwargs["method"].upper(),
        kwargs["url"],
        kwargs.get("params", {}),
        headers or {},
        kwargs.get("json"),
    )


def _validate_job_id(job_id: str) -> str:
    """Refuse an ID that a server or a proxy could take for another path, even when encoded."""
    check("job_id", job_id, lambda value: isinstance(value, str), "a str")
    # Even encoded they lead elsewhere: proxies and frameworks decode a path before they
    # route it, and then remove dot segments.
    if job_id in {"", ".", ".."} or not {"/", "\\", "\0"}.isdisjoint(job_id):
        raise ArgumentError(f"{job_id!r} is not a job ID; take one from list_jobs().")
    return job_id
