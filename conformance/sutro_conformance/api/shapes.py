"""The shapes that `openapi.yaml` gives, as validators."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs

import sutro_contract

_SCHEMAS = sutro_contract.load_contract()["components"]["schemas"]
JOB_FIELDS = frozenset(_SCHEMAS["Job"]["required"])
_DOCUMENTED = frozenset(_SCHEMAS["Job"]["properties"])


@cache
def _validator(name: str) -> Any:
    root = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": _SCHEMAS}}
    return jsonschema_rs.validator_for(root, validate_formats=False)


def problem(name: str, value: object) -> str | None:
    """Return how a value differs from a schema of the contract, or None if it does not."""
    error = next(_validator(name).iter_errors(value), None)
    if error is None:
        return None
    place = ".".join(str(step) for step in error.instance_path)
    return f"`{place}`: {error.message}" if place else str(error.message)


def job_problem(job: dict[str, Any]) -> str | None:
    """Return what is wrong with the types of a listed job; missing fields are no part of it."""
    error = next(
        (
            error
            for error in _validator("Job").iter_errors(job)
            if "required" not in error.schema_path
        ),
        None,
    )
    if error is None:
        return None
    return f"`{'.'.join(str(step) for step in error.instance_path)}` is {_shown(error.instance)}."


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) < 60 else text[:60] + "…"


def documented(job: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a job that the contract names; others may hold anything."""
    return {name: value for name, value in job.items() if name in _DOCUMENTED}
