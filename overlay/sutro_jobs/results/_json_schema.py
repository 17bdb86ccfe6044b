"""The columns that a JSON Schema of structured outputs declares, with their exact types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias
from urllib.parse import unquote

import polars as pl

from ._dtypes import DType, Fields, dtype_of_value, fields_of, merge_all

_Schema: TypeAlias = Mapping[str, Any]
_SCALARS: dict[str, DType] = {
    "boolean": pl.Boolean(),
    "integer": pl.Int64(),
    "null": pl.Null(),
    "number": pl.Float64(),
    "string": pl.String(),
}


def fields_of_schema(schema: object) -> Fields:
    """Return name and type of each property of the outputs, in the schema's order.

    Empty where the schema does not say which properties there are: no object, none declared, or
    others explicitly allowed by `additionalProperties` or `patternProperties`.
    """
    dtype = _Reader(schema).dtype(schema)
    return fields_of(dtype) if isinstance(dtype, pl.Struct) else {}


class _Reader:
    """Reads the parts of one JSON Schema document. A type of None means that the part allows any value."""

    def __init__(self, document: object) -> None:
        self._document = document
        self._open_references: list[str] = []

    def dtype(self, schema: object) -> DType | None:
        """Return the type of all values that the schema allows."""
        if not isinstance(schema, Mapping):
            return None
        return _all_of(read(self, schema) for key, read in _READERS.items() if key in schema)

    def field(self, schema: object) -> DType:
        """Return the type that a column or item of this schema gets."""
        dtype = self.dtype(schema)
        return pl.String() if dtype is None else dtype

    def reference(self, schema: _Schema) -> DType | None:
        """Follow a `$ref`; one that leads back into itself has no finite type."""
        reference = str(schema["$ref"])
        if reference in self._open_references:
            return pl.String()
        self._open_references.append(reference)
        try:
            return self.dtype(_resolve(self._document, reference))
        finally:
            self._open_references.pop()

    def parts(self, key: str, schema: _Schema) -> list[DType | None]:
        """Return the types of the schemas listed under `key`."""
        listed = schema[key]
        return [self.dtype(part) for part in listed] if isinstance(listed, list) else [None]

    def typed(self, schema: _Schema) -> DType | None:
        """Read the keyword `type`, one or several."""
        kinds = schema["type"]
        return _any_of(
            self._kind(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds)
        )

    def _kind(self, kind: str, schema: _Schema) -> DType | None:
        if kind == "object":
            return self.object_(schema)
        if kind == "array":
            return self.array(schema)
        return _SCALARS.get(kind)

    def object_(self, schema: _Schema) -> DType | None:
        """Read an object: a struct if its properties are known, JSON text if it has any others."""
        if schema.get("additionalProperties", False) is not False or "patternProperties" in schema:
            return pl.String()
        properties = schema.get("properties")
        if not isinstance(properties, Mapping) or not properties:
            return None if _combines(schema) else pl.String()
        return pl.Struct({str(name): self.field(part) for name, part in properties.items()})

    def array(self, schema: _Schema) -> DType | None:
        """Read an array: a list if its items have a schema, JSON text otherwise."""
        if "prefixItems" in schema:
            items = self.parts("prefixItems", schema)
            items += [self.dtype(schema["items"])] if schema.get("items") else []
            dtype = _any_of(items)
            return pl.String() if dtype is None else pl.List(dtype)
        return pl.List(self.field(schema["items"])) if "items" in schema else pl.String()


def _combines(schema: _Schema) -> bool:
    return not {"$ref", "allOf", "anyOf", "oneOf"}.isdisjoint(schema)


def _all_of(dtypes: Iterable[DType | None]) -> DType | None:
    known = [dtype for dtype in dtypes if dtype is not None]
    return merge_all(known) if known else None


def _any_of(dtypes: Iterable[DType | None]) -> DType | None:
    each = list(dtypes)
    return None if None in each else _all_of(each)


def _resolve(document: object, reference: str) -> object:
    """Return what a reference within the document points to (RFC 6901), None where it leads out."""
    if not reference.startswith("#"):
        return None
    for part in unquote(reference[1:]).split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(document, Mapping) or name not in document:
            return None
        document = document[name]
    return document


_READERS = {
    "$ref": _Reader.reference,
    "allOf": lambda reader, schema: _all_of(reader.parts("allOf", schema)),
    "anyOf": lambda reader, schema: _any_of(reader.parts("anyOf", schema)),
    "oneOf": lambda reader, schema: _any_of(reader.parts("oneOf", schema)),
    "enum": lambda _, schema: _any_of(dtype_of_value(value) for value in schema["enum"]),
    "const": lambda _, schema: dtype_of_value(schema["const"]),
    "type": _Reader.typed,
}
