"""Edits of schemas, in what is sent and in what is received."""

from collections.abc import Iterator
from typing import Any

import sutro_contract
from sutro_contract.diff.rules import Direction

from .editing import (
    ARGUMENT,
    FIELD,
    LIST_OF,
    NULL,
    NUMBER,
    OBJECT,
    REQUEST,
    TEXT,
    WHOLE,
    Edit,
    put,
)

# What the first schema of each pair allows, the second allows too; the rules of both ways.
NARROWER_AND_WIDER: list[tuple[str, Any, Any, str]] = [
    ("one type → any type", TEXT, {}, "type"),
    ("a text → a text or null", TEXT, {"type": ["string", "null"]}, "type"),
    ("a text → `oneOf` a text and null", TEXT, {"oneOf": [TEXT, NULL]}, "type"),
    ("an object → an object or a text", OBJECT, {"anyOf": [OBJECT, TEXT]}, "type"),
    (
        "a text or null → a text or null or a number",
        {"type": ["string", "null"]},
        {"type": ["string", "null", "number"]},
        "type",
    ),
    ("an array → an array or an object", LIST_OF, {"anyOf": [LIST_OF, OBJECT]}, "type"),
    ("nothing → a text", False, TEXT, "type"),
    ("an integer → a number", WHOLE, NUMBER, "constraint"),
    ("two values → three", {"enum": ["a", "b"]}, {"enum": ["a", "b", "c"]}, "enum"),
    ("two values → any text", TEXT | {"enum": ["a", "b"]}, TEXT, "enum"),
    ("a constant → two values", {"const": "a"}, {"enum": ["a", "b"]}, "enum"),
    ("a constant → any text", TEXT | {"const": "a"}, TEXT, "enum"),
    ("true → true or false", {"const": True}, {"type": "boolean"}, "enum"),
    (
        "one of two lists of values → either",
        {"enum": ["a"]},
        {"anyOf": [{"enum": ["a"]}, {"enum": ["b"]}]},
        "enum",
    ),
    ("`maximum` 5 → `maximum` 10", NUMBER | {"maximum": 5}, NUMBER | {"maximum": 10}, "bound"),
    ("`maximum` 5 → without", NUMBER | {"maximum": 5}, NUMBER, "bound"),
    (
        "`exclusiveMaximum` 5 → `maximum` 5",
        NUMBER | {"exclusiveMaximum": 5},
        NUMBER | {"maximum": 5},
        "bound",
    ),
    ("`minimum` 5 → `minimum` 1", NUMBER | {"minimum": 5}, NUMBER | {"minimum": 1}, "bound"),
    ("`minimum` 1 → without", WHOLE | {"minimum": 1}, WHOLE, "bound"),
    (
        "`exclusiveMinimum` 0 → `minimum` 0",
        NUMBER | {"exclusiveMinimum": 0},
        NUMBER | {"minimum": 0},
        "bound",
    ),
    ("`minLength` 3 → `minLength` 1", TEXT | {"minLength": 3}, TEXT | {"minLength": 1}, "bound"),
    ("`minLength` 1 → without", TEXT | {"minLength": 1}, TEXT, "bound"),
    ("`maxLength` 5 → `maxLength` 9", TEXT | {"maxLength": 5}, TEXT | {"maxLength": 9}, "bound"),
    ("`minItems` 1 → without", LIST_OF | {"minItems": 1}, LIST_OF, "bound"),
    ("`maxItems` 2 → `maxItems` 4", LIST_OF | {"maxItems": 2}, LIST_OF | {"maxItems": 4}, "bound"),
    ("`maxProperties` 1 → without", OBJECT | {"maxProperties": 1}, OBJECT, "bound"),
    (
        "`minProperties` 2 → `minProperties` 1",
        OBJECT | {"minProperties": 2},
        OBJECT | {"minProperties": 1},
        "bound",
    ),
    (
        "`maximum` 5 by `allOf` → `maximum` 10",
        {"allOf": [NUMBER | {"maximum": 10}, {"maximum": 5}]},
        NUMBER | {"maximum": 10},
        "bound",
    ),
    ("a `pattern` → without", TEXT | {"pattern": "^a"}, TEXT, "constraint"),
    ("a `format` → without", TEXT | {"format": "date-time"}, TEXT, "constraint"),
    ("`int32` → `int64`", WHOLE | {"format": "int32"}, WHOLE | {"format": "int64"}, "constraint"),
    (
        "`float` → `double`",
        NUMBER | {"format": "float"},
        NUMBER | {"format": "double"},
        "constraint",
    ),
    ("`multipleOf` → without", NUMBER | {"multipleOf": 2}, NUMBER, "constraint"),
    ("`uniqueItems` → without", LIST_OF | {"uniqueItems": True}, LIST_OF, "constraint"),
    ("`not` → without", TEXT | {"not": {"const": "a"}}, TEXT, "constraint"),
    (
        "`if` and `then` → without",
        OBJECT | {"if": {"required": ["a"]}, "then": {"required": ["b"]}},
        OBJECT,
        "constraint",
    ),
    (
        "`dependentRequired` → without",
        OBJECT | {"dependentRequired": {"a": ["b"]}},
        OBJECT,
        "constraint",
    ),
    (
        "`patternProperties` → without",
        OBJECT | {"patternProperties": {"^x": TEXT}},
        OBJECT,
        "constraint",
    ),
    (
        "`propertyNames` → without",
        OBJECT | {"propertyNames": {"maxLength": 3}},
        OBJECT,
        "constraint",
    ),
    ("`contains` → without", LIST_OF | {"contains": {"const": "a"}}, LIST_OF, "constraint"),
    ("`prefixItems` → without", LIST_OF | {"prefixItems": [{"const": "a"}]}, LIST_OF, "constraint"),
    ("`contentMediaType` → without", TEXT | {"contentMediaType": "text/csv"}, TEXT, "constraint"),
    ("a field required → without", OBJECT | {"required": ["a"]}, OBJECT, "required"),
    (
        "two fields required → one",
        OBJECT | {"required": ["a", "b"]},
        OBJECT | {"required": ["a"]},
        "required",
    ),
    (
        "a field required by `allOf` → without",
        {"allOf": [OBJECT, {"required": ["b"]}]},
        OBJECT,
        "required",
    ),
    ("no other fields → any", OBJECT | {"additionalProperties": False}, OBJECT, "extra"),
    ("other fields are texts → anything", OBJECT | {"additionalProperties": TEXT}, OBJECT, "type"),
    ("elements are texts → anything", LIST_OF, {"type": "array"}, "type"),
    (
        "elements have two values → any text",
        {"type": "array", "items": {"enum": ["a", "b"]}},
        LIST_OF,
        "enum",
    ),
    (
        "a field of a field has `maximum` 5 → 10",
        {
            "type": "object",
            "properties": {"in": {"type": "object", "properties": {"n": NUMBER | {"maximum": 5}}}},
        },
        {
            "type": "object",
            "properties": {"in": {"type": "object", "properties": {"n": NUMBER | {"maximum": 10}}}},
        },
        "bound",
    ),
    (
        "one of two objects → one of three",
        {"oneOf": [{"type": "object", "required": [n]} for n in "ab"]},
        {"oneOf": [{"type": "object", "required": [n]} for n in "abc"]},
        "alternative",
    ),
]

