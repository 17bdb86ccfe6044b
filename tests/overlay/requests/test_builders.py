"""The builders of requests, which are bundled, against those of the generated client."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sutro_jobs_requests
from sutro_jobs_api.api.companions import get_job, get_job_results_url
from sutro_jobs_api.api.jobs import (
    cancel_job,
    cancel_job_by_post,
    get_job_results,
    get_job_results_by_post,
    get_job_status,
    list_jobs,
)
from sutro_jobs_api.models import JobResultsRequest, ResultsFormat

OF_A_JOB: dict[str, Any] = {
    "cancel_job": cancel_job,
    "cancel_job_by_post": cancel_job_by_post,
    "get_job": get_job,
    "get_job_results_url": get_job_results_url,
    "get_job_status": get_job_status,
}


@pytest.mark.parametrize("operation", OF_A_JOB)
@given(job_id=st.text())
def test_a_request_about_a_job_is_the_same(operation: str, job_id: str) -> None:
    builder = getattr(sutro_jobs_requests, operation)
    assert builder(job_id) == OF_A_JOB[operation]._get_kwargs(job_id)


@given(limit=st.integers(), cursor=st.text())
def test_a_request_for_a_page_is_the_same(limit: int, cursor: str) -> None:
    bundled = sutro_jobs_requests.list_jobs(limit=limit, cursor=cursor)
    assert bundled == list_jobs._get_kwargs(limit=limit, cursor=cursor)
    assert sutro_jobs_requests.list_jobs() == list_jobs._get_kwargs()


@given(
    job_id=st.text(),
    name=st.sampled_from([*ResultsFormat]),
    inputs=st.booleans(),
    logprobs=st.booleans(),
)
def test_a_request_for_results_is_the_same(
    job_id: str, name: ResultsFormat, inputs: bool, logprobs: bool
) -> None:
    asked = {"include_inputs": inputs, "include_cumulative_logprobs": logprobs}
    format_ = sutro_jobs_requests.ResultsFormat(name.value)
    bundled = sutro_jobs_requests.get_job_results(
        job_id, format_=format_, result_format=format_, **asked
    )
    assert bundled == get_job_results._get_kwargs(job_id, format_=name, result_format=name, **asked)


@given(job_id=st.text(), inputs=st.booleans())
def test_a_request_for_results_by_post_is_the_same(job_id: str, inputs: bool) -> None:
    bundled = sutro_jobs_requests.get_job_results_by_post(
        body=sutro_jobs_requests.JobResultsRequest(job_id=job_id, include_inputs=inputs)
    )
    assert bundled == get_job_results_by_post._get_kwargs(
        body=JobResultsRequest(job_id=job_id, include_inputs=inputs)
    )
