"""Polars types of JSON values, and the narrowest type for the values of two.

Where no single type is exact it is `String`: strings as they are, everything else as JSON.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any, TypeAlias

import polars as pl

DType: TypeAlias = pl.DataType
Fields: TypeAlias = dict[str, DType]
JSON: TypeAlias = bool | int | float | str | list["JSON"] | dict[str, "JSON"] | None

INT64 = range(-(2**63), 2**63)
INT128 = range(-(2**127), 2**127)
# Nesting that no schema written by people reaches, and far below Python's limit of recursion.
_LEVELS = 32
_NUMBERS: tuple[DType, ...] = (pl.Int64(), pl.Int128(), pl.Float64())


def dtype_of_value(value: JSON, levels: int = _LEVELS) -> DType:
    """Return the exact type of a decoded JSON value, `String` where it is nested too deeply."""
    match value:
        case list() | dict() if levels == 0:
            return pl.String()
        case None:
            return pl.Null()
        case bool():
            return pl.Boolean()
        case int():
            return dtype_of_integer(value)
        case float():
            return pl.Float64()
        case list():
            return pl.List(merge_all(dtype_of_value(item, levels - 1) for item in value))
        case dict():
            return pl.Struct(
                {name: dtype_of_value(item, levels - 1) for name, item in value.items()}
            )
        case str():
            return pl.String()


def dtype_of_integer(value: int) -> DType:
    """Return the narrowest type for an integer: `Int64`, `Int128`, else `String`."""
    if value in INT64:
        return pl.Int64()
    return pl.Int128() if value in INT128 else pl.String()


def merge_all(dtypes: Iterable[DType]) -> DType:
    """Return the narrowest type for values of all these types; `Null` for none."""
    nothing: DType = pl.Null()
    return reduce(merge, dtypes, nothing)


def merge(one: DType, other: DType) -> DType:
    """Return the narrowest type for values of both types."""
    if one == other or other == pl.Null():
        return one
    if one == pl.Null():
        return other
    if one in _NUMBERS and other in _NUMBERS:
        return max(one, other, key=_NUMBERS.index)
    if isinstance(one, pl.List) and isinstance(other, pl.List):
        return pl.List(merge(inner_of(one), inner_of(other)))
    if isinstance(one, pl.Struct) and isinstance(other, pl.Struct):
        return pl.Struct(merge_fields(fields_of(one), fields_of(other)))
    return pl.String()


def merge_fields(one: Fields, other: Fields) -> Fields:
    """Return the fields of both, in order of appearance."""
    names = one | other
    return {name: merge(one.get(name, pl.Null()), other.get(name, pl.Null())) for name in names}


def storable(dtype: DType, levels: int = _LEVELS) -> DType:
    """Return the type with `String` for objects without fields, and below the deepest level.

    Parquet has no struct without fields, and recursion has a limit.
    """
    if levels == 0 and dtype.is_nested():
        return pl.String()
    if isinstance(dtype, pl.List):
        return pl.List(storable(inner_of(dtype), levels - 1))
    if isinstance(dtype, pl.Struct):
        fields = {name: storable(inner, levels - 1) for name, inner in fields_of(dtype).items()}
        return pl.Struct(fields) if fields else pl.String()
    return dtype


def fields_of(dtype: pl.Struct) -> Fields:
    """Return the names and types of a struct's fields."""
    return {field.name: _instance(field.dtype) for field in dtype.fields}


def inner_of(dtype: pl.List) -> DType:
    """Return the type of a list's items."""
    return _instance(dtype.inner)


def _instance(dtype: Any) -> DType:
    """Polars returns types as classes or instances; these modules use instances only."""
    return dtype if isinstance(dtype, pl.DataType) else dtype()
