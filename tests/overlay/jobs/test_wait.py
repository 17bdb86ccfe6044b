"""`wait_for_job`."""

import json
import signal
import subprocess
import sys
import time
from math import nan
from typing import Any

import httpx
import pytest

from sutro_jobs import (
    ArgumentError,
    JobCancelledError,
    JobFailedError,
    JobStatusReport,
    NotFoundError,
    Sutro,
    WaitTimeoutError,
)
from sutro_jobs._jobs.options import WaitOptions
from sutro_jobs._jobs.wait import wait_for_job
from sutro_jobs._requests.flow import Response as FlowResponse
from tests.support.clients import Connect
from tests.support.flows import pauses
from tests.support.reference_server import Server
from tests.support.scripted_server import Script
from tests.support.statuses import statuses
from tests.support.waiting import PATIENCE


def test_waiting_ends_with_success(script: Script, connect: Connect) -> None:
    site = script(statuses("QUEUED", "RUNNING", "SUCCEEDED"))
    report = connect(site.url).wait_for_job("job-1", poll_interval=0.01)
    assert report.status == "SUCCEEDED"
    assert len(site.requests) == 3


def test_a_job_that_has_succeeded_is_not_waited_for(server: Server, connect: Connect) -> None:
    report = connect(server.url).wait_for_job("job-films-original-titles", timeout=0)
    assert report.status == "SUCCEEDED"


def test_a_failed_job_raises_its_reason(server: Server, connect: Connect) -> None:
    with pytest.raises(JobFailedError) as caught:
        connect(server.url).wait_for_job("job-films-failed")
    assert caught.value.job_id == "job-films-failed"
    reason = caught.value.failure_reason
    assert reason is not None
    assert reason["message"] in str(caught.value)


def test_a_job_that_failed_without_a_reason_still_raises(script: Script, connect: Connect) -> None:
    with pytest.raises(JobFailedError, match="no reason"):
        connect(script(statuses("failed")).url).wait_for_job("job-1")


def test_a_cancelled_job_raises(server: Server, connect: Connect) -> None:
    with pytest.raises(JobCancelledError, match="job-films-cancelled"):
        connect(server.url).wait_for_job("job-films-cancelled")


def test_cancelling_is_not_the_end(script: Script, connect: Connect) -> None:
    site = script(statuses("CANCELLING", "CANCELLING", "CANCELLED"))
    with pytest.raises(JobCancelledError):
        connect(site.url).wait_for_job("job-1", poll_interval=0.01)
    assert len(site.requests) == 3


@pytest.mark.parametrize("state", ["UNKNOWN", "ON_HOLD", "cancelling"])
def test_a_state_that_is_no_end_is_waited_through(
    script: Script, connect: Connect, state: str
) -> None:
    report = connect(script(statuses(state, "succeeded")).url).wait_for_job(
        "job-1", poll_interval=0.01
    )
    assert report.status == "SUCCEEDED"


def test_the_deadline_ends_the_waiting(script: Script, connect: Connect) -> None:
    # Who looks after the deadline finds that the job has succeeded.
    site = script(statuses(*["RUNNING"] * 5, "SUCCEEDED"))
    started = time.monotonic()
    with pytest.raises(WaitTimeoutError, match="RUNNING") as caught:
        connect(site.url).wait_for_job("job-1", timeout=0.3, poll_interval=10)
    assert time.monotonic() - started >= 0.3
    assert caught.value.last_status == "RUNNING"


def test_errors_that_pass_are_survived(script: Script, connect: Connect) -> None:
    client = connect(script(statuses("RUNNING", 503, 524, "SUCCEEDED")).url, max_retries=0)
    assert client.wait_for_job("job-1", poll_interval=0.01).status == "SUCCEEDED"


def test_errors_that_never_pass_end_at_the_deadline(script: Script, connect: Connect) -> None:
    client = connect(script(statuses(503)).url, max_retries=0)
    with pytest.raises(WaitTimeoutError, match="not known"):
        client.wait_for_job("job-1", timeout=0.2, poll_interval=0.01)


def test_errors_that_stay_end_the_waiting(server: Server, connect: Connect) -> None:
    with pytest.raises(NotFoundError):
        connect(server.url).wait_for_job("no-such-job")


def test_progress_is_told_at_each_look(script: Script, connect: Connect) -> None:
    seen: list[JobStatusReport] = []
    client = connect(script(statuses("QUEUED", "RUNNING", "SUCCEEDED")).url)
    client.wait_for_job("job-1", on_progress=seen.append, poll_interval=0.01)
    assert [report.status for report in seen] == ["QUEUED", "RUNNING", "SUCCEEDED"]


def test_polls_become_rarer_up_to_the_interval() -> None:
    client = Sutro(api_url="https://here.example", api_key="k")
    states = [flow_response(state) for state in [*["RUNNING"] * 9, "SUCCEEDED"]]
    flow = wait_for_job(client._get_requester(), "job-1", WaitOptions(poll_interval=5.0))
    longest = [min(1.5**number, 5.0) for number in range(9)]
    waits = pauses(flow, states)
    assert len(waits) == 9
    assert all(most / 2 <= wait <= most for wait, most in zip(waits, longest, strict=True))
    assert len(set(waits)) > 1


def flow_response(state: str) -> FlowResponse:
    body = json.dumps({"job_status": state}).encode()
    return FlowResponse(200, httpx.Headers(), body)


@pytest.mark.parametrize(
    "arguments",
    [
        {"timeout": -1},
        {"timeout": nan},
        {"timeout": "1"},
        {"timeout": True},
        {"poll_interval": 0},
        {"poll_interval": nan},
        {"poll_interval": None},
        {"on_progress": "print"},
    ],
)
def test_arguments_out_of_bounds_are_refused(
    server: Server, connect: Connect, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ArgumentError, match=f"^{next(iter(arguments))} must be "):
        connect(server.url).wait_for_job("job-films-failed", **arguments)


WAITING = """
import asyncio, sys
from sutro_jobs import AsyncSutro, Sutro
url, kind = sys.argv[1:]
tell = lambda report: print(report.status, flush=True)
if kind == "Sutro":
    Sutro(api_url=url, api_key="k").wait_for_job("job-1", on_progress=tell)
else:
    asyncio.run(AsyncSutro(api_url=url, api_key="k").wait_for_job("job-1", on_progress=tell))
"""


@pytest.mark.parametrize("kind", ["Sutro", "AsyncSutro"])
def test_an_interrupt_ends_the_waiting_at_once(script: Script, kind: str) -> None:
    site = script(statuses("RUNNING"))
    with subprocess.Popen(
        [sys.executable, "-c", WAITING, site.url, kind],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "RUNNING\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    assert errors.rstrip().endswith("KeyboardInterrupt")
