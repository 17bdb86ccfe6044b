"""The reference page of a contract: one HTML file with all that it needs inside."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .. import redocly
from ..source import ContractError, digest, to_json

_SETTINGS = """\
openapi:
  jsonSamplesExpandLevel: 3
  schemasExpansionLevel: 3
"""
PREBUILT = Path(__file__).parent / "prebuilt"
"""The page of this distribution's own contract, for machines without Node.js."""


def reference_page(document: dict[str, Any]) -> bytes:
    """Return the reference page of a contract.

    Raises:
        NoRedoclyError: Redocly CLI is not here, and the contract is not the one of the page that
            this distribution holds.
        ContractError: Redocly CLI failed.
    """
    try:
        return _rendered(document)
    except redocly.NoRedoclyError:
        known = PREBUILT / "index.html"
        wanted = f"<!-- {digest(document)} -->".encode()
        if known.exists() and (page := known.read_bytes()).endswith(wanted):
            return page
        raise


def _rendered(document: dict[str, Any]) -> bytes:
    with TemporaryDirectory() as folder:
        workspace = Path(folder)
        (workspace / "page.json").write_text(to_json(_without_tags(document)), encoding="utf-8")
        (workspace / "redocly.yaml").write_text(_SETTINGS, encoding="utf-8")
        output = redocly.run(
            "build-docs", "page.json", "--inlineBundle", "--output", "page.html", folder=workspace
        )
        try:
            page = (workspace / "page.html").read_bytes()
        except FileNotFoundError as error:
            raise ContractError(f"Redocly CLI made no page: {output.strip()[-2000:]}") from error
    # The page says which content it was made of, so that a page that is kept can be trusted.
    return page + f"<!-- {digest(document)} -->".encode()


def _without_tags(document: dict[str, Any]) -> dict[str, Any]:
    """Take the tags away: the page folds the operations of a tag."""
    untagged = deepcopy(document)
    untagged.pop("tags", None)
    for item in untagged["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("tags", None)
    return untagged
