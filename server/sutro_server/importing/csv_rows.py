"""CSV and TSV files, whose cells are texts: only an empty one is null."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from ..errors import ImportFileError
from .batches import MAX_TEXT, RowBatch
from .columns import require_columns

_BLOCK_BYTES = 1 << 20

# Integers that are written as they would be written again: `007` and `+7` are texts.
_INTEGER = r"^(0|-?[1-9][0-9]{0,17})$"


def csv_rows(path: Path, columns: list[str], identifier: str | None) -> Iterator[RowBatch]:
    """Yield the rows of a file, as texts; those of an ID column that holds integers, as such."""
    integers = identifier is not None and _holds_integers(path, identifier)
    for batch in _texts(path, columns):
        arrays = dict(zip(batch.rows.schema.names, batch.rows.columns, strict=True))
        if integers and identifier is not None:
            arrays[identifier] = arrays[identifier].cast(pa.int64())
        rows = pa.record_batch([arrays[name] for name in columns], names=columns)
        yield RowBatch(rows, batch.first, batch.share)


def _holds_integers(path: Path, column: str) -> bool:
    return all(_all_match(batch.rows.column(0)) for batch in _texts(path, [column]))


def _all_match(texts: "pa.Array[Any]") -> bool:
    matched = pc.call_function(
        "match_substring_regex", [texts], pc.MatchSubstringOptions(pattern=_INTEGER)
    )
    return pc.call_function("all", [matched]).as_py() is not False


def _texts(path: Path, columns: list[str]) -> Iterator[RowBatch]:
    parsing = pa_csv.ParseOptions(
        delimiter="\t" if path.suffix.lower() == ".tsv" else ",", newlines_in_values=True
    )
    names = _header(path, parsing)
    require_columns(path, columns, names)
    # In a file of one column an empty line is a row with an empty cell.
    parsing.ignore_empty_lines = len(names) > 1
    read = 0
    # A row has to fit into a block, and memory holds a dozen of them: large ones only if needed.
    for block in (_BLOCK_BYTES, MAX_TEXT):
        try:
            for batch in _open(path, columns, parsing, block, skip=read):
                yield batch
                read += batch.rows.num_rows
        except pa.ArrowInvalid as error:
            if "straddling" not in str(error):
                raise ImportFileError(f"{path}, after row {read}: {error}") from error
        else:
            return
    raise ImportFileError(
        f"{path}, after row {read}: the next row is longer than {MAX_TEXT >> 20} MiB, or a quote "
        "is not closed."
    )


def _header(path: Path, parsing: pa_csv.ParseOptions) -> list[str]:
    reading = pa_csv.ReadOptions(use_threads=False, block_size=MAX_TEXT)
    try:
        with path.open("rb") as source:
            return pa_csv.open_csv(source, reading, parsing).schema.names
    except pa.ArrowInvalid as error:
        raise ImportFileError(f"{path}, before row 1: {error}") from error


def _open(
    path: Path, columns: list[str], parsing: pa_csv.ParseOptions, block: int, skip: int
) -> Iterator[RowBatch]:
    """Yield the rows of a file after so many of them."""
    converting = pa_csv.ConvertOptions(
        include_columns=columns,
        column_types=dict.fromkeys(columns, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    # Without threads, which would read ahead some blocks each.
    reading = pa_csv.ReadOptions(use_threads=False, block_size=block)
    size, end = path.stat().st_size, 0
    with path.open("rb") as source:
        for rows in pa_csv.open_csv(source, reading, parsing, converting):
            start, end = end, end + rows.num_rows
            if end > skip:
                new = rows.slice(max(skip - start, 0))
                yield RowBatch(new, max(start, skip) + 1, source.tell() / size)
