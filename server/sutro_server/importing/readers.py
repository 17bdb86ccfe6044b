"""Opens Parquet, CSV and JSON-lines files as batches of some columns, in bounded memory."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

import msgspec
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from ..errors import ImportFileError

# Enough rows for Arrow to be fast, few enough that long texts don't fill memory.
_BATCH_ROWS = 16_384
_READ_BYTES = 1 << 20

Batches = Iterator[tuple[pa.RecordBatch, float]]


def open_batches(path: Path, columns: list[str], identifier: str | None) -> Batches:
    """Yield batches of the named columns and the share of the file read so far.

    The file's ending says what it is.

    Raises:
        ImportFileError: The file cannot be read, or lacks a column.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        endings = ", ".join(sorted(_READERS))
        raise ImportFileError(f"{path}: the ending '{path.suffix}' is none of {endings}.")
    try:
        yield from reader(path, columns, identifier)
    except (pa.ArrowException, OSError) as error:
        raise ImportFileError(f"{path} cannot be read: {error}") from error


def _parquet(path: Path, columns: list[str], _: str | None) -> Batches:
    with pq.ParquetFile(path, buffer_size=_READ_BYTES, pre_buffer=False) as file:
        _require(path, columns, file.schema_arrow.names)
        rows = 0
        for batch in file.iter_batches(_BATCH_ROWS, columns=columns):
            rows += batch.num_rows
            yield batch, rows / file.metadata.num_rows


def _csv(path: Path, columns: list[str], identifier: str | None) -> Batches:
    types: dict[str, pa.DataType] = {name: pa.string() for name in columns}
    if identifier is not None and _all_integers(path, columns, identifier):
        types[identifier] = pa.int64()
    size = path.stat().st_size
    with path.open("rb") as source:
        for batch in _open_csv(path, source, columns, types):
            yield batch, source.tell() / size


def _open_csv(
    path: Path, source: IO[bytes], columns: list[str], types: dict[str, pa.DataType]
) -> Iterable[pa.RecordBatch]:
    options = pa_csv.ConvertOptions(
        include_columns=columns,
        column_types=types,
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    parsing = pa_csv.ParseOptions(
        delimiter="\t" if path.suffix.lower() == ".tsv" else ",", newlines_in_values=True
    )
    try:
        return pa_csv.open_csv(source, parse_options=parsing, convert_options=options)
    except KeyError as error:
        with path.open("rb") as again:
            names = pa_csv.open_csv(again, parse_options=parsing).schema.names
        _require(path, columns, names)
        raise ImportFileError(f"{path} cannot be read: {error}") from error


def _all_integers(path: Path, columns: list[str], identifier: str) -> bool:
    try:
        with path.open("rb") as source:
            for _ in _open_csv(path, source, columns, {identifier: pa.int64()}):
                pass
    except pa.ArrowInvalid:
        return False
    return True


def _json_lines(path: Path, columns: list[str], _: str | None) -> Batches:
    size = path.stat().st_size
    seen: set[str] = set()
    rows: list[dict[str, object]] = []
    with path.open("rb") as source:
        for number, line in enumerate(source, start=1):
            if not line.strip():
                continue
            row = _decode(path, number, line)
            seen.update(row)
            rows.append(row)
            if len(rows) == _BATCH_ROWS:
                yield _batch(path, rows, columns), source.tell() / size
                rows = []
        if rows:
            yield _batch(path, rows, columns), 1.0
    _require(path, columns, seen)


_READERS: dict[str, Callable[[Path, list[str], str | None], Batches]] = {
    ".csv": _csv,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".parquet": _parquet,
    ".tsv": _csv,
}


def _require(path: Path, columns: list[str], present: Iterable[str]) -> None:
    names = sorted(present)
    missing = [name for name in columns if name not in names]
    if missing:
        raise ImportFileError(
            f"{path} has no column '{missing[0]}'. Its columns are: {', '.join(names) or 'none'}."
        )


def _decode(path: Path, number: int, line: bytes) -> dict[str, object]:
    try:
        return msgspec.json.decode(line, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ImportFileError(f"{path}, line {number}: not a JSON object: {error}") from error


def _batch(path: Path, rows: list[dict[str, object]], columns: list[str]) -> pa.RecordBatch:
    arrays = [_array(path, name, [row.get(name) for row in rows]) for name in columns]
    return pa.record_batch(arrays, names=columns)


def _array(path: Path, name: str, values: list[object]) -> "pa.Array[Any]":
    if all(type(value) in (int, float, type(None)) for value in values):
        try:
            return pa.array(values)
        except OverflowError as error:
            raise ImportFileError(
                f"{path}: column '{name}' holds an integer above 64 bits."
            ) from error
    # Outputs of a job with a JSON Schema may stand in the file as objects; results carry them as
    # text.
    texts = [
        value if isinstance(value, (str, type(None))) else msgspec.json.encode(value).decode()
        for value in values
    ]
    return pa.array(texts, pa.string())
