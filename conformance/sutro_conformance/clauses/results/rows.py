"""What JSON results hold: RESULTS-01 to -04, -08, -10 and -19."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from ...api.shapes import validator_of
from ...api.tables import first_difference
from ...judging.clause import MUST, SHOULD, clause
from ...judging.probe import Probe
from ...scenarios.results import (
    FORMATS,
    SUCCEEDED,
    fresh_reading,
    jobs_with_results,
    reading,
    tables,
)

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
        for format_ in FORMATS:
            exchange = reading(probe, job, format_).exchange
            what = f"The request for {format_} results of a job that succeeded"
            probe.expect_status(exchange, what, 200)


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
            message = f"A job of {rows} rows has {count} outputs."
            probe.expect(count == rows, message, found.exchange)


@clause(
    "RESULTS-08",
    MUST,
    "Results read again have the same rows in the same order.",
    source=_EVIDENCE + ": result order is input order",
    needs=SUCCEEDED,
    rests_on=_READ,
)
def repeatable(probe: Probe) -> None:
    """An order that changes cannot be that of the inputs.

    Violation: two requests give the outputs in different orders.
    """
    for format_ in ("json", "parquet"):
        for job, found, table in tables(probe, format_):
            for _ in range(probe.by_profile(1, 3)):
                again = fresh_reading(probe, job["job_id"], format_)
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
        validator = validator_of(job["json_schema"])
        for row, output in enumerate(table.columns["outputs"]):
            if validator is not None and output is not None:
                judged += 1
                problem = _structure_problem(output, validator)
                probe.expect(not problem, f"Output {row + 1}: {problem}", found.exchange)
    probe.require(judged, _STRUCTURED)


def _structure_problem(output: object, validator: Any) -> str | None:
    if not isinstance(output, str):
        return f"{output!r} is not text."
    try:
        value = json.loads(output)
    except (ValueError, RecursionError):
        return f"{output[:80]!r} is not JSON."
    if isinstance(value, dict) and {"content", "reasoning_content"} <= value.keys():
        value = _content(value["content"])
    try:
        error = next(validator.iter_errors(value), None)
    except ValueError as failure:
        return f"{output[:80]!r} cannot be validated: {failure}."
    return error and f"{output[:80]!r} does not follow the schema: {error.message}."


def _content(content: object) -> object:
    try:
        return json.loads(content) if isinstance(content, str) else content
    except (ValueError, RecursionError):
        return content


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
