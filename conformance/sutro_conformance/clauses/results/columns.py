"""What flags add to results: RESULTS-05 to -07, and -09."""

from __future__ import annotations

from typing import Any

from ...api.answers import Job
from ...api.tables import first_difference
from ...judging.clause import MUST, clause
from ...judging.probe import Probe
from ...scenarios.results import COLUMNS, FLAGS, SUCCEEDED, jobs_with_results, reading, tables

_EVIDENCE = "Evidence, 3. job results"


_READ = ["RESULTS-01", "RESULTS-02"]


_NO_FLAGS: dict[str, Any] = dict.fromkeys(FLAGS, False)


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
