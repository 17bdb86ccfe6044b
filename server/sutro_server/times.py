"""Times and durations as integers of microseconds, and as the API and people write them."""

import re
from datetime import UTC, datetime

SECOND = 1_000_000
"""Microseconds in a second; all times are integers in microseconds since 1970."""

DAY = 86_400 * SECOND

_UNITS = {"ms": SECOND // 1000, "s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND, "d": DAY}
# A century: any sum of a time and such a duration still has four digits in its year.
_LONGEST = 36_525 * DAY
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?")


def to_text(microseconds: int) -> str:
    """Return a time as the API writes it: ISO 8601 in UTC, ending in Z."""
    moment = datetime.fromtimestamp(microseconds // SECOND, UTC)
    fraction = microseconds % SECOND
    return f"{moment:%Y-%m-%dT%H:%M:%S}" + (f".{fraction:06d}Z" if fraction else "Z")


def from_text(text: str) -> int:
    """Return an ISO 8601 time in microseconds since 1970; without an offset it is UTC.

    Raises:
        ValueError: The text is not an ISO 8601 time, or in UTC not one of the years 1 to 9999.
    """
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        moment = moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"'{text}' is before the year 1 or after 9999 in UTC.") from error
    # Not through a float of seconds, which has no room for microseconds.
    return int(moment.timestamp()) * SECOND + moment.microsecond


def parse_duration(text: str) -> int:
    """Return a duration such as `250ms`, `30s`, `5m`, `2h`, `1d` or plain seconds in microseconds.

    Raises:
        ValueError: The text is not a duration, or longer than 100 years.
    """
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is not a duration. Write 250ms, 30s, 5m, 2h or 1d.")
    duration = float(match[1]) * _UNITS[match[2] or "s"]
    if duration > _LONGEST:
        raise ValueError(f"'{text}' is longer than 100 years.")
    return int(duration)
