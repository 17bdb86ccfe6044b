"""Schemas in a normal form, in which two that mean the same are the same.

A form says, type by type, which values a schema allows. References are followed; `allOf` and what
stands beside a reference are intersected; `oneOf` and `anyOf` whose alternatives are of different
types, such as a schema or null, become one form; `const` is an `enum` of one, `exclusiveMaximum: 8`
of an integer is `maximum: 7`. Fields and elements stay unread until they are compared, so that
schemas may refer to themselves.
"""

from __future__ import annotations

import math
from dataclasses import replace

from ..source import ContractError
from .keywords import (
    CONSTRAINTS,
    FORMATS,
    LOWER,
    OPAQUE,
    TYPES,
    UPPER,
    VALUES,
    bare,
    constraint,
    is_note,
    says_nothing,
    type_of,
)
from .located import Located, canonical
from .shapes import Alternatives, Bound, Form, Schema, Shape, tightest


def form_of(schema: Schema, at: Located | None = None) -> Form:
    """Return the normal form of schemas that hold all at once; of none, it allows everything.

    Raises:
        ContractError: a schema consists of itself.
    """
    return _form(schema, at or schema[0], ())


def _form(schema: Schema, at: Located, passed: tuple[str, ...]) -> Form:
    form = Form(at, {name: Shape() for name in TYPES})
    for each in schema:
        form = form.and_(_single(each, passed))
    return _without_empty(replace(form, at=at))


def _single(schema: Located, passed: tuple[str, ...]) -> Form:
    if schema.node is False:
        return Form(schema, {})
    if not isinstance(schema.node, dict):
        return Form(schema, {name: Shape() for name in TYPES})
    if schema.pointer in passed:
        raise ContractError(f"{schema.pointer} consists of itself.")
    passed = (*passed, schema.pointer)
    form = _own(schema)
    if "$ref" in schema.node:
        form = form.and_(_single(schema.target(), passed))
    for part in schema.child("allOf").elements():
        form = form.and_(_single(part, passed))
    for keyword in ("anyOf", "oneOf"):
        if schema.node.get(keyword):
            form = form.and_(_united(schema.child(keyword), keyword, passed))
    return form


def _united(alternatives: Located, keyword: str, passed: tuple[str, ...]) -> Form:
    """Return the form that allows what any alternative allows, or keep the alternatives."""
    forms = [_form((each,), each, passed) for each in alternatives.elements()]
    shapes: dict[str, Shape] = {}
    united = all(form.is_plain for form in forms)
    for form in forms:
        for name, shape in form.shapes.items():
            if name in shapes and not _can_unite(shapes[name], shape, keyword):
                united = False
            else:
                shapes[name] = _either(shapes[name], shape) if name in shapes else shape
    notes, known = _notes_of(forms)
    if united:
        return Form(alternatives, shapes, notes=notes, known=known)
    if len(forms) == 1:
        return forms[0]
    schemas = _by_meaning(alternatives, keyword)
    types = {name for form in forms for name in form.shapes}
    kept = Alternatives(keyword, schemas, alternatives)
    return Form(alternatives, {name: Shape() for name in types}, (kept,))


def _by_meaning(alternatives: Located, keyword: str) -> dict[str, Schema]:
    """Return alternatives by what they say. `oneOf` with one twice refuses what both allow."""
    found: dict[str, Schema] = {}
    for each in alternatives.elements():
        meaning = canonical(bare(each))
        while keyword == "oneOf" and meaning in found:
            meaning += " again"
        found[meaning] = (each,)
    return found


def _notes_of(forms: list[Form]) -> tuple[dict[str, Located], dict[str, Located] | None]:
    """Return the notes of the only alternative beside null, and the values that any names."""
    # `oneOf` with null is how many write a type or null, and its notes are about the type.
    told = [form for form in forms if set(form.shapes) != {"null"}]
    known = [form.known for form in told if form.known is not None]
    notes = told[0].notes if len(told) == 1 else {}
    return notes, {name: at for each in known for name, at in each.items()} if known else None


def _can_unite(one: Shape, other: Shape, keyword: str) -> bool:
    """Whether both say nothing but which values there are; `oneOf` refuses what both allow."""
    if one.values is None or other.values is None:
        return False
    shared = keyword == "oneOf" and one.values.keys() & other.values.keys()
    return not shared and all(replace(shape, values=None) == Shape() for shape in (one, other))


def _either(one: Shape, other: Shape) -> Shape:
    return replace(one, values={**(one.values or {}), **(other.values or {})})


