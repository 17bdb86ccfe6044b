"""Types and values that can be served as JSON, CSV and Parquet, each of them unchanged."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from .batches import MAX_TEXT

types = pa.types

_EPOCH = date(1970, 1, 1)
# What ISO 8601 and Python's dates can say. A day less on both sides for times, whose zones may be
# ahead or behind.
_FIRST_DAY = (date.min - _EPOCH).days
_LAST_DAY = (date.max - _EPOCH).days
_PER_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}

_FLAT: tuple[Callable[[pa.DataType], bool], ...] = (
    types.is_boolean,
    types.is_date,
    types.is_decimal,
    types.is_floating,
    types.is_integer,
    types.is_null,
    types.is_time,
    types.is_timestamp,
)
_STRINGS = (types.is_string, types.is_large_string, types.is_string_view)


def served(array: "pa.Array[Any]") -> "pa.Array[Any]":
    """Return a column as results hold it: nested values become JSON texts, everything else stays.

    Raises:
        ValueError: Its type, or one of its values, cannot be served in all three formats.
    """
    if isinstance(array, pa.DictionaryArray):
        return served(array.dictionary_decode())
    if isinstance(array, pa.ExtensionArray) and isinstance(array.type, pa.JsonType):
        return served(array.storage)
    if _is_string(array.type) or types.is_null(array.type):
        return _checked_texts(array.cast(pa.string()))
    for leaf in _leaves(array):
        _check(leaf)
    if not types.is_nested(array.type):
        return array
    return _checked_texts(pa.array([_json_text(value) for value in array.to_pylist()], pa.string()))


def numbers(array: "pa.Array[Any]") -> "pa.Array[Any]":
    """Return a column as the floats of log-probabilities.

    Raises:
        ValueError: A value is not a finite number.
    """
    known = (types.is_integer, types.is_floating, types.is_decimal, types.is_null, *_STRINGS)
    if not _is_one(array.type, known):
        raise ValueError(f"holds {array.type} where numbers are needed.")
    try:
        floats = array.cast(pa.float64())
    except pa.ArrowInvalid as error:
        raise ValueError(f"holds something other than a number: {error}.") from error
    _check(floats)
    return floats


def _check(array: "pa.Array[Any]") -> None:
    type_ = array.type
    if _is_string(type_):
        return
    if not _is_one(type_, _FLAT):
        raise ValueError(f"is of type {type_}, which has no form in JSON or CSV. Write it as text.")
    if types.is_floating(type_):
        finite = pc.call_function("is_finite", [array.cast(pa.float64())])
        _refuse_unless(finite, "holds NaN or infinity, which JSON lacks. Leave the cell empty.")
    elif types.is_date(type_):
        per_day = 1 if types.is_date32(type_) else _PER_DAY["ms"]
        _check_years(array.cast(pa.int32() if types.is_date32(type_) else pa.int64()), per_day, 0)
    elif isinstance(type_, pa.TimestampType):
        _check_zone(type_.tz)
        _check_years(array.cast(pa.int64()), _PER_DAY[type_.unit], 1)
    if (types.is_timestamp(type_) or types.is_time64(type_)) and type_.unit == "ns":
        count = array.cast(pa.int64())
        whole = pc.call_function("multiply", [pc.call_function("divide", [count, 1000]), 1000])
        even = pc.call_function("equal", [whole, count])
        _refuse_unless(even, "holds nanoseconds, which JSON's times lack. Round it, or write text.")


def _check_years(count: "pa.Array[Any]", per_day: int, margin: int) -> None:
    first, last = (_FIRST_DAY + margin) * per_day, (_LAST_DAY - margin + 1) * per_day - 1
    # A type of few bits may not reach that far.
    bits = 2 ** (count.type.bit_width - 1)
    early = pc.call_function("greater_equal", [count, pa.scalar(max(first, -bits), count.type)])
    late = pc.call_function("less_equal", [count, pa.scalar(min(last, bits - 1), count.type)])
    inside = pc.call_function("and_kleene", [early, late])
    _refuse_unless(inside, "holds a year before 1 or after 9999, which JSON's dates lack.")


def _check_zone(zone: str | None) -> None:
    try:
        pa.scalar(0, pa.timestamp("us", zone)).as_py()
    except (ValueError, KeyError, pa.ArrowException) as error:
        raise ValueError(f"is in the time zone '{zone}', which is not known here.") from error


def _refuse_unless(holds: "pa.Array[Any]", why: str) -> None:
    if pc.call_function("all", [holds]).as_py() is False:
        raise ValueError(why)


def _checked_texts(texts: "pa.Array[Any]") -> "pa.Array[Any]":
    longest = pc.call_function("max", [pc.call_function("binary_length", [texts])]).as_py()
    if (longest or 0) > MAX_TEXT:
        raise ValueError(f"is longer than {MAX_TEXT >> 20} MiB.")
    return texts


def _leaves(array: "pa.Array[Any]") -> "Iterator[pa.Array[Any]]":
    """Yield the values that an array is made of, as arrays that are not nested."""
    if isinstance(array, pa.StructArray):
        for field in array.flatten():
            yield from _leaves(field)
    elif isinstance(array, pa.MapArray):
        yield from _leaves(array.keys)
        yield from _leaves(array.items)
    elif types.is_nested(array.type) and hasattr(array, "flatten"):
        yield from _leaves(array.flatten())
    elif isinstance(array, pa.DictionaryArray):
        yield from _leaves(array.dictionary)
    else:
        yield array


def _json_text(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def _is_string(type_: pa.DataType) -> bool:
    return _is_one(type_, _STRINGS)


def _is_one(type_: pa.DataType, kinds: "tuple[Callable[[pa.DataType], bool], ...]") -> bool:
    return any(is_kind(type_) for is_kind in kinds)
