"""Parquet files, row group by row group."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..errors import ImportFileError
from .batches import BATCH_BYTES, BATCH_ROWS, MAX_TEXT, RowBatch
from .columns import require_columns

_READ_BYTES = 1 << 20
# Arrow's writers end pages at a size, but look at it after so many rows only.
_PAGE_ROWS = 1024
_MAX_PAGE = 128 << 20


def parquet_rows(path: Path, columns: list[str], _: str | None) -> Iterator[RowBatch]:
    """Yield the rows of a file, in batches that take bounded memory however much they unpack to."""
    with _open(path) as file:
        require_columns(path, columns, file.schema_arrow.names)
        total, first = file.metadata.num_rows, 1
        for group in range(file.num_row_groups):
            rows_at_once = _rows_at_once(path, file, group, columns)
            for rows in file.iter_batches(rows_at_once, row_groups=[group], columns=columns):
                _check_cells(path, rows, first)
                for part in _parts(rows):
                    yield RowBatch(part, first, (first + part.num_rows - 1) / total)
                    first += part.num_rows


def _open(path: Path, dictionaries: list[str] | None = None) -> pq.ParquetFile:
    return pq.ParquetFile(
        path, buffer_size=_READ_BYTES, pre_buffer=False, read_dictionary=dictionaries
    )


def _rows_at_once(path: Path, file: pq.ParquetFile, group: int, columns: list[str]) -> int:
    """Return how many rows of a group to unpack at a time."""
    metadata = file.metadata.row_group(group)
    rows = max(metadata.num_rows, 1)
    chunks = [metadata.column(number) for number in range(metadata.num_columns)]
    wanted = [chunk for chunk in chunks if chunk.path_in_schema.split(".")[0] in columns]
    for chunk in wanted:
        _check_pages(f"{path}, row group {group + 1}, column '{chunk.path_in_schema}'", chunk, rows)
    average = sum(chunk.total_uncompressed_size for chunk in wanted) // rows
    # A value that stands once in a dictionary may be that of every row.
    widest = sum(
        _widest(path, group, chunk.path_in_schema) for chunk in wanted if chunk.has_dictionary_page
    )
    return max(1, min(BATCH_ROWS, BATCH_BYTES // max(average, widest, 1)))


def _check_pages(place: str, chunk: Any, rows: int) -> None:
    """Refuse a chunk whose pages, which are unpacked whole, may be too large."""
    average = chunk.total_uncompressed_size // rows
    if average > MAX_TEXT:
        raise ImportFileError(f"{place}: cells are longer than {MAX_TEXT >> 20} MiB.")
    if min(rows, _PAGE_ROWS) * average > _MAX_PAGE:
        raise ImportFileError(
            f"{place}: {rows} cells of {average >> 10} KiB cannot be unpacked in bounded memory. "
            "Write the file with fewer rows in a group."
        )


def _widest(path: Path, group: int, column: str) -> int:
    """Return the length of the longest value of a chunk's dictionary, 0 for values of a width."""
    with _open(path, [column]) as file:
        rows = next(file.iter_batches(1, row_groups=[group], columns=[column]), None)
    array = None if rows is None else rows.column(0)
    return _longest(array.dictionary) if isinstance(array, pa.DictionaryArray) else 0


def _parts(rows: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Yield a batch in parts, where it turned out to be larger than wanted."""
    count = max(1, -(-rows.nbytes // (2 * BATCH_BYTES)))
    step = max(1, -(-rows.num_rows // count))
    for start in range(0, rows.num_rows, step):
        yield rows.slice(start, step)


def _check_cells(path: Path, rows: pa.RecordBatch, first: int) -> None:
    for name, column in zip(rows.schema.names, rows.columns, strict=True):
        if _longest(column) > MAX_TEXT:
            lengths = pc.call_function("binary_length", [column])
            longer = pc.call_function("greater", [lengths, pa.scalar(MAX_TEXT, lengths.type)])
            index = pc.call_function("index", [longer], pc.IndexOptions(pa.scalar(True))).as_py()
            raise ImportFileError(
                f"{path}, column '{name}', row {first + index}: longer than {MAX_TEXT >> 20} MiB."
            )


def _longest(texts: "pa.Array[Any]") -> int:
    if not _has_lengths(texts.type):
        return 0
    return pc.call_function("max", [pc.call_function("binary_length", [texts])]).as_py() or 0


def _has_lengths(type_: pa.DataType) -> bool:
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary)
    return any(is_kind(type_) for is_kind in kinds) or pa.types.is_large_binary(type_)
