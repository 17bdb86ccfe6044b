"""JSON texts one by one in Python: slow, but exact about what fits a type."""

from __future__ import annotations

import json
from typing import NoReturn, TypeGuard

import polars as pl

from .dtypes import INT64, INT128, JSON, DType, dtype_of_integer, fields_of, inner_of, merge

_EXACT_IN_FLOAT = range(-(2**53), 2**53 + 1)
# Integers beyond these are an error of the parser of polars.
_READ_BY_POLARS = range(-(2**127), 2**128)
_INTEGERS: dict[DType, range] = {pl.Int64(): INT64, pl.Int128(): INT128}


class MisfitError(ValueError):
    """A text is not a JSON object, or has a value that does not fit its type."""


def load_object(text: str) -> dict[str, JSON]:
    """Decode a JSON object; null is one without properties.

    Raises:
        MisfitError: the text is not a JSON object.
    """
    try:
        value: JSON = json.loads(text, object_pairs_hook=_first_of_each, parse_constant=_refuse)
        # Encoding refuses what decoding lets through: lone surrogates, and numbers such as 1e999.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise MisfitError(text) from error
    if not isinstance(value, dict | None):
        raise MisfitError(text)
    return value or {}


def fit(value: JSON, dtype: DType) -> JSON:
    """Return the value as the NDJSON parser reads it losslessly, without undeclared properties.

    Raises:
        MisfitError: it does not fit the type.
    """
    if value is None:
        return None
    if isinstance(dtype, pl.Struct) and isinstance(value, dict):
        return {name: fit(value.get(name), inner) for name, inner in fields_of(dtype).items()}
    if isinstance(dtype, pl.List) and isinstance(value, list):
        return [fit(item, inner_of(dtype)) for item in value]
    if dtype == pl.String():
        return value if _is_read_by_polars(value) else json.dumps(value, ensure_ascii=False)
    if dtype == pl.Float64() and _is_number(value):
        return float(value)
    if dtype in _INTEGERS and _is_number(value):
        return _fit_integer(value, _INTEGERS[dtype])
    if dtype == pl.Boolean() and isinstance(value, bool):
        return value
    raise MisfitError(value)


def widen_integers(dtype: DType, value: JSON) -> DType:
    """Return the type with each integer type as wide as the value requires."""
    if isinstance(dtype, pl.Struct) and isinstance(value, dict):
        fields = fields_of(dtype)
        return pl.Struct({name: widen_integers(fields[name], value.get(name)) for name in fields})
    if isinstance(dtype, pl.List) and isinstance(value, list):
        inner = inner_of(dtype)
        for item in value:
            inner = widen_integers(inner, item)
        return pl.List(inner)
    if dtype in _INTEGERS and isinstance(value, int):
        return merge(dtype, dtype_of_integer(value))
    return dtype


def _fit_integer(value: float, bounds: range) -> int:
    """Take 1.0 as an integer, as JSON Schema does; floats are exact up to 2 ** 53."""
    if isinstance(value, float) and not (value.is_integer() and int(value) in _EXACT_IN_FLOAT):
        raise MisfitError(value)
    if int(value) not in bounds:
        raise MisfitError(value)
    return int(value)


def _is_number(value: JSON) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_read_by_polars(value: JSON) -> bool:
    match value:
        case list():
            return all(map(_is_read_by_polars, value))
        case dict():
            return all(map(_is_read_by_polars, value.values()))
        case bool():
            return True
        case int():
            return value in _READ_BY_POLARS
        case _:
            return True


def _first_of_each(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    """Keep the first of properties with one name, as the NDJSON parser does."""
    return dict(reversed(pairs)) if len(dict(pairs)) < len(pairs) else dict(pairs)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
