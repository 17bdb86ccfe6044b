"""`get_job_status` and `get_job_status_report`."""

import pickle
from typing import Any

import pytest

from sutro_jobs import JobStatus, NotFoundError, UnexpectedShapeError
from tests.support.clients import Connect
from tests.support.reference_server import Server
from tests.support.scripted_server import Response, Script


def test_the_status_is_a_member_of_the_enum(server: Server, connect: Connect) -> None:
    status = connect(server.url).get_job_status("job-films-original-titles")
    assert status is JobStatus.SUCCEEDED
    assert status == "SUCCEEDED"


def test_the_report_says_why_a_job_failed(server: Server, connect: Connect) -> None:
    report = connect(server.url).get_job_status_report("job-films-failed")
    assert report.status is JobStatus.FAILED
    assert report.failure_reason is not None
    assert report.failure_reason["message"]


def test_the_report_of_a_job_that_did_not_fail_has_no_reason(
    server: Server, connect: Connect
) -> None:
    report = connect(server.url).get_job_status_report("job-films-original-titles")
    assert report.failure_reason is None


def test_the_older_edition_gives_the_same_members(older: str, connect: Connect) -> None:
    report = connect(older).get_job_status_report("job-films-failed")
    assert report.status is JobStatus.FAILED
    assert report.failure_reason is not None
    assert report.failure_reason["message"]


@pytest.mark.parametrize("job_status", ["on_hold", {"job-1": "on_hold"}])
def test_an_unknown_status_is_kept_as_it_was_sent(
    script: Script, connect: Connect, job_status: Any
) -> None:
    site = script(lambda _: Response(body={"message": "", "job_status": job_status}))
    status = connect(site.url).get_job_status("job-1")
    assert isinstance(status, JobStatus)
    assert status == "on_hold"
    assert not status.is_final


def test_a_status_of_another_job_is_an_error(script: Script, connect: Connect) -> None:
    site = script(lambda _: Response(body={"message": "", "job_status": {"job-2": "RUNNING"}}))
    with pytest.raises(UnexpectedShapeError, match="'job-2'"):
        connect(site.url).get_job_status("job-1")


def test_a_failure_reason_that_is_a_text_becomes_an_object(
    script: Script, connect: Connect
) -> None:
    body = {"message": "", "job_status": "failed", "metadata": {"failure_reason": "No GPU."}}
    site = script(lambda _: Response(body=body))
    report = connect(site.url).get_job_status_report("job-1")
    assert report.failure_reason == {"message": "No GPU."}


def test_a_missing_job_is_not_found(server: Server, connect: Connect) -> None:
    with pytest.raises(NotFoundError, match="Job not found"):
        connect(server.url).get_job_status("no-such-job")


def test_a_job_of_another_tenant_is_not_found(server: Server, connect: Connect) -> None:
    with pytest.raises(NotFoundError):
        connect(server.url, server.other_key).get_job_status("job-films-failed")


@pytest.mark.parametrize("status", [*JobStatus, JobStatus("on_hold")])
def test_a_status_survives_pickling(status: JobStatus) -> None:
    assert pickle.loads(pickle.dumps(status)) == status


def test_only_three_states_are_final() -> None:
    final = {status for status in JobStatus if status.is_final}
    assert final == {"SUCCEEDED", "FAILED", "CANCELLED"}
