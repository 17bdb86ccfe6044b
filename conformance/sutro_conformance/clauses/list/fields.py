"""The fields of listed jobs: LIST-03, -04, and -12 to -16."""

from __future__ import annotations

from collections.abc import Iterator

from ...api.answers import is_list, state
from ...api.shapes import JOB_FIELDS, is_schema, job_problem
from ...api.statuses import ACTIVE, CURRENT, OLDER
from ...judging.clause import MUST, SHOULD, Ruling, clause
from ...wire.exchange import Exchange
from ...wire.target import Edition
from .entries import TABLE, first_problem, listed, name


@clause(
    "LIST-03",
    MUST,
    "Each listed job is an object with every field of the Job object.",
    source=TABLE,
    needs="a job",
)
def every_field(exchange: Exchange, _: Edition) -> Ruling:
    """A field without a value is null; one that is left out breaks clients that read it.

    Violation: a job that waits has no `datetime_started` at all.
    """

    def problems() -> Iterator[str | None]:
        jobs = exchange.fields.get("jobs")
        for job in jobs if isinstance(jobs, list) else ():
            if not isinstance(job, dict):
                yield f"{job!r} is listed as a job."
                continue
            missing = sorted(JOB_FIELDS - job.keys())
            yield f"{name(job)} has no `{'`, `'.join(missing)}`." if missing else None

    return first_problem(problems()) if is_list(exchange) else None


@clause(
    "LIST-04",
    MUST,
    "Each field of a job has its documented type, and null only where null is documented.",
    source=TABLE,
    needs="a job",
)
def types(exchange: Exchange, _: Edition) -> Ruling:
    """Typed clients fail on a number sent as text or a null in a field that has none.

    Violation: `num_rows` is `"50"`, or `sampling_params` is null.
    """
    return first_problem(
        f"{name(job)}: {problem}" if problem else None
        for job in listed(exchange)
        for problem in [job_problem(job)]
    )


@clause(
    "LIST-12",
    SHOULD,
    "`failure_reason` is given for a job that failed, and null for one that is well.",
    source=TABLE + ": details if the job failed",
    needs="a job",
)
def failure_reasons(exchange: Exchange, _: Edition) -> Ruling:
    """It is the only thing that tells users why a job failed.

    Violation: a SUCCEEDED job has a `failure_reason`.
    """

    def problems() -> Iterator[str | None]:
        for job in listed(exchange):
            reason = job.get("failure_reason")
            if state(job) == "FAILED":
                yield (
                    None
                    if reason is not None
                    else f"{name(job)} failed without a `failure_reason`."
                )
            elif state(job) in ACTIVE | {"SUCCEEDED"}:
                yield (
                    f"{name(job)} is {job['status']} and has a failure reason." if reason else None
                )

    return first_problem(problems())


@clause(
    "LIST-13",
    MUST,
    "Counts and costs are not negative.",
    source=TABLE,
    needs="a job with counts or costs",
)
def not_negative(exchange: Exchange, _: Edition) -> Ruling:
    """Users add them up.

    Violation: `num_rows` is -1 for a job that has not finished.
    """
    names = ("input_tokens", "output_tokens", "num_rows", "job_cost", "cost_estimate")
    return first_problem(
        f"{name(job)}: `{field}` is {value}." if value < 0 else None
        for job in listed(exchange)
        for field in names
        if isinstance(value := job.get(field), int | float)
    )


@clause("LIST-14", SHOULD, "`job_priority` is 0 or 1.", source=TABLE + ": 0 or 1", needs="a job")
def priority(exchange: Exchange, _: Edition) -> Ruling:
    """These are the two priorities that the documentation names.

    Violation: `job_priority` is 7.
    """
    return first_problem(
        None if value in (0, 1) else f"{name(job)}: `job_priority` is {value}."
        for job in listed(exchange)
        if isinstance(value := job.get("job_priority"), int)
    )


@clause(
    "LIST-15",
    SHOULD,
    "Listed statuses are documented ones, in upper case.",
    source=TABLE + ": SUCCEEDED, FAILED, RUNNING, PENDING, etc.; its example has `succeeded`",
    needs="a job",
)
def statuses(exchange: Exchange, edition: Edition) -> Ruling:
    """The documentation leaves the set open and shows both cases, so clients must take all.

    Violation: a job's status is `Done`.
    """

    def problems() -> Iterator[str | None]:
        for job in listed(exchange):
            given = job.get("status")
            if isinstance(given, str):
                known = given.upper() in CURRENT | OLDER
                right_case = given == given.upper() or edition is Edition.E2
                yield None if known and right_case else f"{name(job)}: the status is {given!r}."

    return first_problem(problems())


@clause(
    "LIST-16",
    SHOULD,
    "The `json_schema` of a job is a valid JSON Schema.",
    source=TABLE + ": JSON schema for structured output",
    needs="a job with a `json_schema`",
)
def schemas(exchange: Exchange, _: Edition) -> Ruling:
    """Clients build types from it.

    Violation: `json_schema` is `{"type": "strnig"}`.
    """
    return first_problem(
        None if is_schema(job["json_schema"]) else f"{name(job)}: `json_schema` is not a schema."
        for job in listed(exchange)
        if isinstance(job.get("json_schema"), dict)
    )