# Two schemas of which neither has all values of the other: breaking, whichever came first.
OTHERS: list[tuple[str, Any, Any, str]] = [
    (
        "`pattern` ^a → `pattern` ^b",
        TEXT | {"pattern": "^a"},
        TEXT | {"pattern": "^b"},
        "constraint-changed",
    ),
    (
        "`format` date → date-time",
        TEXT | {"format": "date"},
        TEXT | {"format": "date-time"},
        "constraint-changed",
    ),
    (
        "`multipleOf` 2 → `multipleOf` 3",
        NUMBER | {"multipleOf": 2},
        NUMBER | {"multipleOf": 3},
        "constraint-changed",
    ),
    (
        "`discriminator` kind → type",
        OBJECT | {"discriminator": {"propertyName": "kind"}},
        OBJECT | {"discriminator": {"propertyName": "type"}},
        "constraint-changed",
    ),
    (
        "overlapping `oneOf` → `anyOf`",
        {"oneOf": [{"type": "object", "required": [n]} for n in "ab"]},
        {"anyOf": [{"type": "object", "required": [n]} for n in "ab"]},
        "constraint-changed",
    ),
]

# Schemas that mean the same.
SAME: list[tuple[str, Any, Any]] = [
    ("`allOf` around one schema", TEXT, {"allOf": [TEXT]}),
    (
        "`allOf` of parts → and one schema",
        OBJECT | {"required": ["a"]},
        {"allOf": [OBJECT, {"required": ["a"]}]},
    ),
    ("`oneOf` with null → `anyOf` with null", {"oneOf": [TEXT, NULL]}, {"anyOf": [TEXT, NULL]}),
    ("`oneOf` with null → a list of types", {"oneOf": [TEXT, NULL]}, {"type": ["string", "null"]}),
    ("`oneOf` of different types → `anyOf`", {"oneOf": [TEXT, OBJECT]}, {"anyOf": [TEXT, OBJECT]}),
    ("`anyOf` in another order", {"anyOf": [TEXT, OBJECT]}, {"anyOf": [OBJECT, TEXT]}),
    ("`anyOf` around one schema", TEXT, {"anyOf": [TEXT]}),
    (
        "a reference → the schema itself",
        {"$ref": "#/components/schemas/FailureReason"},
        sutro_contract.load_contract()["components"]["schemas"]["FailureReason"],
    ),
    ("`const` → an `enum` of one", TEXT | {"const": "a"}, TEXT | {"enum": ["a"]}),
    ("`enum` in another order", {"enum": ["a", "b"]}, {"enum": ["b", "a"]}),
    ("`enum` with null → `anyOf` null", {"enum": ["a", None]}, {"anyOf": [{"const": "a"}, NULL]}),
    ("types in another order", {"type": ["string", "null"]}, {"type": ["null", "string"]}),
    ("a list of one type → the type", {"type": ["string"]}, TEXT),
    (
        "`required` in another order",
        OBJECT | {"required": ["a", "b"]},
        OBJECT | {"required": ["b", "a"]},
    ),
    ("an empty `required` → without", OBJECT | {"required": []}, OBJECT),
    ("`additionalProperties` true → without", OBJECT | {"additionalProperties": True}, OBJECT),
    ("`additionalProperties` {} → without", OBJECT | {"additionalProperties": {}}, OBJECT),
    ("`items` {} → without", {"type": "array", "items": {}}, {"type": "array"}),
    ("`minLength` 0 → without", TEXT | {"minLength": 0}, TEXT),
    ("`minItems` 0 → without", LIST_OF | {"minItems": 0}, LIST_OF),
    ("`uniqueItems` false → without", LIST_OF | {"uniqueItems": False}, LIST_OF),
    ("true → {}", True, {}),
    ("the number 1 → 1.0", {"enum": [1]}, {"enum": [1.0]}),
    (
        "`exclusiveMaximum` 8 of an integer → `maximum` 7",
        WHOLE | {"exclusiveMaximum": 8},
        WHOLE | {"maximum": 7},
    ),
    ("`minLength` of a number → without", NUMBER | {"minLength": 3}, NUMBER),
    ("`deprecated` false → without", TEXT | {"deprecated": False}, TEXT),
    ("both values of a boolean → the type", {"enum": [True, False]}, {"type": "boolean"}),
    (
        "two bounds → the tighter one",
        NUMBER | {"allOf": [{"maximum": 5}, {"maximum": 9}]},
        NUMBER | {"maximum": 5},
    ),
]


