"""Outputs of a frame as the options want them: split from reasoning, unpacked, or packed."""

from __future__ import annotations

import polars as pl

from ..._errors import UnpackError
from ..columns import refuse_clash
from ..options import ResultsOptions
from . import reasoning
from .dtypes import Fields
from .unpack import (
    Unpacked,
    looks_like_object,
    may_be_structured,
    unpack_batch,
    unpack_by_rows,
    unpack_by_schema,
)

# Characters of an invalid output that the error shows.
_SHOWN = 60


def unpack_outputs(frame: pl.DataFrame, options: ResultsOptions, fields: Fields) -> pl.DataFrame:
    """Return the frame with its outputs as the options want them.

    `fields` are those of the job's JSON Schema; without any, they are inferred from the rows.

    Raises:
        UnpackError: rows are invalid, and `on_invalid_json` is "raise".
        ColumnClashError: a property has the name of another column.
    """
    texts = frame[options.output_column]
    if texts.dtype != pl.String() or not (fields or may_be_structured(texts)):
        return frame
    outputs = _split(texts, options, fields)
    if options.unpack_json:
        outputs = _unpack(outputs, options, fields)
    return _in_place(frame, apply_policy(outputs, texts, options), options.output_column)


def _split(texts: pl.Series, options: ResultsOptions, fields: Fields) -> Unpacked:
    """Split outputs of reasoning models: on request, or where the schema is that of the content."""
    asked = options.reasoning != "packed"
    described = options.unpack_json and bool(fields) and fields.keys().isdisjoint(reasoning.FIELDS)
    if not (asked or described) or not reasoning.is_enveloped(texts):
        return Unpacked(texts.to_frame(), pl.repeat(False, len(texts), eager=True))
    split = unpack_batch(texts, reasoning.FIELDS)
    dropped = [reasoning.REASONING] if options.reasoning == "drop" else []
    refuse_clash([texts.name], [reasoning.REASONING], "Choose another output_column.")
    frame = split.frame.rename({reasoning.CONTENT: texts.name}).drop(dropped)
    return Unpacked(frame, split.is_invalid)


def _unpack(outputs: Unpacked, options: ResultsOptions, fields: Fields) -> Unpacked:
    texts = outputs.frame[options.output_column]
    unpacked = unpack_by_schema(texts, fields) if fields else _unpack_by_rows(texts)
    if unpacked is None:
        return outputs
    frame = _in_place(outputs.frame, unpacked.frame, options.output_column)
    return Unpacked(frame, outputs.is_invalid | unpacked.is_invalid)


def _unpack_by_rows(texts: pl.Series) -> Unpacked | None:
    """Unpack if at least half of the outputs are objects; return None otherwise."""
    texts_only = texts.drop_nulls()
    looking_so = int(looks_like_object(texts_only).sum())
    # Fewer than half are likely to be plain text that begins with a brace.
    if 2 * looking_so < len(texts_only):
        return None
    unpacked = unpack_by_rows(texts)
    most_are_invalid = 2 * int(unpacked.is_invalid.sum()) > len(texts_only)
    return None if most_are_invalid or not unpacked.frame.width else unpacked


def apply_policy(outputs: Unpacked, texts: pl.Series, options: ResultsOptions) -> pl.DataFrame:
    """Return the columns with invalid rows as `on_invalid_json` wants them.

    Raises:
        UnpackError: there are some, and `on_invalid_json` is "raise".
    """
    if options.on_invalid_json == "keep":
        return _keep(outputs, texts)
    if options.on_invalid_json == "raise" and outputs.is_invalid.any():
        raise _unpack_error(outputs.is_invalid, texts)
    return outputs.frame


def _keep(outputs: Unpacked, texts: pl.Series) -> pl.DataFrame:
    """Put the text of invalid rows into the output column, beside the unpacked ones or into it."""
    if texts.name in outputs.frame.columns:
        column = texts.zip_with(outputs.is_invalid, outputs.frame[texts.name])
        return outputs.frame.with_columns(column)
    nothing = pl.repeat(None, len(texts), dtype=pl.String(), eager=True)
    return outputs.frame.with_columns(texts.zip_with(outputs.is_invalid, nothing))


def _unpack_error(is_invalid: pl.Series, texts: pl.Series) -> UnpackError:
    first = int(is_invalid.arg_true()[0])
    return UnpackError(
        f"{is_invalid.sum()} of {len(texts)} outputs are not JSON objects of the expected types. "
        f"The first is in row {first}: {texts[first][:_SHOWN]!r}. Pass on_invalid_json='null' for "
        "null in such rows, 'keep' to keep their text in the output column, or unpack_json=False "
        "to keep all outputs as text."
    )


def _in_place(frame: pl.DataFrame, columns: pl.DataFrame, name: str) -> pl.DataFrame:
    """Replace one column of a frame by others.

    Raises:
        ColumnClashError: one of them has the name of another column of the frame.
    """
    position = frame.get_column_index(name)
    before, after = frame[:, :position], frame[:, position + 1 :]
    refuse_clash(
        columns.columns,
        [*before.columns, *after.columns],
        "Pass unpack_json=False and unpack the outputs yourself.",
    )
    return pl.concat([before, columns, after], how="horizontal")
