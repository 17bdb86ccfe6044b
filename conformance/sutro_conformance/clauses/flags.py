"""Parameters of `GET /jobs/{job_id}/results`: the format, and what is included."""

from __future__ import annotations

from typing import Any

from ..api.account import Job
from ..api.tables import first_difference, read
from ..judging.probe import Probe, results_path
from ..judging.registry import MUST, clause
from ..scenarios.results import COLUMNS, FLAGS, FORMS, SUCCEEDED, jobs_with_results, reading, tables
from ..wire.target import Edition

_EVIDENCE = "Evidence, 3. job results"
_READ = ["RESULTS-01", "RESULTS-02"]
_NO_FLAGS: dict[str, Any] = dict.fromkeys(FLAGS, False)
_SPELLINGS = {"False": False, "0": False, "": False, "True": True, "1": True}
_VALIDATION = "evidence, everywhere: 422 for invalid parameters"


@clause(
    "RESULTS-05",
    MUST,
    "Without flags, or with false ones, results have neither inputs nor log-probabilities.",
    source=_EVIDENCE + ": both default to false",
    needs=SUCCEEDED,
    rests_on=_READ,
)
def nothing_more(probe: Probe) -> None:
    """Inputs may be large, and may be what must not be copied around.

    Violation: `inputs` is there although nobody asked for it.
    """
    for _, found, table in tables(probe):
        surplus = sorted(table.columns.keys() & set(COLUMNS.values()))
        probe.expect(not surplus, f"`{'`, `'.join(surplus)}` stands unasked.", found.exchange)
    for job, _, _ in tables(probe)[:2]:
        exchange = probe.results(job["job_id"], **_NO_FLAGS)
        surplus = sorted(exchange.fields.keys() & set(COLUMNS.values()))
        message = f"`{'`, `'.join(surplus)}` stands there with the flag false."
        probe.expect(exchange.status == 200 and not surplus, message, exchange)


@clause(
    "RESULTS-06",
    MUST,
    "`include_inputs` adds the column `inputs` and changes nothing else.",
    source=_EVIDENCE + ": include_inputs",
    needs=SUCCEEDED,
    rests_on=[*_READ, "RESULTS-08", "FORMAT-07"],
)
def inputs(probe: Probe) -> None:
    """Inputs are put beside outputs to read them.

    Violation: `include_inputs=true` is ignored, or sorts the outputs.
    """
    _expect_one_more(probe, "include_inputs")


@clause(
    "RESULTS-07",
    MUST,
    "`include_cumulative_logprobs` adds its column, of numbers or nulls, and changes nothing else.",
    source=_EVIDENCE + ": include_cumulative_logprobs; any float or null",
    needs=SUCCEEDED,
    rests_on=[*_READ, "RESULTS-08", "FORMAT-07"],
)
def logprobs(probe: Probe) -> None:
    """They tell how sure the model was of each output.

    Violation: `cumulative_logprobs` is missing, or holds texts.
    """
    _expect_one_more(probe, "include_cumulative_logprobs")
    for _, found, table in tables(probe, "json", "include_cumulative_logprobs"):
        values = table.columns.get("cumulative_logprobs", [])
        wrong = [v for v in values if v is not None and (isinstance(v, bool | str | list | dict))]
        probe.expect(not wrong, f"`cumulative_logprobs` holds {wrong[:1]}.", found.exchange)


def _expect_one_more(probe: Probe, flag: str) -> None:
    for job in jobs_with_results(probe):
        for others in ((), tuple(each for each in FLAGS if each != flag)):
            _compare(probe, job, flag, others)


def _compare(probe: Probe, job: Job, flag: str, others: tuple[str, ...]) -> None:
    without = reading(probe, job, "json", *others)
    flags = tuple(each for each in FLAGS if each == flag or each in others)
    including = reading(probe, job, "json", *flags)
    if without.table is None or including.exchange.status == 404:
        return
    exchanges = (without.exchange, including.exchange)
    if including.table is None:
        probe.expect(False, f"With `{flag}`: {including.problem}", *exchanges)
        return
    if COLUMNS[flag] not in including.table.columns:
        probe.expect(False, f"`{flag}=true` adds no `{COLUMNS[flag]}`.", including.exchange)
        return
    if COLUMNS[flag] in without.table.columns:
        return
    # Seen in the vendor's SDK beside log-probabilities, and described nowhere.
    names = (including.table.columns.keys() ^ without.table.columns.keys()) - {"confidence_score"}
    message = f"`{flag}=true` adds or takes the columns {sorted(names)}."
    probe.expect(names == {COLUMNS[flag]}, message, *exchanges)
    changed = first_difference(without.table.columns, including.table.columns)
    probe.expect(not changed, f"`{flag}=true` changes results: {changed}.", *exchanges)


@clause(
    "RESULTS-09",
    MUST,
    "An ID column stands in the results with and without inputs.",
    source=_EVIDENCE + ": id column always present, also without inputs",
    needs="a job that was made with an `id_column_name`",
    rests_on=_READ,
)
def id_column(probe: Probe) -> None:
    """It is what users join results by.

    Violation: the ID column is there with `include_inputs=true` only.
    """
    for job in jobs_with_results(probe):
        plain, full = reading(probe, job), reading(probe, job, "json", *FLAGS)
        if plain.table is None or full.table is None or not (plain.table.extra | full.table.extra):
            continue
        names = sorted(plain.table.extra ^ full.table.extra)
        message = f"The columns {names} depend on whether inputs are included."
        probe.expect(not names, message, plain.exchange, full.exchange)


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
    probe.seen(f"results with `{older}` alone are answered {status}")


@clause(
    "RESULTS-16",
    MUST,
    "A format that is not documented is refused.",
    source=_EVIDENCE + ": json, csv, parquet; " + _VALIDATION,
    needs=SUCCEEDED,
    rests_on=["RESULTS-01"],
)
def unknown_format(probe: Probe) -> None:
    """A client that asks for `xml` can't read JSON.

    Violation: `format=xml` is answered with JSON.
    """
    job = jobs_with_results(probe)[0]["job_id"]
    for form in ("xml", "jsonl", "parquet.exe", ""):
        exchange = probe.results(job, form)
        fine = exchange.status in (400, 406, 422)
        probe.expect(fine, f"The format {form!r} is answered {exchange.status}.", exchange)
    probe.seen(f"the format `JSON` is answered {probe.results(job, 'JSON').status}")


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
        fine = exchange.status in (400, 422)
        probe.expect(fine, f"`{flag}=banana` is answered {exchange.status}.", exchange)


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
            probe.seen(f"`{flag}={value}` is answered {exchange.status}")
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
    for form in FORMS:
        exchange = probe.get(results_path(job), format=form, result_format=form)
        message = f"Both names are answered {exchange.status}."
        if probe.expect(exchange.status == 200, message, exchange):
            alone = reading(probe, jobs_with_results(probe)[0], form)
            if alone.table is not None:
                both = read(exchange, form, job).columns
                differs = first_difference(alone.table.columns, both)
                message = f"Both names together change results: {differs}."
                probe.expect(not differs, message, alone.exchange, exchange)
