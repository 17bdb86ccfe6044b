"""Nodes of a document, together with where they are."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..source import ContractError


@dataclass(frozen=True)
class Located:
    """A node of a document and the JSON pointer to it."""

    node: Any
    pointer: str
    root: Any = field(repr=False, compare=False)

    def child(self, *steps: str | int) -> Located:
        """Return the node below this one; `None` is the node where there is nothing."""
        node, pointer = self.node, self.pointer
        for step in steps:
            pointer = f"{pointer}/{escape(str(step))}"
            node = _step(node, step)
        return Located(node, pointer, self.root)

    def resolved(self) -> Located:
        """Follow `$ref` to what it stands for.

        Raises:
            ContractError: a reference leads nowhere, out of the document, or to itself.
        """
        here, passed = self, set[str]()
        while isinstance(here.node, dict) and "$ref" in here.node:
            here = here.target()
            if here.pointer in passed:
                raise ContractError(f"{here.pointer} refers to itself.")
            passed.add(here.pointer)
        return here

    def target(self) -> Located:
        """Return the node that this node's `$ref` names.

        Raises:
            ContractError: it leads nowhere, or out of the document.
        """
        pointer = self.node["$ref"]
        node = self.root if pointer.startswith("#/") else None
        for step in pointer.removeprefix("#/").split("/"):
            node = _step(node, step.replace("~1", "/").replace("~0", "~"))
        if node is None:
            raise ContractError(
                f"{pointer} is nowhere in the contract. Put all of it into one file."
            )
        return Located(node, pointer, self.root)

    def items(self) -> Iterator[tuple[str, Located]]:
        """Yield the members of an object, each with its name; nothing where there is none."""
        for name in self.node or {}:
            yield str(name), self.child(name)

    def elements(self) -> Iterator[Located]:
        """Yield the elements of an array; nothing where there is none."""
        for index in range(len(self.node or ())):
            yield self.child(index)


def _step(node: Any, step: str | int) -> Any:
    if isinstance(node, dict):
        return node.get(step, node.get(int(step)) if _is_status(step) else None)
    if isinstance(node, list) and str(step).isdecimal() and int(step) < len(node):
        return node[int(step)]
    return None


def _is_status(step: str | int) -> bool:
    # YAML reads a status that is not quoted as a number.
    return isinstance(step, str) and step.isdecimal()


def escape(step: str) -> str:
    """Return one step of a JSON pointer as it is written in it."""
    return step.replace("~", "~0").replace("/", "~1")


def canonical(value: Any) -> str:
    """Return a JSON value as a text: equal values have the same, whatever their members' order."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, default=str)


def _plain(value: Any) -> Any:
    """Write whole numbers as integers, as 1.0 and 1 are the same number."""
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
