"""Where the contract's text is."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml


def path() -> Path:
    """Return the path of `openapi.yaml`: the installed copy, else the one of the checkout."""
    room = Path(__file__).parent
    installed = room / "openapi.yaml"
    return installed if installed.exists() else room.parents[1] / "openapi.yaml"


@cache
def load() -> dict[str, Any]:
    """Return the contract as parsed YAML. Treat it as read-only: it is shared."""
    document: dict[str, Any] = yaml.safe_load(path().read_text(encoding="utf-8"))
    return document
