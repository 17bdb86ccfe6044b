"""Finds out which edition of the API a server speaks, point by point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..api.account import Account
from ..api.answers import state
from ..api.requests import results_path, status_path
from ..judging.report import EditionPoint
from ..wire.exchange import Request
from ..wire.session import OutOfTimeError, UnstableError
from ..wire.target import Edition

_BOTH = "e2, e3"


def edition_points(account: Account) -> tuple[EditionPoint, ...]:
    """Ask for what differs between editions and return what the server does."""
    try:
        return (*_list_points(account), *_status_points(account), *_result_points(account))
    except (UnstableError, OutOfTimeError):
        return ()


def choose_edition(asked: Edition, points: Sequence[EditionPoint]) -> Edition:
    """Return the edition to judge by: the one asked for or, for `auto`, the one that is spoken."""
    if asked is not Edition.AUTO:
        return asked
    spoken = {point.edition for point in points}
    return Edition.E2 if "e2" in spoken and "e3" not in spoken else Edition.E3


def _list_points(account: Account) -> Iterator[EditionPoint]:
    cases = {_case(str(job.get("status"))) for job in account.jobs}
    if cases:
        yield EditionPoint("case of statuses in the list", " and ".join(sorted(cases)), _BOTH)
        pages = any("run_type" in job for job in account.jobs)
        yield EditionPoint("`run_type` in the list", "present" if pages else "absent", _BOTH)


def _status_points(account: Account) -> Iterator[EditionPoint]:
    for job_id in account.ids()[:1]:
        given = account.send(Request("GET", status_path(job_id))).fields.get("job_status")
        if isinstance(given, dict):
            yield EditionPoint("form of `job_status`", "map from job ID to status", "e3")
            given = next(iter(given.values()), "")
        elif isinstance(given, str):
            yield EditionPoint("form of `job_status`", "bare status", "e2")
        if isinstance(given, str):
            case = _case(given)
            yield EditionPoint("case of `job_status`", case, "e2" if case == "lower" else "e3")


def _result_points(account: Account) -> Iterator[EditionPoint]:
    jobs = account.succeeded(1)
    if not jobs or state(jobs[0]) != "SUCCEEDED":
        return
    path = results_path(jobs[0]["job_id"])
    taken = [
        name
        for name in ("format", "result_format")
        if account.send(Request("GET", path, ((name, "json"),))).is_success
    ]
    if taken:
        edition = _BOTH if len(taken) == 2 else {"format": "e3"}.get(taken[0], "e2")
        yield EditionPoint("parameter for the format of results", " and ".join(taken), edition)


def _case(text: str) -> str:
    return "lower" if text == text.lower() else "upper"
