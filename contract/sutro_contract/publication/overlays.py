"""OpenAPI Overlays: the editions before the current one, as changes of its contract."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from ..source import ContractError

_FILES = Path(__file__).parent / "files"
_STEP = re.compile(r"\.(\w+)|\['([^']*)'\]")

EDITIONS = ("e2", "e1")
"""The older editions, the newer one first."""


def overlay(edition: str, version: str) -> dict[str, Any]:
    """Return the overlay that turns the current contract into that of an edition.

    That of 2025 is written as changes of the one after it, so its actions follow on those.
    """
    document = _read(edition, version)
    if edition == "e1":
        document["actions"] = [*_read("e2", version)["actions"], *document["actions"]]
        document["extends"] = "openapi.yaml"
    return document


def _read(edition: str, version: str) -> dict[str, Any]:
    text = (_FILES / f"{edition}.overlay.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text.replace("{version}", version))
    return document


def apply_overlay(contract: dict[str, Any], overlay: dict[str, Any]) -> dict[str, Any]:
    """Return a contract after the actions of an overlay.

    Targets are paths of names, such as `$.paths['/list-jobs'].get`: what our overlays need of
    JSONPath, and every tool has.

    Raises:
        ContractError: a target is another kind of path, or is not in the contract.
    """
    changed = deepcopy(contract)
    for action in overlay["actions"]:
        target = action["target"]
        steps = _steps(target)
        try:
            if action.get("remove"):
                del _at(changed, steps[:-1])[steps[-1]]
            else:
                _merge(_at(changed, steps), action["update"])
        except (KeyError, TypeError) as error:
            raise ContractError(f"{target} is not in the contract.") from error
    return changed


def _steps(target: str) -> list[str]:
    if not re.fullmatch(rf"\$({_STEP.pattern})*", target):
        raise ContractError(f"{target} is not a path of names.")
    return [name or quoted for name, quoted in _STEP.findall(target)]


def _at(node: Any, steps: list[str]) -> Any:
    for step in steps:
        node = node[step]
    return node


def _merge(node: dict[str, Any], update: dict[str, Any]) -> None:
    for name, value in update.items():
        if isinstance(value, dict) and isinstance(node.get(name), dict):
            _merge(node[name], value)
        # The specification appends lists; what has to go is removed first.
        elif isinstance(value, list) and isinstance(node.get(name), list):
            node[name] = [*node[name], *deepcopy(value)]
        else:
            node[name] = deepcopy(value)
