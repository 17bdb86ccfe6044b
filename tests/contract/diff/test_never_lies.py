"""What a comparison calls harmless lets every value through that the older contract promised.

A reference implementation of JSON Schema judges values; the comparison sees the schemas alone.
"""

from typing import Any

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from sutro_contract.diff import Impact, compare

SCALARS: list[Any] = [None, True, False, 0, 1, 2, 3, 2.5, "", "a", "b", "ab", "abc"]
VALUES: list[Any] = [
    *SCALARS,
    *([], ["a"], [1], ["a", 1], ["a", "b", "c"]),
    *({"a": a, "b": b} for a in ("a", "abc", 1, None) for b in (1, 2.5, "a")),
    *({"a": "a"}, {"b": 2}, {}, {"a": {"a": "a", "b": 1}, "b": ["a"]}, {"a": 1, "b": 1, "c": 1}),
]
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]


def plain() -> st.SearchStrategy[Any]:
    """Make schemas that describe no fields."""
    small = st.integers(0, 3)
    types = st.sampled_from(TYPES)
    simple = st.fixed_dictionaries(
        {},
        optional={
            "type": types | st.lists(types, min_size=1, unique=True),
            "enum": st.lists(st.sampled_from(SCALARS), min_size=1, max_size=3),
            "minimum": small,
            "exclusiveMaximum": small,
            "maximum": small,
            "minLength": small,
            "maxLength": small,
            "minItems": small,
            "maxProperties": small,
            "multipleOf": st.sampled_from([1, 2]),
            "pattern": st.sampled_from(["^a", "b$"]),
            "required": st.lists(st.sampled_from("ab"), unique=True),
            "description": st.sampled_from(["A.", "B."]),
        },
    )
    return st.recursive(st.booleans() | simple, composed, max_leaves=5)


def composed(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(parts, min_size=1, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(TYPES),
            "allOf": several,
            "anyOf": several,
            "oneOf": several,
            "not": parts,
            "if": parts,
            "then": parts,
            "items": parts,
            "minLength": st.integers(0, 3),
        },
    )


def describing() -> st.SearchStrategy[Any]:
    """Make schemas that describe the same two fields."""
    fields = st.fixed_dictionaries({"a": plain(), "b": plain()})
    own = st.fixed_dictionaries(
        {"type": st.sampled_from(["object", ["object", "null"]]), "properties": fields},
        optional={
            "required": st.lists(st.sampled_from("ab"), unique=True),
            "additionalProperties": plain(),
            "maxProperties": st.integers(0, 2),
            "not": plain(),
        },
    )
    return own | st.builds(lambda parts: {"allOf": parts}, st.lists(own, min_size=1, max_size=2))


def pairs() -> st.SearchStrategy[tuple[Any, Any]]:
    """Make pairs of which both describe fields, or none does.

    Whether a field that comes to be described breaks a client is a convention, which values do not
    show.
    """
    return st.tuples(plain(), plain()) | st.tuples(describing(), describing())


def allowed(schema: Any) -> list[bool]:
    validator = jsonschema.Draft202012Validator(schema)
    return [validator.is_valid(value) for value in VALUES]


def sending(schema: Any) -> Any:
    return document({"requestBody": {"content": {"application/json": {"schema": schema}}}})


def receiving(schema: Any) -> Any:
    answer = {"description": "Here.", "content": {"application/json": {"schema": schema}}}
    return document({"responses": {"200": answer}})


def document(operation: Any) -> Any:
    return {"openapi": "3.1.1", "info": {}, "paths": {"/probe": {"post": operation}}}


def breaks(old: Any, new: Any) -> bool:
    return any(change.impact is Impact.MAJOR for change in compare(old, new))


@settings(max_examples=200)
@given(pair=pairs())
def test_a_value_that_is_no_longer_allowed_is_told(pair: tuple[Any, Any]) -> None:
    old, new = pair
    before, after = allowed(old), allowed(new)
    if any(was and not now for was, now in zip(before, after, strict=True)):
        assert breaks(sending(old), sending(new))
    if any(now and not was for was, now in zip(before, after, strict=True)):
        assert breaks(receiving(old), receiving(new))


@given(schema=plain() | describing())
def test_a_schema_does_not_differ_from_itself(schema: Any) -> None:
    assert compare(receiving(schema), receiving(schema)) == []
