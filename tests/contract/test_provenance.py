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


def resolved(node: Any) -> Any:
    """Return what a node says, which may stand behind a reference."""
    contract: Any = sutro_contract.load_contract()
    for step in node.get("$ref", "").lstrip("#/").split("/"):
        contract = contract[step] if step else node
    return contract


def operations() -> Iterator[str]:
    for path, item in sutro_contract.load_contract()["paths"].items():
        for method in METHODS & item.keys():
            operation = f"{method.upper()} {path}"
            yield operation
            parameters = map(resolved, item[method].get("parameters", []))
            yield from (f"{operation} {parameter['name']}" for parameter in parameters)
            for status, response in item[method]["responses"].items():
                yield f"{operation} {status}"
                if status.startswith("2"):
                    types = resolved(response).get("content", {}).keys() - {"application/json"}
                    yield from (f"{operation} {status} {media_type}" for media_type in types)


def schemas() -> Iterator[str]:
    for name, schema in sutro_contract.load_contract()["components"]["schemas"].items():
        yield name
        if "if" in schema:
            yield f"{name} exclusive forms"
        for field, value in schema.get("properties", {}).items():
            yield f"{name}.{field}"
            if "format" in value:
                yield f"{name}.{field} {value['format']}"
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
