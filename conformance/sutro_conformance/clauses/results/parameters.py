"""Parameters of results, right and wrong: RESULTS-15 to -18, and -20."""

from __future__ import annotations

from typing import Any

from ...api.requests import results_path
from ...api.tables import first_difference, read
from ...judging.clause import MUST, clause
from ...judging.probe import Probe
from ...scenarios.results import COLUMNS, FLAGS, FORMATS, SUCCEEDED, jobs_with_results, reading
from ...wire.target import Edition

_EVIDENCE = "Evidence, 3. job results"


_SPELLINGS = {"False": False, "0": False, "": False, "True": True, "1": True}


_VALIDATION = "evidence, everywhere: 422 for invalid parameters"


@clause(
    "RESULTS-15",
    MUST,
    "The format has to be given: in `format` (e2: in `result_format`).",
    source=_EVIDENCE + ": required; " + _VALIDATION,
    needs=SUCCEEDED,
    rests_on=["RESULTS-01"],
)
def required(probe: Probe) -> None:
    """A default would be a guess at what the client can read.

    Violation: results without a format are answered 200.
    """
    job = jobs_with_results(probe)[0]["job_id"]
    exchange = probe.get(results_path(job))
    fine = exchange.status in (400, 422)
    probe.expect(fine, f"Results without a format are answered {exchange.status}.", exchange)
    older = "format" if probe.edition is Edition.E2 else "result_format"
    query: dict[str, Any] = {older: "json"}
    status = probe.get(results_path(job), **query).status
    probe.note(f"results with `{older}` alone are answered {status}")


@clause(
    "RESULTS-16",
    MUST,
    "A format that is not documented is refused.",
    source=_EVIDENCE + ": json, csv, parquet; " + _VALIDATION,
    needs=SUCCEEDED,
    rests_on=["RESULTS-01"],
)
def unknown_format(probe: Probe) -> None:
    """A client that asks for `xml` cannot read JSON.

    Violation: `format=xml` is answered with JSON.
    """
    job = jobs_with_results(probe)[0]["job_id"]
    for format_ in ("xml", "jsonl", "parquet.exe", ""):
        exchange = probe.results(job, format_)
        probe.expect_status(exchange, f"The format {format_!r}", 400, 406, 422)
    probe.note(f"the format `JSON` is answered {probe.results(job, 'JSON').status}")


@clause(
    "RESULTS-17",
    MUST,
    "A flag that is neither true nor false is refused.",
    source=_EVIDENCE + ": booleans; " + _VALIDATION,
    needs=SUCCEEDED,
    rests_on=["RESULTS-01"],
)
def no_boolean(probe: Probe) -> None:
    """A typing error would otherwise leave out what was asked for, or include what was not.

    Violation: `include_inputs=banana` is answered 200.
    """
    job = jobs_with_results(probe)[0]["job_id"]
    for flag in FLAGS:
        query: dict[str, Any] = {flag: "banana"}
        exchange = probe.results(job, **query)
        probe.expect_status(exchange, f"`{flag}=banana`", 400, 422)


@clause(
    "RESULTS-20",
    MUST,
    "Another spelling of a flag is refused, or means what it says.",
    source=_EVIDENCE + ": booleans; " + _VALIDATION,
    needs=SUCCEEDED,
    rests_on=["RESULTS-06", "RESULTS-07", "RESULTS-17"],
)
def spellings(probe: Probe) -> None:
    """Clients in Python send `True` and `False`, others 1 and 0.

    Violation: `include_inputs=False` gives the inputs, or `include_inputs=1` leaves them out.
    """
    job = jobs_with_results(probe)[0]
    for flag, column in COLUMNS.items():
        if reading(probe, job, "json", flag).table is None:
            continue
        for value, wanted in _SPELLINGS.items():
            query: dict[str, Any] = {flag: value}
            exchange = probe.results(job["job_id"], **query)
            probe.note(f"`{flag}={value}` is answered {exchange.status}")
            fine = exchange.is_refusal or (column in exchange.fields) == wanted
            word = "no " if wanted else ""
            probe.expect(fine, f"`{flag}={value}` gives {word}`{column}`.", exchange)


@clause(
    "RESULTS-18",
    MUST,
    "A request that names the format both ways, `format` and `result_format`, is answered.",
    source=_EVIDENCE + ": a request that carries both names works against both editions",
    needs=SUCCEEDED,
    rests_on=["RESULTS-01", "RESULTS-08"],
)
def both_names(probe: Probe) -> None:
    """It is how one client serves servers of two editions.

    Violation: `format=csv&result_format=csv` is refused, or answered with JSON.
    """
    job = jobs_with_results(probe)[0]["job_id"]
    for format_ in FORMATS:
        exchange = probe.get(results_path(job), format=format_, result_format=format_)
        message = f"Both names are answered {exchange.status}."
        if probe.expect(exchange.status == 200, message, exchange):
            alone = reading(probe, jobs_with_results(probe)[0], format_)
            if alone.table is not None:
                both = read(exchange, format_, job).columns
                differs = first_difference(alone.table.columns, both)
                message = f"Both names together change results: {differs}."
                probe.expect(not differs, message, alone.exchange, exchange)
