"""Lossless conversion of columns to and from pandas, with or without PyArrow.

Who has a pandas frame has imported pandas, so importing it here costs nothing.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    import pandas as pd


def beside_pandas(frame: pd.DataFrame, results: pl.DataFrame) -> pd.DataFrame:
    """Return a pandas frame with additional columns; its index, types and order are preserved."""
    import pandas as pd

    columns = {column.name: _to_pandas(column, frame.index) for column in results}
    further = pd.DataFrame(columns, index=frame.index, columns=results.columns)
    if frame.columns.nlevels > 1:
        # Columns of several levels have tuples as names; the name of a result is the first level.
        filler = ("",) * (frame.columns.nlevels - 1)
        further.columns = pd.MultiIndex.from_tuples([(name, *filler) for name in results.columns])
    together = pd.concat([frame, further], axis="columns")
    together.attrs = dict(frame.attrs)
    return together


def values_of_pandas(column: pd.Series[Any]) -> pl.Series:
    """Return a column with null for each kind of missing value that pandas has."""
    # Without missing values there is no need for the slow way through Python objects.
    if column.dtype.kind in "iub" and not column.hasnans:
        return pl.Series(column.to_numpy())
    values = column.astype(object)
    return pl.Series(values.where(column.notna(), None).to_list(), strict=False)


def _to_pandas(column: pl.Series, index: pd.Index[Any]) -> pd.Series[Any]:
    """Return a column in the default type of pandas where that is lossless.

    Integers and booleans with nulls get the nullable types of pandas; nested values and 128-bit
    integers become Python objects.
    """
    import pandas as pd

    if column.dtype.is_nested() or column.dtype in (pl.Int128(), pl.Null()):
        return pd.Series(column.to_list(), index=index, dtype=object)
    if column.null_count() and (column.dtype.is_integer() or column.dtype == pl.Boolean()):
        return pd.Series(_with_mask(column), index=index)
    # polars converts to pandas by way of PyArrow.
    if find_spec("pyarrow"):
        return column.to_pandas().set_axis(index)
    if column.dtype.is_numeric() or column.dtype == pl.Boolean():
        return pd.Series(column.to_numpy(writable=True), index=index)
    return pd.Series(column.to_list(), index=index)


def _with_mask(column: pl.Series) -> pd.api.extensions.ExtensionArray:
    import pandas as pd

    mask = column.is_null().to_numpy(writable=True)
    if column.dtype == pl.Boolean():
        return pd.arrays.BooleanArray(column.fill_null(False).to_numpy(writable=True), mask)
    return pd.arrays.IntegerArray(column.fill_null(0).to_numpy(writable=True), mask)
