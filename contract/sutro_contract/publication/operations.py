"""The operations of a contract as those who call them see them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Call:
    """One operation with an example of a request."""

    id: str
    method: str
    path: str
    operation: dict[str, Any]

    @property
    def parameters(self) -> list[dict[str, Any]]:
        """The parameters, with their references resolved."""
        found: list[dict[str, Any]] = self.operation.get("parameters", [])
        return found

    @property
    def example_path(self) -> str:
        """The path with an example of each parameter in it."""
        path = self.path
        for each in self.parameters:
            if each["in"] == "path":
                path = path.replace(f"{{{each['name']}}}", str(each.get("example", "ID")))
        return path

    @property
    def example_query(self) -> dict[str, str]:
        """The parameters of the query that have an example."""
        return {
            each["name"]: str(each["example"])
            for each in self.parameters
            if each["in"] == "query" and "example" in each
        }

    @property
    def example_body(self) -> dict[str, Any] | None:
        """The example of the body, where there is one."""
        content = self.operation.get("requestBody", {}).get("content", {})
        body: dict[str, Any] | None = content.get("application/json", {}).get("example")
        return body


def calls(contract: dict[str, Any]) -> Iterator[Call]:
    """Yield the operations of a contract whose references are resolved."""
    for path, item in contract["paths"].items():
        for method in _METHODS:
            if method in item:
                operation = item[method]
                yield Call(operation["operationId"], method.upper(), path, operation)
