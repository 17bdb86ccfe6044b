"""The states of jobs as time passes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.server.conftest import AddJob
from tests.support.reference_server import Server, StartServer
from tests.support.waiting import eventually

ORDER = ["QUEUED", "STARTING", "RUNNING", "CANCELLING", "CANCELLED", "FAILED", "SUCCEEDED"]
ENDED = {"CANCELLED", "FAILED", "SUCCEEDED"}


@pytest.fixture(scope="session")
def controlled(controlled_server: Server) -> Server:
    return controlled_server


@pytest.fixture(scope="session")
def client(controlled: Server) -> Iterator[httpx.Client]:
    with controlled.client() as client:
        yield client


def advance(client: httpx.Client, duration: str) -> None:
    assert client.post("/control/clock", params={"advance": duration}).status_code == 200


def status(client: httpx.Client, job_id: str) -> str:
    found: str = client.get(f"/job-status/{job_id}").json()["job_status"][job_id]
    return found


def listed(client: httpx.Client, job_id: str) -> dict[str, Any]:
    jobs: list[dict[str, Any]] = client.get("/list-jobs").json()["jobs"]
    return next(job for job in jobs if job["job_id"] == job_id)


def test_a_queued_job_starts_runs_and_succeeds(
    controlled: Server, client: httpx.Client, add_job: AddJob
) -> None:
    job = add_job(controlled.data, "--status", "QUEUED", "--finish-after", "1h")
    seen = [status(client, job)]
    for duration in ("7m", "10m", "50m"):
        advance(client, duration)
        seen.append(status(client, job))
    assert seen == ["QUEUED", "STARTING", "RUNNING", "SUCCEEDED"]
    assert client.get(f"/jobs/{job}/results?format=json").json() == {"outputs": ["1", "2", "3"]}


def test_a_running_job_can_fail(controlled: Server, client: httpx.Client, add_job: AddJob) -> None:
    options = ("--status", "RUNNING", "--finish-after", "1h", "--failure-reason", "No memory.")
    job = add_job(controlled.data, *options)
    assert listed(client, job)["failure_reason"] is None
    advance(client, "1h")
    answer = client.get(f"/job-status/{job}").json()
    assert answer["job_status"] == {job: "FAILED"}
    assert answer["metadata"] == {"failure_reason": {"message": "No memory."}}


def test_a_cancelled_job_passes_through_cancelling(
    controlled: Server, client: httpx.Client, add_job: AddJob
) -> None:
    def cancelling() -> str:
        # It lasts a second, in which a busy machine may not get to ask.
        job = add_job(controlled.data, "--status", "RUNNING")
        assert client.get(f"/job-cancel/{job}").json()["cancelled"] is True
        return job if status(client, job) == "CANCELLING" else ""

    job = eventually(cancelling)
    advance(client, "10s")
    assert status(client, job) == "CANCELLED"


@pytest.mark.parametrize("ended", sorted(ENDED))
def test_an_ended_job_stays_as_it_is(
    controlled: Server, client: httpx.Client, add_job: AddJob, ended: str
) -> None:
    job = add_job(controlled.data, "--status", ended)
    before = listed(client, job)
    assert client.get(f"/job-cancel/{job}").status_code == 200
    advance(client, "1h")
    assert listed(client, job) == before


def test_times_tokens_and_cost_agree_with_the_state(
    controlled: Server, client: httpx.Client, add_job: AddJob
) -> None:
    job = add_job(controlled.data, "--status", "QUEUED", "--finish-after", "2h")
    waiting = listed(client, job)
    advance(client, "1h")
    running = listed(client, job)
    advance(client, "1h")
    done = listed(client, job)
    measured = ("datetime_completed", "input_tokens", "output_tokens", "job_cost")
    assert waiting["datetime_started"] is None
    assert (
        [waiting[name] for name in measured] == [running[name] for name in measured] == [None] * 4
    )
    assert running["datetime_started"] == done["datetime_started"]
    assert done["datetime_created"] <= done["datetime_started"] < done["datetime_completed"]
    assert done["job_cost"] <= done["cost_estimate"]


def test_a_job_cancelled_before_it_ran_never_started(
    controlled: Server, client: httpx.Client, add_job: AddJob
) -> None:
    job = add_job(controlled.data, "--status", "QUEUED")
    client.get(f"/job-cancel/{job}")
    advance(client, "10s")
    done = listed(client, job)
    assert done["datetime_started"] is None
    assert (done["output_tokens"], done["job_cost"]) == (0, 0)


def test_the_clock_never_runs_backwards(client: httpx.Client) -> None:
    assert client.post("/control/clock?advance=-1s").status_code == 422
    assert client.post("/control/clock?advance=999999999999d").status_code == 422


def test_the_clock_needs_a_key(controlled_server: Server) -> None:
    answer = httpx.post(f"{controlled_server.url}/control/clock?advance=1s")
    assert answer.status_code == 401


def test_the_clock_is_out_of_reach_without_control(start_server: StartServer) -> None:
    with start_server().client() as client:
        assert client.post("/control/clock?advance=1s").status_code == 404


def test_states_never_go_backwards_under_concurrent_cancels(
    start_server: StartServer, add_job: AddJob
) -> None:
    server = start_server("--workers", "2")
    jobs = [
        add_job(server.data, "--status", "RUNNING", "--finish-after", f"{1000 + number * 40}ms")
        for number in range(12)
    ]
    with ThreadPoolExecutor(6) as pool:
        watchers = [pool.submit(watch, server, jobs) for _ in range(3)]
        list(pool.map(cancel_again_and_again, [server] * 3, [jobs] * 3))
    for seen in (watcher.result() for watcher in watchers):
        for states in seen.values():
            assert states == sorted(states, key=ORDER.index)
            assert len(ENDED & set(states)) == 1
    finals = {frozenset(seen[job][-1] for seen in (w.result() for w in watchers)) for job in jobs}
    assert all(len(final) == 1 for final in finals)


def watch(server: Server, jobs: list[str]) -> dict[str, list[str]]:
    """Return the states that each job passes through until all have ended."""
    seen: dict[str, list[str]] = {job: [] for job in jobs}
    with server.client() as client:
        eventually(lambda: all_ended(client, seen))
    return seen


def all_ended(client: httpx.Client, seen: dict[str, list[str]]) -> bool:
    """Note the state of each job where it is new, and tell whether all have ended."""
    for job in client.get("/list-jobs?limit=100").json()["jobs"]:
        states = seen[job["job_id"]]
        if not states or states[-1] != job["status"]:
            states.append(job["status"])
    return all(states[-1] in ENDED for states in seen.values())


def cancel_again_and_again(server: Server, jobs: list[str]) -> None:
    with server.client() as client:
        for job in jobs * 8:
            assert client.get(f"/job-cancel/{job}").status_code == 200


def test_any_order_of_cancelling_and_waiting_keeps_the_rules(
    controlled: Server, client: httpx.Client, add_job: AddJob
) -> None:
    class Jobs(RuleBasedStateMachine):
        @initialize(
            status=st.sampled_from(["QUEUED", "STARTING", "RUNNING"]),
            span=st.sampled_from(["5s", "1h"]),
            fails=st.booleans(),
        )
        def make(self, status: str, span: str, fails: bool) -> None:
            reason = ("--failure-reason", "x") if fails else ()
            options = ("--status", status, "--finish-after", span, *reason)
            self.job = add_job(controlled.data, *options)
            self.seen: list[str] = []

        @rule()
        def cancel(self) -> None:
            assert client.get(f"/job-cancel/{self.job}").json()["cancelled"] is True

        @rule(seconds=st.sampled_from([1, 3, 700, 4000]))
        def wait(self, seconds: int) -> None:
            advance(client, f"{seconds}s")

        @invariant()
        def goes_forward(self) -> None:
            now = status(client, self.job)
            assert listed(client, self.job)["status"] in ORDER[ORDER.index(now) :]
            assert not self.seen or ORDER.index(now) >= ORDER.index(self.seen[-1])
            assert not (self.seen and self.seen[-1] in ENDED) or now == self.seen[-1]
            self.seen.append(now)

    run_state_machine_as_test(
        Jobs, settings=settings(max_examples=15, stateful_step_count=8, deadline=None)
    )
