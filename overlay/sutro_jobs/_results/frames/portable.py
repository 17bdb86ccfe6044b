"""Types that other libraries know, in place of those that only polars has."""

from __future__ import annotations

import polars as pl

from ..unpack.dtypes import DType, fields_of, inner_of

_UINT64 = range(2**64)
_DECIMAL = range(-(10**38) + 1, 10**38)


def portable(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with 128-bit integers in the first Arrow type that fits all values.

    In this order: `UInt64`, `Decimal(38, 0)`, `String`.
    """
    return frame.with_columns(
        map(_portable, (column for column in frame if _has_int128(column.dtype)))
    )


def _portable(column: pl.Series) -> pl.Series:
    if column.dtype != pl.Int128():
        return column.cast(_with_text(column.dtype))
    extremes = [value for value in (column.min(), column.max()) if isinstance(value, int)]
    if all(value in _UINT64 for value in extremes):
        return column.cast(pl.UInt64)
    if all(value in _DECIMAL for value in extremes):
        return column.cast(pl.Decimal(38, 0))
    return column.cast(pl.String)


def _has_int128(dtype: DType) -> bool:
    if isinstance(dtype, pl.List):
        return _has_int128(inner_of(dtype))
    if isinstance(dtype, pl.Struct):
        return any(map(_has_int128, fields_of(dtype).values()))
    return dtype == pl.Int128()


def _with_text(dtype: DType) -> DType:
    """Make nested 128-bit integers strings, as finding their extremes would take unnesting."""
    if isinstance(dtype, pl.List):
        return pl.List(_with_text(inner_of(dtype)))
    if isinstance(dtype, pl.Struct):
        return pl.Struct({name: _with_text(inner) for name, inner in fields_of(dtype).items()})
    return pl.String() if dtype == pl.Int128() else dtype
