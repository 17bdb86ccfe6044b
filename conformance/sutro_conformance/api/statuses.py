"""The documented states of a job, and the direction in which they change."""

from __future__ import annotations

CURRENT = frozenset(
    [
        "QUEUED",
        "SUBMITTED",
        "STARTING",
        "RUNNING",
        "SUCCEEDED",
        "CANCELLING",
        "CANCELLED",
        "FAILED",
        "PENDING",
        "UNKNOWN",
    ]
)
OLDER = frozenset(
    ["SUCCEEDED", "FAILED", "CANCELLED", "PENDING", "SUBMITTED", "STARTING", "RUNNING", "UNKNOWN"]
)
FINAL = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})
WAITING = frozenset({"QUEUED", "PENDING", "SUBMITTED"})
ACTIVE = WAITING | {"STARTING", "RUNNING"}

_RANKS = {**dict.fromkeys(WAITING, 0), "STARTING": 1, "RUNNING": 2, "CANCELLING": 3}
_RANKS |= dict.fromkeys(FINAL, 4)


def is_same_state(one: str, other: str) -> bool:
    """Return whether two statuses stand for one state: a job that waits has three names."""
    pair = {one.upper(), other.upper()}
    return len(pair) == 1 or pair <= WAITING


def is_backwards(before: str, after: str) -> bool:
    """Return whether a job cannot go from one state to the other; unknown states always can."""
    if is_same_state(before, after):
        return False
    ranks = _RANKS.get(before.upper()), _RANKS.get(after.upper())
    if None in ranks:
        return False
    return ranks[0] == 4 or ranks[1] < ranks[0]  # type: ignore[operator]
