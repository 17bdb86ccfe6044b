"""Every element of the contract says where it comes from."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sutro_contract

PAGE = Path(__file__).parents[2] / "docs" / "provenance.md"
ROW = re.compile(
    r"^\| `([^`]+)` \| (.+) \| (documented|observed|inferred|chosen) \|$", re.MULTILINE
)
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}


def named(node: dict[str, Any]) -> str:
    """Return the name of a parameter, which may stand behind a reference."""
    contract: Any = sutro_contract.load_contract()
    for step in node.get("$ref", "").lstrip("#/").split("/"):
        contract = contract[step] if step else node
    return contract["name"]


def operations() -> Iterator[str]:
    for path, item in sutro_contract.load_contract()["paths"].items():
        for method in METHODS & item.keys():
            operation = f"{method.upper()} {path}"
            yield operation
            parameters = item.get("parameters", []) + item[method].get("parameters", [])
            yield from (f"{operation} {named(parameter)}" for parameter in parameters)
            yield from (f"{operation} {status}" for status in item[method]["responses"])


def schemas() -> Iterator[str]:
    for name, schema in sutro_contract.load_contract()["components"]["schemas"].items():
        yield name
        yield from (f"{name}.{field}" for field in schema.get("properties", {}))
        values = schema.get("enum", []) + schema.get("x-extensible-enum", [])
        yield from (f"{name} {value}" for value in values)


def elements() -> list[str]:
    contract = sutro_contract.load_contract()
    return [
        *(server["url"] for server in contract["servers"]),
        *contract["components"]["securitySchemes"],
        *operations(),
        *schemas(),
        *(f"header {name}" for name in contract["components"]["headers"]),
    ]


def rows() -> list[str]:
    return [element for element, _, _ in ROW.findall(PAGE.read_text(encoding="utf-8"))]


def test_every_element_has_a_row() -> None:
    assert sorted(set(elements()) - set(rows())) == []


def test_every_row_has_an_element() -> None:
    assert sorted(set(rows()) - set(elements())) == []


def test_no_element_has_two_rows() -> None:
    assert len(rows()) == len(set(rows()))
