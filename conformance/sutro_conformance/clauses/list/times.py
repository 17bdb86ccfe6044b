"""The times of listed jobs: LIST-05, -06, -09 to -11, and -22."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from ...api.answers import state
from ...api.statuses import ACTIVE, WAITING
from ...api.times import has_offset, parsed
from ...judging.clause import MUST, SHOULD, Ruling, clause
from ...wire.exchange import Exchange
from ...wire.target import Edition
from .entries import PAGE, TABLE, first_problem, listed, name

_TIMES = ("datetime_created", "datetime_started", "datetime_completed")


@clause(
    "LIST-05",
    MUST,
    "Times are ISO 8601 date-times.",
    source=TABLE + ": ISO timestamp; example `2024-01-15T10:30:00Z`",
    needs="a job",
)
def times(exchange: Exchange, _: Edition) -> Ruling:
    """Anything else is not read by the date parsers that clients use.

    Violation: `datetime_created` is `15/01/2024 10:30`, seconds since 1970, or has `+0000`, where
    ISO 8601 has `+00:00` after a time with colons.
    """
    return first_problem(
        None if parsed(job[field]) else f"{name(job)}: `{field}` is {job[field]!r}."
        for job in listed(exchange)
        for field in _TIMES
        if isinstance(job.get(field), str)
    )


@clause(
    "LIST-06",
    MUST,
    "Times carry their offset from UTC.",
    source=PAGE + ", example; the contract's `date-time`, RFC 3339, section 5.6",
    needs="a job",
    rests_on=["LIST-05"],
)
def offsets(exchange: Exchange, _: Edition) -> Ruling:
    """A time without one means another instant on each machine that reads it.

    Violation: `datetime_created` is `2024-01-15T10:30:00`.
    """
    return first_problem(
        None if has_offset(job[field]) else f"{name(job)}: `{field}` is {job[field]!r}."
        for job in listed(exchange)
        for field in _TIMES
        if isinstance(job.get(field), str) and parsed(job[field])
    )


@clause(
    "LIST-09",
    MUST,
    "No job starts before it was made or ends before it started.",
    source=TABLE,
    needs="a job that has started",
    rests_on=["LIST-05"],
)
def order_of_times(exchange: Exchange, _: Edition) -> Ruling:
    """Durations are computed from these times. A second's difference is left to rounding.

    Violation: `datetime_completed` is an hour before `datetime_started`.
    """

    def problems() -> Iterator[str | None]:
        for job in listed(exchange):
            known = [(name, moment) for field in _TIMES if (moment := parsed(job.get(field)))]
            for (first, earlier), (second, later) in pairwise(known):
                late = (earlier - later).total_seconds() >= 1
                yield f"{name(job)}: `{second}` is before `{first}`." if late else None

    return first_problem(problems())


@clause(
    "LIST-10",
    MUST,
    "A job that waits or runs has no time of completion.",
    source=TABLE + ": when the job completed",
    needs="a job that waits or runs",
)
def not_completed(exchange: Exchange, _: Edition) -> Ruling:
    """Clients take a time of completion for the end of the job.

    Violation: a RUNNING job has a `datetime_completed`.
    """
    return first_problem(
        f"{name(job)} is {job['status']} and was completed at {job['datetime_completed']!r}."
        if job.get("datetime_completed")
        else None
        for job in listed(exchange)
        if state(job) in ACTIVE
    )


@clause(
    "LIST-11",
    SHOULD,
    "A job that runs or succeeded has a time of start, one that succeeded a time of completion,"
    " and one that waits no time of start.",
    source=TABLE,
    needs="a job that waits, runs or succeeded",
)
def times_and_state(exchange: Exchange, _: Edition) -> Ruling:
    """Null is allowed in these fields, so this is what times mean rather than what is documented.

    Violation: a SUCCEEDED job with `datetime_completed` null.
    """

    def problems() -> Iterator[str | None]:
        for job in listed(exchange):
            if state(job) == "SUCCEEDED":
                missing = [name for field in _TIMES[1:] if job.get(field) is None]
                yield f"{name(job)} succeeded and has no `{missing[0]}`." if missing else None
            elif state(job) == "RUNNING":
                message = f"{name(job)} runs and has no `datetime_started`."
                yield message if job.get("datetime_started") is None else None
            elif state(job) in WAITING:
                started = job.get("datetime_started")
                yield f"{name(job)} waits and has started at {started!r}." if started else None

    return first_problem(problems())


@clause("LIST-22", SHOULD, "No time lies in the future.", source=TABLE, needs="a job")
def past(exchange: Exchange, _: Edition) -> Ruling:
    """They are times of what has happened. A day's difference is left to clocks and zones.

    Violation: the newest job was made next week.
    """
    latest = datetime.now(UTC) + timedelta(days=1)
    return first_problem(
        f"{name(job)}: `{field}` is {job[field]!r}." if moment > latest else None
        for job in listed(exchange)
        for field in _TIMES
        if (moment := parsed(job.get(field))) is not None
    )