def _own(schema: Located) -> Form:
    """Return the form of a schema's own keywords, without what it is composed of."""
    node = schema.node
    types = node.get("type", list(TYPES))
    wanted = [types] if isinstance(types, str) else list(types)
    if node.get("nullable") is True:
        wanted.append("null")
    shapes = {
        name: _shape(schema, name, whole="integer" in wanted and "number" not in wanted)
        for name in TYPES
        if name in wanted or (name == "number" and "integer" in wanted)
    }
    return Form(
        schema,
        shapes,
        conditions=_conditions(schema),
        notes={name: each for name, each in schema.items() if is_note(name)},
        known=_known(schema),
        only=frozenset(name for name in ("readOnly", "writeOnly") if node.get(name) is True),
    )


def _known(schema: Located) -> dict[str, Located] | None:
    if VALUES not in schema.node:
        return None
    return {str(each.node): schema.child(VALUES) for each in schema.child(VALUES).elements()}


def _conditions(schema: Located) -> dict[str, Located]:
    found = {}
    for keyword in (keyword for keyword in OPAQUE if keyword in schema.node):
        found[constraint(keyword, schema.child(keyword))] = schema.child(keyword)
    if "if" in schema.node:
        parts = [canonical(bare(schema.child(name))) for name in ("if", "then", "else")]
        found[f"if {parts}"] = schema.child("if")
    return found


def _shape(schema: Located, name: str, *, whole: bool) -> Shape:
    return Shape(
        _values(schema, name),
        _bounds(schema, name, UPPER, whole=whole),
        _bounds(schema, name, LOWER, whole=whole),
        _constraints(schema, name, whole=whole),
        *(_fields(schema) if name == "object" else ({}, {}, ())),
        _one(schema, "items") if name == "array" else (),
    )


def _values(schema: Located, name: str) -> dict[str, Located] | None:
    node = schema.node
    if "const" in node:
        listed, at = [node["const"]], schema.child("const")
    elif "enum" in node:
        listed, at = node["enum"], schema.child("enum")
    else:
        return None
    values = {canonical(value): at for value in listed if type_of(value) == name}
    # Types of so few values may list them all, which says nothing more than the type.
    everything = {"null": 1, "boolean": 2}.get(name) == len(values)
    return None if everything else values


def _bounds(
    schema: Located, name: str, keywords: dict[str, str], *, whole: bool
) -> dict[str, tuple[Bound, Located]]:
    """Return the bound of each measure: the value itself, a length or a number of parts."""
    found: dict[str, tuple[Bound, Located]] = {}
    for keyword, kind in keywords.items():
        value = schema.node.get(keyword)
        if kind != name or not isinstance(value, (int, float)) or says_nothing(keyword, value):
            continue
        strict = keyword.startswith("exclusive")
        measure = keyword.replace("exclusiveM", "m")
        bound = {measure: (_bound(value, strict, whole, keywords), schema.child(keyword))}
        found = tightest(found, bound, min if keywords is UPPER else max)
    return found


def _bound(value: float, strict: bool, whole: bool, keywords: dict[str, str]) -> Bound:
    # Between two whole numbers there is nothing, so any bound has one closed form.
    if not whole or isinstance(value, bool):
        return value, not strict
    upper = keywords is UPPER
    nearest = math.floor(value) if upper else math.ceil(value)
    if strict and nearest == value:
        nearest += -1 if upper else 1
    return nearest, True


def _constraints(schema: Located, name: str, *, whole: bool) -> dict[str, Located]:
    found = {
        constraint(keyword, schema.child(keyword)): schema.child(keyword)
        for keyword, kind in CONSTRAINTS.items()
        if kind == name
        and keyword in schema.node
        and not says_nothing(keyword, schema.node[keyword])
    }
    shown = schema.node.get("format")
    if shown is not None and FORMATS.get(shown, "string") == name:
        found[f"format {canonical(shown)}"] = schema.child("format")
    # Not a type of its own: 1.0 is an integer, so what is an integer is a number that is whole.
    if whole and name == "number":
        found['type "integer"'] = schema.child("type")
    return found


def _fields(schema: Located) -> tuple[dict[str, Schema], dict[str, Located], Schema]:
    properties: dict[str, Schema] = {
        name: (each,) for name, each in schema.child("properties").items()
    }
    required = schema.child("required")
    extra = _one(schema, "additionalProperties")
    return properties, {str(name): required for name in required.node or []}, extra


def _one(schema: Located, keyword: str) -> Schema:
    child = schema.child(keyword)
    return () if child.node is None or child.node is True or child.node == {} else (child,)


def _without_empty(form: Form) -> Form:
    """Drop the types of which no value is left."""
    shapes = {name: shape for name, shape in form.shapes.items() if shape.values != {}}
    return replace(form, shapes=shapes)
