"""Results as CSV and Parquet, and whether they say what JSON says: FORMAT-01 to -08."""

from __future__ import annotations

import pyarrow as pa

from ..api.tables import first_difference
from ..judging.clause import MUST, Ruling, clause
from ..judging.probe import Probe
from ..scenarios.results import COLUMNS, FLAGS, SUCCEEDED, jobs_with_results, reading, tables
from ..wire.exchange import Exchange
from ..wire.target import Edition

_EVIDENCE = "Evidence, 3. job results"


_GIVEN = ["RESULTS-01"]


_READ = [*_GIVEN, "RESULTS-02", "FORMAT-01", "FORMAT-03"]


_FILES = {"application/octet-stream", "binary/octet-stream"}


_TYPES = {
    "json": {"application/json"},
    "csv": {"application/zip", "application/x-zip-compressed", "application/x-zip", *_FILES},
    "parquet": {
        "application/vnd.apache.parquet",
        "application/x-parquet",
        "application/parquet",
        *_FILES,
    },
}


@clause(
    "FORMAT-01",
    MUST,
    "CSV results are a ZIP archive of exactly one CSV file with a header line.",
    source=_EVIDENCE + ", csv: a ZIP holding one CSV",
    needs=SUCCEEDED,
    rests_on=_GIVEN,
)
def archive(probe: Probe) -> None:
    """Clients open the archive and read the one file in it.

    Violation: the body is the CSV text itself.
    """
    _expect_readable(probe, "csv")


@clause(
    "FORMAT-02",
    MUST,
    "The column of outputs in a CSV file is named after the job.",
    source=_EVIDENCE + ", csv: the outputs' column is named after the job ID",
    needs=SUCCEEDED,
    rests_on=[*_GIVEN, "FORMAT-01"],
)
def named_after_job(probe: Probe) -> None:
    """Files of several jobs can be put side by side.

    Violation: the column is called `outputs`.
    """
    for job, found, table in tables(probe, "csv"):
        names = sorted(table.columns)
        message = f"No column is called {job['job_id']!r}; there are {names}."
        probe.expect(table.outputs_name == job["job_id"], message, found.exchange)


@clause(
    "FORMAT-03",
    MUST,
    "Parquet results are one readable Parquet file.",
    source=_EVIDENCE + ", parquet: one Parquet file",
    needs=SUCCEEDED,
    rests_on=_GIVEN,
)
def parquet_file(probe: Probe) -> None:
    """Clients hand the body to their Parquet reader as it is.

    Violation: the file ends before its footer.
    """
    _expect_readable(probe, "parquet")


def _expect_readable(probe: Probe, format_: str) -> None:
    for job in jobs_with_results(probe):
        for flags in ((), FLAGS):
            found = reading(probe, job, format_, *flags)
            if found.exchange.status == 200:
                probe.expect(found.table, found.problem, found.exchange)


@clause(
    "FORMAT-04",
    MUST,
    "JSON, CSV and Parquet have the same columns and the same number of rows.",
    source=_EVIDENCE + ": three formats of one result; id column always present",
    needs=SUCCEEDED,
    rests_on=_READ,
)
def same_columns(probe: Probe) -> None:
    """What is in the results must not depend on how they are fetched.

    Violation: the ID column is missing in CSV, or Parquet is a row short.
    """
    for format_ in ("csv", "parquet"):
        for job, found, table in tables(probe, format_):
            known = reading(probe, job)
            if known.table is None:
                continue
            names = sorted(known.table.columns.keys() ^ table.columns.keys())
            message = f"JSON and {format_} differ in the columns {names}."
            probe.expect(not names, message, known.exchange, found.exchange)
            lengths = [sorted({*each.lengths.values()}) for each in (known.table, table)]
            counts = [" or ".join(map(str, each)) for each in lengths]
            message = f"JSON has {counts[0]} rows, {format_} {counts[1]}."
            probe.expect(lengths[0] == lengths[1], message, known.exchange, found.exchange)


