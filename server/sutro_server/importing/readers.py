"""Opens Parquet, CSV and JSON-lines files as batches of some columns, in bounded memory."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from ..errors import ImportFileError
from .batches import RowBatch
from .csv_rows import csv_rows
from .json_lines import json_line_rows
from .parquet_rows import parquet_rows

_READERS: dict[str, Callable[[Path, list[str], str | None], Iterator[RowBatch]]] = {
    ".csv": csv_rows,
    ".jsonl": json_line_rows,
    ".ndjson": json_line_rows,
    ".parquet": parquet_rows,
    ".tsv": csv_rows,
}


def open_batches(path: Path, columns: list[str], identifier: str | None) -> Iterator[RowBatch]:
    """Yield batches of the named columns; a column has the same type in all of them.

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
    except UnicodeDecodeError as error:
        raise ImportFileError(
            f"{path}: the name of a column is not UTF-8: {error.reason}"
        ) from error
    except (pa.ArrowException, OSError) as error:
        raise ImportFileError(f"{path} cannot be read: {error}") from error