def schema_edits() -> Iterator[Edit]:
    for text, narrow, wide, rule in NARROWER_AND_WIDER:
        yield from _both_ways(text, narrow, wide, f"{rule}-wider")
        yield from _both_ways(_swapped(text), wide, narrow, f"{rule}-narrower")
    for text, one, other, rule in OTHERS:
        yield from _both_ways(text, one, other, rule)
    for text, one, other in SAME:
        for where, pointer, direction in _PLACES:
            yield Edit(text, where, None, direction, (put(pointer, one),), (put(pointer, other),))


_PLACES = (
    ("sent", ARGUMENT, Direction.REQUEST),
    ("received", FIELD, Direction.ANSWER),
)


def _both_ways(text: str, old: Any, new: Any, rule: str) -> Iterator[Edit]:
    for where, pointer, direction in _PLACES:
        yield Edit(text, where, rule, direction, (put(pointer, old),), (put(pointer, new),))


def _swapped(text: str) -> str:
    one, _, other = text.partition(" → ")
    return f"{other} → {one}"


def field_edits() -> Iterator[Edit]:
    probe = {"type": "object", "properties": {"a": TEXT}}
    more = {"type": "object", "properties": {"a": TEXT, "b": TEXT}}
    needed = more | {"required": ["b"]}
    closed = {"additionalProperties": False}
    for where, pointer, direction in _PLACES:
        for text, rule, old, new in (
            ("a field is added", "property-added", probe, more),
            ("a required field is added", "required-property-added", probe, needed),
            ("a field is removed", "property-removed", more, probe),
            ("a required field is removed", "property-removed", needed, probe),
            ("a field is added by `allOf`", "property-added", probe, {"allOf": [probe, more]}),
            (
                "a field is renamed",
                "property-removed",
                probe,
                {"type": "object", "properties": {"c": TEXT}},
            ),
            (
                "a field is added where there were no others",
                "property-added" if direction is REQUEST else "type-wider",
                probe | closed,
                more | closed,
            ),
            (
                "a default changes",
                "default-changed",
                TEXT | {"default": "a"},
                TEXT | {"default": "b"},
            ),
            ("a default goes", "default-changed", TEXT | {"default": "a"}, TEXT),
            ("a field is deprecated", "deprecated", TEXT, TEXT | {"deprecated": True}),
            (
                "a description changes",
                "note-changed",
                TEXT | {"description": "A."},
                TEXT | {"description": "B."},
            ),
            ("an example is added", "note-changed", TEXT, TEXT | {"examples": ["a"]}),
            ("an extension is added", "note-changed", TEXT, TEXT | {"x-order": 1}),
            (
                "a known value is dropped",
                "known-value-removed",
                TEXT | {"x-extensible-enum": ["A", "B"]},
                TEXT | {"x-extensible-enum": ["A"]},
            ),
            (
                "a known value is added",
                "known-value-added",
                TEXT | {"x-extensible-enum": ["A"]},
                TEXT | {"x-extensible-enum": ["A", "B"]},
            ),
            (
                "an open list is closed",
                "enum-narrower",
                TEXT | {"x-extensible-enum": ["A"]},
                TEXT | {"enum": ["A"]},
            ),
            (
                "a closed list is opened",
                "enum-wider",
                TEXT | {"enum": ["A"]},
                TEXT | {"x-extensible-enum": ["A"]},
            ),
        ):
            yield Edit(text, where, rule, direction, (put(pointer, old),), (put(pointer, new),))
