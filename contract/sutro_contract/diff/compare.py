"""Comparison of two contracts."""

from typing import Any

from . import redocly_diff, redocly_gaps, servers_and_links
from .changes import Change


def compare(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Return the changes from one contract to another, the breaking ones first.

    Redocly CLI finds them; `redocly_gaps` and `servers_and_links` add what it overlooks or rates
    as harmless. Raises `ContractError` where Redocly CLI cannot be had.
    """
    overlooked = [*redocly_gaps.changes(old, new), *servers_and_links.changes(old, new)]
    named = {change.pointer for change in overlooked}
    found = [change for change in redocly_diff.changes(old, new) if change.pointer not in named]
    return sorted(overlooked + found, key=lambda change: -change.impact)
