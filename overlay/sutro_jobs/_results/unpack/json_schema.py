"""Columns and exact types that a JSON Schema of structured outputs declares."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias
from urllib.parse import unquote

import polars as pl

from .dtypes import JSON, DType, Fields, dtype_of_value, fields_of, merge_all

_Schema: TypeAlias = dict[str, JSON]
_SCALARS: dict[str, DType] = {
    "boolean": pl.Boolean(),
    "integer": pl.Int64(),
    "null": pl.Null(),
    "number": pl.Float64(),
    "string": pl.String(),
}
_TEXT: DType = pl.String()


def fields_of_schema(schema: JSON) -> Fields:
    """Return name and type of each property of the outputs, in the order of the schema.

    Empty where the schema does not determine the properties: it does not describe an object,
    declares none, or allows others by `additionalProperties` or `patternProperties`.
    """
    dtype = _Reader(schema).dtype(schema)
    return fields_of(dtype) if isinstance(dtype, pl.Struct) else {}


class _Reader:
    """Reads one JSON Schema document. None stands for the type of any value."""

    def __init__(self, document: JSON) -> None:
        self._document = document
        self._open_references: list[str] = []
        self._keywords: dict[str, Callable[[_Schema], DType | None]] = {
            "$ref": self._reference,
            "allOf": lambda schema: _all_of(self._parts(schema["allOf"])),
            "anyOf": lambda schema: _any_of(self._parts(schema["anyOf"])),
            "oneOf": lambda schema: _any_of(self._parts(schema["oneOf"])),
            "enum": lambda schema: _any_of(map(dtype_of_value, _listed(schema["enum"]))),
            "const": lambda schema: dtype_of_value(schema["const"]),
            "type": self._typed,
        }

    def dtype(self, schema: JSON) -> DType | None:
        """Return the type of all values that the schema allows."""
        if not isinstance(schema, dict):
            return None
        return _all_of(read(schema) for word, read in self._keywords.items() if word in schema)

    def _field(self, schema: JSON) -> DType:
        dtype = self.dtype(schema)
        return _TEXT if dtype is None else dtype

    def _parts(self, schemas: JSON) -> list[DType | None]:
        return [self.dtype(part) for part in _listed(schemas)]

    def _reference(self, schema: _Schema) -> DType | None:
        """Follow a `$ref`; a recursive one has no finite type."""
        reference = str(schema["$ref"])
        if reference in self._open_references:
            return _TEXT
        self._open_references.append(reference)
        try:
            return self.dtype(_resolve(self._document, reference))
        finally:
            self._open_references.pop()

    def _typed(self, schema: _Schema) -> DType | None:
        return _any_of(self._kind(kind, schema) for kind in _listed(schema["type"]))

    def _kind(self, kind: JSON, schema: _Schema) -> DType | None:
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            return self._array(schema)
        return _SCALARS.get(str(kind))

    def _object(self, schema: _Schema) -> DType | None:
        """Return a struct if all properties are known, `String` if there may be others."""
        # JSON Schema allows additional properties by default; models are told not to write any.
        if schema.get("additionalProperties", False) is not False or "patternProperties" in schema:
            return _TEXT
        properties = schema.get("properties")
        if not isinstance(properties, dict) or not properties:
            # The properties may be those of another keyword.
            is_elsewhere = not {"$ref", "allOf", "anyOf", "oneOf"}.isdisjoint(schema)
            return None if is_elsewhere else _TEXT
        return pl.Struct({name: self._field(part) for name, part in properties.items()})

    def _array(self, schema: _Schema) -> DType | None:
        """Return a list if the items have one type, `String` otherwise."""
        if "prefixItems" in schema:
            items = self._parts(schema["prefixItems"])
            items += [self.dtype(schema["items"])] if schema.get("items") else []
            dtype = _any_of(items)
            return _TEXT if dtype is None else pl.List(dtype)
        return pl.List(self._field(schema["items"])) if "items" in schema else _TEXT


def _listed(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else [value]


def _all_of(dtypes: Iterable[DType | None]) -> DType | None:
    known = [dtype for dtype in dtypes if dtype is not None]
    return merge_all(known) if known else None


def _any_of(dtypes: Iterable[DType | None]) -> DType | None:
    each = list(dtypes)
    return None if None in each else _all_of(each)


def _resolve(document: JSON, reference: str) -> JSON:
    """Return the target of a reference within the document (RFC 6901), None if it is elsewhere."""
    if not reference.startswith("#"):
        return None
    for part in unquote(reference[1:]).split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(document, dict) or name not in document:
            return None
        document = document[name]
    return document
