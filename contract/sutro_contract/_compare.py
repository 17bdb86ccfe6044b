"""Comparison of two contracts."""

from typing import Any

from . import _gaps, _leads, _redocly_diff
from ._changes import Change


def compare(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    """Return the changes from one contract to another, the breaking ones first.

    Redocly CLI finds them; `_gaps` and `_leads` add what it overlooks or rates as harmless.
    Raises `ContractError` where Redocly CLI can't be had.
    """
    overlooked = [*_gaps.changes(old, new), *_leads.changes(old, new)]
    named = {change.pointer for change in overlooked}
    found = [change for change in _redocly_diff.changes(old, new) if change.pointer not in named]
    return sorted(overlooked + found, key=lambda change: -change.impact)
