"""Rows of a file as the columns of a results file, batch by batch."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa

from ..errors import ImportFileError
from ..store.render import INPUTS, LOGPROBS, OUTPUTS
from .readers import open_batches


class Columns(NamedTuple):
    """Names of the columns of a file that make a job; only the outputs are needed."""

    output: str
    input: str | None = None
    logprob: str | None = None
    id: str | None = None

    def sources(self) -> dict[str, str | None]:
        """Return the file's column for each column of a results file, the ID first."""
        if self.id in (INPUTS, OUTPUTS, LOGPROBS):
            raise ImportFileError(
                f"The ID column can't be called '{self.id}', as results have such a column. "
                "Rename it in the file."
            )
        named: dict[str, str | None] = {self.id: self.id} if self.id is not None else {}
        return named | {INPUTS: self.input, OUTPUTS: self.output, LOGPROBS: self.logprob}


class Portion(NamedTuple):
    """Some rows, and the share of the file that has been read with them, from 0 to 1."""

    batch: pa.RecordBatch
    share: float


def read_rows(path: Path, columns: Columns) -> Iterator[Portion]:
    """Yield the rows of a Parquet, CSV or JSON-lines file; all batches have the first one's schema.

    Raises `ImportFileError` for a file that can't be read, lacks a column or changes its types.
    """
    sources = columns.sources()
    wanted = sorted({name for name in sources.values() if name is not None})
    schema: pa.Schema | None = None
    for raw, share in open_batches(path, wanted, identifier=columns.id):
        arrays = [
            _column(raw, result, source, schema.field(result).type if schema else None)
            for result, source in sources.items()
        ]
        batch = pa.record_batch(arrays, names=list(sources))
        schema = schema or batch.schema
        yield Portion(batch, share)


def _column(
    raw: pa.RecordBatch, result: str, source: str | None, kind: pa.DataType | None
) -> "pa.Array[Any]":
    if source is None:
        return pa.nulls(raw.num_rows, pa.float64() if result == LOGPROBS else pa.string())
    array = _flat(raw.column(source), source)
    target = pa.float64() if result == LOGPROBS else kind or _resting_type(array.type)
    try:
        return array.cast(target)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise ImportFileError(
            f"Column '{source}' holds {array.type} where {target} is needed: {error}"
        ) from error


def _flat(array: "pa.Array[Any]", source: str) -> "pa.Array[Any]":
    if pa.types.is_nested(array.type):
        texts = [_json_text(value) for value in array.to_pylist()]
        return pa.array(texts, pa.string())
    if pa.types.is_binary(array.type) or pa.types.is_large_binary(array.type):
        raise ImportFileError(f"Column '{source}' holds binary data. Results are text or numbers.")
    return array


def _json_text(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _resting_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _resting_type(kind.value_type)
    if pa.types.is_null(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    return kind
