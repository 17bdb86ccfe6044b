"""Where the contract's text is, and what it says."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_ROOM = Path(__file__).parent


class ContractError(Exception):
    """A file is not a contract, or a tool that reads contracts failed."""


def contract_path() -> Path:
    """Return the path of `openapi.yaml`: the installed copy, else the one of the checkout."""
    installed = _ROOM / "openapi.yaml"
    return installed if installed.exists() else _ROOM.parents[1] / "openapi.yaml"


@cache
def load_contract() -> dict[str, Any]:
    """Return the contract as parsed YAML. Treat it as read-only: it is shared."""
    return read_contract(contract_path())


def read_contract(file: Path) -> dict[str, Any]:
    """Return an OpenAPI document from a YAML or JSON file.

    Raises `ContractError` where the file is no such document.
    """
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ContractError(f"{file} cannot be read: {error}") from error
    if not isinstance(document, dict) or not {"openapi", "info", "paths"} <= document.keys():
        raise ContractError(f"{file} is not an OpenAPI document: give a file such as openapi.yaml.")
    return document


def version(document: dict[str, Any]) -> str:
    """Return the version of a contract, such as `1.0.0`."""
    return str(document["info"]["version"])


def to_json(document: Any) -> str:
    """Return a contract as the text of `openapi.json`; keys keep their order."""
    return json.dumps(document, default=str, ensure_ascii=False, indent=2) + "\n"


def digest(document: dict[str, Any]) -> str:
    """Return the content hash: SHA-256 of `openapi.json`, so blind to YAML's comments and style."""
    return hashlib.sha256(to_json(document).encode()).hexdigest()
