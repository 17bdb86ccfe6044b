"""Which JSON texts are objects of the expected types: checked in C, one by one."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import polars as pl

from .dtypes import INT64, DType, Fields, fields_of, inner_of

_ESCAPED = frozenset({'"', "\\", *map(chr, range(32))})
_INT64: Any = Annotated[int, msgspec.Meta(ge=INT64[0], le=INT64[-1])]
_SCALARS: dict[DType, Any] = {
    pl.Boolean(): bool | None,
    pl.Float64(): float | None,
    pl.Int64(): _INT64 | None,
    pl.Null(): None,
    # A string column takes any value, as its JSON.
    pl.String(): Any,
}


def matches_fields(texts: pl.Series, fields: Fields) -> pl.Series:
    """Return a mask of the texts that are JSON objects whose values have the types of `fields`."""
    decode = msgspec.json.Decoder(_object(fields)).decode

    def decodes(text: str) -> bool:
        try:
            decode(text)
        except (msgspec.DecodeError, RecursionError):
            return False
        return True

    return pl.Series(texts.name, map(decodes, texts), dtype=pl.Boolean)


def _object(fields: Fields) -> type[msgspec.Struct]:
    """Make a class with one attribute for each field, whose name need not be an identifier.

    msgspec does not accept names that JSON has to escape; values of such fields are not checked.
    """
    plain = [name for name in fields if _ESCAPED.isdisjoint(name)]
    names = {f"f{number}": name for number, name in enumerate(plain)}
    attributes = [(attribute, _type(fields[name]), None) for attribute, name in names.items()]
    return msgspec.defstruct("Row", attributes, rename=names, gc=False)


def _type(dtype: DType) -> Any:
    if isinstance(dtype, pl.Struct):
        return _object(fields_of(dtype)) | None
    if isinstance(dtype, pl.List):
        item = _type(inner_of(dtype))
        return list[item] | None  # type: ignore[valid-type]
    return _SCALARS.get(dtype, Any)
