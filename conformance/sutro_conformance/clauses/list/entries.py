"""The jobs of a list, one by one, however odd they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...api.answers import Job, is_list
from ...api.requests import LIST_PATH, parameters
from ...judging.clause import Ruling
from ...judging.probe import Probe
from ...wire.exchange import Exchange, Request

PAGE = "Seed 1 (list page, e2 and e3)"
TABLE = f"{PAGE}, job object fields"


def listed(exchange: Exchange) -> Iterator[Job]:
    """Return the jobs that an answer lists, also those without an ID."""
    if is_list(exchange):
        jobs = exchange.fields.get("jobs")
        yield from (job for job in jobs if isinstance(job, dict)) if isinstance(jobs, list) else ()


def name(job: Job) -> str:
    """Return what a message calls a job."""
    return f"Job {job.get('job_id')!r}"


def first_problem(problems: Iterable[str | None]) -> Ruling:
    """Return the first problem; where nothing was judged, return nothing."""
    judged = False
    for problem in problems:
        if problem:
            return problem
        judged = True
    return True if judged else None


def ask_for_limits(probe: Probe, *limits: object) -> None:
    """Ask for pages of some sizes; observations judge the answers."""
    queries = [parameters({"limit": limit}) for limit in limits]
    for _ in probe.send_all(Request("GET", LIST_PATH, query) for query in queries):
        pass
