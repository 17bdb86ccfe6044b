"""Rows of a file as the columns of a results file, batch by batch."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import msgspec
import pyarrow as pa

from ..errors import ImportFileError, ParameterError
from ..store.render import INPUTS, LOGPROBS, OUTPUTS
from .readers import open_batches


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


@attrs.frozen
class RowBatch:
    """Some rows, and the share of the file that has been read with them, from 0 to 1."""

    rows: pa.RecordBatch
    share: float


def read_rows(path: Path, columns: Columns) -> Iterator[RowBatch]:
    """Yield the rows of a Parquet, CSV or JSON-lines file; all batches have the first one's schema.

    Raises:
        ImportFileError: The file cannot be read, lacks a column, or changes its types.
    """
    sources = columns.sources()
    wanted = sorted({name for name in sources.values() if name is not None})
    schema: pa.Schema | None = None
    for raw, share in open_batches(path, wanted, identifier=columns.id):
        arrays = [
            _column(raw, result, source, schema.field(result).type if schema else None)
            for result, source in sources.items()
        ]
        rows = pa.record_batch(arrays, names=list(sources))
        schema = schema or rows.schema
        yield RowBatch(rows, share)


def _column(
    raw: pa.RecordBatch, result: str, source: str | None, type_: pa.DataType | None
) -> "pa.Array[Any]":
    if source is None:
        return pa.nulls(raw.num_rows, pa.float64() if result == LOGPROBS else pa.string())
    array = _flatten(raw.column(source), source)
    target = pa.float64() if result == LOGPROBS else type_ or _stored_type(array.type)
    try:
        return array.cast(target)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise ImportFileError(
            f"Column '{source}' holds {array.type} where {target} is needed: {error}"
        ) from error


def _flatten(array: "pa.Array[Any]", source: str) -> "pa.Array[Any]":
    if pa.types.is_nested(array.type):
        texts = [_json_text(value) for value in array.to_pylist()]
        return pa.array(texts, pa.string())
    if pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type):
        raise ImportFileError(f"Column '{source}' holds binary data. Results are text or numbers.")
    return array


def _json_text(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _stored_type(type_: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(type_):
        return _stored_type(type_.value_type)
    # A first batch of nulls alone says nothing about the column; text is the likeliest.
    if pa.types.is_null(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_):
        return pa.string()
    return type_
