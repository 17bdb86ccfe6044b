"""Joining results to the frame of their rows, in the type of that frame."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

import polars as pl

from ..._errors import ColumnClashError, RowCountError
from ..columns import refuse_clash
from .frames import EagerFrame, wrap

FrameT = TypeVar("FrameT")


def attach(original: FrameT, results: pl.DataFrame, carried: Iterable[str]) -> FrameT:
    """Return the original with the results as additional columns.

    Rows are matched by position. Rows, order, types and index of the original are preserved.
    Columns in `carried` may be in both if their values are equal; those of the original are used.

    Raises:
        ArgumentError: the original is not an eager frame.
        RowCountError: the numbers of rows differ.
        ColumnClashError: a result has the name of a column, or a carried column other values.
    """
    frame = wrap(original)
    check_height(frame.height, results.height)
    shared = [name for name in carried if name in frame.names]
    for name in shared:
        _refuse_difference(frame, results[name])
    results = results.drop(shared)
    refuse_clash(
        results.columns,
        frame.names,
        "Rename it in with_original_df, or choose another output_column if it is that.",
    )
    return frame.beside(results)


def check_height(original: int, results: int) -> None:
    """Raise unless the results have as many rows as the original.

    Raises:
        RowCountError: they have not.
    """
    if original != results:
        raise RowCountError(
            f"The results have {results} rows and with_original_df has {original}. "
            "Pass the frame that the job was made from, with the same rows in the same order."
        )


def _refuse_difference(frame: EagerFrame[FrameT], carried: pl.Series) -> None:
    if not _same(frame.values(carried.name), carried):
        raise ColumnClashError(
            f"The column {carried.name!r} of with_original_df differs from that of the results: "
            "other rows, or another order. Pass the frame that the job was made from."
        )


def _same(one: pl.Series, other: pl.Series) -> bool:
    if one.dtype == other.dtype or (one.dtype.is_numeric() and other.dtype.is_numeric()):
        # Null equals null here, which `==` does not say.
        return bool(one.eq_missing(other).all())
    # Other types may still be equal, such as categories and strings.
    return one.to_list() == other.to_list()
