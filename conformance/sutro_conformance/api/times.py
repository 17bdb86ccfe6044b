"""Reads times as ISO 8601 writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache

_DATE_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)T(?P<time>\d\d:\d\d(:\d\d)?)(?P<fraction>[.,]\d+)?"
    r"(?P<offset>Z|[+-]\d\d(:\d\d)?)?",
    re.IGNORECASE,
)


def parsed(value: object) -> datetime | None:
    """Return the instant that a text names, in UTC where it gives no offset, or None."""
    return _instant(value) if isinstance(value, str) else None


# A run reads the same pages again and again. All times of a long list would take tens of megabytes.
@lru_cache(maxsize=4096)
def _instant(text: str) -> datetime | None:
    found = _DATE_TIME.fullmatch(text)
    if not found:
        return None
    fraction = (found["fraction"] or "")[:7].replace(",", ".")
    offset = (found["offset"] or "").upper()
    try:
        moment = datetime.fromisoformat(f"{found['date']}T{found['time']}{fraction}{offset}")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def has_offset(value: str) -> bool:
    """Return whether a time says how far from UTC it is."""
    found = _DATE_TIME.fullmatch(value)
    return bool(found and found["offset"])
