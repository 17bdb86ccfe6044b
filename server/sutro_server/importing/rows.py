"""Rows of a file as the columns of a results file, batch by batch."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa

from ..errors import ImportFileError, ParameterError
from ..store.render import INPUTS, LOGPROBS, OUTPUTS
from .batches import RowBatch
from .readers import open_batches
from .served_types import numbers, served


def _check_id(_: object, attribute: "attrs.Attribute[str | None]", name: str | None) -> None:
    if name in (INPUTS, OUTPUTS, LOGPROBS):
        raise ParameterError(
            attribute.name, f"Results have a column '{name}' already. Rename it in the file."
        )


@attrs.frozen
class Columns:
    """Names of the columns of a file that make a job; only the outputs are needed.

    Raises:
        ParameterError: The ID column has the name of another column of results.
    """

    output: str
    input: str | None = None
    logprob: str | None = None
    id: str | None = attrs.field(default=None, validator=_check_id)

    def sources(self) -> dict[str, str | None]:
        """Return the file's column for each column of a results file, the ID first."""
        named: dict[str, str | None] = {self.id: self.id} if self.id is not None else {}
        return named | {INPUTS: self.input, OUTPUTS: self.output, LOGPROBS: self.logprob}


def read_rows(path: Path, columns: Columns) -> Iterator[RowBatch]:
    """Yield the rows of a Parquet, CSV or JSON-lines file as results hold them.

    Raises:
        ImportFileError: The file cannot be read, lacks a column, or holds what cannot be served.
    """
    sources = columns.sources()
    wanted = sorted({name for name in sources.values() if name is not None})
    for batch in open_batches(path, wanted, identifier=columns.id):
        arrays = [_column(path, batch, result, source) for result, source in sources.items()]
        yield attrs.evolve(batch, rows=pa.record_batch(arrays, names=list(sources)))


def _column(path: Path, batch: RowBatch, result: str, source: str | None) -> "pa.Array[Any]":
    if source is None:
        return pa.nulls(batch.rows.num_rows, pa.float64() if result == LOGPROBS else pa.string())
    array = batch.rows.column(source)
    convert = numbers if result == LOGPROBS else served
    try:
        return convert(array)
    except ValueError as error:
        place = f"{path}, column '{source}'"
        if not _fails(convert, array.slice(0, 0)):
            place += f", row {batch.first + _first_failing(convert, array)}"
        raise ImportFileError(f"{place}: {error}") from error


def _first_failing(convert: "Callable[[pa.Array[Any]], object]", array: "pa.Array[Any]") -> int:
    """Return the index of the first value that cannot be converted, by halving."""
    good, bad = 0, len(array)
    while bad - good > 1:
        middle = (good + bad) // 2
        good, bad = (good, middle) if _fails(convert, array.slice(0, middle)) else (middle, bad)
    return good


def _fails(convert: "Callable[[pa.Array[Any]], object]", array: "pa.Array[Any]") -> bool:
    try:
        convert(array)
    except ValueError:
        return True
    return False
