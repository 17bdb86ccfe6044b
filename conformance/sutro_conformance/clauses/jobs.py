"""The jobs in the answers of `GET /list-jobs`: their fields, times, states and order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import jsonschema_rs

from ..api.account import Job, is_list, state
from ..api.shapes import JOB_FIELDS, job_problem
from ..api.statuses import ACTIVE, CURRENT, OLDER, WAITING
from ..api.times import has_offset, parsed
from ..judging.registry import MUST, SHOULD, Ruling, clause
from ..wire.exchange import Exchange
from ..wire.target import Edition

_PAGE = "Seed 1 (list page, e2 and e3)"
_TABLE = _PAGE + ", job object fields"
_TIMES = ("datetime_created", "datetime_started", "datetime_completed")


def _in_list(exchange: Exchange) -> Iterator[Job]:
    if is_list(exchange):
        jobs = exchange.fields.get("jobs")
        yield from (job for job in jobs if isinstance(job, dict)) if isinstance(jobs, list) else ()


def _name(job: Job) -> str:
    return f"Job {job.get('job_id')!r}"


def _all(problems: Iterator[str | None]) -> Ruling:
    """Return the first problem; where nothing was judged, return nothing."""
    judged = False
    for problem in problems:
        if problem:
            return problem
        judged = True
    return True if judged else None


@clause(
    "LIST-03",
    MUST,
    "Each listed job is an object with every field of the Job object.",
    source=_TABLE,
    needs="a job",
)
def every_field(exchange: Exchange, _: Edition) -> Ruling:
    """A field without a value is null; one that is left out breaks clients that read it.

    Violation: a job that waits has no `datetime_started` at all.
    """

    def problems() -> Iterator[str | None]:
        for job in exchange.fields.get("jobs") or ():
            if not isinstance(job, dict):
                yield f"{job!r} is listed as a job."
                continue
            missing = sorted(JOB_FIELDS - job.keys())
            yield f"{_name(job)} has no `{'`, `'.join(missing)}`." if missing else None

    return _all(problems()) if is_list(exchange) else None


@clause(
    "LIST-04",
    MUST,
    "Each field of a job has its documented type, and null only where null is documented.",
    source=_TABLE,
    needs="a job",
)
def types(exchange: Exchange, _: Edition) -> Ruling:
    """Typed clients fail on a number sent as text or a null in a field that has none.

    Violation: `num_rows` is `"50"`, or `sampling_params` is null.
    """
    return _all(
        f"{_name(job)}: {problem}" if problem else None
        for job in _in_list(exchange)
        for problem in [job_problem(job)]
    )


@clause(
    "LIST-05",
    MUST,
    "Times are ISO 8601 date-times.",
    source=_TABLE + ": ISO timestamp; example `2024-01-15T10:30:00Z`",
    needs="a job",
)
def times(exchange: Exchange, _: Edition) -> Ruling:
    """Anything else is not read by the date parsers that clients use.

    Violation: `datetime_created` is `15/01/2024 10:30`, seconds since 1970, or has `+0000`, where
    ISO 8601 has `+00:00` after a time with colons.
    """
    return _all(
        None if parsed(job[name]) else f"{_name(job)}: `{name}` is {job[name]!r}."
        for job in _in_list(exchange)
        for name in _TIMES
        if isinstance(job.get(name), str)
    )


@clause(
    "LIST-06",
    MUST,
    "Times carry their offset from UTC.",
    source=_PAGE + ", example; the contract's `date-time`, RFC 3339, section 5.6",
    needs="a job",
    rests_on=["LIST-05"],
)
def offsets(exchange: Exchange, _: Edition) -> Ruling:
    """A time without one means another instant on each machine that reads it.

    Violation: `datetime_created` is `2024-01-15T10:30:00`.
    """
    return _all(
        None if has_offset(job[name]) else f"{_name(job)}: `{name}` is {job[name]!r}."
        for job in _in_list(exchange)
        for name in _TIMES
        if isinstance(job.get(name), str) and parsed(job[name])
    )


@clause(
    "LIST-07",
    MUST,
    "Jobs come newest first.",
    source=_PAGE + ", notes",
    needs="two jobs made at different times",
)
def newest_first(exchange: Exchange, _: Edition) -> Ruling:
    """Users read the first page to see what they have just started.

    Violation: a job of 09:00 stands before a job of 10:00.
    """
    created = [
        (job, moment)
        for job in _in_list(exchange)
        if (moment := parsed(job.get("datetime_created"))) is not None
    ]
    if len({moment for _, moment in created}) < 2:
        return None
    for (earlier, first), (later, second) in pairwise(created):
        if first < second:
            return f"{_name(earlier)} of {first} stands before {_name(later)} of {second}."
    return True


@clause(
    "LIST-08",
    MUST,
    "Each job is listed once.",
    source="Seed 1, job object fields: `job_id` is the public identifier of the job",
    needs="two jobs",
)
def once(exchange: Exchange, _: Edition) -> Ruling:
    """Counting or joining jobs by ID goes wrong where one comes twice.

    Violation: two entries of one answer have the same `job_id`.
    """
    ids = [job.get("job_id") for job in _in_list(exchange)]
    repeated = (
        sorted({str(job_id) for job_id in ids if ids.count(job_id) > 1}) if _twice(ids) else []
    )
    if repeated:
        return f"{repeated[0]!r} is listed more than once."
    return True if len(ids) > 1 else None


def _twice(ids: list[object]) -> bool:
    return len({str(job_id) for job_id in ids}) < len(ids)


@clause(
    "LIST-09",
    MUST,
    "No job starts before it was made or ends before it started.",
    source=_TABLE,
    needs="a job that has started",
    rests_on=["LIST-05"],
)
def order_of_times(exchange: Exchange, _: Edition) -> Ruling:
    """Durations are computed from these times. A second's difference is left to rounding.

    Violation: `datetime_completed` is an hour before `datetime_started`.
    """

    def problems() -> Iterator[str | None]:
        for job in _in_list(exchange):
            known = [(name, moment) for name in _TIMES if (moment := parsed(job.get(name)))]
            for (first, earlier), (second, later) in pairwise(known):
                late = (earlier - later).total_seconds() >= 1
                yield f"{_name(job)}: `{second}` is before `{first}`." if late else None

    return _all(problems())


@clause(
    "LIST-10",
    MUST,
    "A job that waits or runs has no time of completion.",
    source=_TABLE + ": when the job completed",
    needs="a job that waits or runs",
)
def not_completed(exchange: Exchange, _: Edition) -> Ruling:
    """Clients take a time of completion for the end of the job.

    Violation: a RUNNING job has a `datetime_completed`.
    """
    return _all(
        f"{_name(job)} is {job['status']} and was completed at {job['datetime_completed']!r}."
        if job.get("datetime_completed")
        else None
        for job in _in_list(exchange)
        if state(job) in ACTIVE
    )


@clause(
    "LIST-11",
    SHOULD,
    "A job that runs or succeeded has a time of start, one that succeeded a time of completion,"
    " and one that waits no time of start.",
    source=_TABLE,
    needs="a job that waits, runs or succeeded",
)
def times_and_state(exchange: Exchange, _: Edition) -> Ruling:
    """Null is allowed in these fields, so this is what times mean rather than what is documented.

    Violation: a SUCCEEDED job with `datetime_completed` null.
    """

    def problems() -> Iterator[str | None]:
        for job in _in_list(exchange):
            if state(job) == "SUCCEEDED":
                missing = [name for name in _TIMES[1:] if job.get(name) is None]
                yield f"{_name(job)} succeeded and has no `{missing[0]}`." if missing else None
            elif state(job) == "RUNNING":
                message = f"{_name(job)} runs and has no `datetime_started`."
                yield message if job.get("datetime_started") is None else None
            elif state(job) in WAITING:
                started = job.get("datetime_started")
                yield f"{_name(job)} waits and has started at {started!r}." if started else None

    return _all(problems())


@clause(
    "LIST-12",
    SHOULD,
    "`failure_reason` is given for a job that failed, and null for one that is well.",
    source=_TABLE + ": details if the job failed",
    needs="a job",
)
def failure_reasons(exchange: Exchange, _: Edition) -> Ruling:
    """It is the only thing that tells users why a job failed.

    Violation: a SUCCEEDED job has a `failure_reason`.
    """

    def problems() -> Iterator[str | None]:
        for job in _in_list(exchange):
            reason = job.get("failure_reason")
            if state(job) == "FAILED":
                yield (
                    None
                    if reason is not None
                    else f"{_name(job)} failed without a `failure_reason`."
                )
            elif state(job) in ACTIVE | {"SUCCEEDED"}:
                yield (
                    f"{_name(job)} is {job['status']} and has a failure reason." if reason else None
                )

    return _all(problems())


@clause(
    "LIST-13",
    MUST,
    "Counts and costs are not negative.",
    source=_TABLE,
    needs="a job with counts or costs",
)
def not_negative(exchange: Exchange, _: Edition) -> Ruling:
    """Users add them up.

    Violation: `num_rows` is -1 for a job that has not finished.
    """
    names = ("input_tokens", "output_tokens", "num_rows", "job_cost", "cost_estimate")
    return _all(
        f"{_name(job)}: `{name}` is {value}." if value < 0 else None
        for job in _in_list(exchange)
        for name in names
        if isinstance(value := job.get(name), int | float)
    )


@clause("LIST-14", SHOULD, "`job_priority` is 0 or 1.", source=_TABLE + ": 0 or 1", needs="a job")
def priority(exchange: Exchange, _: Edition) -> Ruling:
    """These are the two priorities that the documentation names.

    Violation: `job_priority` is 7.
    """
    return _all(
        None if value in (0, 1) else f"{_name(job)}: `job_priority` is {value}."
        for job in _in_list(exchange)
        if isinstance(value := job.get("job_priority"), int)
    )


@clause(
    "LIST-15",
    SHOULD,
    "Listed statuses are documented ones, in upper case.",
    source=_TABLE + ": SUCCEEDED, FAILED, RUNNING, PENDING, etc.; its example has `succeeded`",
    needs="a job",
)
def statuses(exchange: Exchange, edition: Edition) -> Ruling:
    """The documentation leaves the set open and shows both cases, so clients must take all.

    Violation: a job's status is `Done`.
    """

    def problems() -> Iterator[str | None]:
        for job in _in_list(exchange):
            given = job.get("status")
            if isinstance(given, str):
                known = given.upper() in CURRENT | OLDER
                right_case = given == given.upper() or edition is Edition.E2
                yield None if known and right_case else f"{_name(job)}: the status is {given!r}."

    return _all(problems())


@clause(
    "LIST-16",
    SHOULD,
    "The `json_schema` of a job is a valid JSON Schema.",
    source=_TABLE + ": JSON schema for structured output",
    needs="a job with a `json_schema`",
)
def schemas(exchange: Exchange, _: Edition) -> Ruling:
    """Clients build types from it.

    Violation: `json_schema` is `{"type": "strnig"}`.
    """
    return _all(
        None if _is_schema(job["json_schema"]) else f"{_name(job)}: `json_schema` is no schema."
        for job in _in_list(exchange)
        if isinstance(job.get("json_schema"), dict)
    )


def _is_schema(schema: Any) -> bool:
    try:
        jsonschema_rs.validator_for(schema)
    except (ValueError, TypeError):
        return False
    return True


@clause("LIST-22", SHOULD, "No time lies in the future.", source=_TABLE, needs="a job")
def past(exchange: Exchange, _: Edition) -> Ruling:
    """They are times of what has happened. A day's difference is left to clocks and zones.

    Violation: the newest job was made next week.
    """
    latest = datetime.now(UTC) + timedelta(days=1)
    return _all(
        f"{_name(job)}: `{name}` is {job[name]!r}." if moment > latest else None
        for job in _in_list(exchange)
        for name in _TIMES
        if (moment := parsed(job.get(name))) is not None
    )
