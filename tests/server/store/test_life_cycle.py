import threading
from concurrent.futures import ThreadPoolExecutor

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

ORDER = ["QUEUED", "STARTING", "RUNNING", "CANCELLING", "CANCELLED", "FAILED", "SUCCEEDED"]
ENDED = {"CANCELLED", "FAILED", "SUCCEEDED"}


@pytest.fixture(scope="session")
def controlled(controlled_server):
    return controlled_server


@pytest.fixture(scope="session")
def client(controlled):
    with httpx.Client(base_url=controlled.url, headers=controlled.headers) as client:
        yield client


def advance(client, duration):
    assert client.post("/control/clock", params={"advance": duration}).status_code == 200


def status(client, job_id):
    return client.get(f"/job-status/{job_id}").json()["job_status"][job_id]


def listed(client, job_id):
    jobs = client.get("/list-jobs").json()["jobs"]
    return next(job for job in jobs if job["job_id"] == job_id)


def test_a_queued_job_starts_runs_and_succeeds(controlled, client, add_job):
    job = add_job(controlled.data, "--status", "QUEUED", "--finish-after", "1h")
    seen = [status(client, job)]
    for duration in ("7m", "10m", "50m"):
        advance(client, duration)
        seen.append(status(client, job))
    assert seen == ["QUEUED", "STARTING", "RUNNING", "SUCCEEDED"]
    assert client.get(f"/jobs/{job}/results?format=json").json() == {"outputs": ["1", "2", "3"]}


def test_a_running_job_can_fail(controlled, client, add_job):
    options = ("--status", "RUNNING", "--finish-after", "1h", "--failure-reason", "No memory.")
    job = add_job(controlled.data, *options)
    assert listed(client, job)["failure_reason"] is None
    advance(client, "1h")
    answer = client.get(f"/job-status/{job}").json()
    assert answer["job_status"] == {job: "FAILED"}
    assert answer["metadata"] == {"failure_reason": {"message": "No memory."}}


def test_a_cancelled_job_passes_through_cancelling(controlled, client, add_job):
    job = add_job(controlled.data, "--status", "RUNNING")
    assert client.get(f"/job-cancel/{job}").json()["cancelled"] is True
    seen = [status(client, job)]
    advance(client, "10s")
    assert [*seen, status(client, job)] == ["CANCELLING", "CANCELLED"]


@pytest.mark.parametrize("ended", sorted(ENDED))
def test_an_ended_job_stays_as_it_is(controlled, client, add_job, ended):
    job = add_job(controlled.data, "--status", ended)
    before = listed(client, job)
    assert client.get(f"/job-cancel/{job}").status_code == 200
    advance(client, "1h")
    assert listed(client, job) == before


def test_times_tokens_and_cost_agree_with_the_state(controlled, client, add_job):
    job = add_job(controlled.data, "--status", "QUEUED", "--finish-after", "100s")
    waiting = listed(client, job)
    advance(client, "50s")
    running = listed(client, job)
    advance(client, "50s")
    done = listed(client, job)
    measured = ("datetime_completed", "input_tokens", "output_tokens", "job_cost")
    assert waiting["datetime_started"] is None
    assert (
        [waiting[name] for name in measured] == [running[name] for name in measured] == [None] * 4
    )
    assert running["datetime_started"] == done["datetime_started"]
    assert done["datetime_created"] <= done["datetime_started"] < done["datetime_completed"]
    assert done["job_cost"] <= done["cost_estimate"]


def test_a_job_cancelled_before_it_ran_never_started(controlled, client, add_job):
    job = add_job(controlled.data, "--status", "QUEUED")
    client.get(f"/job-cancel/{job}")
    advance(client, "10s")
    done = listed(client, job)
    assert done["datetime_started"] is None
    assert (done["output_tokens"], done["job_cost"]) == (0, 0)


def test_the_clock_never_runs_backwards(client):
    assert client.post("/control/clock?advance=-1s").status_code == 422
    assert client.post("/control/clock?advance=999999999999d").status_code == 422


def test_the_clock_is_out_of_reach_without_control(start_server):
    assert httpx.post(f"{start_server().url}/control/clock?advance=1s").status_code == 404


def test_states_never_go_backwards_under_concurrent_cancels(start_server, add_job):
    server = start_server("--workers", "2")
    jobs = [
        add_job(server.data, "--status", "RUNNING", "--finish-after", f"{1000 + number * 40}ms")
        for number in range(12)
    ]
    stop = threading.Event()

    def watch(_):
        seen = {job: [] for job in jobs}
        with httpx.Client(base_url=server.url, headers=server.headers) as client:
            while not stop.is_set():
                for job in client.get("/list-jobs?limit=100").json()["jobs"]:
                    if not seen[job["job_id"]] or seen[job["job_id"]][-1] != job["status"]:
                        seen[job["job_id"]].append(job["status"])
        return seen

    def cancel(_):
        with httpx.Client(base_url=server.url, headers=server.headers) as client:
            for _ in range(8):
                for job in jobs:
                    assert client.get(f"/job-cancel/{job}").status_code == 200

    with ThreadPoolExecutor(6) as pool:
        watchers = [pool.submit(watch, number) for number in range(3)]
        list(pool.map(cancel, range(3)))
        threading.Event().wait(1.5)
        stop.set()
    for seen in (watcher.result() for watcher in watchers):
        for states in seen.values():
            assert states == sorted(states, key=ORDER.index)
            assert len(ENDED & set(states)) <= 1
    finals = {frozenset(seen[job][-1] for seen in (w.result() for w in watchers)) for job in jobs}
    assert all(len(final) == 1 and final <= ENDED for final in finals)


def test_any_order_of_cancelling_and_waiting_keeps_the_rules(controlled, client, add_job):
    class Jobs(RuleBasedStateMachine):
        @initialize(
            status=st.sampled_from(["QUEUED", "STARTING", "RUNNING"]),
            span=st.sampled_from(["5s", "1h"]),
            fails=st.booleans(),
        )
        def make(self, status, span, fails):
            reason = ("--failure-reason", "x") if fails else ()
            options = ("--status", status, "--finish-after", span, *reason)
            self.job = add_job(controlled.data, *options)
            self.seen = []

        @rule()
        def cancel(self):
            assert client.get(f"/job-cancel/{self.job}").json()["cancelled"] is True

        @rule(seconds=st.sampled_from([1, 3, 700, 4000]))
        def wait(self, seconds):
            advance(client, f"{seconds}s")

        @invariant()
        def goes_forward(self):
            now = status(client, self.job)
            assert listed(client, self.job)["status"] in ORDER[ORDER.index(now) :]
            assert not self.seen or ORDER.index(now) >= ORDER.index(self.seen[-1])
            assert not (self.seen and self.seen[-1] in ENDED) or now == self.seen[-1]
            self.seen.append(now)

    run_state_machine_as_test(
        Jobs, settings=settings(max_examples=15, stateful_step_count=8, deadline=None)
    )
