"""The shapes that `openapi.yaml` gives, as validators."""

from __future__ import annotations

from functools import cache
from typing import Any

import attrs
import jsonschema_rs

import sutro_contract

_SCHEMAS = sutro_contract.load_contract()["components"]["schemas"]
JOB_FIELDS = frozenset(_SCHEMAS["Job"]["required"])
_DOCUMENTED = frozenset(_SCHEMAS["Job"]["properties"])


_META_SCHEMAS = ("http://json-schema.org/", "https://json-schema.org/")


@cache
def _validator(name: str) -> Any:
    root = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": _SCHEMAS}}
    return jsonschema_rs.validator_for(root, validate_formats=False)


@attrs.frozen
class _Difference:
    """Where a value differs from a schema, and how."""

    pointer: str
    message: str
    value: object


def problem(name: str, value: object) -> str | None:
    """Return how a value differs from a schema of the contract, or None if it does not."""
    found = _first_difference(name, value)
    if found is None:
        return None
    return f"`{found.pointer}`: {found.message}" if found.pointer else found.message


def job_problem(job: dict[str, Any]) -> str | None:
    """Return what is wrong with the types of a listed job; missing fields are no part of it."""
    found = _first_difference("Job", job)
    return None if found is None else f"`{found.pointer}` is {_shown(found.value)}."


def _first_difference(name: str, value: object) -> _Difference | None:
    try:
        for error in _validator(name).iter_errors(value):
            if not (name == "Job" and "required" in error.schema_path):
                pointer = ".".join(str(step) for step in error.instance_path)
                return _Difference(pointer, str(error.message), error.instance)
    except ValueError as error:
        # The validator does not go as deep as JSON may.
        return _Difference("", str(error), value)
    return None


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) < 60 else text[:60] + "…"


def validator_of(schema: Any) -> Any:
    """Return a validator for a schema that a server gave, or None where there can be none.

    Nothing is fetched: a schema could make the verifier ask anybody for anything.
    """
    try:
        return jsonschema_rs.validator_for(schema, offline=True)
    except (ValueError, TypeError):
        return None


def is_schema(schema: dict[str, Any]) -> bool:
    """Return whether a value is a JSON Schema, as far as its dialect is known."""
    dialect = schema.get("$schema", _META_SCHEMAS[0])
    if not str(dialect).startswith(_META_SCHEMAS):
        return True
    try:
        return bool(jsonschema_rs.meta.is_valid(schema))
    except (ValueError, TypeError):
        return False


def documented(job: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a job that the contract names; others may hold anything."""
    return {name: value for name, value in job.items() if name in _DOCUMENTED}
