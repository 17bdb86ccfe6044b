"""Nothing is changed without leave."""

import httpx

from sutro_conformance import Settings, all_clauses
from tests.conformance.conftest import Judge, StartFront
from tests.support.reference_server import Server, StartServer

SAFE = {"GET", "HEAD", "OPTIONS"}


def job_ids(server: Server) -> set[str]:
    """Return the IDs of all jobs of the tenant `demo`."""
    listed = httpx.get(f"{server.url}/list-jobs", headers=server.headers).json()
    return {job["job_id"] for job in listed["jobs"]}


def test_nothing_is_sent_to_the_cancel_endpoint_without_leave(
    front: StartFront, judge: Judge
) -> None:
    site = front()
    report = judge(site.url)
    assert report.requests == len(site.requests) > 500
    assert not [request for request in site.requests if "job-cancel" in request.target.lower()]


def test_methods_that_could_change_anything_go_to_the_list_and_to_missing_jobs_only(
    server: Server, front: StartFront, judge: Judge
) -> None:
    site = front()
    only = {clause.id for clause in all_clauses() if clause.group == "HTTP"} - {"HTTP-01"}
    report = judge(site.url, Settings(profile="quick", only=only))
    jobs = [request for request in site.requests if request.method not in SAFE]
    ids = {request.path.strip("/").removesuffix("/results").rpartition("/")[2] for request in jobs}
    listed = job_ids(server)
    assert report.exit_status == 0
    assert ids
    assert not ids & listed


def test_with_leave_for_one_job_no_other_is_cancelled(
    front: StartFront, judge: Judge, start_server: StartServer
) -> None:
    upstream = start_server("--demo")
    site = front(upstream=upstream.url)
    settings = Settings(profile="quick", only={c.id for c in all_clauses() if c.group == "CANCEL"})
    report = judge(site.url, settings, allow_cancel={"job-films-running"})
    cancelled = {request.path for request in site.requests if "job-cancel" in request.path}
    listed = job_ids(upstream)
    assert "/job-cancel/job-films-running" in cancelled
    assert {path.rpartition("/")[2] for path in cancelled} & listed == {"job-films-running"}
    assert report.exit_status == 0
