"""What changed between two reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs

from .json import READABLE


@attrs.frozen
class Change:
    """A clause whose verdict changed. A side that does not have the clause is `absent`."""

    id: str
    level: str
    sentence: str
    before: str
    after: str

    @property
    def is_worse(self) -> bool:
        """Return whether a clause is broken now that was not broken before."""
        return self.after == "broken"


def load_report(file: Path) -> dict[str, Any]:
    """Read a JSON report.

    Raises:
        ValueError: the file is not a report of this version.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        known = document["format"] in READABLE and isinstance(document["clauses"], list)
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise ValueError(f"{file} is not a report of format 1 or 2. Write one with --report-json.")
    return dict(document)


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Return the clauses whose verdicts differ between two reports, what got worse first."""
    old, new = ({each["id"]: each for each in each["clauses"]} for each in (before, after))
    found = [
        Change(
            id=clause,
            level=(new.get(clause) or old[clause])["level"],
            sentence=(new.get(clause) or old[clause])["sentence"],
            before=old[clause]["verdict"] if clause in old else "absent",
            after=new[clause]["verdict"] if clause in new else "absent",
        )
        for clause in dict.fromkeys([*new, *old])
    ]
    changed = [each for each in found if each.before != each.after]
    return sorted(changed, key=lambda each: not each.is_worse)
