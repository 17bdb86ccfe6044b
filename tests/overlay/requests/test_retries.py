"""Which failures are repeated, how often, and how long the waits are."""

import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

import httpx
import pytest

from sutro_jobs import (
    RateLimitError,
    RequestEvent,
    RequestTimeoutError,
    ServerError,
    StatusError,
    Sutro,
)
from sutro_jobs._jobs.status import job_status
from sutro_jobs._requests.flow import Response as FlowResponse
from tests.support.clients import Connect
from tests.support.flows import pauses
from tests.support.scripted_server import Response, Script
from tests.support.statuses import RUNNING
from tests.support.waiting import PATIENCE


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, *range(520, 530)])
def test_failures_that_may_pass_are_repeated(script: Script, connect: Connect, status: int) -> None:
    site = script([Response(status, headers={"Retry-After": "0"}), RUNNING])
    assert connect(site.url).get_job_status("job-1") == "RUNNING"
    assert len(site.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 501])
def test_failures_that_stay_are_not_repeated(script: Script, connect: Connect, status: int) -> None:
    site = script([Response(status), RUNNING])
    with pytest.raises(StatusError):
        connect(site.url).get_job_status("job-1")
    assert len(site.requests) == 1


@pytest.mark.parametrize("fault", ["reset", "cut"])
def test_broken_connections_are_repeated(controlled: str, connect: Connect, fault: str) -> None:
    client = connect(controlled, fault=fault, times=1)
    assert client.get_job_status("job-films-failed") == "FAILED"


@pytest.mark.parametrize("operation", ["list", "status", "cancel"])
def test_every_operation_is_repeated(controlled: str, connect: Connect, operation: str) -> None:
    client = connect(controlled, fault="unavailable", times=1)
    calls: dict[str, Callable[[], object]] = {
        "list": lambda: client.list_jobs().first(),
        "status": lambda: client.get_job_status("job-films-failed"),
        "cancel": lambda: client.cancel_job("job-films-failed"),
    }
    assert calls[operation]()


def test_retries_end_after_max_retries(script: Script, connect: Connect) -> None:
    site = script([Response(503, headers={"Retry-After": "0"})] * 10)
    with pytest.raises(ServerError):
        connect(site.url, max_retries=2).get_job_status("job-1")
    assert len(site.requests) == 3


def test_no_retries_means_one_request(script: Script, connect: Connect) -> None:
    site = script([Response(503), RUNNING])
    with pytest.raises(ServerError):
        connect(site.url, max_retries=0).get_job_status("job-1")
    assert len(site.requests) == 1


def test_the_server_says_in_seconds_how_long_to_wait(script: Script, connect: Connect) -> None:
    site = script([Response(429, headers={"Retry-After": "1"}), RUNNING])
    started = time.monotonic()
    connect(site.url).get_job_status("job-1")
    assert time.monotonic() - started >= 1


def test_the_server_says_by_a_date_how_long_to_wait(script: Script, connect: Connect) -> None:
    until = time.time() + 2
    site = script([Response(503, headers={"Retry-After": formatdate(until, usegmt=True)}), RUNNING])
    connect(site.url).get_job_status("job-1")
    assert time.time() >= int(until) - 0.01


@pytest.mark.parametrize("value", ["soon", "-5", "", "Fri, 99 Xxx 2026 00:00:00 GMT", "1e9"])
def test_an_odd_retry_after_is_ignored(script: Script, connect: Connect, value: str) -> None:
    site = script([Response(503, headers={"Retry-After": value}), RUNNING])
    assert connect(site.url).get_job_status("job-1") == "RUNNING"


def test_a_wait_beyond_the_total_timeout_is_not_begun(script: Script, connect: Connect) -> None:
    site = script([Response(429, headers={"Retry-After": "100"})])
    started = time.monotonic()
    with pytest.raises(RateLimitError) as caught:
        connect(site.url, total_timeout=PATIENCE).get_job_status("job-1")
    assert time.monotonic() - started < PATIENCE
    assert caught.value.retry_after == 100


def test_the_total_timeout_bounds_all_attempts_together(controlled: str, connect: Connect) -> None:
    client = connect(controlled, fault="latency=5s", timeout=0.3, total_timeout=1, max_retries=999)
    started = time.monotonic()
    with pytest.raises(RequestTimeoutError):
        client.get_job_status("job-films-failed")
    assert time.monotonic() - started < PATIENCE


def test_the_total_timeout_cuts_a_longer_timeout_short(controlled: str, connect: Connect) -> None:
    client = connect(controlled, fault="latency=5s", timeout=60, total_timeout=0.5)
    with pytest.raises(RequestTimeoutError):
        client.get_job_status("job-films-failed")


def test_waits_grow_and_differ_from_call_to_call() -> None:
    calls = [waits_of_a_call(failures=7) for _ in range(50)]
    for number, waits in enumerate(zip(*calls, strict=True)):
        most = min(8, 0.5 * 2**number)
        assert all(0 <= wait <= most for wait in waits)
        assert max(waits) > most / 2
        assert len(set(waits)) > 1


def waits_of_a_call(failures: int) -> list[float]:
    client = Sutro(api_url="https://here.example", api_key="k", max_retries=failures)
    failed, answered = (FlowResponse(s, httpx.Headers(), RUNNING.content) for s in (503, 200))
    flow = job_status(client._get_requester(), "job-1")
    return pauses(flow, [*[failed] * failures, answered])


def test_hooks_see_each_attempt(script: Script, connect: Connect) -> None:
    requests: list[RequestEvent] = []
    responses: list[Any] = []
    site = script([Response(503, headers={"Retry-After": "0", "X-Request-ID": "r-1"}), RUNNING])
    client = connect(site.url, on_request=requests.append, on_response=responses.append)
    client.get_job_status("job-1")
    assert [(event.operation, event.attempt) for event in requests] == [
        ("getJobStatus", 1),
        ("getJobStatus", 2),
    ]
    assert [event.status_code for event in responses] == [503, 200]
    assert responses[0].request_id == "r-1"
    assert responses[0].url == f"{site.url}/v1/job-status/job-1"
