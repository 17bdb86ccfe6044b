"""Writes a results file again in each format of an answer, batch by batch in bounded memory."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Literal

import attrs
import msgspec
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

Format = Literal["json", "csv", "parquet", "legacy"]
"""Formats of a results answer; `legacy` is the JSON object of `POST /job-results`."""

Compression = Literal["snappy", "zstd"]
"""Compressions of Parquet files."""

MEDIA_TYPES: dict[Format, str] = {
    "json": "application/json",
    "csv": "application/zip",
    "parquet": "application/vnd.apache.parquet",
    "legacy": "application/json",
}

OUTPUTS, INPUTS, LOGPROBS = "outputs", "inputs", "cumulative_logprobs"

# Rows held at a time: some tens of MiB where texts have a few hundred characters.
_BATCH_ROWS = 65_536

# The earliest date that ZIP can say. A fixed one, so that the same results are the same bytes.
_MODIFIED = (1980, 1, 1, 0, 0, 0)


@attrs.frozen
class Selection:
    """Which answer is asked for."""

    format: Format
    inputs: bool
    logprobs: bool
    compression: Compression = "snappy"


def render(source: Path, target: Path, selection: Selection, job_id: str) -> None:
    """Write what is selected of a results file, in the format that is asked for."""
    if selection.format == "parquet":
        _write_parquet(source, target, selection)
    elif selection.format == "csv":
        _write_csv_zip(source, target, selection, job_id)
    else:
        _write_json(source, target, selection)


def _write_parquet(source: Path, target: Path, selection: Selection) -> None:
    """Write the selected columns as Parquet with their types."""
    with pq.ParquetFile(source) as file:
        columns = _columns(file, selection)
        schema = pa.schema([file.schema_arrow.field(name) for name in columns])
        with pq.ParquetWriter(target, schema, compression=selection.compression) as writer:
            for batch in _batches(file, columns):
                writer.write_batch(batch.select(columns))


def _write_csv_zip(source: Path, target: Path, selection: Selection, job_id: str) -> None:
    """Write the selected columns as a ZIP of one CSV file; outputs are named after the job."""
    with (
        pq.ParquetFile(source) as file,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        member = zipfile.ZipInfo("results.csv", _MODIFIED)
        member.compress_type = zipfile.ZIP_DEFLATED
        # Members opened for writing don't take the archive's level over. Level 1 is three times as
        # fast as the default, and text is some tenth larger.
        member._compresslevel = 1  # type: ignore[attr-defined]
        with archive.open(member, "w", force_zip64=True) as sink:
            _write_csv(file, sink, _columns(file, selection), job_id)


def _write_csv(file: pq.ParquetFile, sink: IO[bytes], columns: list[str], job_id: str) -> None:
    names = [job_id if name == OUTPUTS else name for name in columns]
    schema = pa.schema([file.schema_arrow.field(name) for name in columns])
    renamed = pa.schema([field.with_name(name) for field, name in zip(schema, names, strict=True)])
    with pa_csv.CSVWriter(sink, renamed) as writer:
        for batch in _batches(file, columns):
            writer.write_batch(batch.select(columns).rename_columns(names))


def _write_json(source: Path, target: Path, selection: Selection) -> None:
    """Write the selected columns as one JSON object of arrays."""
    legacy = selection.format == "legacy"
    with pq.ParquetFile(source) as file, target.open("wb") as sink:
        sink.write(b'{"results":{' if legacy else b"{")
        for number, name in enumerate(_columns(file, selection)):
            sink.write(b"," if number else b"")
            sink.write(msgspec.json.encode(name) + b":[")
            for part in _array_parts(file, name):
                sink.write(part)
            sink.write(b"]")
        sink.write(b'},"message":"Job results retrieved."}' if legacy else b"}")


def _array_parts(file: pq.ParquetFile, column: str) -> Iterator[bytes]:
    comma = b""
    for batch in _batches(file, [column]):
        yield comma + msgspec.json.encode(_json_values(batch.column(0)))[1:-1]
        comma = b","


def _json_values(array: "pa.Array[Any]") -> list[Any]:
    type_ = array.type
    # Python's times have no nanoseconds; imports refuse values that need them.
    if pa.types.is_timestamp(type_) and type_.unit == "ns":
        array = array.cast(pa.timestamp("us", type_.tz))
    elif pa.types.is_time64(type_) and type_.unit == "ns":
        array = array.cast(pa.time64("us"))
    return array.to_pylist()


def _batches(file: pq.ParquetFile, columns: list[str]) -> Iterator[pa.RecordBatch]:
    # One row group at a time: imports make these small where rows are long.
    for group in range(file.num_row_groups):
        yield from file.iter_batches(_BATCH_ROWS, row_groups=[group], columns=columns)


def _columns(file: pq.ParquetFile, selection: Selection) -> list[str]:
    left_out = {INPUTS} if not selection.inputs else set()
    if not selection.logprobs:
        left_out.add(LOGPROBS)
    return [name for name in file.schema_arrow.names if name not in left_out]