@clause(
    "FORMAT-05",
    MUST,
    "JSON, CSV and Parquet hold the same values in the same order.",
    source=_EVIDENCE + ": three formats of one result; result order is input order",
    needs=SUCCEEDED,
    rests_on=[*_READ, "FORMAT-04", "FORMAT-08", "RESULTS-08"],
)
def same_values(probe: Probe) -> None:
    """The order of the inputs is one order. Null and the empty text are one value in CSV, and
    numbers are compared to single precision.

    Violation: Parquet has the outputs sorted.
    """
    for format_ in ("csv", "parquet"):
        for job, found, table in tables(probe, format_):
            known = reading(probe, job)
            if known.table is not None and {*known.table.lengths.values()} == {
                *table.lengths.values()
            }:
                differs = first_difference(
                    known.table.columns, table.columns, typed=format_ != "csv"
                )
                message = f"JSON and {format_}: {differs}."
                probe.expect(not differs, message, known.exchange, found.exchange)


@clause(
    "FORMAT-06",
    MUST,
    "The flags mean the same in every format.",
    source=_EVIDENCE + ": one set of parameters for all formats",
    needs=SUCCEEDED,
    rests_on=[
        *_READ,
        *("RESULTS-05", "RESULTS-06", "RESULTS-07", "RESULTS-08", "FORMAT-04", "FORMAT-05"),
    ],
)
def flags_everywhere(probe: Probe) -> None:
    """Most clients never ask for JSON.

    Violation: `include_inputs=true` adds nothing to CSV.
    """
    for job in jobs_with_results(probe)[: probe.by_profile(3, 8)]:
        for flags in (FLAGS, FLAGS[:1], FLAGS[1:]):
            known = reading(probe, job, "json", *flags)
            for format_ in ("csv", "parquet"):
                found = reading(probe, job, format_, *flags)
                if known.table is None or found.table is None:
                    continue
                exchanges = (known.exchange, found.exchange)
                names = sorted(known.table.columns.keys() ^ found.table.columns.keys())
                shown = " and ".join(flags)
                message = f"With {shown}, JSON and {format_} differ in the columns {names}."
                if probe.expect(not names, message, *exchanges):
                    differs = first_difference(
                        known.table.columns, found.table.columns, typed=format_ != "csv"
                    )
                    message = f"With {shown}, JSON and {format_}: {differs}."
                    probe.expect(not differs, message, *exchanges)


@clause(
    "FORMAT-07",
    MUST,
    "The content type says what the body is: JSON, a ZIP archive, a Parquet file, or plain bytes.",
    source="RFC 9110, section 8.3; " + _EVIDENCE,
    needs=SUCCEEDED,
    rests_on=_GIVEN,
)
def content_types(exchange: Exchange, edition: Edition) -> Ruling:
    """Clients and browsers choose what to do with a body by its type.

    Violation: Parquet is typed `application/json`.
    """
    request = exchange.request
    if request.operation != "results" or exchange.status != 200 or request.method != "GET":
        return None
    formats = request.values("result_format" if edition is Edition.E2 else "format")
    if len(formats) != 1 or formats[0] not in _TYPES:
        return None
    fine = exchange.media_type in _TYPES[formats[0]]
    return True if fine else f"{formats[0]} results are typed {exchange.media_type!r}."


@clause(
    "FORMAT-08",
    MUST,
    "Parquet keeps types: outputs are text, log-probabilities numbers.",
    source=_EVIDENCE + ", parquet: column types kept",
    needs=SUCCEEDED,
    rests_on=[*_GIVEN, "FORMAT-03"],
)
def types_kept(probe: Probe) -> None:
    """Types are what Parquet is chosen for.

    Violation: `cumulative_logprobs` is a column of texts.
    """
    for job in jobs_with_results(probe):
        found = reading(probe, job, "parquet", *FLAGS)
        if found.table is None:
            continue
        for name, values in found.table.columns.items():
            given = found.table.types.get(name)
            if name == COLUMNS["include_cumulative_logprobs"] and given is not None:
                number = pa.types.is_floating(given) or pa.types.is_integer(given)
                fine = number or pa.types.is_null(given) or pa.types.is_decimal(given)
                probe.expect(fine, f"`{name}` is a column of {given}.", found.exchange)
            if name not in COLUMNS.values() and name != "outputs" and values:
                _expect_kept(probe, name, reading(probe, job).table, values, found.exchange)


def _expect_kept(
    probe: Probe, name: str, known: object, values: list[object], exchange: Exchange
) -> None:
    columns = getattr(known, "columns", {})
    numbers = [value for value in columns.get(name, []) if type(value) in (int, float)]
    texts = [value for value in values if isinstance(value, str)]
    message = f"`{name}` holds numbers in JSON and texts in Parquet."
    probe.expect(not (numbers and texts), message, exchange)
