"""Durations as people write them, such as `30s`."""

import re

import click

from .clock import SECOND

_UNITS = {
    "ms": SECOND // 1000,
    "s": SECOND,
    "m": 60 * SECOND,
    "h": 3600 * SECOND,
    "d": 86_400 * SECOND,
}
_LONGEST = 36_525 * _UNITS["d"]
_FORM = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?")


def microseconds(text: str) -> int:
    """Return a duration such as `250ms`, `30s`, `5m`, `2h`, `1d` or plain seconds in microseconds.

    Raises `ValueError`.
    """
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"'{text}' is no duration. Write 250ms, 30s, 5m, 2h or 1d.")
    duration = float(match[1]) * _UNITS[match[2] or "s"]
    if duration > _LONGEST:
        raise ValueError(f"'{text}' is longer than 100 years.")
    return int(duration)


class _Duration(click.ParamType[int]):
    name = "duration"

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        if isinstance(value, int):
            return value
        try:
            return microseconds(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


DURATION = _Duration()
"""Type of a command-line option whose value is a duration; microseconds."""
