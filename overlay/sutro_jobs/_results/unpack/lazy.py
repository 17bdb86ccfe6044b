"""Structured outputs of a lazy frame, unpacked batch by batch when it is collected."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl
import polars.selectors as cs

from ..columns import refuse_clash
from .dtypes import merge_fields
from .structured import apply_policy
from .unpack import infer_fields, unpack_batch

if TYPE_CHECKING:
    from ..options import ResultsOptions
    from .dtypes import Fields

# Rows in memory at a time while types are inferred; slicing has a fixed cost in each step.
_ROWS = 100_000


def unpack_lazily(lazy: pl.LazyFrame, options: ResultsOptions, fields: Fields) -> pl.LazyFrame:
    """Return the lazy frame with a column for each property of the outputs.

    Types are fixed before the frame is collected: those of `fields`, else those inferred from all
    rows, which are read once for that. Integers beyond their type make a row invalid.

    Raises:
        ColumnClashError: a property has the name of another column.
    """
    name = options.output_column
    outputs = cs.by_name(name)
    names = lazy.collect_schema().names()
    fields = fields or _inferred(lazy.select(outputs))
    if not fields:
        return lazy
    if options.on_invalid_json == "keep":
        fields = {**fields, name: pl.String()}
    refuse_clash(
        fields, (other for other in names if other != name), "Pass unpack_json=False, and unpack."
    )
    unpack = partial(_unpack_batch, options=options, fields=fields)
    unpacked = outputs.map_batches(unpack, return_dtype=pl.Struct(fields), is_elementwise=True)
    return lazy.with_columns(unpacked).unnest(outputs)


def _unpack_batch(texts: pl.Series, options: ResultsOptions, fields: Fields) -> pl.Series:
    properties = {name: dtype for name, dtype in fields.items() if name != texts.name}
    frame = apply_policy(unpack_batch(texts, properties), texts, options)
    return frame.select(cs.by_name(*fields)).to_struct(texts.name)


def _inferred(outputs: pl.LazyFrame) -> Fields:
    fields: Fields = {}
    start = 0
    while (texts := outputs.slice(start, _ROWS).collect().to_series()).len():
        fields = merge_fields(fields, infer_fields(texts))
        start += _ROWS
    return fields
