"""Forms of a contract for tools that do not follow its references."""

from __future__ import annotations

from typing import Any

from ..source import ContractError, version

SCHEMA_HOST = "https://deployment.example.com/schemas"
"""Where schemas say that they are. The name cannot exist: an `$id` is a name, not an address."""

_REFERENCE = "#/components/schemas/"
_UNOFFICIAL = "From an unofficial description of the Sutro jobs API."


def dereferenced(contract: dict[str, Any]) -> dict[str, Any]:
    """Return a contract with what its references stand for in their place.

    Raises:
        ContractError: a reference leads nowhere, or a schema refers to itself.
    """
    return dict(_without_references(contract, contract, ()))


def _without_references(node: Any, contract: dict[str, Any], passed: tuple[str, ...]) -> Any:
    if isinstance(node, list):
        return [_without_references(each, contract, passed) for each in node]
    if not isinstance(node, dict):
        return node
    pointer = node.get("$ref")
    if isinstance(pointer, str):
        if pointer in passed:
            raise ContractError(f"{pointer} refers to itself, so it cannot stand in its place.")
        found = _without_references(_found(contract, pointer), contract, (*passed, pointer))
        # OpenAPI 3.1 lets a description stand beside a reference, and it goes before.
        return {**found, **{name: value for name, value in node.items() if name != "$ref"}}
    return {name: _without_references(each, contract, passed) for name, each in node.items()}


def _found(contract: dict[str, Any], pointer: str) -> Any:
    node: Any = contract
    try:
        for step in pointer.removeprefix("#/").split("/"):
            node = node[step.replace("~1", "/").replace("~0", "~")]
    except (KeyError, TypeError) as error:
        raise ContractError(f"{pointer} is nowhere in the contract.") from error
    return node


def json_schemas(contract: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return each schema of a contract as a JSON Schema of its own, by the name of its file.

    They refer to each other by `$id`, which is the same for one version of the contract for ever.
    """
    base = f"{SCHEMA_HOST}/{version(contract)}"
    return {
        f"{name}.json": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": f"{base}/{name}.json",
            "$comment": _UNOFFICIAL,
            "title": name,
            **_between_files(schema),
        }
        for name, schema in contract["components"]["schemas"].items()
    }


def _between_files(node: Any) -> Any:
    if isinstance(node, list):
        return [_between_files(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        name: f"{each.removeprefix(_REFERENCE)}.json"
        if name == "$ref" and isinstance(each, str)
        else _between_files(each)
        for name, each in node.items()
    }
