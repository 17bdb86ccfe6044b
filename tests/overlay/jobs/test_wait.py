"""`wait_for_job`."""

import itertools
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from math import nan
from typing import Any

import pytest

from sutro_jobs import (
    ArgumentError,
    JobCancelledError,
    JobFailedError,
    JobStatusReport,
    NotFoundError,
    WaitTimeoutError,
)
from tests.support.clients import Connect
from tests.support.reference_server import Server
from tests.support.scripted_server import Request, Response, Script


@pytest.fixture
def passing(script: Script) -> Callable[..., Any]:
    """Start a server whose job passes through states, and stays in the last one."""

    def start(*states: Any, reason: Any = None) -> Any:
        left = iter(states)
        last = states[-1]

        def status(_: Request) -> Response:
            state = next(left, last)
            if isinstance(state, int):
                return Response(state)
            body = {"job_status": {"job-1": state}, "metadata": {"failure_reason": reason}}
            return Response(body=body)

        return script(status)

    return start


def test_waiting_ends_with_success(passing: Any, connect: Connect) -> None:
    site = passing("QUEUED", "RUNNING", "SUCCEEDED")
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


def test_a_job_that_failed_without_a_reason_still_raises(passing: Any, connect: Connect) -> None:
    with pytest.raises(JobFailedError, match="no reason"):
        connect(passing("failed").url).wait_for_job("job-1")


def test_a_cancelled_job_raises(server: Server, connect: Connect) -> None:
    with pytest.raises(JobCancelledError, match="job-films-cancelled"):
        connect(server.url).wait_for_job("job-films-cancelled")


def test_cancelling_is_not_the_end(passing: Any, connect: Connect) -> None:
    site = passing("CANCELLING", "CANCELLING", "CANCELLED")
    with pytest.raises(JobCancelledError):
        connect(site.url).wait_for_job("job-1", poll_interval=0.01)
    assert len(site.requests) == 3


@pytest.mark.parametrize("state", ["UNKNOWN", "ON_HOLD", "cancelling"])
def test_a_state_that_is_no_end_is_waited_through(
    passing: Any, connect: Connect, state: str
) -> None:
    report = connect(passing(state, "succeeded").url).wait_for_job("job-1", poll_interval=0.01)
    assert report.status == "SUCCEEDED"


def test_the_deadline_ends_the_waiting(passing: Any, connect: Connect) -> None:
    started = time.monotonic()
    with pytest.raises(WaitTimeoutError, match="RUNNING") as caught:
        connect(passing("RUNNING").url).wait_for_job("job-1", timeout=0.3, poll_interval=10)
    assert 0.3 <= time.monotonic() - started < 5
    assert caught.value.last_status == "RUNNING"


def test_errors_that_pass_are_survived(passing: Any, connect: Connect) -> None:
    client = connect(passing("RUNNING", 503, 524, "SUCCEEDED").url, max_retries=0)
    assert client.wait_for_job("job-1", poll_interval=0.01).status == "SUCCEEDED"


def test_errors_that_never_pass_end_at_the_deadline(passing: Any, connect: Connect) -> None:
    client = connect(passing(503).url, max_retries=0)
    with pytest.raises(WaitTimeoutError, match="not known"):
        client.wait_for_job("job-1", timeout=0.2, poll_interval=0.01)


def test_errors_that_stay_end_the_waiting(server: Server, connect: Connect) -> None:
    with pytest.raises(NotFoundError):
        connect(server.url).wait_for_job("no-such-job")


def test_progress_is_told_at_each_look(passing: Any, connect: Connect) -> None:
    seen: list[JobStatusReport] = []
    client = connect(passing("QUEUED", "RUNNING", "SUCCEEDED").url)
    client.wait_for_job("job-1", on_progress=seen.append, poll_interval=0.01)
    assert [report.status for report in seen] == ["QUEUED", "RUNNING", "SUCCEEDED"]


def test_looks_become_rarer(script: Script, connect: Connect) -> None:
    moments: list[float] = []

    def status(_: Request) -> Response:
        moments.append(time.monotonic())
        return Response(body={"job_status": "SUCCEEDED" if len(moments) == 4 else "RUNNING"})

    connect(script(status).url).wait_for_job("job-1")
    pauses = [later - sooner for sooner, later in itertools.pairwise(moments)]
    assert len(set(pauses)) == 3
    assert all(0.5 <= pause <= 4 for pause in pauses)


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
def test_an_interrupt_ends_the_waiting_at_once(passing: Any, kind: str) -> None:
    site = passing("RUNNING")
    with subprocess.Popen(
        [sys.executable, "-c", WAITING, site.url, kind],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "RUNNING\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
    assert process.returncode != 0
    assert errors.rstrip().endswith("KeyboardInterrupt")
