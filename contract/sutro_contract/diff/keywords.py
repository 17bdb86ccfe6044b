"""Keywords of JSON Schema, by what they say and of which type."""

from __future__ import annotations

from typing import Any

from .located import Located, canonical

TYPES = ("null", "boolean", "number", "string", "array", "object")
"""The types of JSON. `integer` is `number` with a constraint."""

UPPER = {
    "maximum": "number",
    "exclusiveMaximum": "number",
    "maxLength": "string",
    "maxItems": "array",
    "maxProperties": "object",
}
LOWER = {
    "minimum": "number",
    "exclusiveMinimum": "number",
    "minLength": "string",
    "minItems": "array",
    "minProperties": "object",
}
CONSTRAINTS = {
    "multipleOf": "number",
    "pattern": "string",
    "contentEncoding": "string",
    "contentMediaType": "string",
    "contentSchema": "string",
    "uniqueItems": "array",
    "prefixItems": "array",
    "contains": "array",
    "minContains": "array",
    "maxContains": "array",
    "unevaluatedItems": "array",
    "patternProperties": "object",
    "propertyNames": "object",
    "dependentRequired": "object",
    "dependentSchemas": "object",
    "unevaluatedProperties": "object",
    "discriminator": "object",
}
"""Constraints that are compared as a whole: there or not, the same or another."""

FORMATS = {
    "int32": "number",
    "int64": "number",
    "float": "number",
    "double": "number",
}
"""Formats of numbers; all others are of strings."""

NOTES = ("title", "description", "default", "deprecated", "example", "examples", "externalDocs")
VALUES = "x-extensible-enum"
OPAQUE = ("not", "$dynamicRef", "$recursiveRef")
"""What constrains any type, and is compared as a whole."""

_COMPOSITION = ("allOf", "anyOf", "oneOf", "if", "then", "else", "$ref", *OPAQUE)
_SHAPE = ("type", "enum", "const", "format", "properties", "required", "additionalProperties")
_OTHER = ("items", "readOnly", "writeOnly", "nullable", "xml", "$defs", "$id", "$anchor")
_NAMED = ("properties", "patternProperties", "dependentSchemas", "$defs")
_SCHEMAS = {
    *_NAMED,
    *("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "items", "additionalProperties"),
    *("contains", "prefixItems", "propertyNames", "contentSchema"),
    *("unevaluatedItems", "unevaluatedProperties"),
}
_KNOWN = {*UPPER, *LOWER, *CONSTRAINTS, *NOTES, *_COMPOSITION, *_SHAPE, *_OTHER, VALUES}

# What says the same as nothing.
_EMPTY: dict[str, Any] = {
    "minLength": 0,
    "minItems": 0,
    "minProperties": 0,
    "uniqueItems": False,
    "multipleOf": None,
    "patternProperties": {},
    "dependentRequired": {},
    "dependentSchemas": {},
    "propertyNames": True,
    "unevaluatedProperties": True,
    "unevaluatedItems": True,
}


def says_nothing(keyword: str, value: Any) -> bool:
    """Tell whether a keyword with this value is the same as its absence."""
    return keyword in _EMPTY and value == _EMPTY[keyword] and type(value) is type(_EMPTY[keyword])


def is_note(keyword: str) -> bool:
    """Tell whether a keyword describes and does not constrain; extensions are notes too."""
    return keyword != VALUES and (
        keyword in NOTES or keyword.startswith(("x-", "$comment")) or keyword not in _KNOWN
    )


def type_of(value: Any) -> str:
    """Return the type of a JSON value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def bare(schema: Located, *, passed: tuple[str, ...] = (), named: bool = False) -> Any:
    """Return a schema with its references resolved and without notes, to compare it as a whole.

    A reference back to a schema that is being resolved stays a reference. `named` is for an object
    whose members are schemas under names of their own, such as `properties`.
    """
    node = schema.node
    if isinstance(node, list):
        return [bare(each, passed=passed) for each in schema.elements()]
    if not isinstance(node, dict):
        return node
    if named:
        return {name: bare(each, passed=passed) for name, each in schema.items()}
    if isinstance(node.get("$ref"), str) and node["$ref"] not in passed:
        return bare(schema.target(), passed=(*passed, node["$ref"]))
    return {
        name: _sorted(name, _member(name, each, passed))
        for name, each in schema.items()
        if not is_note(name) and not says_nothing(name, each.node)
    }


def _member(keyword: str, child: Located, passed: tuple[str, ...]) -> Any:
    if keyword in _SCHEMAS:
        return bare(child, passed=passed, named=keyword in _NAMED)
    return child.node


def constraint(keyword: str, child: Located) -> str:
    """Return a constraint as a text that is the same for what means the same."""
    return f"{keyword} {canonical(_member(keyword, child, ()))}"


def _sorted(keyword: str, value: Any) -> Any:
    if keyword in ("required", "enum", "anyOf", "oneOf", "allOf") and isinstance(value, list):
        return sorted(value, key=canonical)
    return value
