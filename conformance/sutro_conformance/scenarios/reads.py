"""Requests that read: each operation once, and those whose answers do not change."""

from __future__ import annotations

from ..api.answers import cursor_of
from ..api.requests import LIST_PATH, parameters, results_path, status_path
from ..judging.probe import Probe, once_a_run
from ..wire.exchange import RIGHT_KEY, Request


def every_read(probe: Probe, *authorization: str) -> list[Request]:
    """Return each reading operation, on a real job where there is one, with these credentials."""
    lists: list[dict[str, object]] = [{}, {"limit": 1}]
    if probe.account.is_large and authorization == RIGHT_KEY:
        # A wrong key is refused, a right one gets megabytes.
        lists = lists[1:]
    cursor = first_cursor(probe)
    if cursor is not None:
        lists.append({"limit": 1, "cursor": cursor})
    requests = [Request("GET", LIST_PATH, parameters(query), authorization) for query in lists]
    requests += [
        Request("GET", status_path(job_id), authorization=authorization)
        for job_id in probe.account.ids()[:1]
    ]
    for job in (probe.account.succeeded(1) or probe.account.jobs)[:1]:
        queries: list[dict[str, object]] = [
            {probe.format_name: "json"},
            {probe.format_name: "csv"},
            {probe.format_name: "parquet", "include_inputs": True},
        ]
        path = results_path(job["job_id"])
        requests += [Request("GET", path, parameters(query), authorization) for query in queries]
    return requests


@once_a_run
def first_cursor(probe: Probe) -> str | None:
    """Return a cursor that the list gave, or None where it has one page only."""
    return cursor_of(probe.list_jobs(limit=1))


def unchanging(probe: Probe) -> list[Request]:
    """Return requests whose answers do not change."""
    requests = [Request("GET", LIST_PATH, (("limit", "1"),))]
    finished = probe.account.finished(1)
    requests += [Request("GET", status_path(job["job_id"])) for job in finished]
    return requests + [
        Request("GET", results_path(job["job_id"]), ((probe.format_name, format_),))
        for job in probe.account.succeeded(1)
        for format_ in ("json", "parquet")
    ]


def statuses_read(probe: Probe) -> int:
    """Return of how many jobs the status is read: of more where there are many."""
    return probe.by_profile(10, min(max(60, len(probe.account.jobs) // 20), 400))
