"""Finds out which edition of the API a server speaks, point by point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..api.account import Account
from ..api.requests import LIST_PATH, results_path, status_path
from ..judging.report import EditionPoint
from ..wire.errors import CouldNotRunError, OutOfTimeError, UnstableError
from ..wire.exchange import Request
from ..wire.target import Edition

_ALL = "e1, e2, e3"
_LATER = "e2, e3"
_OLDER = "e1, e2"


def edition_points(account: Account) -> tuple[EditionPoint, ...]:
    """Ask for what differs between editions and return what the server does."""
    try:
        return (*_list_points(account), *_status_points(account), *_result_points(account))
    except (UnstableError, OutOfTimeError):
        return ()


def choose_edition(asked: Edition, points: Sequence[EditionPoint]) -> Edition:
    """Return the edition to judge by: the one asked for or, for `auto`, the one that is spoken.

    Raises:
        CouldNotRunError: the server speaks edition e1 and nothing else.
    """
    if asked is not Edition.AUTO:
        return asked
    spoken = {point.edition for point in points}
    if "e3" in spoken:
        return Edition.E3
    if "e1" in spoken and "e2" not in spoken:
        shown = "; ".join(f"{each.point}: {each.seen}" for each in points if each.edition == "e1")
        raise CouldNotRunError(
            f"The server speaks edition e1 of 2025, of which there are no clauses ({shown})."
            " Name the edition that it should keep with --edition."
        )
    return Edition.E2 if spoken & {"e2", _OLDER} else Edition.E3


def _list_points(account: Account) -> Iterator[EditionPoint]:
    cases = {_case(str(job.get("status"))) for job in account.jobs}
    if not cases:
        return
    yield EditionPoint("case of statuses in the list", " and ".join(sorted(cases)), _ALL)
    has_run_type = any("run_type" in job for job in account.jobs)
    yield EditionPoint("`run_type` in the list", "present" if has_run_type else "absent", _LATER)
    names = {
        name for job in account.jobs for name in ("datetime_created", "created_at") if name in job
    }
    if names == {"created_at"}:
        yield EditionPoint("time of creation in the list", "`created_at`", "e1")
        page = account.send(Request("GET", LIST_PATH, (("limit", "1"),)))
        if page.status == 200 and "next_cursor" not in page.fields:
            yield EditionPoint("pages", "none: `limit` is ignored", "e1")


def _status_points(account: Account) -> Iterator[EditionPoint]:
    for job_id in account.ids()[:1]:
        given = account.send(Request("GET", status_path(job_id))).fields.get("job_status")
        if isinstance(given, dict):
            yield EditionPoint("form of `job_status`", "map from job ID to status", "e3")
            given = next(iter(given.values()), "")
        elif isinstance(given, str):
            yield EditionPoint("form of `job_status`", "bare status", _OLDER)
        if isinstance(given, str):
            case = _case(given)
            yield EditionPoint("case of `job_status`", case, _OLDER if case == "lower" else "e3")


def _result_points(account: Account) -> Iterator[EditionPoint]:
    for job in account.succeeded(1):
        path = results_path(job["job_id"])
        taken = [
            name
            for name in ("format", "result_format")
            if account.send(Request("GET", path, ((name, "json"),))).is_success
        ]
        if len(taken) == 2:
            yield EditionPoint("parameter for the format of results", " and ".join(taken), _LATER)
        elif taken:
            edition = "e3" if taken == ["format"] else "e2"
            yield EditionPoint("parameter for the format of results", taken[0], edition)
        else:
            yield EditionPoint("results by GET", "none", "e1")


def _case(text: str) -> str:
    return "lower" if text == text.lower() else "upper"
