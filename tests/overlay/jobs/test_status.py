"""`get_job_status` and `get_job_status_report`."""

import pickle
from collections.abc import Callable
from typing import Any

import pytest

from sutro_jobs import JobStatus, NotFoundError, UnexpectedShapeError


def test_the_status_is_a_member_of_the_enum(server: Any, connect: Callable[..., Any]) -> None:
    status = connect(server.url).get_job_status("job-films-original-titles")
    assert status is JobStatus.SUCCEEDED
    assert status == "SUCCEEDED"


def test_the_report_says_why_a_job_failed(server: Any, connect: Callable[..., Any]) -> None:
    report = connect(server.url).get_job_status_report("job-films-failed")
    assert report.status is JobStatus.FAILED
    assert report.failure_reason["message"]


def test_the_report_of_a_job_that_did_not_fail_has_no_reason(
    server: Any, connect: Callable[..., Any]
) -> None:
    report = connect(server.url).get_job_status_report("job-films-original-titles")
    assert report.failure_reason is None


def test_the_older_edition_gives_the_same_members(older: str, connect: Callable[..., Any]) -> None:
    report = connect(older).get_job_status_report("job-films-failed")
    assert report.status is JobStatus.FAILED
    assert report.failure_reason["message"]


@pytest.mark.parametrize("job_status", ["on_hold", {"job-1": "on_hold"}])
def test_an_unknown_status_is_kept_as_it_was_sent(
    script: Any, connect: Callable[..., Any], job_status: Any, answer: Any
) -> None:
    site = script(lambda _: answer(body={"message": "", "job_status": job_status}))
    status = connect(site.url).get_job_status("job-1")
    assert isinstance(status, JobStatus)
    assert status == "on_hold"
    assert not status.is_final


def test_a_status_of_another_job_is_an_error(
    script: Any, connect: Callable[..., Any], answer: Any
) -> None:
    site = script(lambda _: answer(body={"message": "", "job_status": {"job-2": "RUNNING"}}))
    with pytest.raises(UnexpectedShapeError, match="'job-2'"):
        connect(site.url).get_job_status("job-1")


def test_a_failure_reason_that_is_a_text_becomes_an_object(
    script: Any, connect: Callable[..., Any], answer: Any
) -> None:
    body = {"message": "", "job_status": "failed", "metadata": {"failure_reason": "No GPU."}}
    site = script(lambda _: answer(body=body))
    report = connect(site.url).get_job_status_report("job-1")
    assert report.failure_reason == {"message": "No GPU."}


def test_a_missing_job_is_not_found(server: Any, connect: Callable[..., Any]) -> None:
    with pytest.raises(NotFoundError, match="Job not found"):
        connect(server.url).get_job_status("no-such-job")


def test_a_job_of_another_tenant_is_not_found(server: Any, connect: Callable[..., Any]) -> None:
    with pytest.raises(NotFoundError):
        connect(server.url, server.other_key).get_job_status("job-films-failed")


@pytest.mark.parametrize("status", [*JobStatus, JobStatus("on_hold")])
def test_a_status_survives_pickling(status: JobStatus) -> None:
    assert pickle.loads(pickle.dumps(status)) == status


def test_only_three_states_are_final() -> None:
    final = {status for status in JobStatus if status.is_final}
    assert final == {"SUCCEEDED", "FAILED", "CANCELLED"}
