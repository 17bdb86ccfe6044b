"""`GET /jobs/{job_id}/results`: which jobs have results, and what JSON results hold."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import jsonschema_rs

from ..api.ids import MALFORMED
from ..api.statuses import FINAL
from ..api.tables import first_difference
from ..judging.ledger import status_in
from ..judging.probe import Probe
from ..judging.registry import MUST, SHOULD, Ruling, clause, exercises
from ..scenarios.results import FORMS, SUCCEEDED, fresh_reading, jobs_with_results, reading, tables
from ..wire.exchange import Exchange
from ..wire.target import Edition

_EVIDENCE = "Evidence, 3. job results"
_READ = ["RESULTS-01", "RESULTS-02"]
_STRUCTURED = "a job that succeeded and has a `json_schema`"


@clause(
    "RESULTS-01",
    MUST,
    "The results of a job that succeeded are given in every format.",
    source=_EVIDENCE + ": json, csv and parquet",
    needs=SUCCEEDED,
    rests_on=["TENANT-01", "LIFE-02"],
)
def available(probe: Probe) -> None:
    """Nothing else of the API matters to users as much.

    Violation: the results of a SUCCEEDED job are answered 404.
    """
    for job in jobs_with_results(probe):
        for form in FORMS:
            exchange = reading(probe, job, form).exchange
            message = f"The {form} results of a job that succeeded are answered {exchange.status}."
            probe.expect(exchange.status == 200, message, exchange)


@clause(
    "RESULTS-02",
    MUST,
    "JSON results are an object of arrays, `outputs` among them.",
    source=_EVIDENCE + ", json",
    needs=SUCCEEDED,
    rests_on=["RESULTS-01", "HTTP-02"],
)
def shape(probe: Probe) -> None:
    """Columns are what clients build frames from.

    Violation: the results are an array of rows, or `outputs` stands under `results`.
    """
    for job in jobs_with_results(probe):
        found = reading(probe, job)
        if found.exchange.status == 200:
            probe.expect(found.table, found.problem, found.exchange)


@clause(
    "RESULTS-03",
    MUST,
    "All columns of JSON results have the same length.",
    source=_EVIDENCE + ": result order is input order",
    needs=SUCCEEDED,
    rests_on=_READ,
)
def equal_lengths(probe: Probe) -> None:
    """Rows are put together by position.

    Violation: there are 50 inputs and 49 outputs.
    """
    for flags in ((), ("include_inputs", "include_cumulative_logprobs")):
        for _, found, table in tables(probe, "json", *flags):
            message = f"Columns have different lengths: {table.lengths}."
            probe.expect(len(set(table.lengths.values())) == 1, message, found.exchange)


@clause(
    "RESULTS-04",
    MUST,
    "There are as many outputs as the job has rows.",
    source="Seed 1, `num_rows`: number of rows processed; " + _EVIDENCE,
    needs="a job that succeeded and has `num_rows`",
    rests_on=_READ,
)
def complete(probe: Probe) -> None:
    """Results are put beside the users' own rows, by position.

    Violation: a job of 50 rows has 49 outputs.
    """
    for job, found, table in tables(probe):
        rows = job.get("num_rows")
        if isinstance(rows, int):
            count = len(table.columns["outputs"])
            probe.expect(
                count == rows, f"A job of {rows} rows has {count} outputs.", found.exchange
            )


@clause(
    "RESULTS-08",
    MUST,
    "Results read again have the same rows in the same order.",
    source=_EVIDENCE + ": result order is input order",
    needs=SUCCEEDED,
    rests_on=_READ,
)
def repeatable(probe: Probe) -> None:
    """An order that changes can't be that of the inputs.

    Violation: two requests give the outputs in different orders.
    """
    for form in ("json", "parquet"):
        for job, found, table in tables(probe, form):
            for _ in range(probe.several(1, 3)):
                again = fresh_reading(probe, job["job_id"], form)
                if again.table is None:
                    continue
                changed = first_difference(table.columns, again.table.columns)
                same_names = table.columns.keys() == again.table.columns.keys()
                message = f"Results change between two readings: {changed or 'columns differ'}."
                probe.expect(not changed and same_names, message, found.exchange, again.exchange)


@clause(
    "RESULTS-10",
    MUST,
    "Structured outputs are JSON texts that follow the job's schema.",
    source=_EVIDENCE + ": JSON strings that follow the schema",
    needs=_STRUCTURED,
    rests_on=_READ,
)
def structured(probe: Probe) -> None:
    """Clients unpack them into columns by the schema. Outputs of reasoning models carry it in
    `content`. A null stands for a row without an output.

    Violation: an output lacks a required property, or is an object instead of its text.
    """
    judged = 0
    for job, found, table in tables(probe):
        if not isinstance(job.get("json_schema"), dict):
            continue
        validator = _validator(job["json_schema"])
        for row, output in enumerate(table.columns["outputs"]):
            if validator is not None and output is not None:
                judged += 1
                problem = _structure_problem(output, validator)
                probe.expect(not problem, f"Output {row + 1}: {problem}", found.exchange)
    probe.need(judged, _STRUCTURED)


def _validator(schema: Any) -> Any:
    try:
        return jsonschema_rs.validator_for(schema)
    except (ValueError, TypeError):
        return None


def _structure_problem(output: object, validator: Any) -> str | None:
    if not isinstance(output, str):
        return f"{output!r} is no text."
    try:
        value = json.loads(output)
    except ValueError:
        return f"{output[:80]!r} is no JSON."
    if isinstance(value, dict) and {"content", "reasoning_content"} <= value.keys():
        value = _content(value["content"])
    error = next(validator.iter_errors(value), None)
    return (
        None if error is None else f"{output[:80]!r} does not follow the schema: {error.message}."
    )


def _content(content: object) -> object:
    try:
        return json.loads(content) if isinstance(content, str) else content
    except ValueError:
        return content


@clause(
    "RESULTS-11",
    MUST,
    "There are no results before a job has succeeded.",
    source=_EVIDENCE + ": only for jobs that succeeded; the status code is documented nowhere",
    needs="a job that waits or runs",
    rests_on=["STATUS-04", "LIFE-01"],
)
def not_before(probe: Probe) -> None:
    """Half of the rows would pass for all of them. Any 4xx is right, and reported.

    Violation: the results of a RUNNING job are answered 200.
    """
    waiting = [job for job in probe.account.jobs if _state(job) not in FINAL | {"UNKNOWN"}]
    for job in probe.need(waiting, "a job that waits or runs")[: probe.several(6, 15)]:
        _expect_no_results(probe, job["job_id"])


@clause(
    "RESULTS-12",
    MUST,
    "A job that failed or was cancelled has no results.",
    source=_EVIDENCE + ": only for jobs that succeeded",
    needs="a job that failed or was cancelled",
)
def not_without_success(probe: Probe) -> None:
    """What a failed job has done so far is not its result.

    Violation: the results of a FAILED job are answered 200 with an empty array.
    """
    ended = [job for job in probe.account.jobs if _state(job) in FINAL - {"SUCCEEDED"}]
    for job in probe.need(ended, "a job that failed or was cancelled")[: probe.several(6, 15)]:
        _expect_no_results(probe, job["job_id"])


def _state(job: dict[str, Any]) -> str:
    return str(job.get("status")).upper()


def _expect_no_results(probe: Probe, job_id: str) -> None:
    for form in FORMS:
        answer = probe.results(job_id, form)
        if answer.is_success:
            status = probe.status(job_id)
            now = (status_in(status) or str(status.fields.get("job_status"))).upper()
            message = f"The results of a job that is {now} are answered {answer.status}."
            probe.expect(now == "SUCCEEDED", message, status, answer)
        else:
            message = f"The results of a job without any are answered {answer.status}."
            probe.expect(answer.is_refusal, message, answer)
            probe.seen(f"results that are not there are answered {answer.status}")


@clause(
    "RESULTS-13",
    MUST,
    "An unknown job has no results: 404.",
    source="Evidence, 4. cancel: missing job: 404 with `detail`; RFC 9110, section 15.5.5",
)
def unknown(probe: Probe) -> None:
    """Clients tell a job that is gone from one that is not ready.

    Violation: the results of an unknown job are `{"outputs": []}`.
    """
    for form in FORMS:
        exchange = probe.results(probe.unknown_id(), form)
        probe.expect_missing(exchange, "The request for results of an unknown job")


@clause(
    "RESULTS-14",
    MUST,
    "A malformed job ID has no results: it is refused with 4xx.",
    source="RFC 9110, section 15.5; evidence, everywhere: 422 for invalid parameters",
    rests_on=["RESULTS-13"],
)
def malformed(exchange: Exchange, _: Edition) -> Ruling:
    """Results are files, so an ID that is used as a name must not lead to another file.

    Violation: the ID `../../etc/passwd` is answered 500.
    """
    request = exchange.request
    if request.operation != "results" or request.job_id not in MALFORMED or request.method != "GET":
        return None
    return True if exchange.is_refusal else f"A malformed job ID is answered {exchange.status}."


@exercises("RESULTS-14")
def ask_malformed(probe: Probe) -> None:
    """Ask for the results of malformed IDs."""
    for job_id in MALFORMED:
        probe.results(job_id)


@clause(
    "RESULTS-19",
    SHOULD,
    "An ID column that counts the rows counts upwards.",
    source=_EVIDENCE + ": result order is input order",
    needs="a job with an ID column of consecutive numbers",
    rests_on=_READ,
)
def ascending(probe: Probe) -> None:
    """Rows that are numbered from last to first are most likely not in the order of the inputs.
    Users may number them so, which is why this is a wish.

    Violation: the ID column is 3, 2, 1.
    """
    for _, found, table in tables(probe):
        for name in table.extra:
            values = table.columns[name]
            if len(values) > 2 and all(type(value) is int for value in values):
                steps = {later - earlier for earlier, later in pairwise(values)}
                probe.expect(steps != {-1}, f"`{name}` counts downwards.", found.exchange)
