"""JSON texts to columns: fast where all rows are regular, exact where some are not.

Texts are parsed in slices. If a slice cannot be parsed, its irregular rows are found and decoded
one by one, so that a few of them among millions cost little.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeAlias

import polars as pl
from attrs import frozen

from . import ndjson
from .dtypes import JSON, Fields, dtype_of_value, fields_of, merge, merge_fields, storable
from .exact import MisfitError, fit, load_object, widen_integers
from .typed_rows import matches_fields

# Large enough for the parser's threads, small enough that a slice is searched quickly.
_SLICE_BYTES = 32 * 2**20
# The parser uses all cores; preparing the next slice meanwhile keeps them busy.
_SLICES_AT_ONCE = 2


@frozen
class Unpacked:
    """Columns of all rows, and a mask of the rows that were invalid; these are null throughout."""

    frame: pl.DataFrame
    is_invalid: pl.Series


class _TooNarrowError(Exception):
    """A value does not fit the columns; it fits `fields`."""

    def __init__(self, fields: Fields) -> None:
        super().__init__()
        self.fields = fields


_Widen: TypeAlias = Callable[[Fields, dict[str, JSON]], Fields]


def unpack_by_schema(texts: pl.Series, fields: Fields) -> Unpacked:
    """Unpack texts into `fields`, with wider integer types where values require them.

    Rows that are null, or JSON null, are null in all columns and valid. Rows that are not a JSON
    object, or have a value of another type than declared, are invalid.
    """
    return _unpack(texts, fields, _with_wider_integers)


def unpack_by_rows(texts: pl.Series) -> Unpacked:
    """Unpack texts into all properties that any row has, each with the narrowest type."""
    return _unpack(texts, infer_fields(texts), _merged)


def infer_fields(texts: pl.Series) -> Fields:
    """Return all properties that any row has, each with the narrowest type for all rows."""
    fields: Fields = {}
    for part in _slices(texts.drop_nulls()):
        fields = merge_fields(fields, _infer(part.filter(looks_like_object(part))))
    return {name: storable(dtype) for name, dtype in fields.items()}


def may_be_structured(outputs: pl.Series) -> bool:
    """Tell whether any output looks like a JSON object, without decoding it."""
    if outputs.dtype != pl.String():
        return False
    # Comparing is five times as fast as `starts_with`, as polars keeps the first bytes at hand.
    if ((outputs >= "{") & (outputs < "|")).any():
        return True
    return bool(looks_like_object(outputs.filter(outputs < "!")).any())


def looks_like_object(texts: pl.Series) -> pl.Series:
    """Return a mask of the texts whose first character beside blanks is a brace."""
    at_start = texts.str.starts_with("{")
    return at_start if at_start.all() else at_start | texts.str.contains(r"^[ \t\r\n]+\{")


def unpack_batch(texts: pl.Series, fields: Fields) -> Unpacked:
    """Unpack texts into exactly these types. Rows with integers beyond them are invalid.

    It runs in the calling thread only: in a lazy frame that is one of polars, which has few.
    """
    parse = partial(_parse_slice, fields=fields, widen=lambda fields, _: fields)
    return _stacked(list(map(parse, _slices(texts))))


def _unpack(texts: pl.Series, fields: Fields, widen: _Widen) -> Unpacked:
    if not fields:
        return Unpacked(pl.DataFrame(), pl.repeat(False, len(texts), eager=True))
    while True:
        parse = partial(_parse_slice, fields=fields, widen=widen)
        try:
            with ThreadPoolExecutor(_SLICES_AT_ONCE) as pool:
                return _stacked(list(pool.map(parse, _slices(texts))))
        except _TooNarrowError as error:
            fields = error.fields


def _slices(texts: pl.Series) -> Iterator[pl.Series]:
    """Cut texts into slices of some megabytes, so that only a few are in memory twice."""
    rows = max(1, _SLICE_BYTES * len(texts) // max(1, int(texts.str.len_bytes().sum())))
    for start in range(0, max(1, len(texts)), rows):
        yield texts.slice(start, rows)


def _parse_slice(texts: pl.Series, fields: Fields, widen: _Widen) -> Unpacked:
    """Parse all rows at once; else without the irregular ones; else one by one."""
    # A null output is null in all columns, like an object without properties.
    texts = texts.fill_null("{}")
    frame = ndjson.parse(texts, fields)
    if frame is not None:
        return Unpacked(frame, pl.repeat(False, len(texts), eager=True))
    is_regular = matches_fields(texts, fields)
    regular = ndjson.parse(texts.filter(is_regular), fields)
    if regular is None:
        return _read_one_by_one(texts, fields, widen)
    odd = _read_one_by_one(texts.filter(~is_regular), fields, widen)
    order = pl.concat([is_regular.arg_true(), (~is_regular).arg_true()]).arg_sort()
    is_invalid = pl.concat([pl.repeat(False, regular.height, eager=True), odd.is_invalid])
    return Unpacked(pl.concat([regular, odd.frame])[order], is_invalid.gather(order))


def _read_one_by_one(texts: pl.Series, fields: Fields, widen: _Widen) -> Unpacked:
    rows = pl.Series([_read(text, fields, widen) for text in texts], dtype=pl.String)
    frame = ndjson.parse(rows.fill_null("{}"), fields)
    if frame is not None:
        return Unpacked(frame, rows.is_null())
    # The parser has limits of its own, such as that of nesting.
    each = [ndjson.parse(row, fields) for row in rows.fill_null("{}").reshape((-1, 1))]
    nothing = pl.DataFrame(schema=fields).clear(1)
    frame = pl.concat([nothing if row is None else row for row in each])
    return Unpacked(frame, rows.is_null() | pl.Series([row is None for row in each]))


def _read(text: str, fields: Fields, widen: _Widen) -> str | None:
    """Return a text that the parser reads losslessly, None if the row is invalid."""
    try:
        value = load_object(text)
    except MisfitError:
        return None
    try:
        return _dump(value, fields)
    except MisfitError:
        _ask_for_wider(value, fields, widen(fields, value))
        return None


def _dump(value: dict[str, JSON], fields: Fields) -> str:
    return json.dumps(fit(value, pl.Struct(fields)), ensure_ascii=False, allow_nan=False)


def _ask_for_wider(value: dict[str, JSON], fields: Fields, wider: Fields) -> None:
    """Raise if the value fits wider columns; otherwise its row is invalid."""
    try:
        _dump(value, wider)
    except MisfitError:
        return
    if wider != fields:
        raise _TooNarrowError(wider)


def _with_wider_integers(fields: Fields, value: dict[str, JSON]) -> Fields:
    wider = widen_integers(pl.Struct(fields), value)
    return fields_of(wider) if isinstance(wider, pl.Struct) else fields


def _merged(fields: Fields, value: dict[str, JSON]) -> Fields:
    needed = {name: dtype_of_value(item) for name, item in value.items()}
    return {
        name: storable(merge(dtype, needed.get(name, pl.Null()))) for name, dtype in fields.items()
    }


def _infer(texts: pl.Series) -> Fields:
    """Infer from all texts at once; else from those that are JSON; else one by one."""
    for candidates in (texts, texts.filter(matches_fields(texts, {}))):
        fields = ndjson.infer(candidates)
        if fields is not None:
            return fields
    found: Fields = {}
    for text in texts:
        found = merge_fields(found, _properties(text))
    return found


def _properties(text: str) -> Fields:
    try:
        return {name: dtype_of_value(value) for name, value in load_object(text).items()}
    except MisfitError:
        return {}


def _stacked(parts: list[Unpacked]) -> Unpacked:
    return Unpacked(
        pl.concat([part.frame for part in parts]), pl.concat([part.is_invalid for part in parts])
    )
