"""The header field `Range`, as RFC 9110, section 14, reads it."""

import re

_FROM = re.compile(r"(\d+)\s*-\s*(\d*)", re.ASCII)
_SUFFIX = re.compile(r"-\s*(\d+)", re.ASCII)
# More than any client needs; answering costs more with each.
_MOST = 100
# Digits of a number beyond all sizes. `int` takes long for a million of them.
_DIGITS = 18

Range = tuple[int, int]
"""First and last byte."""


def parse_ranges(field: str, size: int) -> list[Range] | None:
    """Return the ranges of a file that a field asks for, or None for a field to be ignored.

    What lies outside of the file is left out, so the list is empty where nothing can be given.
    """
    unit, _, text = field.partition("=")
    if unit.strip().lower() != "bytes":
        return None
    specs = [spec.strip() for spec in text.split(",") if spec.strip()]
    if not 0 < len(specs) <= _MOST:
        return None
    ranges = []
    for spec in specs:
        try:
            ranges.append(_parse(spec, size))
        except ValueError:
            return None
    return [found for found in ranges if found is not None]


def _parse(spec: str, size: int) -> Range | None:
    if match := _FROM.fullmatch(spec):
        first, last = _number(match[1]), _number(match[2]) if match[2] else size
        if match[2] and first > last:
            raise ValueError(spec)
        return (first, min(last, size - 1)) if first < size else None
    if match := _SUFFIX.fullmatch(spec):
        length = min(_number(match[1]), size)
        return (size - length, size - 1) if length else None
    raise ValueError(spec)


def _number(digits: str) -> int:
    return int(digits) if len(digits) <= _DIGITS else 10**_DIGITS
