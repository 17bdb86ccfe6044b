"""A fault as it is asked for, and the operations that it can be narrowed to."""

import re

import attrs

from ...times import parse_duration
from .kinds import KINDS

OPERATIONS = {
    "list": re.compile(r"(/v1)?/list-jobs"),
    "status": re.compile(r"(/v1)?/job-status/[\s\S]+"),
    "results": re.compile(r"(/v1)?/(jobs/[\s\S]+/results|job-results)"),
    "cancel": re.compile(r"(/v1)?/job-cancel/[\s\S]+"),
    "results-url": re.compile(r"(/v1)?/jobs/[\s\S]+/results-url"),
    "job": re.compile(r"(/v1)?/jobs/[\s\S]+"),
    "files": re.compile(r"/sutro-results/.+"),
}
"""Paths of each operation; the first that matches counts."""

# More than enough for bytes, seconds and times; Python refuses to read thousands of digits.
_NUMBER = re.compile(r"[0-9]{1,12}")
_SYNTAX = re.compile(r"(?P<name>[a-z-]+)(=(?P<value>[^@]+))?(@(?P<operation>[a-z-]+))?")


@attrs.frozen
class Fault:
    """A fault that is asked for; without an operation it concerns all of them."""

    name: str
    value: str
    operation: str | None

    @property
    def times(self) -> int | None:
        """How many requests it concerns; None means all of them."""
        return int(self.value) if KINDS[self.name].value == "TIMES" and self.value else None


def parse_fault(text: str) -> Fault:
    """Return the fault that `NAME[=VALUE][@OPERATION]` describes.

    Raises:
        ValueError: There is no such fault or operation, or the fault does not take the value.
    """
    match = _SYNTAX.fullmatch(text.strip())
    if match is None or match["name"] not in KINDS:
        raise ValueError(f"'{text}' is not a fault.")
    name, kind = match["name"], KINDS[match["name"]]
    value = match["value"] or kind.default
    operation = match["operation"] or kind.operation
    if operation is not None and operation not in OPERATIONS:
        raise ValueError(f"'{operation}' is none of the operations {', '.join(OPERATIONS)}.")
    if kind.operation is not None and operation != kind.operation:
        raise ValueError(f"The fault '{name}' concerns the operation {kind.operation} only.")
    if match["value"] and not kind.value:
        raise ValueError(f"The fault '{name}' takes no value.")
    _check_value(name, kind.value, value)
    return Fault(name, value, operation)


def catalogue() -> str:
    """Return the kinds of faults as lines for people."""
    lines = []
    for name, kind in KINDS.items():
        usage = f"{name}[={kind.value}]" if kind.value else name
        default = f" (by default {kind.default})" if kind.default else ""
        only = f" (@{kind.operation} only)" if kind.operation else ""
        lines.append(f"{usage:32}{kind.about}{default}{only}")
    return "\n".join([*lines, "", f"Operations: {', '.join(OPERATIONS)}"])


def _check_value(name: str, kind: str, value: str) -> None:
    if kind == "DURATION":
        parse_duration(value)
    elif kind and value and not _NUMBER.fullmatch(value):
        raise ValueError(f"The fault '{name}' takes a number, not '{value}'.")
