"""Changes between two versions of a contract, and the version that they ask for."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class Impact(IntEnum):
    """Part of the version that a change raises, after semantic versioning."""

    PATCH = 0
    MINOR = 1
    MAJOR = 2


@dataclass(frozen=True)
class Change:
    """One change: its impact, what it is, the JSON pointer to it, and the rule it falls under."""

    impact: Impact
    text: str
    pointer: str
    rule: str

    @property
    def breaks(self) -> bool:
        """Whether a client of the older version can fail, or lose what it was promised."""
        return self.impact is Impact.MAJOR


def raised_version(version: str, changes: Sequence[Change]) -> str:
    """Return the version of a contract that differs from `version` by the changes.

    The largest impact decides. Differences that nobody names, such as another order, are a patch.
    """
    major, minor, patch = (int(part) for part in version.split("."))
    match max((change.impact for change in changes), default=Impact.PATCH):
        case Impact.MAJOR:
            return f"{major + 1}.0.0"
        case Impact.MINOR:
            return f"{major}.{minor + 1}.0"
        case _:
            return f"{major}.{minor}.{patch + 1}"
